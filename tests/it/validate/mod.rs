//! Digests and logs as they are validated: the signed trees of the fixtures,
//! and trails signed here with every fault there is.

mod agreement;
mod aws;
mod coverage;
mod faults;
mod forged;
mod found;
mod heads;
mod layouts;
mod peer;
mod program;
mod signed;
mod states;
#[path = "../../../src/integrity/testing.rs"]
#[allow(dead_code, reason = "the library's own tests use the rest")]
mod testing;
mod trees;

use serde_json::{Value, json};
use std::path::Path;
use trailscan::container::Limits;
use trailscan::integrity::{ReportRow, TimeWindow, TrustOptions, ValidationReport, ValidationSummary};
use trailscan::scan;
use trailscan::scan::Progress;
use trailscan::scan::validate::{ValidationRequest, validate};

/// Nobody watches.
pub(crate) struct Unwatched;

impl Progress for Unwatched {
    fn done(&self, _bytes: u64) {}
}

/// Validates what lies in a directory, with two threads.
pub(crate) fn report(dir: &Path, trust: &TrustOptions, window: TimeWindow) -> ValidationReport {
    let found = scan::find_sources(&[dir.to_owned()], 1).unwrap();
    let request = ValidationRequest { trust, window, limits: Limits::default(), threads: 2 };
    validate(found.sources, &request, &Unwatched).unwrap().0
}

/// Every file of a report by its key, in the form of the `expected.json` of the trees.
pub(crate) fn files(report: &ValidationReport) -> Vec<(String, Value)> {
    let mut files = Vec::new();
    report.rows(&mut |row: ReportRow<'_>| {
        let judged = row.judged;
        let mut file = json!({
            "kind": row.kind,
            "present": row.file.is_some(),
            "verdict": judged.verdict,
            "reason": judged.reason,
            "proof": judged.proof,
            "warnings": judged.warnings,
        });
        if let Some((verdict, _)) = row.digest {
            file["digest"] = json!(verdict);
        }
        files.push((row.key, file));
    });
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// The gaps of a report, in the form of the trees.
pub(crate) fn gaps(report: &ValidationReport) -> Value {
    let time =
        |seconds: i64| chrono::DateTime::from_timestamp(seconds, 0).unwrap().format("%FT%TZ").to_string();
    let lines = ValidationSummary::new(report, false).lines;
    let gaps = lines.iter().flat_map(|line| line.gaps.iter().map(move |gap| (line, gap)));
    gaps.map(|(line, gap)| {
        json!({
            "account": line.account,
            "region": line.region,
            "from": time(gap.from),
            "to": time(gap.to),
            "cause": gap.cause,
        })
    })
    .collect()
}
