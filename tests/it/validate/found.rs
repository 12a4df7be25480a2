//! What was found of a bucket, in one line: every file that is not plainly
//! valid, and the gaps.

use super::report;
use super::signed::{Bucket, START};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use trailscan::integrity::{
    DigestProof, HeadObjects, PublicKeys, ReportRow, TimeWindow, TrustOptions, ValidationOutcome,
    ValidationReport, ValidationSummary,
};

/// A validation to be: of a copy, with these keys, with or without the sidecar.
pub(crate) fn trust(keys: &Value, heads: Option<&Value>) -> TrustOptions {
    let mut trust = TrustOptions::default();
    if !keys.is_null() {
        trust.keys = PublicKeys::default();
        // What is refused shows in the verdicts.
        let _ = trust.keys.add(keys.to_string().as_bytes()).unwrap();
    }
    if let Some(heads) = heads {
        trust.heads = HeadObjects::default();
        trust.heads.add(heads.to_string().as_bytes()).unwrap();
    }
    trust
}

/// Validates a copy and says what was found.
pub(crate) fn found(bucket: &Bucket, trust: &TrustOptions) -> String {
    let dir = tempfile::tempdir().unwrap();
    bucket.sync(dir.path());
    describe(bucket, &report(dir.path(), trust, TimeWindow::default()))
}

/// Says what was found: `D5 unverified no-signature; L5 unverified digest-unverified; exit 3`.
/// Logs of one hour that share a verdict are one; a proof by the chain is named, that by a signature is not.
pub(crate) fn describe(bucket: &Bucket, report: &ValidationReport) -> String {
    let labels: BTreeMap<&str, &str> =
        bucket.labels.iter().map(|(label, key)| (key.as_str(), label.as_str())).collect();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    report.rows(&mut |row: ReportRow<'_>| {
        let label = labels.get(row.key.as_str()).map_or_else(|| row.key.clone(), |it| (*it).to_owned());
        let judged = row.judged;
        let mut words = vec![judged.verdict.word()];
        words.extend(judged.reason.map(|reason| reason.word()));
        words.extend((judged.proof == Some(DigestProof::HashChain)).then_some("by hash-chain"));
        words.extend(judged.warnings.words());
        let known = files.insert(label.clone(), words.join(" "));
        assert!(known.is_none(), "{label} has two rows");
    });
    let hour = |label: &str| label.split('.').next().unwrap().to_owned();
    let mut hours: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (label, words) in &files {
        hours.entry(hour(label)).or_default().insert(words);
    }
    let mut said: Vec<String> = Vec::new();
    for (label, words) in &files {
        let is_one = hours[&hour(label)].len() == 1 && !label.contains('/');
        let line = format!("{} {words}", if is_one { hour(label) } else { label.clone() });
        if words != "valid" && !said.contains(&line) {
            said.push(line);
        }
    }
    let summary = ValidationSummary::new(report, false);
    for line in &summary.lines {
        let at = |time: i64| (time - START) as f64 / 3600.0;
        said.extend(
            line.gaps.iter().map(|gap| format!("gap {}-{} {}", at(gap.from), at(gap.to), gap.cause.word())),
        );
    }
    said.push(format!("exit {}", status(&summary)));
    said.join("; ")
}

fn status(summary: &ValidationSummary) -> u8 {
    match summary.outcome {
        ValidationOutcome::Proven => 0,
        ValidationOutcome::Wrong => 1,
        ValidationOutcome::Open => 3,
    }
}
