//! What the chains cover: spans, gaps and their causes, and the digests that
//! are named and not there.
//!
//! A chain is covered until its last digest, and never said to be complete:
//! that the newest ones were not cut off cannot be known.

use super::archive::{DigestArchive, DigestNode};
use super::names::last_part;
use super::proof::{ProvenDigests, SignatureLinks};
use super::spans::TimeSpans;
use super::verdict::{Reason, Verdict};
use crate::input::Key;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Why no digest covers a span of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapCause {
    /// Logging or validation was off: the digest after it starts a chain.
    Restart,
    /// A digest is not there.
    DigestMissing,
    /// The digest is not what CloudTrail delivered.
    DigestInvalid,
    /// The digests on both sides are linked, and their times are apart.
    Unexplained,
}

impl GapCause {
    /// Returns the word of the output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::DigestMissing => "digest-missing",
            Self::DigestInvalid => "digest-invalid",
            Self::Unexplained => "unexplained",
        }
    }

    /// Returns what it means, in plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Restart => {
                "the trail or its validation was switched off and on again, as the digest after it says"
            }
            Self::DigestMissing => "digests are missing",
            Self::DigestInvalid => "the digest is invalid",
            Self::Unexplained => "the digests on both sides are linked, and their times are apart",
        }
    }
}

/// A span of a chain that no usable digest covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainGap {
    /// Where it begins, in seconds since 1970.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
    /// Why.
    pub cause: GapCause,
    /// Whether the digest that shows the cause is proven.
    pub is_proven: bool,
}

/// A digest that another names, and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MissingDigest {
    /// Its key.
    pub key: Box<str>,
    /// `hole`, `before-copy` or `other-bucket`.
    pub reason: Reason,
    /// Its chain.
    pub chain: u32,
    /// The end of its span by its name.
    pub end: Option<i64>,
}

/// What one chain covers.
#[derive(Clone, Debug, Default)]
pub struct ChainCoverage {
    /// Its digest files, in order of time.
    pub digests: Vec<u32>,
    /// What usable digests cover.
    pub covered: TimeSpans,
    /// Where the newest proven digest ends.
    pub proven_until: Option<i64>,
    /// What they do not cover in between.
    pub gaps: Vec<ChainGap>,
    /// How often a digest starts the chain anew, the first time not counted.
    pub restarts: u32,
}

/// Returns the course of every chain.
pub(super) fn cover_chains(
    archive: &DigestArchive,
    proven: &ProvenDigests,
    links: &SignatureLinks<'_>,
) -> Vec<ChainCoverage> {
    let mut courses: Vec<ChainCoverage> = archive.chains.iter().map(|_| ChainCoverage::default()).collect();
    for (index, node) in (0_u32..).zip(&archive.nodes) {
        courses[node.chain as usize].digests.push(index);
    }
    for course in &mut courses {
        course.digests.sort_by_key(|index| {
            let node = &archive.nodes[*index as usize];
            (digest_span(node, proven.is_usable(*index)), *index)
        });
        course.walk(archive, proven, links);
    }
    courses
}

/// The span of a digest: its own word when that counts, else what its name leaves of it.
fn digest_span(node: &DigestNode, is_usable: bool) -> Option<(i64, i64)> {
    const HOUR: i64 = 3600;
    let claimed = node.content.as_ref().ok().map(|digest| (digest.start, digest.end));
    if is_usable {
        return claimed;
    }
    let end = node.name_end?;
    let start = claimed.filter(|it| it.1 == end && (0..=2 * HOUR).contains(&(end - it.0)));
    Some((start.map_or(end - HOUR, |it| it.0), end))
}

impl ChainCoverage {
    fn walk(&mut self, archive: &DigestArchive, proven: &ProvenDigests, links: &SignatureLinks<'_>) {
        let (mut cursor, mut covered) = (None, Vec::new());
        for index in std::mem::take(&mut self.digests) {
            self.digests.push(index);
            let (node, is_usable) = (&archive.nodes[index as usize], proven.is_usable(index));
            let verdict = proven.judged[index as usize].verdict;
            let is_passed_over = verdict == Verdict::Unverified && !is_usable;
            let Some((start, end)) =
                digest_span(node, is_usable).filter(|(start, end)| start <= end && !is_passed_over)
            else {
                continue;
            };
            let is_proven = verdict == Verdict::Valid;
            if let Some(from) = cursor.filter(|from| *from < start) {
                let cause = find_gap_cause(node, is_usable, links);
                // A backfill chain has a digest only where one was missing.
                let is_backfill = archive.chains[node.chain as usize].backfill;
                if !is_backfill || matches!(cause, GapCause::DigestMissing | GapCause::DigestInvalid) {
                    self.gap(ChainGap { from, to: start, cause, is_proven });
                }
            }
            let from = cursor.map_or(start, |cursor: i64| cursor.max(start));
            if is_usable {
                let starts = node.content.as_ref().is_ok_and(|digest| digest.starts_chain());
                self.restarts += u32::from(starts && cursor.is_some());
                covered.push((start, end));
            } else if from < end {
                self.gap(ChainGap { from, to: end, cause: GapCause::DigestInvalid, is_proven: false });
            }
            if is_proven {
                self.proven_until = self.proven_until.max(Some(end));
            }
            cursor = cursor.max(Some(end));
        }
        self.covered = TimeSpans::new(covered);
        self.trim();
    }

    fn gap(&mut self, gap: ChainGap) {
        match self.gaps.last_mut() {
            Some(last) if last.cause == gap.cause && last.to == gap.from => last.to = gap.to,
            _ => self.gaps.push(gap),
        }
    }

    /// Takes from the gaps what a usable digest covers all the same: a copy of an invalid one.
    fn trim(&mut self) {
        let covered = std::mem::take(&mut self.covered);
        let mut gaps = Vec::new();
        for gap in self.gaps.drain(..) {
            let mut from = gap.from;
            for (start, end) in covered.iter().filter(|it| it.1 > gap.from && it.0 < gap.to) {
                if from < start {
                    gaps.push(ChainGap { from, to: start, ..gap });
                }
                from = end;
            }
            if from < gap.to {
                gaps.push(ChainGap { from, ..gap });
            }
        }
        self.gaps = gaps;
        self.covered = covered;
    }
}

/// Why nothing covers the time before a digest.
fn find_gap_cause(node: &DigestNode, is_usable: bool, links: &SignatureLinks<'_>) -> GapCause {
    match &node.content {
        Ok(digest) if is_usable => match &digest.previous {
            None => GapCause::Restart,
            Some(previous) if links.stands(&previous.key) => GapCause::Unexplained,
            Some(_) => GapCause::DigestMissing,
        },
        _ => GapCause::DigestMissing,
    }
}

/// Finds the digests that are named and not there.
pub(super) fn find_missing_digests(
    archive: &DigestArchive,
    proven: &ProvenDigests,
    links: &SignatureLinks<'_>,
) -> Vec<MissingDigest> {
    let mut earliest: HashMap<u32, i64> = HashMap::new();
    for node in &archive.nodes {
        let end = node.content.as_ref().ok().filter(|_| node.is_named).map(|digest| digest.end);
        if let Some(end) = end.or(node.name_end) {
            earliest.entry(node.chain).and_modify(|it| *it = end.min(*it)).or_insert(end);
        }
    }
    let mut missing: BTreeMap<&str, MissingDigest> = BTreeMap::new();
    for (index, node) in (0_u32..).zip(&archive.nodes) {
        let Ok(digest) = &node.content else { continue };
        let Some(previous) = &digest.previous else { continue };
        let is_authentic = proven.proofs[index as usize].is_some();
        if !(is_authentic || proven.is_usable(index)) || links.stands(&previous.key) {
            continue;
        }
        let end =
            Key::parse(last_part(&previous.key)).and_then(|key| key.delivered).map(|time| time.timestamp());
        let is_oldest = earliest.get(&node.chain).is_none_or(|it| *it > end.unwrap_or(digest.start));
        let reason = match is_oldest {
            _ if *previous.bucket != *digest.bucket => Reason::OtherBucket,
            true => Reason::BeforeCopy,
            false => Reason::Hole,
        };
        let found = MissingDigest { key: previous.key.clone(), reason, chain: node.chain, end };
        missing.entry(&previous.key).or_insert(found);
    }
    missing.into_values().collect()
}

/// What usable digests cover of an account and region, whatever the trail.
#[derive(Debug, Default)]
pub(super) struct CoveredSpan(HashMap<(String, String), TimeSpans>);

impl CoveredSpan {
    pub(super) fn new(archive: &DigestArchive, courses: &[ChainCoverage]) -> Self {
        let mut spans: HashMap<(String, String), Vec<(i64, i64)>> = HashMap::new();
        for (chain, course) in archive.chains.iter().zip(courses) {
            let place = (chain.account.clone(), chain.region.clone());
            spans.entry(place).or_default().extend(course.covered.iter());
        }
        Self(spans.into_iter().map(|(place, spans)| (place, TimeSpans::new(spans))).collect())
    }

    /// Returns the spans of an account and region; `None` when there is no digest of it at all.
    pub(super) fn of(&self, account: &str, region: &str) -> Option<&TimeSpans> {
        self.0.get(&(account.to_owned(), region.to_owned()))
    }
}
