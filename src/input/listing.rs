//! The names of files found in a directory, kept short.
//!
//! An archive has a million files, and the names of neighbours differ in some twenty bytes of seventy. What a few
//! hundred of them share is kept once: their directory, and the begin and the end of their names. Paths are made
//! when they are asked for.

use super::{FileStamp, Source};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many files are listed together, and how many bytes their names may have, so that two bytes tell a place.
const FILES: usize = 256;
const BYTES: usize = u16::MAX as usize;

/// What sources have in common.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PathTable {
    /// The standard input.
    Stdin,
    /// A path that the user named.
    Explicit(PathBuf),
    /// Files found in a directory.
    Found(PrefixCompressedNames),
}

/// Some files of one directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PrefixCompressedNames {
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
    /// Whether they are links that are followed.
    pub(super) are_links: bool,
}

impl PrefixCompressedNames {
    fn new(directory: &str, names: &[&str], others: Vec<PathBuf>, are_links: bool) -> Self {
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
            are_links,
        }
    }

    /// Returns the path of the file of this number: as text, or as it is.
    pub(super) fn path(&self, number: usize) -> Result<String, &Path> {
        let Some(end) = self.ends.get(number) else { return Err(&self.others[number - self.ends.len()]) };
        let start = number.checked_sub(1).map_or(0, |before| usize::from(self.ends[before]));
        Ok([&*self.directory, &self.before, &self.middles[start..usize::from(*end)], &self.behind].concat())
    }
}

/// A file of a directory.
pub(super) struct FileName<'n> {
    pub(super) name: &'n OsStr,
    pub(super) stamp: FileStamp,
}

/// Makes sources of files of one directory.
pub(super) fn list_files(directory: &Path, files: &[FileName<'_>]) -> Vec<Source> {
    list(directory, files, false)
}

/// Makes a source of a link to a file.
pub(super) fn list_link(directory: &Path, link: FileName<'_>) -> Vec<Source> {
    list(directory, &[link], true)
}

fn list(directory: &Path, files: &[FileName<'_>], are_links: bool) -> Vec<Source> {
    let within = directory.join("");
    let mut sources = Vec::with_capacity(files.len());
    let mut rest = files;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |file: &&FileName<'_>| {
            bytes += file.name.len();
            bytes <= BYTES
        };
        // A longer name than any system has is no plain one.
        let count = rest.iter().take(FILES).take_while(fits).count().max(1);
        let (chunk, behind) = rest.split_at(count);
        list_chunk(&within, chunk, are_links, &mut sources);
        rest = behind;
    }
    sources
}

/// Adds sources of so many files that one table holds their names.
fn list_chunk(directory: &Path, files: &[FileName<'_>], are_links: bool, sources: &mut Vec<Source>) {
    let (mut names, mut others) = (Vec::new(), Vec::new());
    let text = directory.to_str();
    let numbers: Vec<_> = files
        .iter()
        .map(|FileName { name, .. }| match name.to_str().filter(|it| it.is_ascii() && it.len() <= BYTES) {
            Some(name) if text.is_some() => {
                names.push(name);
                Ok(names.len() - 1)
            }
            _ => {
                others.push(directory.join(name));
                Err(others.len() - 1)
            }
        })
        .collect();
    let plain = names.len();
    let names = PrefixCompressedNames::new(text.unwrap_or_default(), &names, others, are_links);
    let table = Arc::new(PathTable::Found(names));
    sources.extend(files.iter().zip(numbers).map(|(file, number)| {
        let number = number.unwrap_or_else(|other| plain + other) as u16;
        Source::new(Arc::clone(&table), number, file.stamp)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::ffi::OsString;

    fn listed(directory: &str, names: &[impl AsRef<OsStr>]) -> Vec<Source> {
        let names = names.iter().map(|name| FileName { name: name.as_ref(), stamp: FileStamp::default() });
        list_files(Path::new(directory), &names.collect::<Vec<_>>())
    }

    /// As bytes: paths that differ by `.` or `//` are equal.
    fn given(sources: &[Source]) -> Vec<OsString> {
        sources.iter().map(|it| it.path().unwrap().into_owned().into_os_string()).collect()
    }

    proptest! {
        #[test]
        fn every_path_is_given_back(
            directory in "(d/|e/./f/|e//|\u{e9}/|/|d|)",
            names in prop::collection::vec("(x_1_|x_|)[ab\u{e9}]{1,3}(.json|)(.gz|)", 0..12),
        ) {
            let joined = names.iter().map(|name| Path::new(&directory).join(name).into_os_string());
            prop_assert_eq!(given(&listed(&directory, &names)), joined.collect::<Vec<_>>());
        }
    }

    #[test]
    fn many_files_and_long_names_are_listed_in_parts() {
        for length in [6, 240, 1000, 40_000, 70_000] {
            let names: Vec<String> = (0..600).map(|at| format!("{}{at}", "0".repeat(length))).collect();
            let sources = listed("dir", &names);
            assert_eq!(
                given(&sources),
                names.iter().map(|name| format!("dir/{name}").into()).collect::<Vec<OsString>>()
            );
            assert!(sources.windows(2).filter(|it| !Arc::ptr_eq(&it[0].table, &it[1].table)).count() >= 2);
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_are_kept() {
        use std::os::unix::ffi::OsStrExt;
        let names = [OsStr::new("a.gz"), OsStr::from_bytes(b"a\xff.gz"), OsStr::new("b.gz")];
        let sources = listed("d", &names);
        assert_eq!(given(&sources), names.map(|name| Path::new("d").join(name).into_os_string()));
        assert_eq!(sources[1].name(), "d/a\u{fffd}.gz");
    }
}
