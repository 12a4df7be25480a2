//! The counts of a report: one line for every account, region and trail, and
//! what follows for the whole.

use super::chain::ChainGap;
use super::report::{ReportRow, ReportedKind, ValidationReport};
use super::verdict::{Reason, Verdict};
use std::collections::BTreeMap;

/// What follows for the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationOutcome {
    /// Everything is proven.
    Proven,
    /// Something is invalid, missing or unlisted.
    Wrong,
    /// Nothing is wrong, and not everything is proven.
    Open,
}

/// One account, region and trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainSummary {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The trail; empty for the files that no digest names.
    pub trail: String,
    /// The region that the trail was made in.
    pub home_region: String,
    /// The organization, of an organization trail.
    pub organization: Option<String>,
    /// Whether the chain is one of backfill digests.
    pub backfill: bool,
    /// How many digests have each verdict, in the order of [`Verdict::ALL`].
    pub digests: [u64; 6],
    /// How many logs have each verdict.
    pub logs: [u64; 6],
    /// What usable digests cover, from the first to the last moment, gaps not taken off.
    pub covered: Option<(i64, i64)>,
    /// Where the newest proven digest ends.
    pub proven_until: Option<i64>,
    /// How often logging or validation was switched on again.
    pub restarts: u32,
    /// What the chain does not cover.
    pub gaps: Vec<ChainGap>,
}

/// The counts of a report.
#[derive(Clone, Debug)]
pub struct ValidationSummary {
    /// One an account, region and trail, in order.
    pub lines: Vec<ChainSummary>,
    /// What follows for the whole.
    pub outcome: ValidationOutcome,
    /// How many digests without a signature were not accepted, though such were to be.
    pub refused_heads: u64,
}

impl ValidationSummary {
    /// Counts; with `accept_head` the newest digest of a chain, whose signature only S3 has, does not keep the whole
    /// from being proven.
    pub fn new(report: &ValidationReport, accept_head: bool) -> Self {
        let mut lines: BTreeMap<_, ChainSummary> = BTreeMap::new();
        let (mut wrong, mut open, mut refused_heads) = (false, report.digests() == 0, 0);
        for (chain, course, gaps) in report.courses() {
            let line = lines.entry((chain.account.clone(), chain.region.clone(), Some(chain))).or_default();
            let covered = &course.covered;
            line.covered = covered.first().zip(covered.last());
            line.proven_until = course.proven_until;
            line.restarts = course.restarts;
            open |= !gaps.is_empty();
            line.gaps = gaps;
        }
        report.rows(&mut |row: ReportRow<'_>| {
            wrong |= row.judged.is_wrong();
            open |= row.judged.is_open() && !(accept_head && row.hangs_on_head);
            let has_no_signature = row.judged.reason == Some(Reason::NoSignature);
            refused_heads += u64::from(accept_head && has_no_signature && !row.hangs_on_head);
            let (account, region) = match row.chain {
                Some(chain) => (chain.account.clone(), chain.region.clone()),
                None => (row.account, row.region),
            };
            let line = lines.entry((account, region, row.chain)).or_default();
            let counts = if row.kind == ReportedKind::Digest { &mut line.digests } else { &mut line.logs };
            counts[verdict_index(row.judged.verdict)] += 1;
        });
        let name = |((account, region, chain), line): (
            (String, String, Option<&super::DigestChain>),
            ChainSummary,
        )| {
            let chain = chain.cloned().unwrap_or_default();
            let super::DigestChain { trail, home_region, organization, backfill, .. } = chain;
            ChainSummary { account, region, trail, home_region, organization, backfill, ..line }
        };
        let has_files = |line: &ChainSummary| line.digests.iter().chain(&line.logs).any(|count| *count > 0);
        let lines = lines.into_iter().map(name).filter(has_files).collect();
        let outcome = match (wrong, open) {
            (true, _) => ValidationOutcome::Wrong,
            (false, true) => ValidationOutcome::Open,
            (false, false) => ValidationOutcome::Proven,
        };
        Self { lines, outcome, refused_heads }
    }

    /// Returns how many files have a verdict: digests, then logs.
    pub fn count(&self, verdict: Verdict) -> (u64, u64) {
        let at = verdict_index(verdict);
        self.lines.iter().fold((0, 0), |sum, line| (sum.0 + line.digests[at], sum.1 + line.logs[at]))
    }
}

fn verdict_index(verdict: Verdict) -> usize {
    Verdict::ALL.iter().position(|it| *it == verdict).unwrap_or_default()
}
