//! A fold whose parts have a type that only the fold knows.
//!
//! The reader of an archive is large, and was compiled once for each fold. Behind this face there is one reader for all:
//! a record that matters costs an indirect call.

use super::{EventContext, Fold, FoldNeeds, Interest, UnparsedEvent};
use crate::event::Event;
use std::any::Any;

/// What one thread gathered for a fold.
pub struct AnyPart(Box<dyn Any + Send>);

impl AnyPart {
    /// Returns the part of the fold that began it.
    ///
    /// # Panics
    /// When another fold began it.
    pub fn into_part_of<F: Fold>(self) -> F::Accumulator {
        *self.0.downcast().unwrap_or_else(|_| unreachable!("a part goes back to the fold that began it"))
    }

    fn part_of<F: Fold>(&mut self) -> &mut F::Accumulator {
        self.0.downcast_mut().unwrap_or_else(|| unreachable!("a part goes back to the fold that began it"))
    }
}

/// [`Fold`], without the types of what it gathers and answers.
pub trait AnyFold: Sync {
    /// Begins a part.
    fn new_part(&self) -> AnyPart;
    /// As [`Fold::needs`].
    fn needs(&self) -> FoldNeeds<'_>;
    /// As [`Fold::call_interest`].
    fn call_interest(&self, source: &str, name: &str) -> Interest;
    /// As [`Fold::fold_unparsed`].
    fn fold_unparsed(&self, part: &mut AnyPart, unparsed: &UnparsedEvent<'_>) -> bool;
    /// As [`Fold::event`].
    fn event(&self, part: &mut AnyPart, event: &Event<'_>, context: &EventContext<'_>);
    /// As [`Fold::copy`].
    fn copy(&self, part: &mut AnyPart, event: &Event<'_>, context: &EventContext<'_>);
    /// As [`Fold::begin`].
    fn begin(&self, part: &mut AnyPart);
    /// As [`Fold::doubt`].
    fn doubt(&self, part: &mut AnyPart);
    /// As [`Fold::merge`].
    fn merge(&self, into: &mut AnyPart, part: AnyPart);
    /// As [`Fold::subtract`].
    fn subtract(&self, from: &mut AnyPart, copies: AnyPart);
}

impl<F: Fold> AnyFold for F {
    fn new_part(&self) -> AnyPart {
        AnyPart(Box::new(F::Accumulator::default()))
    }

    fn needs(&self) -> FoldNeeds<'_> {
        Fold::needs(self)
    }

    fn call_interest(&self, source: &str, name: &str) -> Interest {
        Fold::call_interest(self, source, name)
    }

    fn fold_unparsed(&self, part: &mut AnyPart, unparsed: &UnparsedEvent<'_>) -> bool {
        Fold::fold_unparsed(self, part.part_of::<F>(), unparsed)
    }

    fn event(&self, part: &mut AnyPart, event: &Event<'_>, context: &EventContext<'_>) {
        Fold::event(self, part.part_of::<F>(), event, context);
    }

    fn copy(&self, part: &mut AnyPart, event: &Event<'_>, context: &EventContext<'_>) {
        Fold::copy(self, part.part_of::<F>(), event, context);
    }

    fn begin(&self, part: &mut AnyPart) {
        Fold::begin(self, part.part_of::<F>());
    }

    fn doubt(&self, part: &mut AnyPart) {
        Fold::doubt(self, part.part_of::<F>());
    }

    fn merge(&self, into: &mut AnyPart, part: AnyPart) {
        Fold::merge(self, into.part_of::<F>(), part.into_part_of::<F>());
    }

    fn subtract(&self, from: &mut AnyPart, copies: AnyPart) {
        Fold::subtract(self, from.part_of::<F>(), copies.into_part_of::<F>());
    }
}
