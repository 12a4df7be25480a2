//! What is asked of the entries of a directory: whether one is a file to read, its size, and when it was last changed.
//! Nothing is opened here but directories.

use super::walk::Part;
use crate::threads::Threads;
use std::ffi::{OsStr, OsString};
use std::ops::AddAssign;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, io};

/// What tells that a file is still the one that it was. 0 stands for what is unknown.
///
/// Whoever may write a file can set its size and the time of its last change to any value. The time of the last change
/// of its entry is the system's own, and another file that takes its name has another number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileStamp {
    /// Its size in bytes as stored.
    pub size: u64,
    /// When its content was last changed (`mtime`), in nanoseconds since 1970.
    pub modified: i64,
    /// When anything of it was last changed (`ctime`), in nanoseconds since 1970; unknown on Windows.
    pub changed: i64,
    /// Its number in the file system; unknown on Windows.
    pub inode: u64,
}

impl FileStamp {
    /// Reads what the system tells of a file.
    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).ok();
        let modified =
            metadata.modified().ok().and_then(since).and_then(|age| i64::try_from(age.as_nanos()).ok());
        let (changed, inode) = read_identity(metadata);
        Self { size: metadata.len(), modified: modified.unwrap_or_default(), changed, inode }
    }

    /// Returns whether it is of a file that the system told of.
    pub fn is_known(&self) -> bool {
        self.modified != 0
    }
}

/// Returns when anything of a file was last changed, and its number.
#[cfg(unix)]
fn read_identity(metadata: &fs::Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (nanoseconds(metadata.ctime(), metadata.ctime_nsec()), metadata.ino())
}

#[cfg(not(unix))]
fn read_identity(_: &fs::Metadata) -> (i64, u64) {
    Default::default()
}

/// Returns a time in nanoseconds since 1970; 0 where there are more than are counted, or it is before.
#[cfg(unix)]
fn nanoseconds(seconds: i64, nanoseconds: i64) -> i64 {
    let time = seconds.checked_mul(1_000_000_000).and_then(|it| it.checked_add(nanoseconds));
    time.filter(|it| *it >= 0).unwrap_or_default()
}

/// To open a directory costs as much as to look up the whole paths of so many files in it.
const FEW: usize = 3;

/// How many entries of directories were passed over, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SkippedEntries {
    /// Pipes, sockets and devices: opening one could block for ever.
    pub special: u64,
    /// Desktop metadata: `.DS_Store` and `._*`.
    pub metadata: u64,
    /// Links to what is read by another name.
    pub linked: u64,
}

impl AddAssign for SkippedEntries {
    fn add_assign(&mut self, other: Self) {
        self.special += other.special;
        self.metadata += other.metadata;
        self.linked += other.linked;
    }
}

/// An entry of a directory, to be sorted by its name.
pub(super) struct Entry {
    /// Empty for a trouble of the directory itself, which comes first.
    pub(super) name: OsString,
    pub(super) kind: EntryKind,
}

pub(super) enum EntryKind {
    File(FileStamp),
    Link,
    /// A directory, and what is in it.
    Directory(Vec<Part>),
    Trouble(io::Error),
}

/// Tells whether a file is what desktops leave behind.
pub(super) fn is_desktop_metadata(name: &OsStr) -> bool {
    name == ".DS_Store" || name.as_encoded_bytes().starts_with(b"._")
}

/// Stamps files of one directory. One that is gone by now has no stamp: that is told when it is opened.
///
/// For a path the system walks a dozen folders of an archive for every file again, which takes a quarter of the time
/// of the whole walk. So the directory is opened once, and asked for its files by name.
pub(super) fn stamp_files(directory: &Path, files: &mut [Entry], threads: &Threads) {
    let count = files.iter().filter(|entry| matches!(entry.kind, EntryKind::File(_))).count();
    let handle = if count > FEW { handle::open_directory(directory) } else { None };
    threads.each(files, |entry| {
        if let EntryKind::File(stamp) = &mut entry.kind {
            *stamp = match &handle {
                Some(handle) => handle::read_stamp_of(handle, &entry.name),
                None => fs::symlink_metadata(directory.join(&entry.name))
                    .map(|metadata| FileStamp::of(&metadata))
                    .unwrap_or_default(),
            };
        }
    });
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod handle {
    use super::{FileStamp, nanoseconds};
    use rustix::fs::{AtFlags, Mode, OFlags, open, statat};
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    pub(super) fn open_directory(path: &Path) -> Option<OwnedFd> {
        open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()
    }

    /// Asks for what [`FileStamp::of`] gives, without following a link.
    pub(super) fn read_stamp_of(directory: &OwnedFd, name: &OsStr) -> FileStamp {
        let Ok(stat) = statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) else {
            return FileStamp::default();
        };
        // The types differ by platform.
        #[allow(clippy::unnecessary_cast)]
        FileStamp {
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            modified: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
            inode: stat.st_ino as u64,
        }
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod handle {
    use super::FileStamp;
    use std::convert::Infallible;
    use std::ffi::OsStr;
    use std::path::Path;

    pub(super) fn open_directory(_: &Path) -> Option<Infallible> {
        None
    }

    pub(super) fn read_stamp_of(directory: &Infallible, _: &OsStr) -> FileStamp {
        match *directory {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::time::Duration;

    /// An index knows a file by its stamp again, so all ways to it must give the same.
    #[test]
    fn stamps_by_handle_are_those_by_path() {
        let dir = tempfile::tempdir().unwrap();
        let year = |years: u64| Duration::from_secs(years * 31_556_952);
        let times = [
            UNIX_EPOCH,
            UNIX_EPOCH + Duration::new(1, 1),
            UNIX_EPOCH - Duration::new(1, 500_000_000),
            UNIX_EPOCH + year(54) + Duration::from_nanos(999_999_999),
            // More nanoseconds than are counted.
            UNIX_EPOCH + year(400),
        ];
        let mut names: Vec<OsString> = (0..times.len()).map(|size| format!("{size}.json").into()).collect();
        for (size, (name, time)) in names.iter().zip(times).enumerate() {
            fs::write(dir.path().join(name), "x".repeat(size)).unwrap();
            let file = File::options().write(true).open(dir.path().join(name)).unwrap();
            file.set_modified(time).unwrap();
        }
        // One that became a link after it was listed is not followed.
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("1.json", dir.path().join("link")).unwrap();
            names.push("link".into());
        }
        let expected: Vec<FileStamp> = names
            .iter()
            .map(|name| FileStamp::of(&fs::symlink_metadata(dir.path().join(name)).unwrap()))
            .chain([FileStamp::default()])
            .collect();
        assert_eq!([1, 2].map(|at| (expected[at].size, expected[at].modified)), [(1, 1_000_000_001), (2, 0)]);
        let wrong = FileStamp { size: 7, modified: 7, changed: 7, inode: 7 };
        let entry = |name: &OsString| Entry { name: name.clone(), kind: EntryKind::File(wrong) };
        let mut entries: Vec<Entry> = names.iter().chain([&"gone.json".into()]).map(entry).collect();
        assert!(entries.len() > FEW);
        let threads = Threads::new(2).unwrap();
        let stamps = |entries: &[Entry]| -> Vec<FileStamp> {
            let stamp = |entry: &Entry| match entry.kind {
                EntryKind::File(stamp) => stamp,
                _ => panic!("no file"),
            };
            entries.iter().map(stamp).collect()
        };
        stamp_files(dir.path(), &mut entries, &threads);
        assert_eq!(stamps(&entries), expected);
        entries.iter_mut().for_each(|entry| entry.kind = EntryKind::File(wrong));
        entries.chunks_mut(FEW).for_each(|few| stamp_files(dir.path(), few, &threads));
        assert_eq!(stamps(&entries), expected);
    }
}
