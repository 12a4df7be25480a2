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
use std::cmp::Ordering;
use std::ffi::OsStr;
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

/// Tells whether a file is left out, by its directory and name.
pub(super) type IsLeftOut<'f> = &'f (dyn Fn(&Path, &OsStr) -> bool + Sync);

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
        let tops: Vec<&Path> = parts.iter().filter_map(Part::as_subtree).collect();
        let is_wide = tops.len() >= SUBTREES * threads.count() || threads.count() == 1;
        let listed = threads.map(
            tops.len(),
            || (),
            |_, number| {
                let lister = Lister::new(threads, is_left_out);
                if is_wide { lister.list_subtree(tops[number]) } else { lister.list_level(tops[number]) }
            },
        );
        let mut listed = listed.into_iter();
        let mut joined = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Event(_) => joined.push(part),
                Part::Subtree(_) => {
                    for lister in listed.next() {
                        skipped += lister.skipped;
                        joined.extend(lister.parts);
                    }
                }
            }
        }
        parts = joined;
        if !parts.iter().any(|part| part.as_subtree().is_some()) {
            let events = parts.into_iter().filter_map(Part::into_event).collect();
            return (events, skipped);
        }
    }
}

/// A part of a tree of which the first levels are listed.
enum Part {
    Event(WalkEvent),
    /// A directory that is still to be listed.
    Subtree(PathBuf),
}

impl Part {
    fn as_subtree(&self) -> Option<&Path> {
        match self {
            Part::Event(_) => None,
            Part::Subtree(path) => Some(path),
        }
    }

    fn into_event(self) -> Option<WalkEvent> {
        match self {
            Part::Event(event) => Some(event),
            Part::Subtree(_) => None,
        }
    }
}

/// Makes parts of the entries of one walk.
struct Lister<'a> {
    threads: &'a Threads,
    is_left_out: IsLeftOut<'a>,
    /// The way from the top of the walk to the directory whose entries come.
    open: Vec<PathBuf>,
    /// Files of that directory that are not stamped yet.
    files: Vec<(DirEntry, (u64, i64))>,
    is_level: bool,
    parts: Vec<Part>,
    skipped: SkippedEntries,
}

impl<'a> Lister<'a> {
    fn new(threads: &'a Threads, is_left_out: IsLeftOut<'a>) -> Self {
        Self {
            threads,
            is_left_out,
            open: Vec::new(),
            files: Vec::new(),
            is_level: false,
            parts: Vec::new(),
            skipped: SkippedEntries::default(),
        }
    }

    /// Lists all that is below `top`.
    fn list_subtree(mut self, top: &Path) -> Self {
        WalkDir::new(top).sort_by(compare_names).into_iter().for_each(|entry| self.add_entry(entry));
        self.list_batch();
        self
    }

    /// Lists `top` without what is below the directories in it. Sorted here: `walkdir` reads directories that it is
    /// not to enter to their end when it sorts, and only opens them when it does not.
    fn list_level(mut self, top: &Path) -> Self {
        self.is_level = true;
        let mut entries: Vec<_> = WalkDir::new(top).max_depth(1).into_iter().collect();
        entries.sort_by(|a, b| match (a, b) {
            (Ok(a), Ok(b)) => compare_names(a, b),
            _ => a.is_ok().cmp(&b.is_ok()),
        });
        entries.into_iter().for_each(|entry| self.add_entry(entry));
        self.list_batch();
        self
    }

    fn add_entry(&mut self, entry: walkdir::Result<DirEntry>) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.add_error(error),
        };
        let (kind, depth) = (entry.file_type(), entry.depth());
        if depth == 0 {
            self.open.push(entry.into_path());
        } else if kind.is_file() {
            let name = entry.file_name();
            if is_desktop_metadata(name) {
                self.skipped.metadata += 1;
            } else if !(self.is_left_out)(&self.open[depth - 1], name) {
                self.add_file(entry);
            }
        } else if kind.is_dir() {
            self.list_batch();
            self.open.truncate(depth);
            if self.is_level {
                self.parts.push(Part::Subtree(entry.into_path()));
            } else {
                self.open.push(entry.into_path());
            }
        } else if kind.is_symlink() {
            self.add_event(WalkEvent::Link(entry.into_path()));
        } else {
            self.skipped.special += 1;
        }
    }

    fn add_error(&mut self, error: walkdir::Error) {
        let directory = error.depth().checked_sub(1).and_then(|above| self.open.get(above));
        let path = error.path().or(directory.map(PathBuf::as_path)).unwrap_or(Path::new("")).to_owned();
        let error = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
        self.add_event(WalkEvent::Trouble(path, error));
    }

    fn add_event(&mut self, event: WalkEvent) {
        self.list_batch();
        self.parts.push(Part::Event(event));
    }

    fn add_file(&mut self, entry: DirEntry) {
        let is_neighbour = self.files.last().is_none_or(|(last, _)| last.depth() == entry.depth());
        if !is_neighbour || self.files.len() == FILES {
            self.list_batch();
        }
        self.files.push((entry, (0, 0)));
    }

    /// Stamps the files that wait, and lists them.
    fn list_batch(&mut self) {
        let Some((first, _)) = self.files.first() else { return };
        let directory = &self.open[first.depth() - 1];
        // One that is gone by now is told when it is opened.
        self.threads.each(&mut self.files, |(entry, stamp)| {
            *stamp = entry.metadata().map(|metadata| read_stamp(&metadata)).unwrap_or_default();
        });
        let named = self.files.iter().map(|(entry, stamp)| FileName { name: entry.file_name(), stamp: *stamp });
        let sources = list_files(directory, &named.collect::<Vec<_>>());
        self.parts.push(Part::Event(WalkEvent::Files(sources)));
        self.files.clear();
    }
}

/// Compares entries of one directory. Their paths differ in the name only, and to find that in each costs more.
fn compare_names(a: &DirEntry, b: &DirEntry) -> Ordering {
    let [a, b] = [a, b].map(|entry| entry.path().as_os_str().as_encoded_bytes());
    a.cmp(b)
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
