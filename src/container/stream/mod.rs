//! A source, opened: each stream of content in it is handed to a visitor.
//!
//! Layers of compression are taken off until something else comes to light,
//! packages (`package`, `unzip`) are walked into. What the content means is
//! for the records part of `decode`.

use super::bytes::{Damage, SourceBytes, group_digits};
use super::inflate::{Decoder, DecoderPool};
use super::oneshot::OneShot;
use super::sniff::{ContentFormat, HEAD, sniff_format};
use super::{csv, tar, zip};
use crate::error::{Kind, Trouble, TroubleList};
use crate::input;
use crate::input::{Source, describe_io_error};
use std::fs::Metadata;
use std::io;
use std::io::{BufReader, Cursor, Read, Seek};

/// The largest single record or document that is held in memory, unless told otherwise.
pub const MAX_RECORD: usize = 64 << 20;

/// Files below this size are read whole: one call, and no buffer in between.
const SMALL: u64 = 64 << 20;

/// How much [`Stream::fill`] gives at a time.
const CHUNK: usize = 1 << 20;

/// How deep compression in compression, and packages in packages, are followed.
const LAYERS: u8 = 3;
const PACKAGES: u8 = 2;

/// How much content is taken from a file before it is called too large.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Inflated bytes of one log file, all its gzip members together.
    pub inflated: u64,
    /// Inflated bytes of a package, all its members together.
    pub package: u64,
    /// Bytes of a zip that has to be held in memory, for it comes from a pipe or another package.
    pub held: u64,
    /// Bytes of one record or document.
    pub record: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { inflated: 16 << 30, package: 1 << 40, held: 1 << 30, record: MAX_RECORD }
    }
}

/// Buffers and inflaters that are used again for every file; one for each thread.
#[derive(Default)]
pub struct InflateBuffers {
    pub(crate) file: Vec<u8>,
    pub(crate) pool: DecoderPool,
    pub(crate) one_shot: OneShot,
}

/// The content of a file, or of a member of a package, to be read once.
pub struct Stream<'a> {
    name: &'a str,
    explicit: bool,
    bytes: SourceBytes<'a>,
    inflated: u64,
    damage: Vec<Damage>,
}

impl Stream<'_> {
    /// Returns the path as given, with `!` before the member of a package: `case.zip!a/b.json.gz`.
    pub fn name(&self) -> &str {
        self.name
    }

    /// Returns whether the user named this very file, or it is the standard input.
    pub fn is_explicit(&self) -> bool {
        self.explicit
    }

    /// Appends the next bytes of content to `buf`, about 1 MiB or what it has room for.
    ///
    /// False, with nothing appended, at the end, be it clean or not.
    pub fn fill(&mut self, buf: &mut Vec<u8>) -> bool {
        let before = buf.len();
        let more = self.bytes.fill(buf, CHUNK);
        self.inflated += (buf.len() - before) as u64;
        if !more {
            self.damage = self.bytes.damage();
        }
        more
    }

    /// Returns the content where it is in memory as a whole and nothing of it was read yet: it
    /// needs no filling, and nothing is wrong with it.
    pub fn whole(&self) -> Option<&[u8]> {
        self.bytes.whole()
    }

    /// Returns what was wrong with the bytes, known once [`fill`](Self::fill) gave false.
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Returns the offset in the content at which the first gzip member ended, if another followed.
    pub fn first_member_end(&self) -> Option<u64> {
        self.bytes.first_member_end()
    }

    /// Returns how many bytes were given so far.
    pub fn inflated(&self) -> u64 {
        self.inflated
    }
}

/// Opens a source, tells by content what it is, and hands each stream in it to `visit`.
///
/// That is the file itself, or each file of a zip or tar, whatever they are
/// compressed with. Returned is what kept a file from being a stream at all,
/// and what was wrong with a package; damage of a stream that was visited is
/// told by [`Stream::damage`] alone.
pub fn each_stream(
    source: &Source,
    limits: &Limits,
    scratch: &mut InflateBuffers,
    visit: &mut dyn FnMut(&mut Stream<'_>),
) -> Vec<Trouble> {
    let InflateBuffers { file, pool, one_shot } = scratch;
    let mut walk = Unpacker { limits, pool, visit, troubles: TroubleList::default(), spent: 0 };
    let name = source.name();
    let at = StreamPath { name: &name, explicit: source.is_explicit(), packages: 0, layers: 0 };
    if source.path().is_none() {
        walk.read(SourceBytes::endless(io::stdin().lock()), at);
    } else if let Err(error) = walk.open(source, file, one_shot, at) {
        walk.trouble(at.name, Kind::Unreadable, describe_io_error(&error));
    }
    walk.troubles.into_vec(&name)
}

/// The same of a source whose bytes, all of them, were read already.
pub fn each_stream_of(
    source: &Source,
    file: &[u8],
    limits: &Limits,
    scratch: &mut InflateBuffers,
    visit: &mut dyn FnMut(&mut Stream<'_>),
) -> Vec<Trouble> {
    let InflateBuffers { pool, one_shot, .. } = scratch;
    let mut walk = Unpacker { limits, pool, visit, troubles: TroubleList::default(), spent: 0 };
    let name = source.name();
    let at = StreamPath { name: &name, explicit: source.is_explicit(), packages: 0, layers: 0 };
    if !walk.at_once(file, one_shot, at) {
        walk.read(SourceBytes::slice(file), at);
    }
    walk.troubles.into_vec(&name)
}

/// Returns whether a file has fewer bytes on the disk than it claims to have.
fn is_sparse(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    let stored = std::os::unix::fs::MetadataExt::blocks(metadata).saturating_mul(512);
    #[cfg(not(unix))]
    let stored = metadata.len();
    stored < metadata.len()
}

/// Where in a source the walk is.
#[derive(Clone, Copy)]
pub(crate) struct StreamPath<'a> {
    pub(crate) name: &'a str,
    explicit: bool,
    packages: u8,
    layers: u8,
}

impl StreamPath<'_> {
    /// Writes the name of a member; itself it was not asked for.
    pub(crate) fn member<'n>(self, name: &'n mut String, member: &str) -> StreamPath<'n> {
        name.clear();
        name.extend([self.name, "!", member]);
        StreamPath { name, explicit: false, packages: self.packages + 1, layers: 0 }
    }
}

/// A walk through one source.
pub(crate) struct Unpacker<'w> {
    pub(crate) limits: &'w Limits,
    pub(crate) pool: &'w mut DecoderPool,
    visit: &'w mut dyn FnMut(&mut Stream<'_>),
    troubles: TroubleList,
    spent: u64,
}

impl Unpacker<'_> {
    pub(crate) fn trouble(&mut self, file: &str, kind: Kind, cause: impl Into<String>) {
        self.troubles.push(Trouble::new(file, kind, cause));
    }

    pub(crate) fn troubles(&mut self, file: &str, damage: Vec<Damage>) {
        let trouble = |damage: Damage| Trouble::new(file, damage.kind, damage.cause);
        damage.into_iter().map(trouble).for_each(|it| self.troubles.push(it));
    }

    /// Returns how many bytes the next stream may inflate to; once a package has none left, it is done.
    pub(crate) fn allowance(&self) -> u64 {
        self.limits.inflated.min(self.limits.package.saturating_sub(self.spent))
    }

    fn open(
        &mut self,
        source: &Source,
        buffer: &mut Vec<u8>,
        one_shot: &mut OneShot,
        at: StreamPath<'_>,
    ) -> io::Result<()> {
        let (mut file, metadata) = input::open_file(source)?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        buffer.clear();
        if !metadata.is_file() {
            self.read(SourceBytes::endless(file), at);
        } else if metadata.len() < SMALL {
            let done = (&file).take(SMALL).read_to_end(buffer);
            if buffer.len() as u64 == SMALL {
                // It has grown since, and goes on.
                self.read(SourceBytes::read(buffer.chain(file)), at);
                return Ok(());
            }
            if done.is_ok() && self.at_once(buffer, one_shot, at) {
                return Ok(());
            }
            let mut bytes = SourceBytes::slice(buffer);
            match done {
                Err(error) if buffer.is_empty() => return Err(error),
                Err(error) => bytes.broken_by(&error),
                Ok(_) => {}
            }
            self.read(bytes, at);
        } else {
            (&file).take(HEAD as u64).read_to_end(buffer)?;
            file.rewind()?;
            if sniff_format(buffer) == ContentFormat::Zip {
                zip::unpack_members(self, BufReader::new(file), at);
            } else if is_sparse(&metadata) {
                // Holes cost whoever makes the file nothing, and reading them takes for ever.
                self.read(SourceBytes::endless(file), at);
            } else {
                self.read(SourceBytes::read(file), at);
            }
        }
        Ok(())
    }

    /// Reads a gzip file that is as CloudTrail writes it; false when it is not.
    fn at_once(&mut self, file: &[u8], one_shot: &mut OneShot, at: StreamPath<'_>) -> bool {
        match one_shot.inflate(file, self.allowance()) {
            Some(content) if content.starts_with(b"{") && sniff_format(content) == ContentFormat::Plain => {
                self.stream(SourceBytes::slice(content), at);
                true
            }
            Some(content) if !content.is_empty() => {
                self.read(SourceBytes::slice(content), StreamPath { layers: at.layers + 1, ..at });
                true
            }
            _ => false,
        }
    }

    /// Finds out what `bytes` are, down to the streams.
    pub(crate) fn read(&mut self, mut bytes: SourceBytes<'_>, at: StreamPath<'_>) {
        let format = sniff_format(bytes.peek(HEAD));
        let refusal = match format {
            ContentFormat::Gzip | ContentFormat::Zstd if at.layers == LAYERS => {
                "is compressed over and over again".to_owned()
            }
            ContentFormat::Tar | ContentFormat::Zip if at.packages == PACKAGES => {
                "is packed over and over again".to_owned()
            }
            ContentFormat::Foreign(name) => format!("is compressed with {name}"),
            ContentFormat::Gzip | ContentFormat::Zstd => {
                let limit = self.allowance();
                let decoder = match format {
                    ContentFormat::Gzip => Decoder::gzip(bytes, limit, self.pool),
                    _ => Decoder::zstd(bytes, limit),
                };
                let inner = SourceBytes::decoder(decoder, self.pool);
                return self.read(inner, StreamPath { layers: at.layers + 1, ..at });
            }
            ContentFormat::Tar => {
                bytes.allow(self.limits.package);
                return tar::unpack_members(self, bytes, at);
            }
            ContentFormat::Zip => return self.zip(bytes, at),
            ContentFormat::Empty => return self.empty(bytes, at),
            ContentFormat::Utf16(upper_first) => {
                let decoder = Decoder::utf16(bytes, upper_first, self.allowance());
                let text = SourceBytes::decoder(decoder, self.pool);
                return self.text(text, at);
            }
            ContentFormat::Plain => return self.text(bytes, at),
        };
        self.trouble(at.name, Kind::Unsupported, refusal);
        bytes.retire(self.pool);
    }

    /// Reads text: JSON as it is, the rows of an export as lines of JSON.
    fn text(&mut self, mut bytes: SourceBytes<'_>, at: StreamPath<'_>) {
        bytes.limit(self.allowance());
        let is_json = matches!(bytes.peek(1), [b'{' | b'[']);
        if is_json || !csv::is_export(bytes.peek(csv::HEADER)) {
            return self.stream(bytes, at);
        }
        let decoder = Decoder::csv(bytes, self.allowance());
        let lines = SourceBytes::decoder(decoder, self.pool);
        self.stream(lines, at);
    }

    fn stream(&mut self, bytes: SourceBytes<'_>, at: StreamPath<'_>) {
        let mut stream =
            Stream { name: at.name, explicit: at.explicit, bytes, inflated: 0, damage: Vec::new() };
        (self.visit)(&mut stream);
        self.spent = self.spent.saturating_add(stream.inflated);
        stream.bytes.retire(self.pool);
    }

    fn empty(&mut self, bytes: SourceBytes<'_>, at: StreamPath<'_>) {
        let damage = bytes.damage();
        if damage.iter().all(|damage| damage.kind == Kind::TrailingData) {
            let cause = if at.layers > 0 { "it holds no data" } else { "it holds no byte" };
            self.trouble(at.name, Kind::Empty, cause);
        }
        self.troubles(at.name, damage);
        bytes.retire(self.pool);
    }

    /// Walks a zip, which is read from its end: what is not in memory is brought there.
    fn zip(&mut self, mut bytes: SourceBytes<'_>, at: StreamPath<'_>) {
        if let Some(slice) = bytes.as_slice() {
            zip::unpack_members(self, Cursor::new(slice), at);
        } else {
            bytes.allow(self.limits.package);
            let mut held = Vec::new();
            while held.len() as u64 <= self.limits.held && bytes.fill(&mut held, CHUNK) {}
            if held.len() as u64 > self.limits.held {
                let cause = format!(
                    "is a zip of more than {} bytes in a pipe or a package",
                    group_digits(self.limits.held)
                );
                self.trouble(at.name, Kind::TooLarge, cause);
            } else {
                self.troubles(at.name, bytes.damage());
                zip::unpack_members(self, Cursor::new(held), at);
            }
        }
        bytes.retire(self.pool);
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
