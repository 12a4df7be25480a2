//! Which bytes there are to read: paths are walked, and the names of delivered
//! objects are read by CloudTrail's own grammar.
//!
//! Nothing is read here but directories. What a file holds is for `decode`
//! to find out, and which files a question needs is for `query`.

mod directory;
mod entry;
mod find;
mod key;
mod listing;
mod open;
mod state;
mod walk;

pub use entry::{FileStamp, SkippedEntries};
pub use find::{FollowLinks, FoundFiles, find_files};
pub use key::{Folder, Key, Trail};
pub use open::{open_file, read_found_file, read_named_file};
pub use state::FileState;

use listing::PathTable;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file (or stream) to read.
///
/// An archive has a million of them, so it holds little: the path, the name and the key are made when they are
/// asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    table: Arc<PathTable>,
    /// Its size, above the bits that tell which file of the table it is.
    size_and_number: u64,
    modified: i64,
    changed: i64,
    inode: u64,
}

/// How many bits tell a file of a table.
const NUMBER: u32 = u16::BITS;

impl Source {
    /// Makes a source of the standard input, given as `-`.
    pub fn stdin() -> Self {
        Self::new(Arc::new(PathTable::Stdin), 0, FileStamp::default())
    }

    /// Makes a source of a file, pipe or device that the user named.
    pub fn named(path: impl Into<PathBuf>) -> Self {
        Self::stamped(path, FileStamp::default())
    }

    /// Makes a source of a file that the user named, of which size and time are known.
    fn stamped(path: impl Into<PathBuf>, stamp: FileStamp) -> Self {
        Self::new(Arc::new(PathTable::Explicit(path.into())), 0, stamp)
    }

    /// Makes a source of one of the files of a table.
    fn new(table: Arc<PathTable>, number: u16, stamp: FileStamp) -> Self {
        let FileStamp { size, modified, changed, inode } = stamp;
        // No file system has files of so many bytes.
        let size = size.min(u64::MAX >> NUMBER);
        Self { table, size_and_number: size << NUMBER | u64::from(number), modified, changed, inode }
    }

    /// Returns the size in bytes as stored, 0 when unknown.
    pub fn size(&self) -> u64 {
        self.size_and_number >> NUMBER
    }

    /// Returns what tells that the file is still the one that was listed.
    pub fn stamp(&self) -> FileStamp {
        FileStamp { size: self.size(), modified: self.modified, changed: self.changed, inode: self.inode }
    }

    fn number(&self) -> usize {
        usize::from(self.size_and_number as u16)
    }

    /// Returns whether the user named it, in contrast to one found in a directory.
    pub fn is_explicit(&self) -> bool {
        !matches!(*self.table, PathTable::Found(_))
    }

    /// Returns whether the user named something that is no file: a pipe, a terminal.
    fn is_special(&self) -> bool {
        self.is_explicit() && self.modified == 0
    }

    /// Returns whether it was found as a link that is followed.
    fn is_linked(&self) -> bool {
        matches!(&*self.table, PathTable::Found(files) if files.are_links)
    }

    /// Returns whether it is still there when it was read: pipes and the standard input are gone.
    pub fn can_be_read_again(&self) -> bool {
        *self.table != PathTable::Stdin && self.stamp().is_known()
    }

    /// Returns the path; the standard input has none.
    pub fn path(&self) -> Option<Cow<'_, Path>> {
        match &*self.table {
            PathTable::Stdin => None,
            PathTable::Explicit(path) => Some(Cow::Borrowed(path)),
            PathTable::Found(files) => Some(match files.path(self.number()) {
                Ok(text) => Cow::Owned(text.into()),
                Err(path) => Cow::Borrowed(path),
            }),
        }
    }

    /// Returns the name as the user would write it; for messages and as evidence.
    pub fn name(&self) -> Cow<'_, str> {
        match &*self.table {
            PathTable::Stdin => Cow::Borrowed("-"),
            PathTable::Explicit(path) => path.to_string_lossy(),
            PathTable::Found(files) => match files.path(self.number()) {
                Ok(text) => Cow::Owned(text),
                Err(path) => path.to_string_lossy(),
            },
        }
    }

    /// Returns what the path tells by CloudTrail's grammar, if it follows it.
    pub fn key(&self) -> Option<Key> {
        Key::parse(&self.name())
    }
}

/// Returns whether a file is called as AWS Config calls its histories, snapshots and what is too large for messages.
pub fn is_of_config(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    ["_ConfigHistory_", "_ConfigSnapshot_", "ChangeNotification_"].iter().any(|it| name.contains(it))
        && name.contains("_Config_")
}

/// Returns the cause of an I/O error as messages have it: lower case, without the number.
pub fn describe_io_error(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    match chars.next() {
        // An abbreviation stays as it is.
        Some(first) if !chars.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cause_is_lower_case_and_has_no_number() {
        let missing = std::fs::File::open("/no/such/file").unwrap_err();
        assert_eq!(describe_io_error(&missing), "no such file or directory");
        assert_eq!(describe_io_error(&io::Error::other("CRC broken")), "CRC broken");
        assert_eq!(describe_io_error(&io::Error::other("")), "");
    }

    #[test]
    fn stdin_has_a_name_and_no_key() {
        let stdin = Source::stdin();
        assert_eq!(stdin.name(), "-");
        assert_eq!((stdin.key(), stdin.path()), (None, None));
    }

    #[test]
    fn source_stays_small() {
        assert!(size_of::<Source>() <= 40);
    }
}
