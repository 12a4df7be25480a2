//! Which file is which: local files are sorted by what their names say, and
//! found again by the keys that digests list.
//!
//! A copy may begin below the top of the bucket, or be flat, and a file may
//! have been unpacked; so the name tells, without `.gz`, and the folders above
//! only decide between equal names.

use crate::input::{Folder, Key, Source};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The files of an archive, by kind; each is its place in the list of sources.
#[derive(Debug, Default)]
pub struct ArchiveFiles {
    /// Those named as digests.
    pub digests: Vec<u32>,
    /// Those named as any kind of log, in the order of their names.
    pub logs: Vec<u32>,
    /// Those whose names say nothing of CloudTrail: what they are, their content tells.
    pub unnamed: Vec<u32>,
    /// Of the logs, packages that hold some.
    pub packages: BTreeSet<u32>,
}

impl ArchiveFiles {
    /// Sorts files by their names alone; nothing is opened.
    pub fn sort(sources: &[Source]) -> Self {
        let mut files = Self::default();
        for (index, source) in (0_u32..).zip(sources) {
            match key_from_name(source).map(|key| key.folder) {
                Some(Folder::Digest) => files.digests.push(index),
                // Below the folder of another service there may lie what questions read all the same.
                None | Some(Folder::Other) => files.unnamed.push(index),
                Some(_) => files.logs.push(index),
            }
        }
        files.arrange(sources);
        files
    }

    /// Puts the files in the order that they are looked for in.
    pub fn arrange(&mut self, sources: &[Source]) {
        let name = |index: &u32| file_name(&sources[*index as usize]);
        self.logs.sort_unstable_by(|a, b| strip_gz(&name(a)).cmp(strip_gz(&name(b))).then(a.cmp(b)));
        self.digests.sort_unstable();
    }

    /// Returns the places in [`logs`](Self::logs) of the files that have the name of this key.
    pub(super) fn named(&self, sources: &[Source], key: &str) -> std::ops::Range<usize> {
        let sought = strip_gz(last_part(key));
        let compare = |index: &u32| {
            let name = file_name(&sources[*index as usize]);
            strip_gz(&name).cmp(sought)
        };
        let start = self.logs.partition_point(|index| compare(index).is_lt());
        let many = self.logs[start..].partition_point(|index| compare(index).is_eq());
        start..start + many
    }
}

/// Returns what the name of a file tells, whatever folder it lies in.
pub(super) fn key_from_name(source: &Source) -> Option<Key> {
    Key::parse(&file_name(source))
}

/// Returns the name of a file.
pub(super) fn file_name(source: &Source) -> Cow<'_, str> {
    match source.name() {
        Cow::Borrowed(path) => Cow::Borrowed(last_part(path)),
        Cow::Owned(path) => Cow::Owned(last_part(&path).to_owned()),
    }
}

/// Returns the last part of a key or path.
pub(super) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns a name without the ending that unpacking takes away.
pub(super) fn strip_gz(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

/// Returns how many parts a path and a key have in common from the right; the last one without `.gz`.
pub(super) fn count_common_parts(path: &str, key: &str) -> usize {
    let parts = path.rsplit('/').zip(key.rsplit('/')).enumerate();
    parts
        .take_while(
            |(at, (a, b))| if *at == 0 { strip_gz(a) == strip_gz(b) } else { a == b && !a.is_empty() },
        )
        .count()
}

/// Splits off the last `count` parts of a path: what is before them, without the slash, and they.
pub(super) fn split_last_parts(path: &str, count: usize) -> (&str, &str) {
    match path.rmatch_indices('/').nth(count.saturating_sub(1)) {
        Some((at, _)) if count > 0 => (&path[..at], &path[at + 1..]),
        _ if count == 0 => (path, ""),
        _ => ("", path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_common_are_counted_from_the_right() {
        for (path, key, count) in [
            ("x/AWSLogs/1/a.json.gz", "AWSLogs/1/a.json.gz", 3),
            ("x/1/a.json", "AWSLogs/1/a.json.gz", 2),
            ("a.json.gz", "AWSLogs/1/a.json.gz", 1),
            ("b.json.gz", "AWSLogs/1/a.json.gz", 0),
            ("//a", "//a", 1),
        ] {
            assert_eq!(count_common_parts(path, key), count, "{path}");
        }
        assert_eq!(split_last_parts("a/b/c", 1), ("a/b", "c"));
        assert_eq!(split_last_parts("a/b/c", 3), ("", "a/b/c"));
        assert_eq!(split_last_parts("a/b/c", 0), ("a/b/c", ""));
        assert_eq!(split_last_parts("/a", 1), ("", "a"));
    }

    #[test]
    fn files_are_sorted_by_name_and_found_by_key() {
        let names = [
            "b/111122223333_CloudTrail_us-east-1_20240310T1205Z_B.json.gz",
            "a/111122223333_CloudTrail_us-east-1_20240310T1205Z_B.json",
            "z/111122223333_CloudTrail-Insight_us-east-1_20240310T1205Z_A.json.gz",
            "z/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20240310T120500Z.json.gz",
            "AWSLogs/111122223333/Config/x",
            "readme",
        ];
        let sources = names.map(Source::named);
        let files = ArchiveFiles::sort(&sources);
        assert_eq!((&files.digests[..], &files.unnamed[..]), (&[3][..], &[4, 5][..]));
        let found = files.named(&sources, "p/111122223333_CloudTrail_us-east-1_20240310T1205Z_B.json.gz");
        let mut found = files.logs[found].to_vec();
        found.sort_unstable();
        assert_eq!(found, [0, 1]);
        assert!(files.named(&sources, "p/none.json.gz").is_empty());
    }
}
