//! What every answer is made by: a fold over the events that pass the filter.
//!
//! A fold says what it has to see of an archive, is told of the events (from
//! several threads, in no order, each thread with a part of its own), merges
//! the parts and makes the answer. Which bytes an event stood in, and how the
//! answer looks, is none of its business.

use super::logging_change::{LoggingChange, is_switch};
use super::{Coverage, Evidence, RowQuery};
use crate::event::{Event, Outcome, RawFields};
use crate::resource::{NamedResource, Reference};
use std::sync::Arc;

/// A fold over events. Shared by the threads; each has a part of its own.
pub trait Fold: Sync {
    /// What one thread gathers.
    type Accumulator: Default + Send + 'static;
    /// What it comes to.
    type Answer;

    /// Says what the fold has to see.
    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds::default()
    }

    /// Says whether a call of this name matters. Asked once for each name, and only where
    /// [`FoldNeeds::everything`] is not set.
    fn call_interest(&self, _source: &str, _name: &str) -> Interest {
        Interest::Never
    }

    /// Takes an event that passed the filters by its plain fields alone, so that its record need not be
    /// parsed; false when they do not do. Each event is told of either here or by [`Fold::event`].
    fn fold_unparsed(&self, _part: &mut Self::Accumulator, _unparsed: &UnparsedEvent<'_>) -> bool {
        false
    }

    /// Takes an event.
    fn event(&self, part: &mut Self::Accumulator, event: &Event<'_>, context: &EventContext<'_>);

    /// Takes a further copy of an event that was taken before: which of several was the first, threads decide. What an
    /// answer says of places (files, evidence) has to count all of them.
    fn copy(&self, _part: &mut Self::Accumulator, _event: &Event<'_>, _context: &EventContext<'_>) {}

    /// Told before the first record of a stream.
    fn begin(&self, _part: &mut Self::Accumulator) {}

    /// Told behind the last record of a stream whose bytes were damaged, so that the records in it may say
    /// what was never logged.
    fn doubt(&self, _part: &mut Self::Accumulator) {}

    /// Adds what another thread gathered; which comes first must not matter.
    fn merge(&self, into: &mut Self::Accumulator, part: Self::Accumulator);

    /// Takes away what was counted too often: `copies` is what the surplus copies of events come to, of
    /// each of which one is left. So numbers are lowered, and nothing else changes.
    fn subtract(&self, _from: &mut Self::Accumulator, _copies: Self::Accumulator) {}

    /// Makes the answer.
    fn finish(&self, part: Self::Accumulator, coverage: &mut Coverage) -> Self::Answer;
}

/// What a fold has to see of an archive. Whatever is not needed may be left unread and unparsed.
#[derive(Default)]
pub struct FoldNeeds<'f> {
    /// Every event that passes the filters matters: the rest of this does not restrict.
    pub everything: bool,
    /// Events that name one of these matter: a resource under each of its names.
    pub references: Vec<&'f Reference>,
    /// Events matter that name one of these as their caller, its access key, or a resource they act on.
    /// Only letters, digits and `-_.@` are looked for.
    pub words: Vec<String>,
    /// Events that do not pass the filters are told of as well ([`EventContext::passes`]), if they matter otherwise.
    pub unfiltered: bool,
    /// The fold makes one of the copies of an event by itself, and is told of every record that corrects another.
    /// Other folds are told of each event once.
    pub merges_copies: bool,
    /// The fold asks on which days there are events ([`Coverage::days`]).
    pub days: bool,
    /// The fold can subtract ([`Fold::subtract`]), so that not everything is read again where there are copies.
    pub subtracts: bool,
}

impl FoldNeeds<'_> {
    /// Every event that passes the filters.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }
}

/// Whether calls of a name matter to a fold, though they name nothing that it looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interest {
    /// They do not.
    Never,
    /// They do where they failed, or CloudTrail left a part of the record out, and they name no resource.
    IfUnnamed,
    /// They do where CloudTrail left a part of the record out.
    IfOmitted,
    /// They do, but for those that did what they ask for and say that this was to read.
    UnlessRead,
    /// They do.
    Always,
}

/// What is told beside an event.
#[derive(Clone, Copy)]
pub struct EventContext<'t> {
    /// The file, with `!` before the member of a package.
    pub file: &'t Arc<str>,
    /// The place among the records of the file, counted from 0.
    pub record: u64,
    /// The record as it stands in the file.
    pub raw: &'t [u8],
    /// Whether the event passes the filters.
    pub passes: bool,
    /// Whether it may name what is looked for ([`FoldNeeds::references`], [`FoldNeeds::words`]), going by its bytes.
    pub nominated: bool,
}

impl EventContext<'_> {
    /// Returns where the record was found.
    pub fn evidence(&self) -> Evidence {
        Evidence { file: Arc::clone(self.file), record: self.record, damaged: false, proof: None }
    }
}

/// The plain fields of a record, as they are without parsing it; `None` where they cannot be seen.
pub struct UnparsedEvent<'r> {
    /// What was seen of it anyway.
    pub raw: RawFields<'r>,
    /// The text of `userIdentity`, and perhaps what follows it: equal texts are equal callers.
    pub identity: Option<&'r [u8]>,
    /// Says whether it may have a `sharedEventID`.
    pub may_be_shared: &'r dyn Fn() -> bool,
    /// Says whether the call did what it asks for; this has to be looked for.
    pub outcome: &'r dyn Fn() -> Option<Outcome>,
}

impl Fold for RowQuery {
    type Accumulator = super::RowCollector;
    type Answer = super::MatchedRows;

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds {
            // A reference without a single safe literal is looked for in every event.
            everything: self
                .resource
                .as_ref()
                .is_none_or(|it| it.references().any(|it| it.literals().is_empty())),
            references: self.resource.iter().flat_map(NamedResource::references).collect(),
            // The index keeps the words of callers apart from those of resources.
            words: self.key.iter().cloned().chain(self.caller_id()).collect(),
            unfiltered: self.follows,
            merges_copies: true,
            // What is missing from the logs of a resource is told beside its rows.
            days: self.resource.is_some(),
            subtracts: false,
        }
    }

    /// Calls may be meant for the resource without naming it.
    fn call_interest(&self, source: &str, name: &str) -> Interest {
        match () {
            () if self.resource.is_some() && is_switch(source, name) => Interest::Always,
            () if self.concern_of_unnamed(source, name) == Interest::Always => Interest::Always,
            () if self.may_answer(source, name) => Interest::IfUnnamed,
            () => self.concern_of_unnamed(source, name),
        }
    }

    fn event(&self, rows: &mut super::RowCollector, event: &Event<'_>, context: &EventContext<'_>) {
        rows.note_correction(event, context);
        if self.resource.is_some() && is_switch(event.source(), event.name()) {
            rows.switch(LoggingChange::new(event, context));
        }
        if context.passes {
            rows.may_have_acted(self, event);
        }
        match (context.nominated, context.passes) {
            (true, true) => rows.event(self, event, context.evidence(), context.raw),
            (true, false) if self.follows => rows.links(self, event),
            (false, true)
                if event.error_code().is_some() && self.may_answer(event.source(), event.name()) =>
            {
                rows.unnamed(self, event);
            }
            _ => {}
        }
    }

    fn begin(&self, rows: &mut super::RowCollector) {
        rows.mark();
    }

    fn doubt(&self, rows: &mut super::RowCollector) {
        rows.doubt();
    }

    fn merge(&self, into: &mut super::RowCollector, part: super::RowCollector) {
        into.merge(part);
    }

    fn finish(&self, rows: super::RowCollector, coverage: &mut Coverage) -> super::MatchedRows {
        rows.finish(coverage)
    }
}
