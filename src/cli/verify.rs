//! `--verify`: what is proven of the files that an answer rests on.
//!
//! Only the files that gave rows are hashed. A verdict is that of a whole file,
//! so that an event behind the first gzip member is never shown as verified.

use super::ask::Session;
use super::validate::TrustArgs;
use crate::answer::{Coverage, Row};
use crate::error::{Error, Trouble};
use crate::integrity::Verdict;
use crate::ops::proof;
use clap::Args;

/// What is proven of the evidence
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Proof")]
pub(super) struct VerifyArgs {
    /// Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them
    #[arg(long, hide_short_help = true)]
    verify: bool,
    /// Leave out the rows that no proven file holds
    #[arg(long, hide_short_help = true)]
    verified_only: bool,
    #[command(flatten)]
    trust: TrustArgs,
}

impl VerifyArgs {
    /// Verifies the files behind rows and drops those rows that are not wanted then. Returned are
    /// sentences about it.
    ///
    /// # Errors
    /// When keys or metadata cannot be read.
    pub(super) fn run(
        &self,
        session: &Session<'_>,
        rows: &mut Vec<Row>,
        coverage: &mut Coverage,
        troubles: &mut Vec<Trouble>,
    ) -> Result<Vec<String>, Error> {
        self.prove(session, &mut rows.iter_mut().collect::<Vec<_>>(), troubles)?;
        let said = self.said(rows.iter().map(|row| row.verdict), coverage);
        rows.retain(|row| self.keeps(row));
        Ok(said)
    }

    /// Returns whether anything is to be verified.
    pub(super) fn is_asked(&self) -> bool {
        self.verify || self.verified_only || !self.trust.is_empty()
    }

    /// Verifies the files behind the rows, and tells each row and each place its verdict.
    ///
    /// # Errors
    /// When keys or metadata cannot be read.
    pub(super) fn prove(
        &self,
        session: &Session<'_>,
        rows: &mut [&mut Row],
        troubles: &mut Vec<Trouble>,
    ) -> Result<(), Error> {
        if !self.is_asked() {
            return Ok(());
        }
        let (trust, refused) = self.trust.read()?;
        troubles.extend(refused);
        troubles.extend(proof::prove_rows(&session.search, &trust, rows)?);
        troubles.sort();
        Ok(())
    }

    /// Returns whether a row that was verified is wanted.
    pub(super) fn keeps(&self, row: &Row) -> bool {
        self.keeps_verdict(row.verdict)
    }

    /// Returns whether what has this verdict is wanted.
    pub(super) fn keeps_verdict(&self, verdict: Option<&'static str>) -> bool {
        !self.verified_only || verdict == Some(Verdict::Valid.word())
    }

    /// Counts the rows of an answer by their verdicts, and says so.
    pub(super) fn said(
        &self,
        verdicts: impl Iterator<Item = Option<&'static str>>,
        coverage: &mut Coverage,
    ) -> Vec<String> {
        if !self.is_asked() {
            return Vec::new();
        }
        let (mut all, mut dropped) = (0_u64, 0_u64);
        for verdict in verdicts {
            all += 1;
            dropped += u64::from(!self.keeps_verdict(verdict));
            *coverage.verdicts.entry(verdict.unwrap_or_default()).or_default() += 1;
        }
        let mut lines = Vec::new();
        if all > 0 {
            lines.push(verdict_counts(coverage));
        }
        if self.verified_only && all > 0 {
            lines.push(format!("left out {dropped} of {all} rows that no proven file holds"));
        }
        if self.trust.has_no_keys() {
            lines.push("no signature was checked: give the public keys with `--public-keys`".to_owned());
        }
        lines
    }
}

/// The verdict of a row that names several events: that of the one of which least is proven.
pub(super) fn least_verdict(verdicts: impl Iterator<Item = Option<&'static str>>) -> Option<&'static str> {
    let all: Option<Vec<&str>> = verdicts.collect();
    let all = all?;
    proof::ORDER.into_iter().map(Verdict::word).rev().find(|word| all.contains(word))
}

fn verdict_counts(coverage: &Coverage) -> String {
    let counts: Vec<String> = proof::ORDER
        .into_iter()
        .filter_map(|verdict| Some((coverage.verdicts.get(verdict.word())?, verdict.word())))
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if counts.is_empty() {
        "no row to verify".to_owned()
    } else {
        format!("verified the files of the rows: {}", counts.join(", "))
    }
}
