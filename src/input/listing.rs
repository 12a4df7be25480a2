//! The names of files found in a directory, kept short.
//!
//! An archive has a million files, and the names of neighbours differ in some twenty bytes of seventy. What a few
//! hundred of them share is kept once: their directory, and the begin and the end of their names. Paths are made
//! when they are asked for.

use super::Source;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many files are listed together, and how many bytes their names may have, so that two bytes tell a place.
const FILES: usize = 256;
const BYTES: usize = u16::MAX as usize;

/// What sources have in common.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Listing {
    /// The standard input.
    Stdin,
    /// A path that the user named.
    Named(PathBuf),
    /// Files found in a directory.
    Found(Neighbours),
}

/// Some files of one directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Neighbours {
    /// Their directory, up to and with the separator.
    directory: Box<str>,
    /// What all names begin and end with.
    before: Box<str>,
    behind: Box<str>,
    /// What stands between, one after the other, and where each ends.
    middles: Box<str>,
    ends: Box<[u16]>,
    /// Whole paths where the name is not ASCII, numbered on.
    others: Box<[PathBuf]>,
}

impl Neighbours {
    fn new(directory: &str, names: &[&str], others: Vec<PathBuf>) -> Self {
        let first = names.first().copied().unwrap_or_default();
        let same = |a: &[u8], b: &[u8]| a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let before =
            names.iter().map(|name| same(first.as_bytes(), name.as_bytes())).min().unwrap_or_default();
        let same_back = |name: &&str| {
            let (a, b) = (&first.as_bytes()[before..], &name.as_bytes()[before..]);
            a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
        };
        let behind = names.iter().map(same_back).min().unwrap_or_default();
        let (mut middles, mut ends) = (String::new(), Vec::with_capacity(names.len()));
        for name in names {
            middles.push_str(&name[before..name.len() - behind]);
            ends.push(middles.len() as u16);
        }
        Self {
            directory: directory.into(),
            before: first[..before].into(),
            behind: first[first.len() - behind..].into(),
            middles: middles.into(),
            ends: ends.into(),
            others: others.into(),
        }
    }

    /// Returns the path of the file of this number: as text, or as it is.
    pub(super) fn path(&self, number: usize) -> Result<String, &Path> {
        let Some(end) = self.ends.get(number) else { return Err(&self.others[number - self.ends.len()]) };
        let start = number.checked_sub(1).map_or(0, |before| usize::from(self.ends[before]));
        Ok([&*self.directory, &self.before, &self.middles[start..usize::from(*end)], &self.behind].concat())
    }
}

/// Makes sources of the files that a walk meets one after the other.
#[derive(Default)]
pub(super) struct Lister {
    directory: String,
    /// The names, one after the other.
    names: String,
    /// The files in order: where the name ends, or the whole path where the name is not ASCII.
    files: Vec<Result<u16, PathBuf>>,
}

impl Lister {
    /// Adds a file; those of a directory are listed together.
    pub(super) fn add(&mut self, path: PathBuf, sources: &mut Vec<Source>) {
        let text = path.to_str().unwrap_or_default();
        let name = text.rfind(std::path::is_separator).map_or(0, |at| at + 1);
        let (directory, name) = text.split_at(name);
        let is_plain = !name.is_empty() && name.is_ascii();
        let is_full = self.files.len() == FILES || self.names.len() + name.len() > BYTES;
        if is_full || (is_plain && self.directory != directory) {
            self.finish(sources);
            directory.clone_into(&mut self.directory);
        }
        if is_plain && name.len() <= BYTES {
            self.names.push_str(name);
            self.files.push(Ok(self.names.len() as u16));
        } else {
            self.files.push(Err(path));
        }
    }

    /// Makes sources of what was added last.
    pub(super) fn finish(&mut self, sources: &mut Vec<Source>) {
        let (mut names, mut others, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        for file in std::mem::take(&mut self.files) {
            match file {
                Ok(end) => {
                    numbers.push(Ok(names.len()));
                    names.push(&self.names[start..usize::from(end)]);
                    start = usize::from(end);
                }
                Err(path) => {
                    numbers.push(Err(others.len()));
                    others.push(path);
                }
            }
        }
        let plain = names.len();
        let listing = Arc::new(Listing::Found(Neighbours::new(&self.directory, &names, others)));
        sources.extend(numbers.into_iter().map(|number| {
            let number = number.unwrap_or_else(|other| plain + other) as u32;
            Source { listing: Arc::clone(&listing), number, size: 0, modified: 0 }
        }));
        self.names.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(paths: &[PathBuf]) -> Vec<Source> {
        let (mut lister, mut sources) = (Lister::default(), Vec::new());
        paths.iter().for_each(|path| lister.add(path.clone(), &mut sources));
        lister.finish(&mut sources);
        sources
    }

    proptest! {
        #[test]
        fn every_path_is_given_back(
            names in prop::collection::vec("(d/|e/./f/|e//|\u{e9}/|/|)(x_1_|x_|)[ab\u{e9}]{1,3}(.json|)(.gz|)", 0..12),
        ) {
            let paths: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
            let given: Vec<_> = listed(&paths).iter().map(|it| it.path().unwrap().into_owned()).collect();
            // As bytes: paths that differ by `.` or `//` are equal.
            let bytes = |it: &PathBuf| it.as_os_str().to_owned();
            prop_assert_eq!(given.iter().map(bytes).collect::<Vec<_>>(), paths.iter().map(bytes).collect::<Vec<_>>());
        }
    }

    #[test]
    fn many_files_and_long_names_are_listed_in_parts() {
        let name = |at: usize, length: usize| format!("dir/{at:0length$}");
        for length in [6, 240, 1000, 40_000] {
            let paths: Vec<PathBuf> = (0..600).map(|at| name(at * at, length).into()).collect();
            let sources = listed(&paths);
            let given: Vec<_> = sources.iter().map(|it| it.path().unwrap().into_owned()).collect();
            assert_eq!(given, paths);
            assert!(
                sources.windows(2).filter(|it| !Arc::ptr_eq(&it[0].listing, &it[1].listing)).count() >= 2
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_are_kept() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let odd = Path::new("d").join(OsStr::from_bytes(b"a\xff.gz"));
        let paths = ["d/a.gz".into(), odd, "d/b.gz".into()];
        let sources = listed(&paths);
        assert_eq!(sources.iter().map(|it| it.path().unwrap().into_owned()).collect::<Vec<_>>(), paths);
        assert_eq!(sources[1].name(), "d/a\u{fffd}.gz");
    }
}
