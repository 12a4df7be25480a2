//! The files in a zip.
//!
//! The crate reads the directory; the content is decoded here, so that a
//! member which is broken gives what it has, as every other file does.

use super::bytes::{SourceBytes, group_digits};
use super::inflate::{Checksum, Decoder};
use super::stream::{StreamPath, Unpacker};
use super::tar::{after_members, is_desktop_metadata};
use crate::error::Kind;
use flate2::{Decompress, FlushDecompress, Status};
use std::collections::HashSet;
use std::io;
use std::io::{BufRead, Read, Seek, SeekFrom};
use zip::CompressionMethod;
use zip::read::{Config, ZipFileEntry};
use zip::unstable::read::{ZipIterable, ZipIterableFiles};

/// How long the header of a member is at the least.
const HEADER: u64 = 30;

/// How many members a zip may have: so many bytes of each are noted.
const MOST_MEMBERS: usize = 4_000_000;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// What is to be known of a member before its content is read.
struct ZipMember {
    name: String,
    is_file: bool,
    encrypted: bool,
    method: u16,
    packed: u64,
    sum: Option<Checksum>,
}

/// Reads each file of a zip, also those that share a name.
pub(crate) fn unpack_members<R: BufRead + Seek>(walk: &mut Unpacker<'_>, mut reader: R, at: StreamPath<'_>) {
    let mut count = 0;
    let mut name = String::new();
    let mut zip = match ZipIterable::try_new(&mut reader, Config::default()) {
        Ok(zip) => zip,
        Err(_) => return salvage_members(walk, reader, at),
    };
    let overlapping = match zip.files().map(find_overlapping) {
        Ok(Some(overlapping)) => overlapping,
        Ok(None) => {
            let cause = format!("is a zip of more than {} members", group_digits(MOST_MEMBERS as u64));
            return walk.trouble(at.name, Kind::TooLarge, cause);
        }
        Err(_) => HashSet::new(),
    };
    if !overlapping.is_empty() {
        let members = group_digits(overlapping.len() as u64);
        let cause =
            format!("is forged or damaged: {members} of its members overlap others, and were not read");
        walk.trouble(at.name, Kind::Corrupt, cause);
    }
    let Ok(entries) = zip.files() else { return };
    while let Some(entry) = entries.next() {
        let Ok(entry) = entry else {
            walk.trouble(
                at.name,
                Kind::Corrupt,
                format!("the zip directory is broken {}", after_members(count)),
            );
            return;
        };
        count += 1;
        if overlapping.contains(&(count - 1)) {
            continue;
        }
        let member = member_of_entry(&entry);
        let header = entry.header_start();
        if report_if_exhausted(walk, at) {
            return;
        }
        match find_content(entries.reader_mut(), header) {
            Ok(true) => read_member(walk, entries.reader_mut(), &member, at.member(&mut name, &member.name)),
            Ok(false) => {
                let at = at.member(&mut name, &member.name);
                walk.trouble(at.name, Kind::Corrupt, "has no header where the zip directory says");
            }
            Err(error) => {
                let at = at.member(&mut name, &member.name);
                walk.trouble(at.name, Kind::Unreadable, crate::input::describe_io_error(&error));
            }
        }
    }
    if count == 0 {
        walk.trouble(at.name, Kind::Empty, "the zip holds no file");
    }
}

/// Finds the members that stand in the bytes of others, by their numbers: so a small zip holds the same content a
/// million times. No program writes that; and where the directory is damaged, the others are as they were. `None` where
/// there are more members than can be looked at.
fn find_overlapping<R: Read + Seek>(entries: &mut ZipIterableFiles<R>) -> Option<HashSet<u64>> {
    // A member takes a header and its content at the least; what is told beside them is not looked at.
    let mut spans: Vec<(u64, u64, u64)> = Vec::new();
    while let Some(Ok(entry)) = entries.next() {
        if spans.len() == MOST_MEMBERS {
            return None;
        }
        let start = entry.header_start();
        let end = start.saturating_add(HEADER).saturating_add(entry.compressed_size());
        spans.push((end, start, spans.len() as u64));
    }
    // To take what ends first leaves as many as can stand side by side.
    spans.sort_unstable();
    let mut free = 0;
    let overlaps = |(end, start, number): &(u64, u64, u64)| {
        let is_free = *start >= free;
        free = if is_free { *end } else { free };
        (!is_free).then_some(*number)
    };
    Some(spans.iter().filter_map(overlaps).collect())
}

fn report_if_exhausted(walk: &mut Unpacker<'_>, at: StreamPath<'_>) -> bool {
    let exhausted = walk.allowance() == 0;
    if exhausted {
        let cause = format!("inflates to more than {} bytes", group_digits(walk.limits.package));
        walk.trouble(at.name, Kind::TooLarge, cause);
    }
    exhausted
}

fn member_of_entry(entry: &ZipFileEntry<'_>) -> ZipMember {
    let name = entry.name().unwrap_or_else(|_| String::from_utf8_lossy(entry.name_raw()));
    ZipMember {
        is_file: !entry.is_dir() && !entry.is_symlink(),
        encrypted: entry.encrypted(),
        method: match entry.compression() {
            CompressionMethod::Stored => STORED,
            CompressionMethod::Deflated => DEFLATED,
            // Which one it is makes no difference here.
            _ => u16::MAX,
        },
        packed: entry.compressed_size(),
        sum: Some(Checksum { crc: entry.crc32(), size: entry.size() }),
        name: name.into_owned(),
    }
}

/// Goes to where the content of a member begins; false when no header is there.
fn find_content<R: BufRead + Seek>(reader: &mut R, header: u64) -> io::Result<bool> {
    reader.seek(SeekFrom::Start(header))?;
    let mut head = [0; 30];
    match reader.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        done => done?,
    }
    reader.seek_relative(i64::from(read_u16(&head, 26)) + i64::from(read_u16(&head, 28)))?;
    Ok(head.starts_with(b"PK\x03\x04"))
}

fn read_member<R: Read>(walk: &mut Unpacker<'_>, reader: &mut R, member: &ZipMember, at: StreamPath<'_>) {
    if !member.is_file || is_desktop_metadata(&member.name) {
        return;
    }
    if member.encrypted {
        return walk.trouble(at.name, Kind::Unsupported, "is encrypted");
    }
    let bytes = SourceBytes::sized(reader.take(member.packed), member.packed);
    let limit = walk.allowance();
    let decoder = match member.method {
        STORED => Decoder::stored(bytes, member.sum, limit),
        DEFLATED => Decoder::deflate(bytes, member.sum, limit, walk.pool),
        _ => {
            return walk.trouble(
                at.name,
                Kind::Unsupported,
                "is compressed by a method that is not supported",
            );
        }
    };
    let bytes = SourceBytes::decoder(decoder, walk.pool);
    walk.read(bytes, at);
}

/// Reads the members of a zip whose directory is lost, one header after the other.
fn salvage_members<R: BufRead + Seek>(walk: &mut Unpacker<'_>, mut reader: R, at: StreamPath<'_>) {
    let mut count = 0;
    let mut name = String::new();
    let mut next = 0;
    while let Ok(Some((member, start))) = local_member(&mut reader, next) {
        if report_if_exhausted(walk, at) {
            return;
        }
        count += 1;
        next = start.saturating_add(member.packed);
        read_member(walk, &mut reader, &member, at.member(&mut name, &member.name));
    }
    let cause = format!("the zip has no directory; it was read without, and ends {}", after_members(count));
    walk.trouble(at.name, Kind::Truncated, cause);
}

/// Reads the header of a member at or just behind `at`; returns it and where its content begins.
fn local_member<R: BufRead + Seek>(reader: &mut R, at: u64) -> io::Result<Option<(ZipMember, u64)>> {
    let mut at = at;
    let mut head = [0; 30];
    // What may stand in between is a member's sizes, 12 to 24 bytes, or at the start a split mark.
    let gaps = [0, 4, 8, 4, 4, 4];
    let found = gaps.iter().any(|gap| {
        at = at.saturating_add(*gap);
        let read = reader.seek(SeekFrom::Start(at)).and_then(|_| reader.read_exact(&mut head));
        read.is_ok() && head.starts_with(b"PK\x03\x04")
    });
    if !found {
        return Ok(None);
    }
    let mut name = vec![0; read_u16(&head, 26).into()];
    let mut extra = vec![0; read_u16(&head, 28).into()];
    reader.read_exact(&mut name)?;
    reader.read_exact(&mut extra)?;
    let start = reader.stream_position()?;
    let (flags, method) = (read_u16(&head, 6), read_u16(&head, 8));
    let mut packed = u64::from(read_u32(&head, 18));
    let mut sum = Some(Checksum { crc: read_u32(&head, 14), size: u64::from(read_u32(&head, 22)) });
    // Sizes of 4 GiB and more are in the extra field 1: whole, then packed.
    if packed == u64::from(u32::MAX)
        && let Some(field) = extra.strip_prefix(&[1, 0])
        && let Some(size) = field.get(10..18).and_then(|size| size.try_into().ok())
    {
        packed = u64::from_le_bytes(size);
        sum = None;
    }
    // The sizes follow the content, so its end is found by inflating.
    if flags & 8 != 0 && packed == 0 && method == DEFLATED {
        packed = deflated_size(reader)?;
        sum = None;
        reader.seek(SeekFrom::Start(start))?;
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    let is_file = !name.ends_with('/');
    Ok(Some((ZipMember { name, is_file, encrypted: flags & 1 != 0, method, packed, sum }, start)))
}

/// Inflates to nowhere, for how many bytes that takes.
fn deflated_size<R: BufRead>(reader: &mut R) -> io::Result<u64> {
    let mut inflate = Decompress::new(false);
    let mut nowhere = vec![0; 1 << 16];
    loop {
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let input = reader.fill_buf()?;
        let status = inflate.decompress(input, &mut nowhere, FlushDecompress::None);
        reader.consume((inflate.total_in() - read) as usize);
        let idle = inflate.total_in() == read && inflate.total_out() == written;
        if idle || !matches!(status, Ok(Status::Ok | Status::BufError)) {
            return Ok(inflate.total_in());
        }
    }
}

fn read_u16(head: &[u8; 30], at: usize) -> u16 {
    u16::from_le_bytes([head[at], head[at + 1]])
}

fn read_u32(head: &[u8; 30], at: usize) -> u32 {
    u32::from(read_u16(head, at)) | u32::from(read_u16(head, at + 2)) << 16
}

#[cfg(test)]
mod tests;
