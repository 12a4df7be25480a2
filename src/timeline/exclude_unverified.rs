//! A state without what some events say: as it is known by the others.

use super::Timeline;
use super::state::{Existence, State};
use super::step::StepOrigin;
use super::val::{Knowledge, UnknownReason};

impl Timeline {
    /// Takes back what events say that are not to count. Values are unknown then, and so is whether the
    /// resource is there; what was before them is not brought back, for it may not have been so any more.
    pub fn exclude_unverified(&mut self, counts: &dyn Fn(&StepOrigin) -> bool) {
        self.entries.retain(|entry| counts(&entry.step.origin));
        self.state.exclude_unverified(counts);
    }
}

impl State {
    fn exclude_unverified(&mut self, counts: &dyn Fn(&StepOrigin) -> bool) {
        for cell in self.cells.values_mut() {
            if cell.by.as_deref().is_some_and(|by| !counts(by)) {
                cell.val = Knowledge::Unknown(UnknownReason::Unproven);
            }
        }
        if self.exists_by.as_deref().is_some_and(|by| !counts(by)) {
            self.exists = Existence::Unknown;
            self.exists_by = None;
            self.ended_with = None;
        }
        self.created = self.created.take().filter(|by| counts(by));
        self.due = self.due.take().filter(|(_, by)| counts(by));
        self.unread.retain(|by| counts(by));
    }
}
