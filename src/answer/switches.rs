//! The calls that change what is logged, where nothing else is asked for.

use super::Coverage;
use super::fold::{EventContext, Fold, FoldNeeds, Interest};
use super::logging_change::{LoggingChange, is_switch};
use crate::event::Event;

/// Asks for the calls that change what is logged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Switches;

impl Fold for Switches {
    type Accumulator = Vec<LoggingChange>;
    type Answer = Vec<LoggingChange>;

    fn needs(&self) -> FoldNeeds<'_> {
        // The copies of a call tell the same.
        FoldNeeds { merges_copies: true, days: true, ..FoldNeeds::default() }
    }

    fn call_interest(&self, source: &str, name: &str) -> Interest {
        if is_switch(source, name) { Interest::Always } else { Interest::Never }
    }

    fn event(&self, part: &mut Vec<LoggingChange>, event: &Event<'_>, context: &EventContext<'_>) {
        if is_switch(event.source(), event.name()) {
            part.push(LoggingChange::new(event, context));
        }
    }

    fn merge(&self, into: &mut Vec<LoggingChange>, part: Vec<LoggingChange>) {
        into.extend(part);
    }

    fn finish(&self, mut part: Vec<LoggingChange>, _coverage: &mut Coverage) -> Vec<LoggingChange> {
        LoggingChange::settle(&mut part);
        part
    }
}
