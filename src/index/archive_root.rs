//! Where an archive is, and what its files are known by in an index.

use crate::error::Error;
use crate::hash::stable_hash;
use crate::input::{FileStamp, Source, describe_io_error};
use ring::digest::{Context, SHA256};
use std::fs;
use std::path::{Path, PathBuf};

/// What an index knows a file by: the begin of a SHA-256, so that nobody can make a file that is taken for another.
pub(super) type FileKey = u128;

/// Where an archive is, in the words of the user and in those of the file system.
#[derive(Clone, Debug)]
pub struct ArchiveRoot {
    /// The directory as it was given.
    given: PathBuf,
    /// The real path of the archive: that directory, or one above it.
    pub(super) root: PathBuf,
    /// From the one to the other, with a slash at the end if it is not empty.
    inside: PathBuf,
}

impl ArchiveRoot {
    /// Returns where the archive at `given` is.
    ///
    /// # Errors
    /// When it is not there.
    pub fn new(given: &Path) -> Result<Self, Error> {
        let root = fs::canonicalize(given).map_err(|error| {
            Error::new(format!("cannot read `{}`: {}", given.display(), describe_io_error(&error)))
        })?;
        Ok(Self { given: given.to_owned(), root, inside: PathBuf::new() })
    }

    /// Returns whether a directory, there or not, lies in the archive.
    pub fn holds(&self, dir: &Path) -> bool {
        let real = dir.ancestors().find_map(|above| {
            fs::canonicalize(if above.as_os_str().is_empty() { Path::new(".") } else { above }).ok()
        });
        real.is_some_and(|real| real.starts_with(&self.root))
    }

    /// Returns the same place as a part of the archive at `root`.
    pub(super) fn within(&self, root: &Path) -> Option<Self> {
        let inside = self.root.strip_prefix(root).ok()?.to_owned();
        Some(Self { given: self.given.clone(), root: root.to_owned(), inside })
    }

    /// Returns the name of the index file. The file says itself which archive it is of.
    pub(super) fn file(&self) -> String {
        let path = self.root.as_os_str().as_encoded_bytes();
        format!("{:016x}.index", stable_hash(path))
    }

    /// Returns what a file is known by: where it is in the archive, its size, when it and its entry were changed, and
    /// its number in the file system.
    pub(super) fn key(&self, source: &Source) -> Option<FileKey> {
        let stamp = source.stamp();
        if source.is_explicit() || !stamp.is_known() {
            return None;
        }
        let path = source.path()?;
        let (path, given) = (path.as_os_str().as_encoded_bytes(), self.given.as_os_str().as_encoded_bytes());
        let below = path.strip_prefix(given)?;
        let start = below.iter().position(|byte| *byte != b'/')?;
        // `/logs` is no part of `/logs-2`.
        if start == 0 && !given.ends_with(b"/") {
            return None;
        }
        let FileStamp { size, modified, changed, inode } = stamp;
        let mut hash = Context::new(&SHA256);
        for number in [size, modified.cast_unsigned(), changed.cast_unsigned(), inode] {
            hash.update(&number.to_le_bytes());
        }
        let inside = self.inside.as_os_str().as_encoded_bytes();
        if !inside.is_empty() {
            hash.update(inside);
            hash.update(b"/");
        }
        hash.update(&below[start..]);
        hash.finish().as_ref().first_chunk().map(|bytes| FileKey::from_le_bytes(*bytes))
    }
}
