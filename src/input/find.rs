//! The paths the user gave, made into the list of files to read.
//!
//! Every file is read once, by the first name that leads to it in a definite
//! order. What is passed over is counted, what cannot be walked is a trouble.

use super::listing::Lister;
use super::{Source, cause};
use crate::error::{Error, Kind, Trouble};
use std::cmp::Ordering;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What the given paths hold.
#[derive(Debug, Default)]
pub struct Found {
    /// The files to read, sorted by name within each given path; those in directories are not stamped yet
    /// ([`Source::stamp`]).
    pub sources: Vec<Source>,
    /// What could not be walked.
    pub troubles: Vec<Trouble>,
    /// What was found and is no file to read.
    pub other: Passed,
}

/// How many entries of directories were passed over, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Pipes, sockets and devices: opening one could block for ever.
    pub special: u64,
    /// Desktop metadata: `.DS_Store` and `._*`.
    pub metadata: u64,
    /// Links to what is read by another name.
    pub linked: u64,
}

/// Finds the files in `paths`; `-` is the standard input.
///
/// A path that is not there is an error, because nobody wants an answer that
/// silently leaves it out. A path given twice, or inside another, is read once.
pub fn find(paths: &[PathBuf]) -> Result<Found, Error> {
    let mut walk = Walk::default();
    let mut directories: Vec<(&Path, PathBuf)> = Vec::new();
    // Files first, so that one that also lies in a given directory counts as asked for.
    for path in paths {
        if path.as_os_str() == "-" {
            if walk.named.insert(path.clone()) {
                walk.found.sources.push(Source::stdin());
            }
            continue;
        }
        let metadata = fs::metadata(path).map_err(|error| refused(path, &error))?;
        // Without a real path (`/dev/fd/63` is a link to `pipe:[1]`) the given one has to do.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if metadata.is_dir() {
            directories.push((path, real));
        } else if walk.named.insert(real.clone()) {
            walk.names.extend(real.file_name().map(OsStr::to_owned));
            let (size, modified) = if metadata.is_file() { stamp(&metadata) } else { (0, 0) };
            walk.found.sources.push(Source { size, modified, ..Source::named(path) });
        }
    }
    walk.roots = directories.iter().map(|(_, real)| real.clone()).collect();
    let mut walked = HashSet::new();
    for (path, real) in &directories {
        let above = real.parent();
        let nested = above.is_some_and(|above| is_within(above, &walk.roots));
        if !nested && walked.insert(real) {
            walk.directory(path);
        }
    }
    Ok(walk.found)
}

/// Tells whether `path` is one of `directories` or lies in one.
fn is_within(path: &Path, directories: &HashSet<PathBuf>) -> bool {
    path.ancestors().any(|above| directories.contains(above))
}

fn refused(path: &Path, error: &std::io::Error) -> Error {
    Error::new(format!("cannot read `{}`: {}", path.display(), cause(error)))
        .hint("give a directory, a file, or `-` for the standard input")
}

#[derive(Default)]
struct Walk {
    found: Found,
    lister: Lister,
    /// The real paths of the given directories, and of what links out of them led to.
    roots: HashSet<PathBuf>,
    /// The real paths of the given files, and their names.
    named: HashSet<PathBuf>,
    names: HashSet<OsString>,
}

impl Walk {
    fn directory(&mut self, path: &Path) {
        let mut entries = WalkDir::new(path).follow_links(true).sort_by(by_name).into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.depth() > 0 && entry.path_is_symlink() && !self.follows(&entry) => {
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) => self.entry(entry),
                Err(error) => self.trouble(path, &error),
            }
        }
        self.lister.finish(&mut self.found.sources);
    }

    fn entry(&mut self, entry: DirEntry) {
        let kind = entry.file_type();
        if kind.is_dir() {
            return;
        }
        if !kind.is_file() {
            self.found.other.special += 1;
        } else if is_desktop_metadata(entry.file_name()) {
            self.found.other.metadata += 1;
        } else if !self.is_named(entry.path()) {
            self.lister.add(entry.into_path(), &mut self.found.sources);
        }
    }

    /// Tells whether what a link leads to is read by this link, or is read anyway.
    fn follows(&mut self, link: &DirEntry) -> bool {
        let Ok(real) = fs::canonicalize(link.path()) else {
            return true;
        };
        let above = link.path().parent().and_then(|parent| fs::canonicalize(parent).ok());
        if above.is_some_and(|above| above.starts_with(&real)) {
            // The walk itself sees a loop only below its root, not above it.
            self.link_loop(link.path());
            return false;
        }
        let known = is_within(&real, &self.roots);
        if known {
            self.found.other.linked += 1;
        } else {
            self.roots.insert(real);
        }
        !known
    }

    /// Tells whether the user named this file too. Real paths are costly, so names are compared first.
    fn is_named(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| self.names.contains(name))
            && fs::canonicalize(path).is_ok_and(|real| self.named.contains(&real))
    }

    fn trouble(&mut self, root: &Path, error: &walkdir::Error) {
        let path = error.path().unwrap_or(root);
        if error.loop_ancestor().is_some() {
            self.link_loop(path);
            return;
        }
        let is_link = fs::symlink_metadata(path).is_ok_and(|found| FileType::is_symlink(&found.file_type()));
        let cause = match error.io_error() {
            Some(error) if is_link && error.kind() == ErrorKind::NotFound => {
                "the symbolic link leads nowhere".to_owned()
            }
            Some(error) => cause(error),
            None => error.to_string(),
        };
        self.found.troubles.push(Trouble::new(path.to_string_lossy(), Kind::Unreadable, cause));
    }

    fn link_loop(&mut self, path: &Path) {
        let cause = "the symbolic link leads back to a directory above it";
        self.found.troubles.push(Trouble::new(path.to_string_lossy(), Kind::LinkLoop, cause));
    }
}

/// Compares two entries of one directory. To take a path apart is slow, and this is done for every file.
fn by_name(one: &DirEntry, other: &DirEntry) -> Ordering {
    fn name(entry: &DirEntry) -> &[u8] {
        let path = entry.path().as_os_str().as_encoded_bytes();
        let from = path.iter().rposition(|byte| std::path::is_separator(char::from(*byte)));
        &path[from.map_or(0, |from| from + 1)..]
    }
    name(one).cmp(name(other))
}

/// Returns the size of a file, and when it was last changed.
pub(super) fn stamp(metadata: &fs::Metadata) -> (u64, i64) {
    let since = |time: std::time::SystemTime| time.duration_since(std::time::UNIX_EPOCH).ok();
    let modified =
        metadata.modified().ok().and_then(since).and_then(|age| i64::try_from(age.as_nanos()).ok());
    (metadata.len(), modified.unwrap_or_default())
}

fn is_desktop_metadata(name: &OsStr) -> bool {
    name == ".DS_Store" || name.as_encoded_bytes().starts_with(b"._")
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

    /// Lists what `paths` below `dir` hold: the names, `!` for asked, then the troubles.
    fn list(dir: &TempDir, paths: &[&str]) -> Vec<String> {
        let paths: Vec<_> = paths.iter().map(|path| dir.path().join(path)).collect();
        let found = find(&paths).unwrap();
        let prefix = format!("{}/", dir.path().display());
        let sources = found.sources.iter().map(|source| {
            let asked = if source.is_asked() { "!" } else { "" };
            format!("{}{asked}", source.name().replace(&prefix, ""))
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
        let mut found = find(&[dir.path().to_owned(), dir.path().join("a.json")]).unwrap();
        for source in &mut found.sources {
            source.stamp();
            assert!(source.size == 6 && source.modified != 0, "{source:?}");
        }
    }

    #[test]
    fn missing_path_is_an_error() {
        let error = find(&["/no/such/place".into()]).unwrap_err();
        assert_eq!(error.to_string(), "cannot read `/no/such/place`: no such file or directory");
        assert!(error.hint_text().is_some());
    }

    #[test]
    fn dash_is_the_standard_input_once() {
        let found = find(&["-".into(), "-".into()]).unwrap();
        assert_eq!(found.sources, [Source::stdin()]);
    }

    #[test]
    fn desktop_metadata_is_counted() {
        let dir = tree(&["a.json", "._a.json", ".DS_Store", ".hidden.json"]);
        assert_eq!(list(&dir, &["."]), ["./.hidden.json", "./a.json"]);
        let found = find(&[dir.path().to_owned()]).unwrap();
        assert_eq!(found.other, Passed { metadata: 2, ..Passed::default() });
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
            assert_eq!(find(&[logs]).unwrap().other, Passed { linked: 3, ..Passed::default() });
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
            assert_eq!(find(&[dir.path().to_owned()]).unwrap().other.special, 1);
            assert_eq!(find(&[socket]).unwrap().sources.len(), 1);
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
