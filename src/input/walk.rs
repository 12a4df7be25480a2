//! One directory tree, listed and stamped by all threads.
//!
//! An archive has a million small files in thousands of directories, and the system takes longer to tell their sizes
//! than to list them. Directories are read level by level, those of a level at once, and files are stamped while
//! theirs is open: the system need not look up their path. What comes out is in the order of the names, whatever the
//! threads did. What a link leads to, and whether that is read, is for `find` to say.

use super::Source;
use super::find::{Passed, stamp};
use super::listing::{Named, list};
use crate::threads::Threads;
use std::ffi::{OsStr, OsString};
use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// How many entries of a directory are held with what the system told of them. A directory may have a million.
const ENTRIES: usize = 4096;

/// What is met in a tree.
#[derive(Debug)]
pub(super) enum Met {
    /// Files of one directory.
    Files(Vec<Source>),
    /// A symbolic link, to whatever.
    Link(PathBuf),
    /// What could not be read.
    Trouble(PathBuf, io::Error),
    /// The next of the directories below.
    Directory,
}

/// A tree that was walked; gives what it holds in the order of the names, and no [`Met::Directory`].
pub(super) struct Tree {
    /// Level by level.
    directories: Vec<Directory>,
    /// The way to the directory that is given out.
    open: Vec<Directory>,
    /// What was passed over.
    pub(super) other: Passed,
}

/// One directory.
#[derive(Default)]
struct Directory {
    /// Reversed, so that it is taken from the end.
    met: Vec<Met>,
    /// The directories in it.
    below: Vec<PathBuf>,
    /// The place of the next of them in the tree.
    next: usize,
    other: Passed,
}

impl Tree {
    /// Walks the tree below `root`, but for the files that `is_left_out` by their directory and name.
    pub(super) fn walk(
        root: &Path,
        threads: &Threads,
        is_left_out: &(dyn Fn(&Path, &OsStr) -> bool + Sync),
    ) -> Self {
        let mut tree = Self { directories: Vec::new(), open: Vec::new(), other: Passed::default() };
        let mut level = vec![root.to_owned()];
        while !level.is_empty() {
            let read = |_: &mut (), number: usize| Directory::read(&level[number], threads, is_left_out);
            let mut listed = threads.map(level.len(), || (), read);
            let mut next = tree.directories.len() + listed.len();
            let mut below = Vec::new();
            for directory in &mut listed {
                directory.next = next;
                next += directory.below.len();
                below.append(&mut directory.below);
                tree.other += directory.other;
            }
            tree.directories.append(&mut listed);
            level = below;
        }
        tree.open.push(std::mem::take(&mut tree.directories[0]));
        tree
    }
}

impl Iterator for Tree {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        loop {
            let directory = self.open.last_mut()?;
            match directory.met.pop() {
                Some(Met::Directory) => {
                    let below = std::mem::take(&mut self.directories[directory.next]);
                    directory.next += 1;
                    self.open.push(below);
                }
                Some(met) => return Some(met),
                None => drop(self.open.pop()),
            }
        }
    }
}

/// An entry of a directory.
struct Entry {
    name: OsString,
    kind: io::Result<Kind>,
    stamp: (u64, i64),
}

#[derive(Clone, Copy)]
enum Kind {
    File,
    Directory,
    Link,
    Special,
}

impl Entry {
    fn new(entry: &DirEntry) -> Self {
        let kind = entry.file_type().map(|kind| match kind {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Directory,
            kind if kind.is_symlink() => Kind::Link,
            _ => Kind::Special,
        });
        let stamp = match kind {
            // One that is gone by now is told when it is opened.
            Ok(Kind::File) => entry.metadata().map(|metadata| stamp(&metadata)).unwrap_or_default(),
            _ => (0, 0),
        };
        Self { name: entry.file_name(), kind, stamp }
    }
}

impl Directory {
    fn read(path: &Path, threads: &Threads, is_left_out: &(dyn Fn(&Path, &OsStr) -> bool + Sync)) -> Self {
        let mut directory = Self::default();
        let mut entries = match fs::read_dir(path) {
            Ok(reader) => directory.entries(path, reader, threads),
            Err(error) => {
                directory.met.push(Met::Trouble(path.to_owned(), error));
                Vec::new()
            }
        };
        entries.sort_unstable_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
        let mut files = Vec::new();
        for Entry { name, kind, stamp } in entries {
            let met = match kind {
                Ok(Kind::File) if is_desktop_metadata(&name) => {
                    directory.other.metadata += 1;
                    continue;
                }
                Ok(Kind::File) => {
                    if !is_left_out(path, &name) {
                        files.push(Named { name, stamp });
                    }
                    continue;
                }
                Ok(Kind::Special) => {
                    directory.other.special += 1;
                    continue;
                }
                Ok(Kind::Directory) => {
                    directory.below.push(path.join(name));
                    Met::Directory
                }
                Ok(Kind::Link) => Met::Link(path.join(name)),
                Err(error) => Met::Trouble(path.join(name), error),
            };
            directory.files(path, &mut files);
            directory.met.push(met);
        }
        directory.files(path, &mut files);
        directory.met.reverse();
        directory
    }

    /// Reads the entries, and stamps many at once.
    fn entries(&mut self, path: &Path, mut reader: fs::ReadDir, threads: &Threads) -> Vec<Entry> {
        let mut entries = Vec::new();
        loop {
            let mut read = Vec::new();
            for entry in reader.by_ref().take(ENTRIES) {
                match entry {
                    Ok(entry) => read.push((entry, None)),
                    Err(error) => self.met.push(Met::Trouble(path.to_owned(), error)),
                }
            }
            if read.is_empty() {
                return entries;
            }
            threads.each(&mut read, |(entry, told)| *told = Some(Entry::new(entry)));
            entries.extend(read.into_iter().filter_map(|(_, told)| told));
        }
    }

    fn files(&mut self, path: &Path, files: &mut Vec<Named>) {
        if !files.is_empty() {
            self.met.push(Met::Files(list(path, std::mem::take(files))));
        }
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
