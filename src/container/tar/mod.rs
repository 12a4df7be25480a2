//! The files in a tar, and what is common to packages.

use super::bytes::{SourceBytes, group_digits};
use super::stream::{StreamPath, Unpacker};
use crate::error::Kind;
use std::cell::Cell;
use std::io;
use std::io::Read;
use std::rc::Rc;
use tar::{Archive, EntryType};

/// How much may stand before a member: its header, its long name, and what pax says of it. The reader of tars holds all
/// of it, whatever size it claims.
const MOST_HEADERS: u64 = 1 << 20;

/// The size of a header.
const BLOCK: usize = 512;

/// Two blocks of zeros end a tar; half of that is taken as the mark too.
const END_MARK: u64 = BLOCK as u64;

/// Tells the files that macOS adds to a package about the files in it.
pub(crate) fn is_desktop_metadata(member: &str) -> bool {
    let name = member.rsplit(['/', '\\']).next().unwrap_or_default();
    member.starts_with("__MACOSX/") || name.starts_with("._") || name == ".DS_Store"
}

/// Writes "after 1 member" and "after 1,234 members".
pub(crate) fn after_members(members: u64) -> String {
    format!("after {} member{}", group_digits(members), if members == 1 { "" } else { "s" })
}

/// Reads each file of a tar; links and directories have no content.
pub(crate) fn unpack_members(walk: &mut Unpacker<'_>, bytes: SourceBytes<'_>, at: StreamPath<'_>) {
    let limit = Rc::new(Cell::new(MOST_HEADERS));
    let watch = WatchedReader { bytes, zeros: 0, ended: false, at: 0, limit: Rc::clone(&limit) };
    let mut archive = Archive::new(watch);
    // Tars that were put one behind the other are read to the last.
    archive.set_ignore_zeros(true);
    let (count, failed) = visit_members(walk, &mut archive, &limit, at);
    let watch = archive.into_inner();
    let damage = watch.bytes.damage();
    if !damage.is_empty() {
        walk.troubles(at.name, damage);
    } else if failed && watch.ended {
        walk.trouble(at.name, Kind::Truncated, format!("the tar ends early, {}", after_members(count)));
    } else if failed {
        walk.trouble(at.name, Kind::Corrupt, format!("the tar is broken {}", after_members(count)));
    } else if walk.allowance() > 0 && watch.zeros < END_MARK {
        walk.trouble(at.name, Kind::Truncated, format!("the tar has no end mark {}", after_members(count)));
    }
    watch.bytes.retire(walk.pool);
}

/// Visits the members; returns how many there were and whether an error came after them.
fn visit_members(
    walk: &mut Unpacker<'_>,
    archive: &mut Archive<WatchedReader<'_>>,
    limit: &Cell<u64>,
    at: StreamPath<'_>,
) -> (u64, bool) {
    let mut count = 0;
    let mut name = String::new();
    let Ok(entries) = archive.entries() else {
        return (count, true);
    };
    for entry in entries {
        let Ok(entry) = entry else {
            return (count, true);
        };
        count += 1;
        let size = entry.size().max(entry.header().entry_size().unwrap_or_default());
        limit.set(entry.raw_file_position().saturating_add(size).saturating_add(MOST_HEADERS));
        let is_file = matches!(
            entry.header().entry_type(),
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse
        );
        let member = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        // An old tar has no type for a directory but the slash.
        if !is_file || member.ends_with('/') || is_desktop_metadata(&member) {
            continue;
        }
        if walk.allowance() == 0 {
            let cause = format!("inflates to more than {} bytes", group_digits(walk.limits.package));
            walk.trouble(at.name, Kind::TooLarge, cause);
            return (count, false);
        }
        let size = entry.size();
        walk.read(SourceBytes::sized(entry, size), at.member(&mut name, &member));
    }
    (count, false)
}

/// Watches the bytes of a tar go by, for how they end.
struct WatchedReader<'a> {
    bytes: SourceBytes<'a>,
    /// How many zeros came last.
    zeros: u64,
    ended: bool,
    /// How many bytes went by, and how many may before the next member begins.
    at: u64,
    limit: Rc<Cell<u64>>,
}

impl Read for WatchedReader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at > self.limit.get() {
            return Err(io::Error::other("what stands before a member is too large"));
        }
        let count = self.bytes.read(buf)?;
        self.at += count as u64;
        self.ended |= count == 0 && !buf.is_empty();
        self.zeros = match buf[..count].iter().rposition(|byte| *byte != 0) {
            Some(last) => (count - last - 1) as u64,
            None => {
                // Between tars that were put one behind the other any number of zeros may stand. They are asked for as
                // headers are, a block at a time; what is held is asked for in larger pieces.
                if buf.len() <= BLOCK {
                    self.limit.set(self.limit.get().saturating_add(count as u64));
                }
                self.zeros + count as u64
            }
        };
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
