//! The paths the user gave, made into the list of files to read.
//!
//! Every file is read once, by the first name that leads to it in a definite
//! order. What is passed over is counted, what cannot be walked is a trouble.

use super::entry::{FileStamp, SkippedEntries, is_desktop_metadata};
use super::listing::{FileName, list_link};
use super::open::is_view_of_system;
use super::walk::{WalkEvent, walk_tree};
use super::{Source, describe_io_error};
use crate::error::{Error, Kind, Trouble};
use crate::threads::Threads;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

/// What the given paths hold.
#[derive(Debug, Default)]
pub struct FoundFiles {
    /// The files to read, sorted by name within each given path.
    pub sources: Vec<Source>,
    /// What could not be walked.
    pub troubles: Vec<Trouble>,
    /// What was found and is no file to read.
    pub other: SkippedEntries,
}

/// Which symbolic links in directories are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FollowLinks {
    /// Those that stay within the given paths. Whoever writes to an archive could lead out of it to any file.
    #[default]
    Within,
    /// All of them.
    All,
}

/// Finds the files in `paths`; `-` is the standard input.
///
/// A path that is not there is an error, because nobody wants an answer that
/// silently leaves it out. A path given twice, or inside another, is read once.
///
/// # Errors
/// When a path is not there.
pub fn find_files(paths: &[PathBuf], links: FollowLinks, threads: &Threads) -> Result<FoundFiles, Error> {
    let (found, roots, explicit) = Default::default();
    let mut finder = Finder { threads, links, found, roots, explicit };
    let mut directories: Vec<(&Path, PathBuf)> = Vec::new();
    // Files first, so that one that also lies in a given directory counts as explicit.
    for path in paths {
        if path.as_os_str() == "-" {
            if finder.explicit.real.insert(path.clone()) {
                finder.found.sources.push(Source::stdin());
            }
            continue;
        }
        let metadata = fs::metadata(path).map_err(|error| unreadable_path_error(path, &error))?;
        if is_view_of_system(path) {
            return Err(Error::new(format!(
                "cannot read `{}`: it is a view of the system, not a file on a disk",
                path.display()
            ))
            .hint("give a directory, a file, or `-` for the standard input"));
        }
        // Without a real path (`/dev/fd/63` is a link to `pipe:[1]`) the given one has to do.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if metadata.is_dir() {
            directories.push((path, real));
        } else if finder.explicit.real.insert(real.clone()) {
            finder.explicit.names.extend(real.file_name().map(OsStr::to_owned));
            let stamp = if metadata.is_file() { FileStamp::of(&metadata) } else { FileStamp::default() };
            finder.found.sources.push(Source::stamped(path, stamp));
        }
    }
    finder.roots = directories.iter().map(|(_, real)| real.clone()).collect();
    let mut walked = HashSet::new();
    for (path, real) in &directories {
        let above = real.parent();
        let nested = above.is_some_and(|above| is_within(above, &finder.roots));
        if !nested && walked.insert(real) {
            finder.walk_directory(path);
        }
    }
    Ok(finder.found)
}

/// Tells whether `path` is one of `directories` or lies in one.
fn is_within(path: &Path, directories: &HashSet<PathBuf>) -> bool {
    path.ancestors().any(|above| directories.contains(above))
}

fn unreadable_path_error(path: &Path, error: &std::io::Error) -> Error {
    Error::new(format!("cannot read `{}`: {}", path.display(), describe_io_error(error)))
        .hint("give a directory, a file, or `-` for the standard input")
}

struct Finder<'t> {
    threads: &'t Threads,
    links: FollowLinks,
    found: FoundFiles,
    /// The real paths of the given directories, and of what links out of them led to.
    roots: HashSet<PathBuf>,
    explicit: Explicit,
}

/// The files that the user named.
#[derive(Default)]
struct Explicit {
    real: HashSet<PathBuf>,
    names: HashSet<OsString>,
}

impl Explicit {
    /// Tells whether a file in a directory is one of them. Real paths are costly, so names are compared first.
    fn has(&self, path: &Path) -> bool {
        !self.names.is_empty()
            && path.file_name().is_some_and(|name| self.names.contains(name))
            && fs::canonicalize(path).is_ok_and(|real| self.real.contains(&real))
    }
}

impl Finder<'_> {
    fn walk_directory(&mut self, path: &Path) {
        let mut trees = vec![self.walk_tree(path)];
        while let Some(tree) = trees.last_mut() {
            match tree.next() {
                Some(WalkEvent::Files(sources)) => self.found.sources.extend(sources),
                Some(WalkEvent::Link(path)) => trees.extend(self.follow_link(&path)),
                Some(WalkEvent::Trouble(path, error)) => self.add_trouble(&path, &describe_io_error(&error)),
                None => drop(trees.pop()),
            }
        }
    }

    fn walk_tree(&mut self, path: &Path) -> IntoIter<WalkEvent> {
        let (events, skipped) = walk_tree(path, self.threads, &|file| self.explicit.has(file));
        self.found.other += skipped;
        events.into_iter()
    }

    /// Lists the file that a link leads to, or returns the tree.
    fn follow_link(&mut self, path: &Path) -> Option<IntoIter<WalkEvent>> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                let leads_nowhere = error.kind() == ErrorKind::NotFound;
                let told = if leads_nowhere {
                    "the symbolic link leads nowhere"
                } else {
                    &describe_io_error(&error)
                };
                self.add_trouble(path, told);
                return None;
            }
        };
        if !self.is_followed(path) {
            return None;
        }
        if is_view_of_system(path) {
            self.found.other.special += 1;
            return None;
        }
        if metadata.is_dir() {
            return Some(self.walk_tree(path));
        }
        let (directory, name) = (path.parent()?, path.file_name()?);
        if !metadata.is_file() {
            self.found.other.special += 1;
        } else if is_desktop_metadata(name) {
            self.found.other.metadata += 1;
        } else if !self.explicit.has(path) {
            let file = FileName { name, stamp: FileStamp::of(&metadata) };
            self.found.sources.extend(list_link(directory, file));
        }
        None
    }

    /// Tells whether what a link leads to is read by this link, or is read anyway.
    fn is_followed(&mut self, link: &Path) -> bool {
        let real = match fs::canonicalize(link) {
            Ok(real) => real,
            Err(error) => {
                self.add_trouble(link, &describe_io_error(&error));
                return false;
            }
        };
        let above = link.parent().and_then(|parent| fs::canonicalize(parent).ok());
        if above.is_some_and(|above| above.starts_with(&real)) {
            let cause = "the symbolic link leads back to a directory above it";
            self.found.troubles.push(Trouble::new(link.to_string_lossy(), Kind::LinkLoop, cause));
            return false;
        }
        if is_within(&real, &self.roots) || self.explicit.real.contains(&real) {
            self.found.other.linked += 1;
            return false;
        }
        if self.links == FollowLinks::Within {
            let cause = format!("the symbolic link leads outside the given paths, to `{}`", real.display());
            self.found.troubles.push(Trouble::new(link.to_string_lossy(), Kind::LinkOutside, cause));
            return false;
        }
        self.roots.insert(real)
    }

    fn add_trouble(&mut self, path: &Path, cause: &str) {
        self.found.troubles.push(Trouble::new(path.to_string_lossy(), Kind::Unreadable, cause));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// Makes empty files, and directories for names that end in `/`.
    fn tree(names: &[&str]) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            let path = dir.path().join(name);
            if name.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, name).unwrap();
            }
        }
        dir
    }

    fn found(paths: &[PathBuf]) -> FoundFiles {
        find_files(paths, FollowLinks::All, &Threads::new(2).unwrap()).unwrap()
    }

    /// Lists what `paths` below `dir` hold: the names, `!` for explicit, then the troubles.
    fn list(dir: &TempDir, paths: &[&str]) -> Vec<String> {
        let paths: Vec<_> = paths.iter().map(|path| dir.path().join(path)).collect();
        let found = found(&paths);
        let prefix = format!("{}/", dir.path().display());
        let sources = found.sources.iter().map(|source| {
            let explicit = if source.is_explicit() { "!" } else { "" };
            format!("{}{explicit}", source.name().replace(&prefix, ""))
        });
        let troubles = found.troubles.iter().map(|trouble| {
            format!("{:?} {}: {}", trouble.kind, trouble.file.replace(&prefix, ""), trouble.cause)
        });
        sources.chain(troubles).collect()
    }

    #[test]
    fn files_are_listed_once_in_order_under_the_given_name() {
        let dir = tree(&["logs/b.json", "logs/a/z.json", "logs/a/y.json", "logs/c.json"]);
        let all = ["logs/a/y.json", "logs/a/z.json", "logs/b.json", "logs/c.json"];
        assert_eq!(list(&dir, &["logs"]), all);
        assert_eq!(list(&dir, &["logs", "logs"]), all);
        assert_eq!(list(&dir, &["logs/a", "logs", "logs/a/"]), all);
        assert_eq!(
            list(&dir, &["logs/a/../b.json", "logs/a"]),
            ["logs/a/../b.json!", "logs/a/y.json", "logs/a/z.json"]
        );
        assert_eq!(
            list(&dir, &["logs/a", "logs/a/z.json", "logs/a/z.json"]),
            ["logs/a/z.json!", "logs/a/y.json"]
        );
        assert_eq!(list(&dir, &[]), [""; 0]);
    }

    #[test]
    fn sizes_are_known() {
        let dir = tree(&["a.json", "b.json"]);
        for source in found(&[dir.path().to_owned(), dir.path().join("a.json")]).sources {
            assert!(source.size() == 6 && source.can_be_read_again(), "{source:?}");
        }
    }

    #[test]
    fn missing_path_is_an_error() {
        let error = find_files(&["/no/such/place".into()], FollowLinks::Within, &Threads::new(1).unwrap())
            .unwrap_err();
        assert_eq!(error.to_string(), "cannot read `/no/such/place`: no such file or directory");
        assert!(error.hint_text().is_some());
    }

    #[test]
    fn dash_is_the_standard_input_once() {
        let found = found(&["-".into(), "-".into()]);
        assert_eq!(found.sources, [Source::stdin()]);
    }

    #[test]
    fn desktop_metadata_is_counted() {
        let dir = tree(&["a.json", "._a.json", ".DS_Store", ".hidden.json"]);
        assert_eq!(list(&dir, &["."]), ["./.hidden.json", "./a.json"]);
        let found = found(&[dir.path().to_owned()]);
        assert_eq!(found.other, SkippedEntries { metadata: 2, ..SkippedEntries::default() });
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{PermissionsExt, symlink};
        use std::os::unix::net::UnixListener;

        #[test]
        fn links_are_followed_once_and_loops_are_told() {
            let dir = tree(&["logs/a/x.json", "out/y.json", "out/z.json"]);
            let logs = dir.path().join("logs");
            symlink("..", logs.join("a/up")).unwrap();
            symlink("../..", logs.join("a/way-up")).unwrap();
            symlink("a", logs.join("b")).unwrap();
            symlink("a/x.json", logs.join("c")).unwrap();
            symlink("../out", logs.join("d")).unwrap();
            symlink("../out/y.json", logs.join("e")).unwrap();
            symlink("nowhere", logs.join("f")).unwrap();
            assert_eq!(
                list(&dir, &["logs"]),
                [
                    "logs/a/x.json",
                    "logs/d/y.json",
                    "logs/d/z.json",
                    "LinkLoop logs/a/up: the symbolic link leads back to a directory above it",
                    "LinkLoop logs/a/way-up: the symbolic link leads back to a directory above it",
                    "Unreadable logs/f: the symbolic link leads nowhere",
                ]
            );
            assert_eq!(found(&[logs]).other, SkippedEntries { linked: 3, ..SkippedEntries::default() });
        }

        /// Whoever can write to an archive must not have other files of the machine read.
        #[test]
        fn links_that_lead_out_are_told() {
            let dir = tree(&["logs/x.json", "more/y.json", "out/z.json", "given.json"]);
            let logs = dir.path().join("logs");
            symlink("../more", logs.join("a")).unwrap();
            symlink("../more/y.json", logs.join("b")).unwrap();
            symlink("../out", logs.join("c")).unwrap();
            symlink("../out/z.json", logs.join("d")).unwrap();
            symlink("../given.json", logs.join("e")).unwrap();
            symlink("/dev/zero", logs.join("f")).unwrap();
            symlink("/proc/self", logs.join("g")).unwrap();
            symlink("loop", logs.join("loop")).unwrap();
            let paths = ["logs", "more", "given.json"].map(|path| dir.path().join(path));
            let find = |links| find_files(&paths, links, &Threads::new(2).unwrap()).unwrap();
            let told = |found: &FoundFiles| {
                let name = |it: &str| it.rsplit('/').next().unwrap_or_default().to_owned();
                let troubles = found.troubles.iter().map(|it| format!("{:?} {}", it.kind, name(&it.file)));
                found.sources.iter().map(|it| name(&it.name())).chain(troubles).collect::<Vec<_>>()
            };
            let within = find(FollowLinks::Within);
            let outside = ["c", "d", "f", "g"].map(|it| format!("LinkOutside {it}"));
            let want = ["given.json", "x.json", "y.json"].map(str::to_owned).into_iter().chain(outside);
            let want = want.chain(["Unreadable loop".to_owned()]);
            assert_eq!(told(&within), want.collect::<Vec<_>>());
            assert_eq!((within.other.linked, within.other.special), (3, 0));
            let all = find(FollowLinks::All);
            assert_eq!(told(&all), ["given.json", "z.json", "x.json", "y.json", "Unreadable loop"]);
            assert_eq!(
                (all.other.linked, all.other.special),
                (4, if cfg!(target_os = "linux") { 2 } else { 1 })
            );
        }

        #[test]
        fn given_link_is_followed() {
            let dir = tree(&["logs/x.json"]);
            symlink("logs", dir.path().join("link")).unwrap();
            assert_eq!(list(&dir, &["link"]), ["link/x.json"]);
            assert_eq!(list(&dir, &["link", "logs"]), ["link/x.json"]);
        }

        #[test]
        fn sockets_in_directories_are_counted_and_given_ones_are_kept() {
            let dir = tree(&["a.json"]);
            let socket = dir.path().join("s");
            let _listener = UnixListener::bind(&socket).unwrap();
            assert_eq!(list(&dir, &["."]), ["./a.json"]);
            assert_eq!(found(&[dir.path().to_owned()]).other.special, 1);
            assert_eq!(found(&[socket]).sources.len(), 1);
        }

        #[test]
        fn closed_directory_is_a_trouble() {
            let dir = tree(&["a/x.json", "b/y.json"]);
            let closed = dir.path().join("a");
            fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
            // Root reads it all the same.
            if fs::read_dir(&closed).is_err() {
                assert_eq!(list(&dir, &["."]), ["./b/y.json", "Unreadable ./a: permission denied"]);
            }
            fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}
