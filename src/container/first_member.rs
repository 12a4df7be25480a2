//! The content of one stored object as a digest's hash covers it: what the
//! first gzip member inflates to, and not a byte more.
//!
//! The readers of records go on behind the first member, because they are to
//! show everything; a hash that covered that as well would prove nothing.

use super::bytes::SourceBytes;
use super::gzip;
use super::inflate::{DecoderPool, InflateFault, InflateStep, inflate_some};
use super::oneshot::OneShot;
use super::sniff::{ContentFormat, sniff_format};
use super::stream::InflateBuffers;
use crate::error::Kind;
use crate::input;
use crate::input::{Source, describe_io_error};
use flate2::{Crc, Decompress};
use std::io;
use std::io::{BufRead, Read};

/// Files below this size are read whole.
const SMALL: u64 = 64 << 20;

/// How much is inflated at a time of what is not read whole.
const CHUNK: usize = 256 << 10;

/// What the first member of a file turned out to be, once all of its content was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstMember {
    /// One gzip member with its checksum, and nothing behind it.
    Whole,
    /// Not gzip: the content is the file itself.
    Plain,
    /// The content is complete; of the checksum behind it bytes are missing.
    NoTrailer,
    /// A member with all of its content, and bytes behind it, whatever they are.
    Trailing,
    /// The content ends early.
    Cut,
    /// The content is complete, but is not what its checksum tells; nothing is behind it.
    Checksum,
    /// The header or the compressed data is broken.
    Broken,
    /// There is no byte.
    Empty,
    /// The content is larger than the limit.
    TooLarge,
}

/// Gives the content of the first gzip member of a file to `sink`, piece by piece.
///
/// # Errors
/// When the file system refuses; the cause as messages have it.
pub fn first_member(
    source: &Source,
    limit: u64,
    scratch: &mut InflateBuffers,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<FirstMember, String> {
    let refused = |error: io::Error| describe_io_error(&error);
    let (file, metadata) = input::open_file(source).map_err(refused)?;
    if metadata.is_dir() {
        return Err(refused(io::ErrorKind::IsADirectory.into()));
    }
    let buffer = &mut scratch.file;
    buffer.clear();
    if !metadata.is_file() || metadata.len() >= SMALL {
        return read_stream(SourceBytes::read(file), limit, &mut scratch.pool, sink);
    }
    (&file).take(SMALL).read_to_end(buffer).map_err(refused)?;
    if buffer.len() as u64 == SMALL {
        // It has grown since, and goes on.
        let whole = SourceBytes::read(io::Cursor::new(std::mem::take(buffer)).chain(file));
        return read_stream(whole, limit, &mut scratch.pool, sink);
    }
    at_once(buffer, limit, &mut scratch.one_shot, &mut scratch.pool, sink)
}

/// The same of a file whose bytes, all of them, were read already.
///
/// # Errors
/// As [`first_member`], though what is there can be read.
pub fn first_member_of(
    file: &[u8],
    limit: u64,
    scratch: &mut InflateBuffers,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<FirstMember, String> {
    at_once(file, limit, &mut scratch.one_shot, &mut scratch.pool, sink)
}

fn at_once(
    file: &[u8],
    limit: u64,
    one_shot: &mut OneShot,
    pool: &mut DecoderPool,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<FirstMember, String> {
    match one_shot.inflate(file, limit) {
        Some(content) => {
            sink(content);
            Ok(FirstMember::Whole)
        }
        None => read_stream(SourceBytes::slice(file), limit, pool, sink),
    }
}

/// The exact way, for everything that is not one small sound member.
fn read_stream(
    mut bytes: SourceBytes<'_>,
    limit: u64,
    pool: &mut DecoderPool,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<FirstMember, String> {
    let member = match sniff_format(bytes.peek(2)) {
        ContentFormat::Empty => FirstMember::Empty,
        ContentFormat::Gzip => {
            let mut inflater = pool.inflater();
            inflater.reset(false);
            let member = inflate_member(&mut bytes, limit, &mut inflater, sink);
            pool.give_inflater(inflater);
            member
        }
        _ => copy_plain(&mut bytes, limit, sink),
    };
    match bytes.damage().into_iter().find(|damage| damage.kind == Kind::Unreadable) {
        Some(damage) => Err(damage.cause),
        None => Ok(member),
    }
}

fn copy_plain(bytes: &mut SourceBytes<'_>, limit: u64, sink: &mut dyn FnMut(&[u8])) -> FirstMember {
    let mut given = 0;
    while let Ok(piece @ [_, ..]) = bytes.fill_buf() {
        let count = piece.len();
        if !give_piece(piece, &mut given, limit, sink) {
            return FirstMember::TooLarge;
        }
        bytes.consume(count);
    }
    FirstMember::Plain
}

/// Gives a piece as far as the limit allows; false when that is not in full.
fn give_piece(piece: &[u8], given: &mut u64, limit: u64, sink: &mut dyn FnMut(&[u8])) -> bool {
    let room = usize::try_from(limit - *given).unwrap_or(usize::MAX);
    let piece_fits = piece.len() <= room;
    let allowed = &piece[..piece.len().min(room)];
    *given += allowed.len() as u64;
    sink(allowed);
    piece_fits
}

fn inflate_member(
    bytes: &mut SourceBytes<'_>,
    limit: u64,
    inflater: &mut Decompress,
    sink: &mut dyn FnMut(&[u8]),
) -> FirstMember {
    match gzip::skip_bytes(bytes, 2).and_then(|()| gzip::read_header(bytes)) {
        Ok(()) => {}
        Err(InflateFault::Early) => return FirstMember::Cut,
        Err(_) => return FirstMember::Broken,
    }
    let (mut crc, mut buffer, mut given) = (Crc::new(), Vec::new(), 0);
    loop {
        buffer.clear();
        let step = inflate_some(bytes, inflater, &mut buffer, CHUNK);
        if !give_piece(&buffer, &mut given, limit, sink) {
            return FirstMember::TooLarge;
        }
        crc.update(&buffer);
        match step {
            Ok(InflateStep::More) => {}
            Ok(InflateStep::End) => break,
            Err(InflateFault::Early) => return FirstMember::Cut,
            Err(_) => return FirstMember::Broken,
        }
    }
    let Ok([a, b, c, d, size @ ..]) = gzip::take_bytes::<8>(bytes) else {
        return FirstMember::NoTrailer;
    };
    let is_sound = u32::from_le_bytes([a, b, c, d]) == crc.sum() && u32::from_le_bytes(size) == crc.amount();
    match (bytes.peek(1).is_empty(), is_sound) {
        // Readers of records go on behind a wrong checksum as well.
        (false, _) => FirstMember::Trailing,
        (true, true) => FirstMember::Whole,
        (true, false) => FirstMember::Checksum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, GzBuilder};
    use proptest::prelude::*;
    use std::io::Write;

    const TEXT: &[u8] = br#"{"Records":[{"eventName":"ConsoleLogin"}]}"#;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut writer = GzBuilder::new().write(Vec::new(), Compression::default());
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn read(file: &[u8], limit: u64) -> (FirstMember, Vec<u8>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, file).unwrap();
        let mut content = Vec::new();
        let member =
            first_member(&Source::named(&path), limit, &mut InflateBuffers::default(), &mut |piece| {
                content.extend_from_slice(piece);
            });
        let mut again = Vec::new();
        let same = first_member_of(file, limit, &mut InflateBuffers::default(), &mut |piece| {
            again.extend_from_slice(piece);
        });
        assert_eq!((&same, &again), (&member, &content));
        (member.unwrap(), content)
    }

    #[test]
    fn the_first_member_is_told_from_what_is_around_it() {
        let one = gzip(TEXT);
        let flipped = |at: usize| {
            let mut file = one.clone();
            file[at] ^= 0x5a;
            file
        };
        let commented = {
            let mut writer =
                GzBuilder::new().comment("x").extra(vec![1]).write(Vec::new(), Compression::best());
            writer.write_all(TEXT).unwrap();
            writer.finish().unwrap()
        };
        for (file, member, content) in [
            (one.clone(), FirstMember::Whole, TEXT),
            (commented, FirstMember::Whole, TEXT),
            (TEXT.to_vec(), FirstMember::Plain, TEXT),
            ([&one[..], &one].concat(), FirstMember::Trailing, TEXT),
            ([&one[..], &[0; 4]].concat(), FirstMember::Trailing, TEXT),
            // What a wrong checksum hides is read by questions.
            ([&flipped(one.len() - 6)[..], &one].concat(), FirstMember::Trailing, TEXT),
            ([&flipped(one.len() - 2)[..], &one].concat(), FirstMember::Trailing, TEXT),
            (one[..one.len() - 8].to_vec(), FirstMember::NoTrailer, TEXT),
            (one[..one.len() - 1].to_vec(), FirstMember::NoTrailer, TEXT),
            (flipped(one.len() - 6), FirstMember::Checksum, TEXT),
            (flipped(one.len() - 2), FirstMember::Checksum, TEXT),
            (one[..5].to_vec(), FirstMember::Cut, b""),
            (flipped(2), FirstMember::Broken, b""),
            (Vec::new(), FirstMember::Empty, b""),
        ] {
            assert_eq!(read(&file, 1 << 20), (member, content.to_vec()));
        }
        let half = read(&gzip(&TEXT.repeat(50))[..60], 1 << 20);
        assert_eq!(half.0, FirstMember::Cut);
        assert!(TEXT.repeat(50).starts_with(&half.1));
        assert_eq!(read(&one, 10).0, FirstMember::TooLarge);
        assert_eq!(read(TEXT, 10).0, FirstMember::TooLarge);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let mut sink = |_: &[u8]| {};
        let error =
            first_member(&Source::named("/no/such/file"), 1, &mut InflateBuffers::default(), &mut sink);
        assert_eq!(error, Err("no such file or directory".to_owned()));
        assert!(first_member(&Source::named("/"), 1, &mut InflateBuffers::default(), &mut sink).is_err());
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_there_is_an_end(mut file in prop::collection::vec(any::<u8>(), 0..300)) {
            read(&file, 1 << 16);
            file.splice(0..0, [0x1f, 0x8b, 8, 0]);
            read(&file, 1 << 16);
        }
    }
}
