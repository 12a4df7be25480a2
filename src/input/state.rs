//! Which file a path leads to and when it was last touched: what tells whether it is still the file that was read.
//!
//! Whoever writes to a file can set back its time of change, and whoever puts another in its place can give it the
//! same size and time. The time of the last change of the inode nobody sets, and the inode is another one then.

use super::entry::FileStamp;
use std::fs;
use std::fs::{File, Metadata};
use std::path::Path;

/// A file in one state. Two that are equal are the same file with the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// The number of its file system; 0 on Windows.
    device: u64,
    stamp: FileStamp,
}

impl FileState {
    /// Asks for the state of what a path leads to, links followed; `None` when it cannot be told, or is no file.
    pub fn of_path(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().and_then(|it| Self::of_metadata(&it))
    }

    /// Asks for the state of an open file.
    pub fn of_file(file: &File) -> Option<Self> {
        file.metadata().ok().and_then(|it| Self::of_metadata(&it))
    }

    fn of_metadata(metadata: &Metadata) -> Option<Self> {
        #[cfg(unix)]
        let device = std::os::unix::fs::MetadataExt::dev(metadata);
        #[cfg(not(unix))]
        let device = 0;
        metadata.is_file().then(|| Self { device, stamp: FileStamp::of(metadata) })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// What somebody does who wants another content to pass for the same file.
    #[test]
    fn a_file_that_was_touched_is_another_one() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&path, "aaaa").unwrap();
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let set_back = |path: &Path| {
            File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        };
        // The clock of a file system may be as coarse as some milliseconds.
        let wait = || {
            let now = || {
                fs::write(&other, "").unwrap();
                fs::metadata(&other).unwrap().modified().unwrap()
            };
            let start = now();
            while now() == start {}
        };
        let before = FileState::of_path(&path);
        assert!(before.is_some());
        assert_eq!(FileState::of_file(&File::open(&path).unwrap()), before);
        fs::read(&path).unwrap();
        assert_eq!(FileState::of_path(&path), before, "reading is no change");
        // In place, with its time set back.
        wait();
        fs::write(&path, "bbbb").unwrap();
        set_back(&path);
        let written = FileState::of_path(&path);
        assert_ne!(written, before);
        // Another in its place, of the same size and time.
        fs::write(&other, "cccc").unwrap();
        set_back(&other);
        fs::rename(&other, &path).unwrap();
        assert_ne!(FileState::of_path(&path), written);
        assert_eq!(FileState::of_path(dir.path()), None);
        assert_eq!(FileState::of_path(&other), None);
    }
}
