//! The files in a tar, and what is common to packages.

use super::bytes::{SourceBytes, group_digits};
use super::stream::{StreamPath, Unpacker};
use crate::error::Kind;
use std::io;
use std::io::Read;
use tar::{Archive, EntryType};

/// Two blocks of zeros end a tar; half of that is taken as the mark too.
const END_MARK: u64 = 512;

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
    let mut archive = Archive::new(WatchedReader { bytes, zeros: 0, ended: false });
    // Tars that were put one behind the other are read to the last.
    archive.set_ignore_zeros(true);
    let (count, failed) = visit_members(walk, &mut archive, at);
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
}

impl Read for WatchedReader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buf)?;
        self.ended |= count == 0 && !buf.is_empty();
        self.zeros = match buf[..count].iter().rposition(|byte| *byte != 0) {
            Some(last) => (count - last - 1) as u64,
            None => self.zeros + count as u64,
        };
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
