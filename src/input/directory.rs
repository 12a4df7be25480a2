//! One directory of a walk: its entries as they come, in whatever order, made into events in the order of the names.
//! What is below it, the walk hands in.

use super::entry::{Entry, EntryKind, FileStamp, stamp_files};
use super::listing::{FileName, list_files};
use super::walk::{Part, WalkEvent};
use crate::threads::Threads;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use walkdir::DirEntry;

/// How many files are stamped at once.
pub(super) const BATCH: usize = 1024;

/// A directory whose entries come.
pub(super) struct Directory {
    path: PathBuf,
    /// Where the names begin in the paths of what is in it.
    start: usize,
    entries: Vec<Entry>,
    /// Of how many of them the files are stamped.
    stamped: usize,
}

impl Directory {
    pub(super) fn new(path: PathBuf) -> Self {
        let start = path.join("").as_os_str().len();
        Self { path, start, entries: Vec::new(), stamped: 0 }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the name of an entry. [`DirEntry::file_name`] takes the path apart, which costs three times as much.
    pub(super) fn name<'e>(&self, entry: &'e DirEntry) -> &'e OsStr {
        let name = entry.path().to_str().and_then(|path| path.get(self.start..));
        name.map_or_else(|| entry.file_name(), OsStr::new)
    }

    /// Adds a file. Windows tells the sizes with the names; elsewhere they are asked for later, by all threads.
    pub(super) fn add_file(&mut self, file: &DirEntry, threads: &Threads) {
        let known = if cfg!(windows) { file.metadata().ok() } else { None };
        let stamp = known.map(|metadata| FileStamp::of(&metadata)).unwrap_or_default();
        self.entries.push(Entry { name: self.name(file).to_owned(), kind: EntryKind::File(stamp) });
        if self.entries.len() - self.stamped >= BATCH {
            self.stamp_batch(threads);
        }
    }

    pub(super) fn add_link(&mut self, name: OsString) {
        self.entries.push(Entry { name, kind: EntryKind::Link });
    }

    /// Adds a directory in it, with what is below that.
    pub(super) fn add_directory(&mut self, name: OsString, below: Vec<Part>) {
        self.entries.push(Entry { name, kind: EntryKind::Directory(below) });
    }

    /// Adds what could not be read: an entry, or without a name the directory or the rest of it.
    pub(super) fn add_trouble(&mut self, name: OsString, error: io::Error) {
        self.entries.push(Entry { name, kind: EntryKind::Trouble(error) });
    }

    fn stamp_batch(&mut self, threads: &Threads) {
        if !cfg!(windows) {
            stamp_files(&self.path, &mut self.entries[self.stamped..], threads);
        }
        self.stamped = self.entries.len();
    }

    /// Makes parts of all entries, when no more come.
    pub(super) fn into_parts(mut self, threads: &Threads) -> Vec<Part> {
        self.stamp_batch(threads);
        let Self { path, mut entries, .. } = self;
        entries.sort_unstable_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
        let mut parts = Vec::new();
        let mut files: Vec<FileName<'_>> = Vec::new();
        for Entry { name, kind } in &mut entries {
            if !matches!(kind, EntryKind::File(_)) || files.len() == BATCH {
                add_files(&mut parts, &path, &mut files);
            }
            match std::mem::replace(kind, EntryKind::Link) {
                EntryKind::File(stamp) => files.push(FileName { name, stamp }),
                EntryKind::Link => parts.push(Part::Event(WalkEvent::Link(path.join(name)))),
                EntryKind::Directory(below) => parts.extend(below),
                EntryKind::Trouble(error) => {
                    let path = if name.is_empty() { path.clone() } else { path.join(name) };
                    parts.push(Part::Event(WalkEvent::Trouble(path, error)));
                }
            }
        }
        add_files(&mut parts, &path, &mut files);
        parts
    }
}

/// Lists files that stand one after the other.
fn add_files(parts: &mut Vec<Part>, directory: &Path, files: &mut Vec<FileName<'_>>) {
    if !files.is_empty() {
        parts.push(Part::Event(WalkEvent::Files(list_files(directory, files))));
        files.clear();
    }
}
