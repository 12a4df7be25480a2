//! One directory tree: `walkdir` lists its names, and all threads ask for the sizes of its files.
//!
//! An archive has a million small files in thousands of directories, and the system takes longer to tell their sizes
//! than to list them. The directories near the top are listed one level at a time, until there are subtrees enough
//! for every thread; each of those is one walk. What comes out is in the order of the names, whatever the threads did.
//! Links are not followed: what one leads to, and whether that is read, is for `find` to say.

use super::Source;
use super::find::{SkippedEntries, read_stamp};
use super::listing::{FileName, list_files};
use crate::threads::Threads;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// How many subtrees there are for each thread, so that none is idle while another has the largest.
const SUBTREES: usize = 8;

/// How many files are stamped at once, and held with their whole paths until then. A directory may have a million.
const FILES: usize = 4096;

/// What a walk meets.
#[derive(Debug)]
pub(super) enum WalkEvent {
    /// Files of one directory.
    Files(Vec<Source>),
    /// A symbolic link, to whatever.
    Link(PathBuf),
    /// What could not be read.
    Trouble(PathBuf, io::Error),
}

/// Tells of the path of a file whether it is left out.
pub(super) type IsLeftOut<'f> = &'f (dyn Fn(&Path) -> bool + Sync);

/// Walks the tree below `root`, but for the files that are left out. Returns what it holds in the order of the names,
/// and what was passed over.
pub(super) fn walk_tree(
    root: &Path,
    threads: &Threads,
    is_left_out: IsLeftOut<'_>,
) -> (Vec<WalkEvent>, SkippedEntries) {
    let mut skipped = SkippedEntries::default();
    let mut parts = vec![Part::Subtree(root.to_owned())];
    loop {
        let tops: Vec<&Path> = parts.iter().filter_map(Part::subtree).collect();
        if tops.is_empty() { break }
        let is_wide = threads.count() == 1 || tops.len() >= threads.count() * SUBTREES;
        let list = |_: &mut (), number: usize| {
            Lister::new(threads, is_left_out, !is_wide).list_directory(tops[number])
        };
        let mut listed = threads.map(tops.len(), || (), list).into_iter();
        let mut joined = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Event(_) => joined.push(part),
                Part::Subtree(_) => if let Some(lister) = listed.next() {
                    skipped += lister.skipped;
                    joined.extend(lister.parts);
                }
            }
        }
        parts = joined;
    }
    let events = parts.into_iter().filter_map(|part| match part {
        Part::Event(event) => Some(event),
        Part::Subtree(_) => None,
    });
    (events.collect(), skipped)
}

/// A part of a tree of which the levels near the top are listed.
enum Part {
    Event(WalkEvent),
    /// A directory that is still to be listed.
    Subtree(PathBuf),
}

impl Part {
    fn subtree(&self) -> Option<&Path> {
        match self {
            Part::Event(_) => None,
            Part::Subtree(path) => Some(path),
        }
    }
}

/// One walk, and what came of it.
struct Lister<'a> {
    threads: &'a Threads,
    is_left_out: IsLeftOut<'a>,
    /// Whether what is below the directories in the first is not listed.
    is_level: bool,
    /// The way from the top of the walk to the directory whose entries come.
    open: Vec<Directory>,
    parts: Vec<Part>,
    skipped: SkippedEntries,
}

impl<'a> Lister<'a> {
    fn new(threads: &'a Threads, is_left_out: IsLeftOut<'a>, is_level: bool) -> Self {
        Self {
            threads,
            is_left_out,
            is_level,
            open: Vec::new(),
            parts: Vec::new(),
            skipped: SkippedEntries::default(),
        }
    }

    /// Lists what is in `top`. Not sorted by `walkdir`: it would hold every path of a directory, and would read those
    /// that it is not to enter.
    fn list_directory(mut self, top: &Path) -> Self {
        let depth = if self.is_level { 1 } else { usize::MAX };
        for entry in WalkDir::new(top).follow_links(false).max_depth(depth) {
            match entry {
                Ok(entry) => self.add_entry(entry),
                Err(error) => self.add_error(error),
            }
        }
        self.close_to(0);
        self
    }

    fn add_entry(&mut self, entry: DirEntry) {
        let (kind, depth) = (entry.file_type(), entry.depth());
        self.close_to(depth);
        let Some(directory) = self.open.last_mut() else {
            return self.open.push(Directory::new(entry.into_path()));
        };
        let name = directory.name(&entry);
        if kind.is_file() {
            if is_desktop_metadata(name) {
                self.skipped.metadata += 1;
            } else if !(self.is_left_out)(entry.path()) {
                directory.unstamped.push((entry, (0, 0)));
                if directory.unstamped.len() == FILES {
                    directory.stamp_files(self.threads);
                }
            }
        } else if kind.is_dir() && !self.is_level {
            self.open.push(Directory::new(entry.into_path()));
        } else if kind.is_dir() {
            let name = name.to_owned();
            directory.entries.push(Entry { name, kind: Kind::Directory(vec![Part::Subtree(entry.into_path())]) });
        } else if kind.is_symlink() {
            directory.entries.push(Entry { name: name.to_owned(), kind: Kind::Link });
        } else {
            self.skipped.special += 1;
        }
    }

    fn add_error(&mut self, error: walkdir::Error) {
        let depth = error.depth();
        let path = error.path().map(Path::to_owned);
        let error = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
        let is_of_open = match (&path, self.open.last()) {
            (Some(path), Some(last)) => last.path == *path,
            _ => true,
        };
        if !is_of_open {
            self.close_to(depth);
        }
        match (self.open.last_mut(), path) {
            (Some(directory), path) => {
                let name = path.filter(|_| !is_of_open);
                let name = name.as_deref().and_then(Path::file_name).unwrap_or_default().to_owned();
                directory.entries.push(Entry { name, kind: Kind::Trouble(error) });
            }
            (None, path) => {
                self.parts.push(Part::Event(WalkEvent::Trouble(path.unwrap_or_default(), error)));
            }
        }
    }

    /// Closes the directories of which all entries came, when one of this depth comes.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(directory) = self.open.pop()
        {
            let name = directory.path.file_name().unwrap_or_default().to_owned();
            let parts = directory.into_parts(self.threads);
            match self.open.last_mut() {
                Some(above) => above.entries.push(Entry { name, kind: Kind::Directory(parts) }),
                None => self.parts.extend(parts),
            }
        }
    }
}

/// A directory whose entries come.
struct Directory {
    path: PathBuf,
    /// Where the names begin in the paths of what is in it.
    start: usize,
    entries: Vec<Entry>,
    /// Files that are not stamped yet.
    unstamped: Vec<(DirEntry, (u64, i64))>,
}

struct Entry {
    /// Empty for a trouble of the directory itself.
    name: OsString,
    kind: Kind,
}

enum Kind {
    File((u64, i64)),
    Directory(Vec<Part>),
    Link,
    Trouble(io::Error),
}

impl Directory {
    fn new(path: PathBuf) -> Self {
        let start = path.join("").as_os_str().len();
        Self { path, start, entries: Vec::new(), unstamped: Vec::new() }
    }

    /// Returns the name of an entry. To take a path apart as [`DirEntry::file_name`] does takes longer.
    fn name<'e>(&self, entry: &'e DirEntry) -> &'e OsStr {
        let name = entry.path().to_str().and_then(|path| path.get(self.start..));
        name.map_or_else(|| entry.file_name(), OsStr::new)
    }

    fn stamp_files(&mut self, threads: &Threads) {
        let mut files = std::mem::take(&mut self.unstamped);
        // One that is gone by now is told when it is opened.
        threads.each(&mut files, |(entry, stamp)| {
            *stamp = entry.metadata().map(|metadata| read_stamp(&metadata)).unwrap_or_default();
        });
        self.entries.reserve(files.len());
        for (entry, stamp) in files.drain(..) {
            let name = self.name(&entry).to_owned();
            self.entries.push(Entry { name, kind: Kind::File(stamp) });
        }
        self.unstamped = files;
    }

    fn into_parts(mut self, threads: &Threads) -> Vec<Part> {
        self.stamp_files(threads);
        let Self { path, mut entries, .. } = self;
        entries.sort_unstable_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
        let mut parts = Vec::new();
        let mut files: Vec<FileName<'_>> = Vec::new();
        for Entry { name, kind } in &mut entries {
            if let Kind::File(stamp) = kind {
                files.push(FileName { name, stamp: *stamp });
                continue;
            }
            if !files.is_empty() {
                parts.push(Part::Event(WalkEvent::Files(list_files(&path, &files))));
                files.clear();
            }
            match std::mem::replace(kind, Kind::Link) {
                Kind::Directory(below) => parts.extend(below),
                Kind::Trouble(error) => {
                    let path = if name.is_empty() { path.clone() } else { path.join(name) };
                    parts.push(Part::Event(WalkEvent::Trouble(path, error)));
                }
                Kind::Link | Kind::File(_) => parts.push(Part::Event(WalkEvent::Link(path.join(name)))),
            }
        }
        if !files.is_empty() {
            parts.push(Part::Event(WalkEvent::Files(list_files(&path, &files))));
        }
        parts
    }
}

/// Tells whether a file is what desktops leave behind.
pub(super) fn is_desktop_metadata(name: &OsStr) -> bool {
    name == ".DS_Store" || name.as_encoded_bytes().starts_with(b"._")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Names and sizes, in order.
    fn listed(root: &Path, threads: usize) -> Vec<(PathBuf, u64)> {
        let tree = Tree::walk(root, &Threads::new(threads).unwrap(), &|_, _| false);
        let sources = tree.flat_map(|met| match met {
            Met::Files(sources) => sources,
            other => panic!("{other:?}"),
        });
        sources.map(|source| (source.path().unwrap().into_owned(), source.size())).collect()
    }

    /// The same by a walk of one thread.
    fn walked(root: &Path) -> Vec<(PathBuf, u64)> {
        let entries = walkdir::WalkDir::new(root).sort_by(|a, b| a.file_name().cmp(b.file_name()));
        let entries = entries.into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
        entries.map(|entry| (entry.path().to_owned(), entry.metadata().unwrap().len())).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn trees_are_listed_as_one_thread_would(
            paths in prop::collection::btree_set("([ab\u{e9}.]{1,2}x/){0,4}[abc]{1,2}y", 0..40),
        ) {
            let dir = tempfile::tempdir().unwrap();
            for path in &paths {
                let path = dir.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, path.to_str().unwrap()).unwrap();
            }
            let naive = walked(dir.path());
            prop_assert_eq!(naive.len(), paths.len());
            for threads in [1, 3] {
                prop_assert_eq!(&listed(dir.path(), threads), &naive);
            }
        }
    }

    #[test]
    fn large_directory_is_listed_in_parts() {
        let dir = tempfile::tempdir().unwrap();
        let names: BTreeSet<String> = (0..ENTRIES + 50).map(|number| format!("{number}.json")).collect();
        for name in &names {
            fs::write(dir.path().join(name), name).unwrap();
        }
        fs::create_dir(dir.path().join("2000.jsoo")).unwrap();
        fs::write(dir.path().join("2000.jsoo/x"), "").unwrap();
        let listed = listed(dir.path(), 2);
        assert_eq!(listed, walked(dir.path()));
        assert_eq!(listed.len(), names.len() + 1);
    }
}
