//! Asks the sources: what need not be opened, what need not be parsed, and what a fold is told of.

use super::call_cache::CallInterest;
use super::dedup::{DedupFilter, DedupMode, Disposition, SeenIds, find_duplicates};
use super::keys::KeyProbe;
use super::{CandidateRecord, FilePlan, Job, Progress, ReadStates, Skip, Unmatched, scan};
use crate::answer::{Coverage, EventContext, Fold, FoldNeeds, Interest, Skipped, UnparsedEvent};
use crate::container::Limits;
use crate::decode;
use crate::decode::StreamKind;
use crate::decode::outline::Field;
use crate::error::{Error, Trouble};
use crate::event::{Event, EventParser, as_utf8};
use crate::input::{Key, Source};
use crate::query::{CandidatePlaces, Filter, Literals};
use std::collections::HashSet;
use std::sync::Arc;

/// A fold and the filters that go with it.
pub struct Query<'q, F> {
    fold: &'q F,
    needs: FoldNeeds<'q>,
    filter: &'q Filter,
    keys: KeyProbe<'q>,
    limits: Limits,
    /// What every event holds that passes the filters.
    required: Literals,
    /// What nominates events.
    sought: Literals,
    /// Where the states of the files are noted whose records are told of.
    states: Option<&'q ReadStates>,
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
    fn merge(&mut self, other: Self) {
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

    /// Notes in which state the files are, each before it is read.
    pub fn noting_states(self, states: Option<&'q ReadStates>) -> Self {
        Self { states, ..self }
    }

    /// Returns whether a file is left out by its key.
    pub fn leaves_out(&self, source: &Source) -> bool {
        self.keys.leave_out(source)
    }

    /// Returns the literals that nominate records, for `--explain`.
    pub fn literals(&self) -> String {
        let sought = if self.needs.everything { String::new() } else { self.sought.words() };
        [self.required.words(), sought]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(" and ")
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
        let read = |sources: &[Source], copies| {
            let mut scanned = scan(sources, &ScanPass { ask: self, copies }, self.limits, threads, progress)?;
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
            (false, false) => DedupMode::FirstOnly(DedupFilter::of_all(HashSet::new())),
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
            if self.needs.subtracts && !doubts.has_corrections() && !doubts.has_parts() {
                let surplus = read(&doubtful, DedupMode::ExtrasOnly(doubts.once))?.part;
                self.fold.subtract(&mut scanned.part.part, surplus.part);
                scanned.part.copies = surplus.copies;
                let passed = &mut scanned.part.stats.records_matched;
                *passed = passed.saturating_sub(surplus.copies);
            } else {
                drop(scanned);
                scanned = read(sources, DedupMode::FirstOnly(doubts.once))?;
            }
        }
        let QueryState { part, mut stats, copies, corrected, .. } = scanned.part;
        stats.files_counted_only = scanned.files_counted_only;
        stats.records_seen += scanned.passed_by;
        let mut coverage = scanned.coverage;
        (coverage.duplicates, coverage.corrected) = (copies, corrected);
        let answer = self.fold.finish(part, &mut coverage);
        Ok(Answered { answer, coverage, troubles: scanned.troubles, config: scanned.config, stats })
    }

    /// Returns whether a record matters by its bytes and its call, and whether its bytes nominate it.
    fn matters(&self, candidate: &CandidateRecord<'_>) -> (bool, bool) {
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

/// One reading of the sources.
struct ScanPass<'a, 'q, F> {
    ask: &'a Query<'q, F>,
    copies: DedupMode,
}

/// What one thread gathers in a reading.
struct QueryState<P> {
    part: P,
    stats: ScanStats,
    notes: Vec<SeenIds>,
    /// Copies that were not told of.
    copies: u64,
    /// Events that were not told of because a later record corrects them.
    corrected: u64,
    /// The number of the file that is being read.
    file: u32,
    /// How many records had passed before the stream that is being read.
    marked: u64,
}

impl<P: Default> Default for QueryState<P> {
    fn default() -> Self {
        Self {
            part: P::default(),
            stats: ScanStats::default(),
            notes: Vec::new(),
            copies: 0,
            corrected: 0,
            file: 0,
            marked: 0,
        }
    }
}

impl<P> QueryState<P> {
    fn notes(&mut self) -> &mut SeenIds {
        if self.notes.is_empty() {
            self.notes.push(SeenIds::default());
        }
        &mut self.notes[0]
    }
}

impl<F: Fold> ScanPass<'_, '_, F> {
    /// Tells of a record by its plain fields, if they are all that is needed.
    fn try_unparsed(
        &self,
        gathered: &mut QueryState<F::Accumulator>,
        candidate: &CandidateRecord<'_>,
    ) -> bool {
        let id = as_utf8(candidate.raw.id.or_else(|| candidate.record.fixed?.id()));
        let Some(id) = id.filter(|id| !id.is_empty()) else { return false };
        let record = candidate.record;
        // It may be a row of an export, which is a copy of others.
        if record.fixed.is_none() && !record.outline().has(Field::RequestParameters) {
            return false;
        }
        let clear = match &self.copies {
            DedupMode::FirstOnly(once) => !once.suspects(id),
            // Nothing but what may be a copy is of interest.
            DedupMode::ExtrasOnly(once) if !once.suspects(id) => return true,
            DedupMode::WholeIds(once) if !once.may_be_partial(id) => return true,
            DedupMode::ExtrasOnly(_) | DedupMode::WholeIds(_) => false,
            DedupMode::Off | DedupMode::Record => true,
        };
        if !clear || !self.ask.filter.decided_by_raw_fields(&candidate.raw) {
            return false;
        }
        let outcome = || decode::plain_outcome(candidate.record, &candidate.raw);
        let plain = UnparsedEvent {
            raw: candidate.raw,
            identity: decode::caller_text(candidate.record),
            outcome: &outcome,
        };
        if !self.ask.fold.fold_unparsed(&mut gathered.part, &plain) {
            return false;
        }
        if let DedupMode::Record = self.copies {
            let file = gathered.file;
            gathered.notes().id(id, file);
        }
        gathered.stats.records_matched += 1;
        true
    }

    /// Tells of an event, unless it is a copy or was corrected.
    fn event(
        &self,
        gathered: &mut QueryState<F::Accumulator>,
        event: &Event<'_>,
        context: &EventContext<'_>,
    ) {
        let passes = context.passes;
        let fate = match &self.copies {
            DedupMode::Record if passes => {
                let file = gathered.file;
                gathered.notes().event(event, file);
                Disposition::Keep
            }
            DedupMode::FirstOnly(once) | DedupMode::ExtrasOnly(once) => once.fate(event),
            DedupMode::WholeIds(once) => return gathered.notes().whole(event, once),
            DedupMode::Record | DedupMode::Off => Disposition::Keep,
        };
        let is_surplus = matches!(self.copies, DedupMode::ExtrasOnly(_));
        match fate {
            Disposition::Duplicate if is_surplus => {
                gathered.copies += 1;
                self.ask.fold.event(&mut gathered.part, event, context);
            }
            _ if is_surplus => {}
            Disposition::Keep => {
                gathered.stats.records_matched += u64::from(passes);
                self.ask.fold.event(&mut gathered.part, event, context);
            }
            Disposition::Duplicate => {
                gathered.copies += 1;
                self.ask.fold.copy(&mut gathered.part, event, context);
            }
            Disposition::Superseded => gathered.corrected += 1,
        }
    }
}

impl<F: Fold> Job for ScanPass<'_, '_, F> {
    type Accumulator = QueryState<F::Accumulator>;

    fn skip_unopened(&self, _source: &Source, key: Option<&Key>) -> Option<Skip> {
        key.and_then(|key| self.ask.keys.refused(key)).map(Skip::Skipped)
    }

    fn worth(&self, content: &[u8]) -> FilePlan {
        let Query { required, sought, needs, .. } = self.ask;
        let required = required.places(content);
        if required == CandidatePlaces::Nowhere || needs.everything {
            return FilePlan { places: required, rest: Unmatched::CountOnly };
        }
        match (sought.places(content), required) {
            (CandidatePlaces::Nowhere, _) => {
                FilePlan { places: CandidatePlaces::Nowhere, rest: Unmatched::JudgeByCall }
            }
            (sought, CandidatePlaces::Anywhere) => FilePlan { places: sought, rest: Unmatched::JudgeByCall },
            (_, required) => FilePlan { places: required, rest: Unmatched::CountOnly },
        }
    }

    fn call_interest(&self, source: &str, name: &str) -> CallInterest {
        CallInterest {
            may_match: self.ask.needs.unfiltered || self.ask.filter.pass_call(source, name),
            concern: self.ask.fold.call_interest(source, name),
        }
    }

    fn wants_user_agent(&self) -> bool {
        !self.ask.filter.user_agent.is_empty()
    }

    fn notes_states(&self) -> bool {
        self.ask.states.is_some()
    }

    fn told(&self, gathered: &Self::Accumulator) -> u64 {
        gathered.stats.records_parsed + gathered.stats.records_matched
    }

    fn begin(&self, gathered: &mut Self::Accumulator, _source: &Source, number: u32) {
        gathered.file = number;
        gathered.marked = gathered.stats.records_matched;
        self.ask.fold.begin(&mut gathered.part);
    }

    /// Looks at one record, and parses it when it may match.
    fn record(
        &self,
        gathered: &mut Self::Accumulator,
        parser: &mut EventParser,
        candidate: &CandidateRecord<'_>,
    ) -> Result<(), String> {
        let Query { filter, needs, .. } = self.ask;
        let record = candidate.record;
        gathered.stats.records_seen += 1;
        let corrects = record.corrects();
        let may_match = record.is_unsure() || needs.unfiltered || filter.may_match(&candidate.raw);
        gathered.stats.records_prefiltered += u64::from(may_match);
        let (matters, nominated) = if may_match { self.ask.matters(candidate) } else { (false, false) };
        if !matters && !corrects {
            return Ok(());
        }
        if !corrects && !needs.unfiltered && !record.is_unsure() && self.try_unparsed(gathered, candidate) {
            return Ok(());
        }
        gathered.stats.records_parsed += 1;
        let folded = candidate.parse(parser, |event| {
            let corrects = event.corrects();
            if let (Some(original), DedupMode::Record) = (corrects, &self.copies) {
                gathered.notes().correction(original);
            }
            let passes = matters && filter.matches(event);
            if passes || (matters && needs.unfiltered) || (corrects.is_some() && needs.merges_copies) {
                let identity = decode::caller_text(record);
                let (file, record, raw) = (candidate.file, record.index, record.text);
                self.event(gathered, event, &EventContext { file, record, raw, identity, passes, nominated });
            }
        });
        folded.map_err(|error| error.to_string())
    }

    fn end(&self, gathered: &mut Self::Accumulator, contents: &StreamKind, _counted: &Coverage) {
        if contents.is_doubtful() {
            gathered.stats.records_in_damaged_files += gathered.stats.records_matched - gathered.marked;
            self.ask.fold.doubt(&mut gathered.part);
        }
    }

    fn merge(&self, into: &mut Self::Accumulator, part: Self::Accumulator) {
        self.ask.fold.merge(&mut into.part, part.part);
        into.stats.merge(part.stats);
        into.notes.extend(part.notes);
        into.copies += part.copies;
        into.corrected += part.corrected;
    }
}
