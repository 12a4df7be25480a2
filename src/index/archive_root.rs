//! Where an archive is, and what its files are known by in an index.

use crate::error::Error;
use crate::hash::{mix_word, stable_hash};
use crate::input::{Source, describe_io_error};
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

/// Where an archive is, in the words of the user and in those of the file system.
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

    /// Returns what a file is known by: where it is in the archive, its size and when it was changed. Of files that
    /// are known by the same an index says nothing: a name can be made up, and the other file would not be opened.
    pub(super) fn key(&self, source: &Source) -> Option<u64> {
        if source.is_explicit() || source.modified == 0 {
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
        let stamp = mix_word(mix_word(source.size()) ^ source.modified.cast_unsigned());
        let name = match self.inside.as_os_str().as_encoded_bytes() {
            b"" => Cow::Borrowed(&below[start..]),
            inside => Cow::Owned([inside, b"/", &below[start..]].concat()),
        };
        Some(mix_word(stable_hash(&name) ^ stamp))
    }
}
