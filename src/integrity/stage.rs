//! The state between the digests and the logs: everything that is known before
//! the first log file is opened.

use super::archive::DigestArchive;
use super::chain::{ChainCoverage, CoveredSpan, MissingDigest};
use super::keys::PublicKeys;
use super::logs::Verifier;
use super::names::ArchiveFiles;
use super::proof::{CheckedDigest, ProvenDigests, SignatureLinks};
use super::read::{DigestContent, ReadFile};
use super::report::{LeftOutFiles, ReportedLog, TimeWindow, ValidationReport};
use super::sidecar::HeadObjects;
use super::verdict::{Finding, Reason, Verdict};
use super::{chain, names, read};
use crate::container::{InflateBuffers, Limits};
use crate::input::Source;
use std::collections::BTreeSet;

/// What signatures are checked with.
#[derive(Clone, Debug, Default)]
pub struct TrustOptions {
    /// The public keys: the anchor.
    pub keys: PublicKeys,
    /// The S3 metadata of digests.
    pub heads: HeadObjects,
    /// The bucket that the digests have to be of, if the user says so.
    pub bucket: Option<String>,
}

/// Everything that is known before the first log file is opened.
#[derive(Debug)]
pub struct LogVerification {
    sources: Vec<Source>,
    files: ArchiveFiles,
    archive: DigestArchive,
    proven: ProvenDigests,
    covered: CoveredSpan,
    courses: Vec<ChainCoverage>,
    missing: Vec<MissingDigest>,
}

impl LogVerification {
    /// Judges the digests of a copy from what the signatures say.
    pub fn new(
        sources: Vec<Source>,
        files: ArchiveFiles,
        archive: DigestArchive,
        checked: &[CheckedDigest],
        trust: &TrustOptions,
    ) -> Self {
        let links = SignatureLinks::new(&archive, &sources);
        let proven = ProvenDigests::new(&links, checked, trust.bucket.as_deref());
        let courses = chain::cover_chains(&archive, &proven, &links);
        let missing = chain::find_missing_digests(&archive, &proven, &links);
        let covered = CoveredSpan::new(&archive, &courses);
        Self { sources, files, archive, proven, covered, courses, missing }
    }

    /// Returns the log files whose names lie in the window, as places to hand to [`judge`](Self::judge).
    pub fn logs(&self, window: &TimeWindow) -> Vec<u32> {
        let asked = |place: &u32| window.has(names::key_from_name(self.source(*place)).as_ref());
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
    pub fn judge(&self) -> Verifier<'_> {
        Verifier::new(&self.archive, &self.proven, &self.covered)
    }

    /// Reads and judges one log file, of which the bytes may have been read already.
    pub fn log(
        &self,
        judge: &Verifier<'_>,
        place: u32,
        bytes: Option<&[u8]>,
        limits: &Limits,
        scratch: &mut InflateBuffers,
    ) -> ReportedLog {
        let source = self.source(place);
        let content = read::hash_log(ReadFile { source, bytes }, limits, scratch);
        let hash = content.as_ref().ok().map(|content: &DigestContent| content.hash);
        let listings = self.archive.listings_of(place);
        let (judged, listing) = if self.files.packages.contains(&self.files.logs[place as usize]) {
            (Finding::new(Verdict::Uncovered, Some(Reason::Packed)), None)
        } else if listings.is_empty() {
            (judge.unlisted(names::key_from_name(source).as_ref(), &content), None)
        } else {
            judge.listed(listings, &content)
        };
        let listing = listing.and_then(|it| {
            let start = self.archive.listings.partition_point(|other| other.log < place);
            listings.iter().position(|other| std::ptr::eq(other, it)).map(|at| (start + at) as u32)
        });
        ReportedLog { source: self.files.logs[place as usize], judged, listing, hash }
    }

    /// Puts the report together.
    pub fn report(
        self,
        mut logs: Vec<ReportedLog>,
        window: TimeWindow,
        left_out: LeftOutFiles,
    ) -> ValidationReport {
        logs.sort_by_key(|log| log.source);
        let Self { sources, archive, proven, covered, courses, missing, .. } = self;
        ValidationReport { sources, archive, proven, covered, courses, missing, logs, window, left_out }
    }
}
