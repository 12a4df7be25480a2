//! One reading of the sources for a question: which records are parsed, and what the fold is told of.

use super::ask::ScanStats;
use super::call_cache::CallInterest;
use super::dedup::{DedupMode, Disposition, SeenIds};
use super::question::Question;
use super::{CandidateRecord, FilePlan, Job, Skip, Unmatched};
use crate::answer::{AnyPart, Coverage, EventContext, UnparsedEvent};
use crate::decode;
use crate::decode::StreamKind;
use crate::decode::outline::Field;
use crate::event::{Event, EventParser, as_utf8};
use crate::input::{Key, Source};
use crate::query::CandidatePlaces;

/// One reading of the sources.
pub(super) struct ScanPass<'a, 'q> {
    pub(super) question: &'a Question<'q>,
    pub(super) copies: DedupMode,
}

/// What one thread gathers in a reading.
#[derive(Default)]
pub(super) struct PassState {
    /// Begun with the first stream.
    pub(super) part: Option<AnyPart>,
    pub(super) stats: ScanStats,
    pub(super) notes: Vec<SeenIds>,
    /// Copies that were not told of.
    pub(super) copies: u64,
    /// Records that say which earlier event they correct; that one stays.
    pub(super) corrections: u64,
    /// The number of the file that is being read.
    file: u32,
    /// How many records had passed before the stream that is being read.
    marked: u64,
}

impl PassState {
    fn notes(&mut self) -> &mut SeenIds {
        if self.notes.is_empty() {
            self.notes.push(SeenIds::default());
        }
        &mut self.notes[0]
    }
}

impl ScanPass<'_, '_> {
    fn part<'p>(&self, part: &'p mut Option<AnyPart>) -> &'p mut AnyPart {
        part.get_or_insert_with(|| self.question.fold.new_part())
    }

    /// Tells of a record by its plain fields, if they are all that is needed.
    fn try_unparsed(&self, gathered: &mut PassState, candidate: &CandidateRecord<'_>) -> bool {
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
        if !clear || !self.question.filter.decided_by_raw_fields(&candidate.raw) {
            return false;
        }
        let outcome = || decode::plain_outcome(candidate.record, &candidate.raw);
        let may_be_shared = || match &record.fixed {
            Some(fixed) => fixed.may_be_shared(),
            None => decode::may_be_shared(record.text),
        };
        let plain = UnparsedEvent {
            raw: candidate.raw,
            identity: decode::caller_text(candidate.record),
            may_be_shared: &may_be_shared,
            outcome: &outcome,
        };
        if !self.question.fold.fold_unparsed(self.part(&mut gathered.part), &plain) {
            return false;
        }
        if let DedupMode::Record = self.copies {
            let file = gathered.file;
            gathered.notes().id(id, file);
        }
        gathered.stats.records_matched += 1;
        true
    }

    /// Tells of an event, unless it is a copy.
    fn event(&self, gathered: &mut PassState, event: &Event<'_>, context: &EventContext<'_>) {
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
                self.question.fold.event(self.part(&mut gathered.part), event, context);
            }
            _ if is_surplus => {}
            Disposition::Keep => {
                gathered.stats.records_matched += u64::from(passes);
                self.question.fold.event(self.part(&mut gathered.part), event, context);
            }
            Disposition::Duplicate => {
                gathered.copies += 1;
                self.question.fold.copy(self.part(&mut gathered.part), event, context);
            }
        }
    }
}

impl Job for ScanPass<'_, '_> {
    type Accumulator = PassState;

    fn skip_unopened(&self, _source: &Source, key: Option<&Key>) -> Option<Skip> {
        key.and_then(|key| self.question.keys.refused(key)).map(Skip::Skipped)
    }

    fn worth(&self, content: &[u8]) -> FilePlan {
        let Question { required, sought, needs, .. } = self.question;
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
            may_match: self.question.needs.unfiltered || self.question.filter.pass_call(source, name),
            concern: self.question.fold.call_interest(source, name),
        }
    }

    fn wants_user_agent(&self) -> bool {
        !self.question.filter.user_agent.is_empty()
    }

    fn notes_states(&self) -> bool {
        self.question.states.is_some()
    }

    fn told(&self, gathered: &Self::Accumulator) -> u64 {
        gathered.stats.records_parsed + gathered.stats.records_matched
    }

    fn begin(&self, gathered: &mut Self::Accumulator, _source: &Source, number: u32) {
        gathered.file = number;
        gathered.marked = gathered.stats.records_matched;
        self.question.fold.begin(self.part(&mut gathered.part));
    }

    /// Looks at one record, and parses it when it may match.
    fn record(
        &self,
        gathered: &mut Self::Accumulator,
        parser: &mut EventParser,
        candidate: &CandidateRecord<'_>,
    ) -> Result<(), String> {
        let Question { filter, needs, .. } = self.question;
        let record = candidate.record;
        gathered.stats.records_seen += 1;
        let corrects = record.corrects();
        let may_match = record.is_unsure() || needs.unfiltered || filter.may_match(&candidate.raw);
        gathered.stats.records_prefiltered += u64::from(may_match);
        let (matters, nominated) = if may_match { self.question.matters(candidate) } else { (false, false) };
        if !matters && !corrects {
            return Ok(());
        }
        if !corrects && !needs.unfiltered && !record.is_unsure() && self.try_unparsed(gathered, candidate) {
            return Ok(());
        }
        gathered.stats.records_parsed += 1;
        let folded = candidate.parse(parser, |event| {
            let corrects = event.corrects();
            let passes = matters && filter.matches(event);
            gathered.corrections += u64::from(passes && corrects.is_some());
            if passes || (matters && needs.unfiltered) || (corrects.is_some() && needs.merges_copies) {
                let (file, record, raw) = (candidate.file, record.index, record.text);
                self.event(gathered, event, &EventContext { file, record, raw, passes, nominated });
            }
        });
        folded.map_err(|error| error.to_string())
    }

    fn end(&self, gathered: &mut Self::Accumulator, contents: &StreamKind, _counted: &Coverage) {
        if contents.is_doubtful() {
            gathered.stats.records_in_damaged_files += gathered.stats.records_matched - gathered.marked;
            self.question.fold.doubt(self.part(&mut gathered.part));
        }
    }

    fn merge(&self, into: &mut Self::Accumulator, part: Self::Accumulator) {
        if let Some(part) = part.part {
            self.question.fold.merge(self.part(&mut into.part), part);
        }
        into.stats.merge(part.stats);
        into.notes.extend(part.notes);
        into.copies += part.copies;
        into.corrections += part.corrections;
    }
}
