//! One directory tree: `walkdir` lists its names, and all threads ask for the sizes of its files.
//!
//! An archive has a million small files in thousands of directories, and the system takes longer to tell their sizes
//! than to list them. The directories near the top are listed one level at a time, until there are subtrees enough
//! for every thread; each of those is one walk. What comes out is in the order of the names, whatever the threads did.
//! Links are not followed: what one leads to, and whether that is read, is for `find` to say.

use super::Source;
use super::directory::Directory;
use super::entry::{SkippedEntries, is_desktop_metadata};
use super::open::is_view_of_system;
use crate::threads::Threads;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// How many subtrees there are for each thread, so that none is idle while another has the largest.
const SUBTREES: usize = 8;

/// How many directories a walk keeps open. A thread that waits for others takes up a further walk, and a process has
/// few handles: 256 on macOS. What is left in one that is closed is held with whole paths.
const HANDLES: usize = 4;

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
    // Each round takes the place of the subtrees in `parts` by what is in them: one level of it, until there are enough
    // of them, then all. Whichever thread lists one, it is put where it stood, so the order is that of the names.
    loop {
        let tops: Vec<&Path> = parts.iter().filter_map(Part::as_subtree).collect();
        if tops.is_empty() {
            return (parts.into_iter().filter_map(Part::into_event).collect(), skipped);
        }
        let is_level = threads.count() > 1 && tops.len() < threads.count() * SUBTREES;
        let list = |_: &mut (), number: usize| {
            Lister {
                threads,
                is_left_out,
                is_level,
                open: vec![],
                parts: vec![],
                skipped: Default::default(),
            }
            .list_directory(tops[number])
        };
        let mut listed = threads.map(tops.len(), || (), list).into_iter();
        let mut joined = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Event(_) => joined.push(part),
                Part::Subtree(_) => joined.extend(listed.next().into_iter().flat_map(|walk| {
                    skipped += walk.skipped;
                    walk.parts
                })),
            }
        }
        parts = joined;
    }
}

/// A part of a tree of which the levels near the top are listed.
pub(super) enum Part {
    /// What is told as it is.
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

/// One walk, and what came of it.
struct Lister<'a> {
    threads: &'a Threads,
    is_left_out: IsLeftOut<'a>,
    /// Whether one level is listed, the directories in it being left to walks of their own.
    is_level: bool,
    /// The way from the top of the walk to the directory whose entries come.
    open: Vec<Directory>,
    /// What was met below the top, once that is closed.
    parts: Vec<Part>,
    /// What was passed over.
    skipped: SkippedEntries,
}

impl Lister<'_> {
    /// Lists what is below `top`. Not sorted by `walkdir`: it would hold the whole path of every entry of a directory,
    /// and read directories at the greatest depth to their end.
    fn list_directory(mut self, top: &Path) -> Self {
        let depth = if self.is_level { 1 } else { usize::MAX };
        let walk = WalkDir::new(top).follow_links(false).max_depth(depth).max_open(HANDLES);
        let mut entries = walk.into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() && is_view_of_system(entry.path()) => {
                    self.close_to(entry.depth());
                    self.skipped.special += 1;
                    entries.skip_current_dir();
                }
                Ok(entry) => self.add_entry(entry),
                Err(error) => self.add_error(error),
            }
        }
        self.close_to(0);
        self
    }

    fn add_entry(&mut self, entry: DirEntry) {
        self.close_to(entry.depth());
        let kind = entry.file_type();
        let Some(directory) = self.open.last_mut() else {
            return self.open_top(entry);
        };
        let name = directory.name(&entry);
        if kind.is_file() {
            if is_desktop_metadata(name) {
                self.skipped.metadata += 1;
            } else if !(self.is_left_out)(entry.path()) {
                directory.add_file(&entry, self.threads);
            }
        } else if kind.is_dir() {
            if self.is_level {
                directory.add_directory(name.to_owned(), vec![Part::Subtree(entry.into_path())]);
            } else {
                self.open.push(Directory::new(entry.into_path()));
            }
        } else if kind.is_symlink() {
            directory.add_link(name.to_owned());
        } else {
            self.skipped.special += 1;
        }
    }

    /// Begins with the top, which the user may have given as a link.
    fn open_top(&mut self, top: DirEntry) {
        if top.file_type().is_dir() || top.path().is_dir() {
            self.open.push(Directory::new(top.into_path()));
        } else {
            // It was one a moment ago.
            let error = io::ErrorKind::NotADirectory.into();
            self.parts.push(Part::Event(WalkEvent::Trouble(top.into_path(), error)));
        }
    }

    fn add_error(&mut self, error: walkdir::Error) {
        let (depth, path) = (error.depth(), error.path().map(Path::to_owned));
        let error = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
        // What cannot be opened came as an entry just before.
        let is_unopened =
            path.as_deref().is_some_and(|path| self.open.last().is_some_and(|it| it.path() == path));
        if !is_unopened {
            self.close_to(depth);
        }
        match self.open.last_mut() {
            Some(directory) => {
                // One that cannot be read to its end is not named.
                let name = path.as_deref().filter(|_| !is_unopened).and_then(Path::file_name);
                directory.add_trouble(name.unwrap_or_default().to_owned(), error);
            }
            None => self.parts.push(Part::Event(WalkEvent::Trouble(path.unwrap_or_default(), error))),
        }
    }

    /// Closes the directories that have no more entries when one of this depth comes.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(directory) = self.open.pop()
        {
            let name = directory.path().file_name().unwrap_or_default().to_owned();
            let parts = directory.into_parts(self.threads);
            match self.open.last_mut() {
                Some(above) => above.add_directory(name, parts),
                None => self.parts.extend(parts),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::directory::BATCH;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::fs;

    fn walk(root: &Path, threads: usize) -> Vec<WalkEvent> {
        walk_tree(root, &Threads::new(threads).unwrap(), &|_| false).0
    }

    /// Names and sizes, in order.
    fn list(root: &Path, threads: usize) -> Vec<(PathBuf, u64)> {
        let sources = walk(root, threads).into_iter().flat_map(|event| match event {
            WalkEvent::Files(sources) => sources,
            other => panic!("{other:?}"),
        });
        sources.map(|source| (source.path().unwrap().into_owned(), source.size())).collect()
    }

    /// The same by plain recursion.
    fn list_plainly(directory: &Path) -> Vec<(PathBuf, u64)> {
        let mut entries: Vec<_> = fs::read_dir(directory).unwrap().map(Result::unwrap).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        let list = |entry: fs::DirEntry| match entry.metadata().unwrap() {
            it if it.is_dir() => list_plainly(&entry.path()),
            it => vec![(entry.path(), it.len())],
        };
        entries.into_iter().flat_map(list).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn trees_are_listed_as_plain_recursion_would(
            paths in prop::collection::btree_set("([ab\u{e9}.]{1,2}x/){0,4}[abc]{1,2}y", 0..60),
        ) {
            let dir = tempfile::tempdir().unwrap();
            for path in &paths {
                let path = dir.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, path.to_str().unwrap()).unwrap();
            }
            let plain = list_plainly(dir.path());
            prop_assert_eq!(plain.len(), paths.len());
            // By one walk, and by walks of subtrees.
            for threads in [1, 2] {
                prop_assert_eq!(&list(dir.path(), threads), &plain);
            }
        }
    }

    #[test]
    fn large_directory_is_listed_in_parts() {
        let dir = tempfile::tempdir().unwrap();
        let names: BTreeSet<String> = (0..BATCH * 3 + 50).map(|number| format!("{number}.json")).collect();
        for name in &names {
            fs::write(dir.path().join(name), name).unwrap();
        }
        fs::create_dir(dir.path().join("2000.jsoo")).unwrap();
        fs::write(dir.path().join("2000.jsoo/x"), "").unwrap();
        let plain = list_plainly(dir.path());
        assert_eq!(plain.len(), names.len() + 1);
        for threads in [1, 2] {
            assert_eq!(list(dir.path(), threads), plain);
        }
    }

    #[test]
    fn what_is_no_directory_any_more_is_a_trouble() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        for threads in [1, 2] {
            for (path, expected) in
                [(&file, io::ErrorKind::NotADirectory), (&dir.path().join("gone"), io::ErrorKind::NotFound)]
            {
                let events = walk(path, threads);
                let [WalkEvent::Trouble(told, error)] = &events[..] else { panic!("{events:?}") };
                assert_eq!((told, error.kind()), (path, expected));
            }
        }
    }

    /// The superuser opens every directory but one whose path is too long.
    #[cfg(target_os = "linux")]
    #[test]
    fn directory_that_cannot_be_opened_is_told_once_in_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let [long, tail] = ["b", "tail"].map(|top| {
            let path = (0..12).fold(dir.path().join(top), |path, _| path.join("d".repeat(200)));
            fs::create_dir_all(&path).unwrap();
            path
        });
        fs::write(tail.join("unread"), "").unwrap();
        fs::rename(dir.path().join("tail"), long.join("tail")).unwrap();
        let deepest = long.join(tail.strip_prefix(dir.path()).unwrap());
        let unopened = deepest.ancestors().filter(|path| fs::read_dir(path).is_err()).last().unwrap();
        for name in ["a", "c", "b/z"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        for threads in [1, 2] {
            let events = walk(dir.path(), threads);
            let told = events.iter().map(|event| match event {
                WalkEvent::Files(sources) => {
                    sources.iter().map(|it| it.name().replace(dir.path().to_str().unwrap(), "")).collect()
                }
                WalkEvent::Trouble(path, error) => {
                    assert_eq!(path, unopened);
                    super::super::describe_io_error(error)
                }
                WalkEvent::Link(path) => panic!("{path:?}"),
            });
            assert_eq!(told.collect::<Vec<String>>(), ["/a", "file name too long", "/b/z", "/c"]);
        }
    }
}
