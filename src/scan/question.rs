//! What is asked of sources: what need not be opened, what need not be parsed, and how often they are read.

use super::ask::Answered;
use super::dedup::{DedupFilter, DedupMode, find_duplicates};
use super::keys::KeyProbe;
use super::pass::{PassState, ScanPass};
use super::{CandidateRecord, Progress, ReadStates, scan};
use crate::answer::{AnyFold, AnyPart, FoldNeeds, Interest};
use crate::container::Limits;
use crate::decode;
use crate::error::Error;
use crate::event::as_utf8;
use crate::input::Source;
use crate::query::{Filter, Literals};

/// A fold, what it needs and what passes.
pub(super) struct Question<'q> {
    pub(super) fold: &'q dyn AnyFold,
    pub(super) needs: FoldNeeds<'q>,
    pub(super) filter: &'q Filter,
    pub(super) keys: KeyProbe<'q>,
    limits: Limits,
    /// What every event holds that passes the filters.
    pub(super) required: Literals,
    /// What nominates events.
    pub(super) sought: Literals,
    /// Where the states of the files are noted whose records are told of.
    pub(super) states: Option<&'q ReadStates>,
}

impl<'q> Question<'q> {
    /// Prepares to ask `sources`.
    pub(super) fn new(filter: &'q Filter, fold: &'q dyn AnyFold, sources: &[Source], limits: Limits) -> Self {
        let needs = fold.needs();
        let prefilter = if needs.unfiltered { &Filter::default() } else { filter };
        Self {
            required: Literals::of_filter(prefilter),
            sought: Literals::of_searched(&needs.references, &needs.words),
            keys: KeyProbe::new(filter, sources, limits),
            needs,
            fold,
            filter,
            limits,
            states: None,
        }
    }

    /// Returns the literals that nominate records.
    pub(super) fn literals(&self) -> String {
        let sought = if self.needs.everything { String::new() } else { self.sought.words() };
        [self.required.words(), sought]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(" and ")
    }

    /// Reads the sources, as often as copies of events ask for, and returns what the fold gathered; nothing where no
    /// record was met.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub(super) fn read(
        &self,
        sources: &[Source],
        threads: usize,
        progress: &dyn Progress,
    ) -> Result<Answered<Option<AnyPart>>, Error> {
        let read = |sources: &[Source], copies| {
            let mut scanned =
                scan(sources, &ScanPass { question: self, copies }, self.limits, threads, progress)?;
            let states = std::mem::take(&mut scanned.states);
            if let Some(noted) = self.states {
                noted.add(states);
            }
            Ok::<_, Error>(scanned)
        };
        let twice = sources.iter().all(Source::can_be_read_again);
        let first = match (self.needs.merges_copies, twice) {
            (true, _) => DedupMode::Off,
            (false, true) => DedupMode::Record,
            (false, false) => DedupMode::FirstOnly(DedupFilter::of_all()),
        };
        let mut scanned = read(sources, first)?;
        if let Some(mut doubts) = find_duplicates(std::mem::take(&mut scanned.part.notes)) {
            progress.again();
            let numbered = sources.iter().zip(0..);
            let doubtful = numbered.filter(|(_, number)| doubts.call_interest(*number));
            let doubtful: Vec<Source> = doubtful.map(|(source, _)| source.clone()).collect();
            if doubts.has_parts() {
                let notes = read(&doubtful, DedupMode::WholeIds(doubts.whole_finder()))?.part.notes;
                doubts.add_whole(notes);
                progress.again();
            }
            if self.needs.subtracts && !doubts.has_parts() {
                let surplus = read(&doubtful, DedupMode::ExtrasOnly(doubts.once))?.part;
                if let (Some(part), Some(surplus)) = (&mut scanned.part.part, surplus.part) {
                    self.fold.subtract(part, surplus);
                }
                scanned.part.copies = surplus.copies;
                let passed = &mut scanned.part.stats.records_matched;
                *passed = passed.saturating_sub(surplus.copies);
            } else {
                drop(scanned);
                scanned = read(sources, DedupMode::FirstOnly(doubts.once))?;
            }
        }
        let PassState { part, mut stats, copies, corrections, .. } = scanned.part;
        stats.files_counted_only = scanned.files_counted_only;
        stats.records_seen += scanned.passed_by;
        let mut coverage = scanned.coverage;
        (coverage.duplicates, coverage.corrections) = (copies, corrections);
        Ok(Answered { answer: part, coverage, troubles: scanned.troubles, config: scanned.config, stats })
    }

    /// Returns whether a record matters by its bytes and its call, and whether its bytes nominate it.
    pub(super) fn matters(&self, candidate: &CandidateRecord<'_>) -> (bool, bool) {
        let CandidateRecord { record, raw, .. } = candidate;
        if record.is_unsure() {
            return (true, true);
        }
        if !self.required.occur_in(record.text) {
            return (false, false);
        }
        if self.needs.everything || self.sought.occur_in(record.text) {
            return (true, true);
        }
        let matters = match (as_utf8(raw.source), as_utf8(raw.name)) {
            (Some(source), Some(name)) => match self.fold.call_interest(source, name) {
                Interest::Never => false,
                Interest::IfUnnamed => {
                    let may_fail = match record.fixed {
                        Some(fixed) => fixed.may_hold_error(),
                        None => raw.fails != Some(false),
                    };
                    may_fail || decode::may_lack_a_part(record.text)
                }
                Interest::IfOmitted => decode::may_lack_a_part(record.text),
                // Whether it reads, the fold sees.
                Interest::Always | Interest::UnlessRead => true,
            },
            // What cannot be candidate may be anything.
            _ => true,
        };
        (matters, false)
    }
}
