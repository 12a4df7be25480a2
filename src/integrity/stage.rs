//! The state between the digests and the logs: everything that is known before
//! the first log file is opened.

use super::archive::Archive;
use super::chain::{Course, Covered, MissingDigest};
use super::keys::PublicKeys;
use super::logs::Judge;
use super::names::Files;
use super::proof::{Checked, Links, Proven};
use super::read::{Content, File};
use super::report::{Log, Report, Window};
use super::sidecar::HeadObjects;
use super::{chain, names, read};
use crate::container::{Limits, Scratch};
use crate::input::Source;
use std::collections::BTreeSet;

/// What signatures are checked with.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The public keys: the anchor.
    pub keys: PublicKeys,
    /// The S3 metadata of digests.
    pub heads: HeadObjects,
    /// The bucket that the digests have to be of, if the user says so.
    pub bucket: Option<String>,
}

/// Everything that is known before the first log file is opened.
#[derive(Debug)]
pub struct Stage {
    sources: Vec<Source>,
    files: Files,
    archive: Archive,
    proven: Proven,
    covered: Covered,
    courses: Vec<Course>,
    missing: Vec<MissingDigest>,
}

impl Stage {
    /// Judges the digests of a copy from what the signatures say.
    pub fn new(
        sources: Vec<Source>,
        files: Files,
        archive: Archive,
        checked: &[Checked],
        trust: &Trust,
    ) -> Self {
        let links = Links::new(&archive, &sources);
        let proven = Proven::new(&links, checked, trust.bucket.as_deref());
        let courses = chain::courses(&archive, &proven, &links);
        let missing = chain::missing(&archive, &proven, &links);
        let covered = Covered::new(&archive, &courses);
        Self { sources, files, archive, proven, covered, courses, missing }
    }

    /// Returns the log files whose names lie in the window, as places to hand to [`judge`](Self::judge).
    pub fn logs(&self, window: &Window) -> Vec<u32> {
        let asked = |place: &u32| window.has(names::key(self.source(*place)).as_ref());
        (0..self.files.logs.len() as u32).filter(asked).collect()
    }

    /// Returns the log files that have one of these paths.
    pub fn logs_of(&self, paths: &BTreeSet<&str>) -> Vec<u32> {
        let asked = |place: &u32| paths.contains(&*self.source(*place).name());
        (0..self.files.logs.len() as u32).filter(asked).collect()
    }

    /// Returns a log file.
    pub fn source(&self, place: u32) -> &Source {
        &self.sources[self.files.logs[place as usize] as usize]
    }

    /// Returns what judges the logs.
    pub fn judge(&self) -> Judge<'_> {
        Judge::new(&self.archive, &self.proven, &self.covered)
    }

    /// Reads and judges one log file, of which the bytes may have been read already.
    pub fn log(
        &self,
        judge: &Judge<'_>,
        place: u32,
        bytes: Option<&[u8]>,
        limits: &Limits,
        scratch: &mut Scratch,
    ) -> Log {
        let source = self.source(place);
        let content = read::log(File { source, bytes }, limits, scratch);
        let hash = content.as_ref().ok().map(|content: &Content| content.hash);
        let listings = self.archive.listings_of(place);
        let (judged, listing) = if listings.is_empty() {
            (judge.unlisted(names::key(source).as_ref(), &content), None)
        } else {
            judge.listed(listings, &content)
        };
        let listing = listing.and_then(|it| {
            let start = self.archive.listings.partition_point(|other| other.log < place);
            listings.iter().position(|other| std::ptr::eq(other, it)).map(|at| (start + at) as u32)
        });
        Log { source: self.files.logs[place as usize], judged, listing, hash }
    }

    /// Puts the report together.
    pub fn report(self, mut logs: Vec<Log>, window: Window, others: u64) -> Report {
        logs.sort_by_key(|log| log.source);
        let Self { sources, files, archive, proven, covered, courses, missing } = self;
        let others = others + files.other;
        Report { sources, archive, proven, covered, courses, missing, logs, window, others }
    }
}
