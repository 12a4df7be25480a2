//! Asks the sources: a fold, the filters that go with it, and what comes of it.

use super::question::Question;
use super::{Progress, ReadStates};
use crate::answer::{AnyPart, Coverage, Fold, Skipped};
use crate::container::Limits;
use crate::error::{Error, Trouble};
use crate::input::Source;
use crate::query::Filter;
use std::sync::Arc;

/// A fold and the filters that go with it.
pub struct Query<'q, F> {
    fold: &'q F,
    question: Question<'q>,
}

/// What came of asking.
pub struct Answered<A> {
    /// The answer.
    pub answer: A,
    /// What was searched.
    pub coverage: Coverage,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
    /// The files of AWS Config that were met, and what they were counted as.
    pub config: Vec<(Arc<str>, Option<Skipped>)>,
    /// What each stage let through.
    pub stats: ScanStats,
}

impl<A> Answered<A> {
    /// Makes another answer of the answer; what it rests on stays.
    pub fn map<B>(self, make: impl FnOnce(A) -> B) -> Answered<B> {
        let Self { answer, coverage, troubles, config, stats } = self;
        Answered { answer: make(answer), coverage, troubles, config, stats }
    }
}

/// What each stage let through, for `--explain`, and what the answer rests on.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScanStats {
    /// Files that need not be opened by what the index knows of them.
    pub files_by_index: u64,
    /// Files that were only counted.
    pub files_counted_only: u64,
    /// Records that were cut out and looked at.
    pub records_seen: u64,
    /// Records that may match by their plain fields.
    pub records_prefiltered: u64,
    /// Records that were parsed.
    pub records_parsed: u64,
    /// Records that passed the filters.
    pub records_matched: u64,
    /// Of these, records in damaged files, which may say what was never logged.
    pub records_in_damaged_files: u64,
}

impl ScanStats {
    pub(super) fn merge(&mut self, other: Self) {
        self.files_by_index += other.files_by_index;
        self.files_counted_only += other.files_counted_only;
        self.records_seen += other.records_seen;
        self.records_prefiltered += other.records_prefiltered;
        self.records_parsed += other.records_parsed;
        self.records_matched += other.records_matched;
        self.records_in_damaged_files += other.records_in_damaged_files;
    }
}

impl<'q, F: Fold> Query<'q, F> {
    /// Prepares to ask `sources`.
    pub fn new(filter: &'q Filter, fold: &'q F, sources: &[Source], limits: Limits) -> Self {
        Self { fold, question: Question::new(filter, fold, sources, limits) }
    }

    /// Notes in which state the files are, each before it is read.
    pub fn noting_states(mut self, states: Option<&'q ReadStates>) -> Self {
        self.question.states = states;
        self
    }

    /// Returns whether a file is left out by its key.
    pub fn leaves_out(&self, source: &Source) -> bool {
        self.question.keys.leave_out(source)
    }

    /// Returns the literals that nominate records, for `--explain`.
    pub fn literals(&self) -> String {
        self.question.literals()
    }

    /// Reads the sources and makes the answer.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn answer(
        &self,
        sources: &[Source],
        threads: usize,
        progress: &dyn Progress,
    ) -> Result<Answered<F::Answer>, Error> {
        let mut read = self.question.read(sources, threads, progress)?;
        let part = read.answer.map(AnyPart::into_part_of::<F>).unwrap_or_default();
        let answer = self.fold.finish(part, &mut read.coverage);
        let Answered { coverage, troubles, config, stats, .. } = read;
        Ok(Answered { answer, coverage, troubles, config, stats })
    }
}
