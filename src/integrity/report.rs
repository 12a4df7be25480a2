//! What was found of a copy: a row for every file, the course of every chain,
//! and what follows for the whole.

use super::archive::{DigestArchive, DigestChain, LogListing, MissingLog};
use super::chain::{ChainCoverage, ChainGap, CoveredSpan, MissingDigest};
use super::hex::Sha256Hash;
use super::logs::Verifier;
use super::names;
use super::proof::ProvenDigests;
use super::verdict::{Finding, Reason, Verdict, Warnings};
use crate::input::{Key, Source};
use serde::Serialize;
use std::collections::BTreeSet;

/// The files that are asked about, by their time: seconds since 1970, both ends included.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeWindow {
    /// Not those that end before.
    pub since: Option<i64>,
    /// Not those that begin after.
    pub until: Option<i64>,
}

impl TimeWindow {
    /// Returns whether a span shares time with it.
    pub fn touches(&self, start: i64, end: i64) -> bool {
        self.since.is_none_or(|since| end >= since) && self.until.is_none_or(|until| start <= until)
    }

    /// Returns whether a key's time lies in it; one that tells no time does.
    pub(super) fn has(&self, key: Option<&Key>) -> bool {
        let time = key.and_then(|key| key.delivered).map(|time| time.timestamp());
        time.is_none_or(|time| self.touches(time, time))
    }
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportedKind {
    /// A digest.
    Digest,
    /// A log file.
    Log,
}

/// A log file that is there, as it was judged.
#[derive(Clone, Copy, Debug)]
pub struct ReportedLog {
    pub(super) source: u32,
    pub(super) judged: Finding,
    /// The listing that decided, as a place in [`DigestArchive::listings`].
    pub(super) listing: Option<u32>,
    pub(super) hash: Option<Sha256Hash>,
}

impl ReportedLog {
    /// Takes back what was found of a file that is not the one any more that records were read from.
    #[must_use]
    pub fn changed(self) -> Self {
        let judged = Finding::new(Verdict::Unverified, Some(Reason::Changed));
        Self { judged, listing: None, hash: None, ..self }
    }
}

/// One file, with all that was found of it.
#[derive(Clone, Debug)]
pub struct ReportRow<'r> {
    /// Its key in the bucket: as a digest has it, or as its path lets assume.
    pub key: String,
    /// What kind of file it is.
    pub kind: ReportedKind,
    /// Its path as given, if it is there.
    pub file: Option<String>,
    /// What was found.
    pub judged: Finding,
    /// The digest that names it: its verdict and its key.
    pub digest: Option<(Verdict, String)>,
    /// The SHA-256 of its content.
    pub sha256: Option<Sha256Hash>,
    /// Its account, by its name.
    pub account: String,
    /// Its region, by its name.
    pub region: String,
    /// The chain that it belongs to, when that is known.
    pub chain: Option<&'r DigestChain>,
    /// What exactly is wrong with its form.
    pub cause: Option<&'r str>,
    /// Whether it is a head without a signature that may be accepted, or a log that it lists as it is.
    pub hangs_on_head: bool,
}

/// What was found of a copy.
#[derive(Debug)]
pub struct ValidationReport {
    pub(super) sources: Vec<Source>,
    pub(super) archive: DigestArchive,
    pub(super) proven: ProvenDigests,
    pub(super) covered: CoveredSpan,
    pub(super) courses: Vec<ChainCoverage>,
    pub(super) missing: Vec<MissingDigest>,
    pub(super) logs: Vec<ReportedLog>,
    pub(super) window: TimeWindow,
    /// What holds no record of CloudTrail.
    pub left_out: LeftOutFiles,
}

/// How many files are not judged, for there is no record of CloudTrail in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOutFiles {
    /// All of them.
    pub all: u64,
    /// Those of AWS Config, of which states may be told; no digest lists them.
    pub config: u64,
}

impl ValidationReport {
    /// Hands every file to `see`: those that are there in the order of the paths, then those that are not.
    pub fn rows<'r>(&'r self, see: &mut dyn FnMut(ReportRow<'r>)) {
        let mut digests = (0_u32..).zip(&self.archive.nodes).peekable();
        for log in &self.logs {
            while let Some((index, _)) = digests.next_if(|(_, node)| node.source < log.source) {
                self.digest(index).into_iter().for_each(&mut *see);
            }
            see(self.log(log));
        }
        for (index, _) in digests {
            self.digest(index).into_iter().for_each(&mut *see);
        }
        self.missing.iter().filter(|it| self.is_asked(it.end)).for_each(|it| see(self.missing_digest(it)));
        let judge = Verifier::new(&self.archive, &self.proven, &self.covered);
        for listed in self.archive.absent.chunk_by(|a, b| a.key == b.key) {
            let usable = listed.iter().find(|it| self.proven.is_usable(it.digest));
            let Some(absent) = usable.or(listed.first()) else { continue };
            if self.window.has(Key::parse(names::last_part(&absent.key)).as_ref()) {
                see(self.absent_log(&judge, absent));
            }
        }
    }

    /// Hands only the log files that are there to `see`.
    pub fn logs<'r>(&'r self, see: &mut dyn FnMut(ReportRow<'r>)) {
        self.logs.iter().for_each(|log| see(self.log(log)));
    }

    fn is_asked(&self, time: Option<i64>) -> bool {
        time.is_none_or(|time| self.window.touches(time, time))
    }

    /// Returns the course of every chain that has something in the window, with its gaps there.
    pub fn courses(&self) -> impl Iterator<Item = (&DigestChain, &ChainCoverage, Vec<ChainGap>)> {
        self.archive.chains.iter().zip(&self.courses).map(|(chain, course)| {
            let gaps = course.gaps.iter().filter(|gap| self.window.touches(gap.from, gap.to));
            (chain, course, gaps.copied().collect())
        })
    }

    /// Returns the account, region and end of every digest in the window whose word counts, each span
    /// of a chain once.
    pub fn ends(&self) -> Vec<(String, String, i64)> {
        let mut ends = BTreeSet::new();
        for (index, node) in (0_u32..).zip(&self.archive.nodes) {
            if let Ok(digest) = &node.content
                && self.proven.is_usable(index)
                && self.window.touches(digest.start, digest.end)
            {
                ends.insert((node.chain, digest.end));
            }
        }
        let place = |(chain, end): (u32, i64)| {
            let chain = &self.archive.chains[chain as usize];
            (chain.account.clone(), chain.region.clone(), end)
        };
        ends.into_iter().map(place).collect()
    }

    /// Returns how many digest files there are.
    pub fn digests(&self) -> usize {
        self.archive.nodes.len()
    }

    fn digest(&self, index: u32) -> Option<ReportRow<'_>> {
        let node = &self.archive.nodes[index as usize];
        let source = &self.sources[node.source as usize];
        let digest = node.content.as_ref().ok();
        let asked = match digest.filter(|_| node.is_named) {
            Some(digest) => self.window.touches(digest.start, digest.end),
            None => self.is_asked(node.name_end),
        };
        asked.then_some(())?;
        let judged = self.proven.judged[index as usize];
        let path = source.name();
        let key = match digest {
            Some(digest) if node.is_named => digest.key.to_string(),
            _ => self.archive.probable_key(&path),
        };
        let chain = &self.archive.chains[node.chain as usize];
        Some(ReportRow {
            key,
            kind: ReportedKind::Digest,
            file: Some(path.into_owned()),
            judged,
            digest: None,
            sha256: Some(node.hash),
            account: chain.account.clone(),
            region: chain.region.clone(),
            chain: Some(chain),
            cause: node.content.as_ref().err().map(|fault| fault.cause.as_str()),
            hangs_on_head: self.hangs(index),
        })
    }

    fn hangs(&self, digest: u32) -> bool {
        self.proven.acceptable[digest as usize]
    }

    fn log(&self, log: &ReportedLog) -> ReportRow<'_> {
        let source = &self.sources[log.source as usize];
        let listing = log.listing.map(|at| &self.archive.listings[at as usize]);
        let path = source.name();
        let name = names::key_from_name(source);
        ReportRow {
            key: match listing {
                Some(listing) => self.archive.listed_key(listing, &path),
                None => self.archive.probable_key(&path),
            },
            kind: ReportedKind::Log,
            file: Some(path.into_owned()),
            judged: log.judged,
            digest: listing.map(|it| self.named_by(it.digest)),
            sha256: log.hash,
            account: name.as_ref().map(|key| key.account.clone()).unwrap_or_default(),
            region: name.map(|key| key.region).unwrap_or_default(),
            chain: listing.map(|it| self.chain_of(it)),
            cause: None,
            hangs_on_head: log.judged.reason == Some(Reason::DigestUnverified)
                && !log.judged.warnings.has(Warnings::HASH_DIFFERS)
                && listing.is_some_and(|it| self.hangs(it.digest)),
        }
    }

    fn chain_of(&self, listing: &LogListing) -> &DigestChain {
        let node = &self.archive.nodes[listing.digest as usize];
        &self.archive.chains[node.chain as usize]
    }

    fn named_by(&self, digest: u32) -> (Verdict, String) {
        let node = &self.archive.nodes[digest as usize];
        let key = match &node.content {
            Ok(digest) if node.is_named => digest.key.to_string(),
            _ => self.archive.probable_key(&self.sources[node.source as usize].name()),
        };
        (self.proven.judged[digest as usize].verdict, key)
    }

    fn missing_digest(&self, it: &MissingDigest) -> ReportRow<'_> {
        let chain = &self.archive.chains[it.chain as usize];
        ReportRow {
            chain: Some(chain),
            ..absent_row(&it.key, ReportedKind::Digest, Finding::new(Verdict::Missing, Some(it.reason)))
        }
    }

    fn absent_log(&self, judge: &Verifier<'_>, it: &MissingLog) -> ReportRow<'_> {
        let node = &self.archive.nodes[it.digest as usize];
        ReportRow {
            digest: Some(self.named_by(it.digest)),
            chain: Some(&self.archive.chains[node.chain as usize]),
            ..absent_row(&it.key, ReportedKind::Log, judge.absent(it.digest))
        }
    }
}

/// The row of a file that is not there.
fn absent_row<'r>(key: &str, kind: ReportedKind, judged: Finding) -> ReportRow<'r> {
    let name = Key::parse(names::last_part(key));
    ReportRow {
        key: key.to_owned(),
        kind,
        file: None,
        judged,
        digest: None,
        sha256: None,
        account: name.as_ref().map(|key| key.account.clone()).unwrap_or_default(),
        region: name.map(|key| key.region).unwrap_or_default(),
        chain: None,
        cause: None,
        hangs_on_head: false,
    }
}
