//! What is proven of the files that an answer rests on.
//!
//! Only the files that gave rows are hashed. A verdict is that of a whole file, so that an event behind the first gzip
//! member is never shown as verified.

use super::archive::Search;
use crate::answer::{Evidence, FileProof, Row};
use crate::error::Error;
use crate::integrity::{Reason, TimeWindow, TrustOptions, Verdict, encode_hex};
use crate::scan::validate::{ValidationRequest, verify_files};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The verdicts of rows, the best first: one proven file is enough to prove an event.
pub(crate) const ORDER: [Verdict; 5] =
    [Verdict::Valid, Verdict::Unverified, Verdict::Uncovered, Verdict::Unlisted, Verdict::Invalid];

/// Verifies the files behind the rows, and gives each row and each place its verdict.
///
/// # Errors
/// When the threads cannot be started.
pub(crate) fn prove_rows(search: &Search, trust: &TrustOptions, rows: &mut [&mut Row]) -> Result<(), Error> {
    let files: BTreeSet<Arc<str>> =
        rows.iter().flat_map(|row| &row.evidence).map(|it| Arc::clone(&it.file)).collect();
    let request = ValidationRequest {
        trust,
        window: TimeWindow::default(),
        limits: search.limits(),
        threads: search.threads(),
    };
    let progress = search.begin(0);
    let paths = files.iter().map(|file| &**file).collect();
    let report = verify_files(search.sources().to_vec(), &paths, &request, &*progress)?;
    drop(progress);
    let mut proofs: HashMap<String, Arc<FileProof>> = HashMap::new();
    report.logs(&mut |row| {
        let proof = FileProof {
            sha256: row.sha256.map(|hash| encode_hex(&hash)),
            verdict: row.judged.verdict.word(),
            reason: row.judged.reason.map(Reason::word),
            digest: row.digest.map(|it| it.1),
        };
        proofs.extend(row.file.map(|file| (file, Arc::new(proof))));
    });
    for row in rows {
        row.evidence.iter_mut().for_each(|evidence| prove_evidence(evidence, &proofs));
        row.verdict = best_verdict(&row.evidence);
    }
    Ok(())
}

/// Tells of one place what is proven of its file.
fn prove_evidence(evidence: &mut Evidence, proofs: &HashMap<String, Arc<FileProof>>) {
    let unknown = || {
        let is_packed = evidence.file.contains('!');
        let reason = if is_packed { Reason::Packed } else { Reason::NotNamed };
        let verdict = Verdict::Uncovered.word();
        Arc::new(FileProof { verdict, reason: Some(reason.word()), ..FileProof::default() })
    };
    evidence.proof = Some(proofs.get(&*evidence.file).map_or_else(unknown, Arc::clone));
}

/// The best verdict of the places of a row.
fn best_verdict(evidence: &[Evidence]) -> Option<&'static str> {
    let words = || evidence.iter().filter_map(|it| it.proof.as_ref()).map(|proof| proof.verdict);
    ORDER.into_iter().map(Verdict::word).find(|word| words().any(|it| it == *word))
}
