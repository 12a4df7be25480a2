//! Looks into some of the files that an index knows, and compares what is in them with what it says.
//!
//! An index is trusted in one thing: that a file need not be opened. Whoever can write the directory that indexes lie in
//! can so keep files from being read. Which files are looked into, nobody can tell before: an index that is wrong of many
//! files is found out soon, one that is wrong of a single file among many seldom.

use super::build::IndexBuild;
use super::file_summary::FileSummary;
use super::open::Index;
use crate::catalog::Catalog;
use crate::container::Limits;
use crate::error::Error;
use crate::hash::{Seeded, mix_word};
use crate::input::Source;
use crate::scan;
use crate::scan::Unwatched;
use std::hash::BuildHasher;

/// How many files are looked into.
const FILES: usize = 16;

/// How many files are tried: the index need not know every one.
const TRIES: u64 = 256;

/// The share of an archive's bytes that may be read for it, and the bytes that may be read of any.
const SHARE: u64 = 50;
const BYTES: u64 = 4 << 20;

/// What an index says of a file, without the numbers of its own dictionaries.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileFacts<'t> {
    summary: FileSummary,
    calls: Vec<&'t str>,
    unnamed: Vec<&'t str>,
    place: &'t str,
}

impl<'t> FileFacts<'t> {
    /// Looks up what the numbers of a summary mean; `None` where one means nothing.
    pub(super) fn new(
        mut summary: FileSummary,
        calls: &'t [Box<str>],
        places: &'t [Box<str>],
    ) -> Option<Self> {
        let lists = [&mut summary.calls, &mut summary.unnamed].map(std::mem::take);
        let [own, unnamed] = lists.map(|numbers| {
            let texts = numbers.iter().map(|number| Some(&**calls.get(*number as usize)?));
            let mut texts = texts.collect::<Option<Vec<&str>>>()?;
            texts.sort_unstable();
            Some(texts)
        });
        let place = places.get(std::mem::take(&mut summary.place) as usize)?;
        Some(Self { summary, calls: own?, unnamed: unnamed?, place })
    }
}

/// Looks into files of an archive, and returns the name of one of which the index says what is not so.
///
/// # Errors
/// When the threads cannot be started.
pub(super) fn find_contradiction(
    index: &Index,
    sources: &[Source],
    catalog: &Catalog,
) -> Result<Option<String>, Error> {
    let sample = draw_sample(index, sources);
    if sample.is_empty() {
        return Ok(None);
    }
    let job = IndexBuild { spot: &index.spot, catalog };
    let draft = scan::scan(&sample, &job, Limits::default(), 1, &Unwatched)?.part.draft;
    let (calls, places) = (draft.calls.into_texts(), draft.places.into_texts());
    let contradicts = |source: &&Source| {
        let Some(key) = index.spot.key(source) else { return false };
        let told = index.store.get(key).and_then(|view| view.owned());
        let told = told.and_then(|it| FileFacts::new(it, &index.store.calls, &index.store.places));
        let read = draft.files.iter().find(|(other, _)| *other == key);
        let read = read.and_then(|(_, it)| FileFacts::new(it.clone(), &calls, &places));
        told.is_none() || told != read
    };
    Ok(sample.iter().find(contradicts).map(|source| source.name().into_owned()))
}

/// Draws files that the index knows, another lot in every run.
fn draw_sample(index: &Index, sources: &[Source]) -> Vec<Source> {
    let all: u64 = sources.iter().map(Source::size).sum();
    let mut left = (all / SHARE).max(BYTES);
    let (mut sample, mut drawn, seed) = (Vec::new(), Vec::new(), Seeded::default());
    // The hash of small numbers is good in its low bits alone; where there are few files, all of them are drawn.
    let random =
        |number| ((u128::from(mix_word(seed.hash_one(number))) * sources.len() as u128) >> 64) as usize;
    let are_few = sources.len() <= FILES;
    for number in 0..if are_few { sources.len() as u64 } else { TRIES.min(sources.len() as u64 * 4) } {
        let place = if are_few { number as usize } else { random(number) };
        let source = &sources[place];
        let is_known = || index.spot.key(source).is_some_and(|key| index.store.get(key).is_some());
        if source.size() <= left && !drawn.contains(&place) && is_known() {
            left -= source.size();
            drawn.push(place);
            sample.push(source.clone());
        }
        if sample.len() == FILES {
            break;
        }
    }
    sample
}

#[cfg(test)]
mod tests {
    use super::super::archive_root::ArchiveRoot;
    use super::super::format_fingerprint::format_fingerprint;
    use super::super::index_file::IndexBuilder;
    use super::super::update::{OldIndex, build};
    use super::super::{Opened, open};
    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// An archive of one call a file, and an index of it.
    struct IndexedArchive {
        dir: tempfile::TempDir,
        sources: Vec<Source>,
        index: PathBuf,
    }

    impl IndexedArchive {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let logs = dir.path().join("logs");
            fs::create_dir(&logs).unwrap();
            for (name, call) in [("a", "DeleteBucket"), ("b", "DeleteTrail"), ("c", "GetObject")] {
                let record = format!(
                    r#"{{"Records":[{{"eventVersion":"1.08","eventTime":"2024-03-01T12:00:00Z","eventID":"{name}","awsRegion":"eu-west-1","recipientAccountId":"111122223333","eventSource":"s3.amazonaws.com","eventName":"{call}"}}]}}"#
                );
                fs::write(logs.join(name), record).unwrap();
            }
            let sources = scan::find_sources(&[logs], 1).unwrap().sources;
            let mut archive = Self { dir, sources, index: PathBuf::new() };
            archive.index = archive.build(OldIndex::Keep).path;
            archive
        }

        fn build(&self, old: OldIndex) -> super::super::IndexUpdate {
            let spot = ArchiveRoot::new(&self.logs()).unwrap();
            let sources = self.sources.clone();
            build(&self.indexes(), spot, old, sources, &Catalog::default(), 1, &Unwatched).unwrap()
        }

        fn logs(&self) -> PathBuf {
            self.dir.path().join("logs")
        }

        fn indexes(&self) -> PathBuf {
            self.dir.path().join("ix")
        }

        fn open(&self) -> Opened {
            open(&self.indexes(), &self.logs(), &self.sources, &Catalog::default()).unwrap()
        }

        /// Writes the index anew, with other facts of each file.
        fn forge(&self, change: impl Fn(&mut FileSummary)) {
            let Index { spot, store } = self.open().index.unwrap();
            let mut forged = IndexBuilder::default();
            for source in &self.sources {
                let key = spot.key(source).unwrap();
                let mut facts = store.get(key).unwrap().owned().unwrap();
                change(&mut facts);
                forged.add(key, facts, &store.calls, &store.places);
            }
            let root = spot.root.as_os_str().as_encoded_bytes();
            let bytes = forged.write(root, format_fingerprint(&Catalog::default()));
            fs::write(&self.index, bytes).unwrap();
        }
    }

    #[test]
    fn index_that_says_what_is_so_is_used() {
        let archive = IndexedArchive::new();
        archive.forge(|_| ());
        let opened = archive.open();
        assert!(opened.index.is_some() && opened.note.is_none(), "{:?}", opened.note);
        assert_eq!(archive.build(OldIndex::Keep).kept, 3);
        assert_eq!(archive.build(OldIndex::Discard).kept, 0);
    }

    /// Each of these keeps some question from opening a file.
    #[test]
    fn index_that_hides_something_is_refused_and_not_kept() {
        type Change = fn(&mut FileSummary);
        let changes: [Change; 6] = [
            |facts| facts.calls.clear(),
            |facts| facts.calls = vec![0],
            |facts| facts.events = 0,
            |facts| facts.span = facts.span.map(|(first, last)| (first + 86_400, last + 86_400)),
            |facts| facts.tokens = super::super::file_summary::TokenFilter::default(),
            |facts| facts.flags |= super::super::file_summary::NO_REGION,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let archive = IndexedArchive::new();
            archive.forge(change);
            let opened = archive.open();
            assert!(opened.index.is_none(), "{number}");
            assert!(opened.note.unwrap().contains("what is not true"), "{number}");
            let built = archive.build(OldIndex::Keep);
            assert!(built.note.is_some() && built.kept == 0, "{number}");
            assert!(archive.open().index.is_some(), "{number}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn index_that_others_may_write_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let archive = IndexedArchive::new();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&archive.index), 0o600);
        for more in [0o020, 0o002] {
            fs::set_permissions(&archive.index, fs::Permissions::from_mode(0o600 | more)).unwrap();
            let opened = archive.open();
            assert!(opened.index.is_none());
            assert!(opened.note.unwrap().contains("users other than its owner can write to it"));
        }
    }

    #[test]
    fn large_files_are_left_out_of_the_sample() {
        let archive = IndexedArchive::new();
        let index = archive.open().index.unwrap();
        assert_eq!(draw_sample(&index, &archive.sources).len(), 3);
        let large = archive.logs().join("a");
        fs::File::options().write(true).open(large).unwrap().set_len(BYTES + 1).unwrap();
        let sources = scan::find_sources(&[archive.logs()], 1).unwrap().sources;
        let names: Vec<_> = draw_sample(&index, &sources).iter().map(|it| it.name().into_owned()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
    }
}
