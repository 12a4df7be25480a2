//! Asks the sources: what need not be opened, what need not be parsed, and what a fold is told of.

use super::call_cache::Care;
use super::dedup::{Copies, Fate, Notes, Once, judge};
use super::keys::Keys;
use super::{Job, Passed, Progress, Rest, Seen, Worth, scan};
use crate::answer::{Concern, Coverage, Fold, Needs, Plain, Skipped, Told};
use crate::container::Limits;
use crate::decode;
use crate::decode::outline::Field;
use crate::decode::{Contents, Record};
use crate::error::{Error, Trouble};
use crate::event::{Event, Outcome, Parser};
use crate::input::{Key, Source};
use crate::query::{Filter, Literals, Places, utf8};
use std::collections::HashSet;
use std::sync::Arc;

/// A fold and the filters that go with it.
pub struct Ask<'q, F> {
    fold: &'q F,
    needs: Needs<'q>,
    filter: &'q Filter,
    keys: Keys<'q>,
    limits: Limits,
    /// What every event holds that passes the filters.
    required: Literals,
    /// What nominates events.
    sought: Literals,
}

/// What came of asking.
pub struct Asked<A> {
    /// The answer.
    pub answer: A,
    /// What was searched.
    pub coverage: Coverage,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
    /// The files of AWS Config that were met, and what they were counted as.
    pub config: Vec<(Arc<str>, Option<Skipped>)>,
    /// What each stage let through.
    pub effort: Effort,
}

/// What each stage let through, for `--explain`, and what the answer rests on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Effort {
    /// Files that need not be opened by what the index knows of them.
    pub known: u64,
    /// Files that were only counted.
    pub surveyed: u64,
    /// Records that were cut out and looked at.
    pub seen: u64,
    /// Records that may match by their plain fields.
    pub glanced: u64,
    /// Records that were parsed.
    pub parsed: u64,
    /// Records that passed the filters.
    pub passed: u64,
    /// Of these, records in damaged files, which may say what was never logged.
    pub doubtful: u64,
}

impl Effort {
    fn merge(&mut self, other: Self) {
        self.known += other.known;
        self.surveyed += other.surveyed;
        self.seen += other.seen;
        self.glanced += other.glanced;
        self.parsed += other.parsed;
        self.passed += other.passed;
        self.doubtful += other.doubtful;
    }
}

impl<'q, F: Fold> Ask<'q, F> {
    /// Prepares to ask `sources`.
    pub fn new(filter: &'q Filter, fold: &'q F, sources: &[Source], limits: Limits) -> Self {
        let needs = fold.needs();
        let prefilter = if needs.unfiltered { &Filter::default() } else { filter };
        Self {
            required: Literals::of_filter(prefilter),
            sought: Literals::of_sought(&needs.references, &needs.words),
            keys: Keys::new(filter, sources, limits),
            needs,
            fold,
            filter,
            limits,
        }
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
    ) -> Result<Asked<F::Answer>, Error> {
        let read = |sources: &[Source], copies| {
            scan(sources, &Reading { ask: self, copies }, self.limits, threads, progress)
        };
        let twice = sources.iter().all(Source::can_be_read_again);
        let first = match (self.needs.merges_copies, twice) {
            (true, _) => Copies::All,
            (false, true) => Copies::Noted,
            (false, false) => Copies::Once(Once::of_all(HashSet::new())),
        };
        let mut scanned = read(sources, first)?;
        if let Some(doubts) = judge(std::mem::take(&mut scanned.part.notes)) {
            progress.again();
            if self.needs.subtracts && !doubts.has_corrections() && !doubts.has_parts() {
                let numbered = sources.iter().zip(0..);
                let doubtful =
                    numbered.filter(|(_, number)| doubts.concern(*number)).map(|(it, _)| it.clone());
                let surplus = read(&doubtful.collect::<Vec<_>>(), Copies::Surplus(doubts.once))?.part;
                self.fold.subtract(&mut scanned.part.part, surplus.part);
                scanned.part.copies = surplus.copies;
                let passed = &mut scanned.part.effort.passed;
                *passed = passed.saturating_sub(surplus.copies);
            } else {
                drop(scanned);
                scanned = read(sources, Copies::Once(doubts.once))?;
            }
        }
        let Gathered { part, mut effort, copies, corrected, .. } = scanned.part;
        effort.surveyed = scanned.surveyed;
        effort.seen += scanned.passed_by;
        let mut coverage = scanned.coverage;
        (coverage.duplicates, coverage.corrected) = (copies, corrected);
        let answer = self.fold.finish(part, &mut coverage);
        Ok(Asked { answer, coverage, troubles: scanned.troubles, config: scanned.config, effort })
    }

    /// Returns whether a record matters by its bytes and its call, and whether its bytes nominate it.
    fn matters(&self, seen: &Seen<'_>) -> (bool, bool) {
        let Seen { record, glance, .. } = seen;
        if record.is_unsure() {
            return (true, true);
        }
        if !self.required.occur_in(record.text) {
            return (false, false);
        }
        if self.needs.everything || self.sought.occur_in(record.text) {
            return (true, true);
        }
        let matters = match (utf8(glance.source), utf8(glance.name)) {
            (Some(source), Some(name)) => match self.fold.concern(source, name) {
                Concern::Never => false,
                Concern::IfUnnamed => {
                    let may_fail = match record.sight {
                        Some(sight) => sight.may_tell_an_error(),
                        None => glance.fails != Some(false),
                    };
                    may_fail || decode::may_lack_a_part(record.text)
                }
                Concern::IfOmitted => decode::may_lack_a_part(record.text),
                // Whether it reads, the fold sees.
                Concern::Always | Concern::UnlessRead => true,
            },
            // What cannot be seen may be anything.
            _ => true,
        };
        (matters, false)
    }
}

/// One reading of the sources.
struct Reading<'a, 'q, F> {
    ask: &'a Ask<'q, F>,
    copies: Copies,
}

/// What one thread gathers in a reading.
struct Gathered<P> {
    part: P,
    effort: Effort,
    notes: Vec<Notes>,
    /// Copies that were not told of.
    copies: u64,
    /// Events that were not told of because a later record corrects them.
    corrected: u64,
    /// The number of the file that is being read.
    file: u32,
    /// How many records had passed before the stream that is being read.
    marked: u64,
}

impl<P: Default> Default for Gathered<P> {
    fn default() -> Self {
        Self {
            part: P::default(),
            effort: Effort::default(),
            notes: Vec::new(),
            copies: 0,
            corrected: 0,
            file: 0,
            marked: 0,
        }
    }
}

impl<P> Gathered<P> {
    fn notes(&mut self) -> &mut Notes {
        if self.notes.is_empty() {
            self.notes.push(Notes::default());
        }
        &mut self.notes[0]
    }
}

impl<F: Fold> Reading<'_, '_, F> {
    /// Tells of a record by its plain fields, if they are all that is needed.
    fn plain(&self, gathered: &mut Gathered<F::Part>, seen: &Seen<'_>) -> bool {
        let id = utf8(seen.glance.id.or_else(|| seen.record.sight?.id()));
        let Some(id) = id.filter(|id| !id.is_empty()) else { return false };
        let record = seen.record;
        // It may be a row of an export, which is a copy of others.
        if record.sight.is_none() && !record.outline().has(Field::RequestParameters) {
            return false;
        }
        let clear = match &self.copies {
            Copies::Once(once) => !once.suspects(id),
            // Nothing but what may be a copy is of interest.
            Copies::Surplus(once) if !once.suspects(id) => return true,
            Copies::Surplus(_) => false,
            Copies::All | Copies::Noted => true,
        };
        if !clear || !self.ask.filter.settled_by(&seen.glance) {
            return false;
        }
        let outcome = || outcome(seen);
        let plain = Plain { glance: seen.glance, identity: identity(seen.record), outcome: &outcome };
        if !self.ask.fold.plain(&mut gathered.part, &plain) {
            return false;
        }
        if let Copies::Noted = self.copies {
            let file = gathered.file;
            gathered.notes().id(id, file);
        }
        gathered.effort.passed += 1;
        true
    }

    /// Tells of an event, unless it is a copy or was corrected.
    fn event(&self, gathered: &mut Gathered<F::Part>, event: &Event<'_>, told: &Told<'_>) {
        let passes = told.passes;
        let fate = match &self.copies {
            Copies::Noted if passes => {
                let file = gathered.file;
                gathered.notes().event(event, file);
                Fate::Told
            }
            Copies::Once(once) | Copies::Surplus(once) => once.fate(event),
            Copies::Noted | Copies::All => Fate::Told,
        };
        let is_surplus = matches!(self.copies, Copies::Surplus(_));
        match fate {
            Fate::Copy if is_surplus => {
                gathered.copies += 1;
                self.ask.fold.event(&mut gathered.part, event, told);
            }
            _ if is_surplus => {}
            Fate::Told => {
                gathered.effort.passed += u64::from(passes);
                self.ask.fold.event(&mut gathered.part, event, told);
            }
            Fate::Copy => gathered.copies += 1,
            Fate::Corrected => gathered.corrected += 1,
        }
    }
}

impl<F: Fold> Job for Reading<'_, '_, F> {
    type Part = Gathered<F::Part>;

    fn pass_over(&self, _source: &Source, key: Option<&Key>) -> Option<Passed> {
        key.and_then(|key| self.ask.keys.refused(key)).map(Passed::Skipped)
    }

    fn worth(&self, content: &[u8]) -> Worth {
        let Ask { required, sought, needs, .. } = self.ask;
        let required = required.places(content);
        if required == Places::Nowhere || needs.everything {
            return Worth { places: required, rest: Rest::Counting };
        }
        match (sought.places(content), required) {
            (Places::Nowhere, _) => Worth { places: Places::Nowhere, rest: Rest::ItsCalls },
            (sought, Places::Anywhere) => Worth { places: sought, rest: Rest::ItsCalls },
            (_, required) => Worth { places: required, rest: Rest::Counting },
        }
    }

    fn care(&self, source: &str, name: &str) -> Care {
        Care {
            may_match: self.ask.needs.unfiltered || self.ask.filter.pass_call(source, name),
            concern: self.ask.fold.concern(source, name),
        }
    }

    fn wants_user_agent(&self) -> bool {
        !self.ask.filter.user_agent.is_empty()
    }

    fn begin(&self, gathered: &mut Self::Part, _source: &Source, number: u32) {
        gathered.file = number;
        gathered.marked = gathered.effort.passed;
        self.ask.fold.begin(&mut gathered.part);
    }

    /// Looks at one record, and parses it when it may match.
    fn record(&self, gathered: &mut Self::Part, parser: &mut Parser, seen: &Seen<'_>) -> Result<(), String> {
        let Ask { filter, needs, .. } = self.ask;
        let record = seen.record;
        gathered.effort.seen += 1;
        let corrects = record.corrects();
        let may_match = record.is_unsure() || needs.unfiltered || filter.may_match(&seen.glance);
        gathered.effort.glanced += u64::from(may_match);
        let (matters, nominated) = if may_match { self.ask.matters(seen) } else { (false, false) };
        if !matters && !corrects {
            return Ok(());
        }
        if !corrects && !needs.unfiltered && !record.is_unsure() && self.plain(gathered, seen) {
            return Ok(());
        }
        gathered.effort.parsed += 1;
        let folded = seen.parse(parser, |event| {
            let corrects = event.corrects();
            if let (Some(original), Copies::Noted) = (corrects, &self.copies) {
                gathered.notes().correction(original);
            }
            let passes = matters && filter.matches(event);
            if passes || (matters && needs.unfiltered) || (corrects.is_some() && needs.merges_copies) {
                let identity = identity(record);
                let (file, record, raw) = (seen.file, record.index, record.text);
                self.event(gathered, event, &Told { file, record, raw, identity, passes, nominated });
            }
        });
        folded.map_err(|error| error.to_string())
    }

    fn end(&self, gathered: &mut Self::Part, contents: &Contents, _counted: &Coverage) {
        if contents.is_doubtful() {
            gathered.effort.doubtful += gathered.effort.passed - gathered.marked;
            self.ask.fold.doubt(&mut gathered.part);
        }
    }

    fn merge(&self, into: &mut Self::Part, part: Self::Part) {
        self.ask.fold.merge(&mut into.part, part.part);
        into.effort.merge(part.effort);
        into.notes.extend(part.notes);
        into.copies += part.copies;
        into.corrected += part.corrected;
    }
}

/// The text of the caller, the same by whatever way.
fn identity<'r>(record: &Record<'r>) -> Option<&'r [u8]> {
    match record.sight {
        Some(sight) => Some(sight.identity()),
        None => record.outline().from(record.text, Field::UserIdentity),
    }
}

/// Returns whether the call did what it asks for, if that is plain.
fn outcome(seen: &Seen<'_>) -> Option<Outcome> {
    let record = seen.record;
    if record.sight.is_some_and(|sight| !sight.may_tell_an_error()) {
        return Some(Outcome::Succeeded);
    }
    match seen.glance.fails {
        Some(false) => Some(Outcome::Succeeded),
        // An empty code is none.
        _ => record
            .outline()
            .plain(record.text, Field::ErrorCode)
            .is_some_and(|code| !code.is_empty())
            .then_some(Outcome::Failed),
    }
}
