//! Two folds in one reading: the second is told of everything, the first of what passes the filters as well.

use super::Coverage;
use super::fold::{EventContext, Fold, FoldNeeds, Interest};
use crate::event::Event;
use crate::query::Filter;

/// Two folds that merge copies by themselves.
pub struct FoldPair<'f, A, B> {
    /// Told of every event, and which of them pass.
    pub first: &'f A,
    /// Told of every event, all of which pass.
    pub second: &'f B,
    /// The filters of the first.
    pub shown: &'f Filter,
}

impl<A: Fold, B: Fold> Fold for FoldPair<'_, A, B> {
    type Accumulator = (A::Accumulator, B::Accumulator);
    type Answer = (A::Answer, B::Answer);

    fn needs(&self) -> FoldNeeds<'_> {
        let (first, second) = (self.first.needs(), self.second.needs());
        FoldNeeds {
            everything: first.everything || second.everything,
            references: [first.references, second.references].concat(),
            words: [first.words, second.words].concat(),
            unfiltered: true,
            merges_copies: first.merges_copies && second.merges_copies,
            days: first.days || second.days,
            subtracts: false,
        }
    }

    fn call_interest(&self, source: &str, name: &str) -> Interest {
        self.first.call_interest(source, name).max(self.second.call_interest(source, name))
    }

    fn event(&self, part: &mut Self::Accumulator, event: &Event<'_>, context: &EventContext<'_>) {
        let passes = context.passes && self.shown.matches(event);
        self.first.event(&mut part.0, event, &EventContext { passes, ..*context });
        self.second.event(&mut part.1, event, context);
    }

    fn copy(&self, part: &mut Self::Accumulator, event: &Event<'_>, context: &EventContext<'_>) {
        self.first.copy(&mut part.0, event, context);
        self.second.copy(&mut part.1, event, context);
    }

    fn begin(&self, part: &mut Self::Accumulator) {
        self.first.begin(&mut part.0);
        self.second.begin(&mut part.1);
    }

    fn doubt(&self, part: &mut Self::Accumulator) {
        self.first.doubt(&mut part.0);
        self.second.doubt(&mut part.1);
    }

    fn merge(&self, into: &mut Self::Accumulator, part: Self::Accumulator) {
        self.first.merge(&mut into.0, part.0);
        self.second.merge(&mut into.1, part.1);
    }

    /// What is counted of the answer is that of the first.
    fn finish(&self, part: Self::Accumulator, coverage: &mut Coverage) -> Self::Answer {
        let second = self.second.finish(part.1, coverage);
        (self.first.finish(part.0, coverage), second)
    }
}
