//! How many events there are, how many of them failed, and from when to when.

use crate::event::{Outcome, Time};

/// How many events there are, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventTally {
    /// How many events.
    pub count: u64,
    /// How many of them failed.
    pub failed: u64,
    /// The earliest.
    pub first: Option<Time>,
    /// The latest.
    pub last: Option<Time>,
}

impl EventTally {
    /// Counts an event.
    pub fn add(&mut self, time: Option<Time>, outcome: Outcome) {
        self.count += 1;
        self.failed += u64::from(outcome == Outcome::Failed);
        self.span(time, time);
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.failed += other.failed;
        self.span(other.first, other.last);
    }

    /// Takes away what was counted too often.
    pub fn subtract(&mut self, copies: Self) {
        self.count = self.count.saturating_sub(copies.count);
        self.failed = self.failed.saturating_sub(copies.failed);
    }

    fn span(&mut self, first: Option<Time>, last: Option<Time>) {
        self.first = self.first.into_iter().chain(first).min();
        self.last = self.last.max(last);
    }
}
