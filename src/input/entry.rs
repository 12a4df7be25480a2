//! What is asked of the entries of a directory: whether one is a file to read, its size, and when it was last changed.
//! Nothing is opened here but directories.

use super::walk::Part;
use crate::threads::Threads;
use std::ffi::{OsStr, OsString};
use std::ops::AddAssign;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, io};

/// The size of a file, and when it was last changed, in nanoseconds since 1970; 0 when unknown.
pub(super) type Stamp = (u64, i64);

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
    File(Stamp),
    Link,
    /// A directory, and what is in it.
    Directory(Vec<Part>),
    Trouble(io::Error),
}

/// Tells whether a file is what desktops leave behind.
pub(super) fn is_desktop_metadata(name: &OsStr) -> bool {
    name == ".DS_Store" || name.as_encoded_bytes().starts_with(b"._")
}

/// Reads the stamp of a file from what the system tells of it.
pub(super) fn read_stamp(metadata: &fs::Metadata) -> Stamp {
    let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).ok();
    let modified =
        metadata.modified().ok().and_then(since).and_then(|age| i64::try_from(age.as_nanos()).ok());
    (metadata.len(), modified.unwrap_or_default())
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
                    .map(|metadata| read_stamp(&metadata))
                    .unwrap_or_default(),
            };
        }
    });
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod handle {
    use super::Stamp;
    use rustix::fs::{AtFlags, Mode, OFlags, open, statat};
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    pub(super) fn open_directory(path: &Path) -> Option<OwnedFd> {
        open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()
    }

    /// Asks for what `read_stamp` gives, without following a link.
    pub(super) fn read_stamp_of(directory: &OwnedFd, name: &OsStr) -> Stamp {
        let Ok(stat) = statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) else { return Stamp::default() };
        // The types differ by platform.
        #[allow(clippy::unnecessary_cast)]
        let (seconds, nanoseconds) = (stat.st_mtime as i64, stat.st_mtime_nsec as i64);
        let modified = seconds.checked_mul(1_000_000_000).and_then(|it| it.checked_add(nanoseconds));
        (u64::try_from(stat.st_size).unwrap_or_default(), modified.filter(|it| *it >= 0).unwrap_or_default())
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod handle {
    use super::Stamp;
    use std::convert::Infallible;
    use std::ffi::OsStr;
    use std::path::Path;

    pub(super) fn open_directory(_: &Path) -> Option<Infallible> {
        None
    }

    pub(super) fn read_stamp_of(directory: &Infallible, _: &OsStr) -> Stamp {
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
        let expected: Vec<Stamp> = names
            .iter()
            .map(|name| read_stamp(&fs::symlink_metadata(dir.path().join(name)).unwrap()))
            .chain([Stamp::default()])
            .collect();
        assert!(expected[1] == (1, 1_000_000_001) && expected[2] == (2, 0));
        let entry = |name: &OsString| Entry { name: name.clone(), kind: EntryKind::File((7, 7)) };
        let mut entries: Vec<Entry> = names.iter().chain([&"gone.json".into()]).map(entry).collect();
        assert!(entries.len() > FEW);
        let threads = Threads::new(2).unwrap();
        let stamps = |entries: &[Entry]| -> Vec<Stamp> {
            let stamp = |entry: &Entry| match entry.kind {
                EntryKind::File(stamp) => stamp,
                _ => panic!("no file"),
            };
            entries.iter().map(stamp).collect()
        };
        stamp_files(dir.path(), &mut entries, &threads);
        assert_eq!(stamps(&entries), expected);
        entries.iter_mut().for_each(|entry| entry.kind = EntryKind::File((7, 7)));
        entries.chunks_mut(FEW).for_each(|few| stamp_files(dir.path(), few, &threads));
        assert_eq!(stamps(&entries), expected);
    }
}
