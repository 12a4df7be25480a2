//! Whether a resource is there, as the calls on it tell: what makes one begin anew, and what shows that a
//! deletion did not come about.

use super::fold::{StateFold, TimelineEntry};
use super::state::{Existence, State};
use super::step::{Operation, Step, StepOrigin, StepOutcome};
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::Resource;
use chrono::TimeDelta;
use std::sync::Arc;

/// So many seconds after a creation reads may still fail to find it (EC2: "Eventual consistency in the Amazon
/// EC2 API"; IAM and S3 say the same of theirs).
const SETTLED: i64 = 120;

/// How long after a deletion calls may still find what goes on being deleted.
const VANISHING: TimeDelta = TimeDelta::seconds(60);

impl StateFold {
    pub(super) fn created(&mut self, step: &Step, notes: &mut Vec<String>) {
        let repeatable = step.repeatable;
        match self.state.exists {
            // Of one that only an error showed to be gone, none was there before.
            Existence::Gone if self.entries.iter().any(TimelineEntry::is_change) => {
                self.state.incarnation += 1
            }
            Existence::Exists if repeatable => {
                notes.push("it was there already".to_owned());
                return;
            }
            // Who finds it there is told the same as who makes it.
            Existence::Unknown if repeatable => {
                notes.push(
                    "it may have been there before these logs: the call succeeds either way".to_owned(),
                );
                self.state.exist(Existence::Exists, &step.origin);
                return;
            }
            Existence::Exists => {
                notes.push("what had the name before was deleted, and that is not in these logs".to_owned());
                self.state.incarnation += 1;
            }
            Existence::Gone | Existence::Unknown => {}
        }
        self.state.create(&step.origin);
    }

    /// A call that changed it shows that it was there; `is_met` says that it names an id that was known of it.
    pub(super) fn is_there(&mut self, step: &Step, is_met: bool, notes: &mut Vec<String>) {
        let id_is_for_good = Resource::from_id(&step.resource.id).is_some();
        let is_vague = step.kind == StepOutcome::NotModelled || step.ops.is_empty();
        match self.state.exists {
            Existence::Gone if step.ops.contains(&Operation::CancelDeletion) => {
                notes.push("it was brought back".to_owned());
                self.state.exist(Existence::Exists, &step.origin);
            }
            Existence::Gone | Existence::Unknown if step.ops.contains(&Operation::ForgetExistence) => {
                notes.push("whether it is there after this, the record does not tell".to_owned());
            }
            Existence::Gone if step.or == Some(Action::Created) => {
                self.state.incarnation += 1;
                self.state.create(&step.origin);
            }
            Existence::Gone if (id_is_for_good || is_vague || is_met) && !self.outlived(step) => {
                notes.push("after its deletion".to_owned());
            }
            Existence::Gone if id_is_for_good => {
                notes.push("after its deletion: whether that came about is not known".to_owned());
                self.state.exist(Existence::Unknown, &step.origin);
            }
            Existence::Gone if is_met => {
                notes.push("it is there still: its deletion did not come about".to_owned());
                self.state.exist(Existence::Exists, &step.origin);
            }
            Existence::Gone => {
                notes.push("it is there again: its creation is not in these logs".to_owned());
                let incarnation = self.state.incarnation + 1;
                self.state = State { incarnation, ..State::default() };
                self.state.exist(Existence::Exists, &step.origin);
            }
            Existence::Unknown | Existence::Exists => self.state.exist(Existence::Exists, &step.origin),
        }
    }

    /// Whether a call shows that something was there after its deletion: not while that was still going on, nor
    /// where the service itself clears up, or what is gone can still be tagged.
    fn outlived(&self, step: &Step) -> bool {
        let gone = self.state.exists_by.as_ref().and_then(|it| it.time);
        let is_later = |(gone, now): (Time, Time)| now.utc().signed_duration_since(gone.utc()) > VANISHING;
        let is_tag = |op: &Operation| match op {
            Operation::Set { path, .. }
            | Operation::RetainKeys { path, .. }
            | Operation::Shape { path, .. } => path.parts().next() == Some("tags"),
            _ => false,
        };
        let is_tagged = !step.ops.is_empty() && step.ops.iter().all(is_tag);
        gone.zip(step.origin.time).is_some_and(is_later) && !step.origin.is_by_service() && !is_tagged
    }

    /// The call that it is known by, where that makes a resource or finds it.
    fn perhaps_made(&self) -> Option<&Arc<StepOrigin>> {
        let by = self.state.exists_by.as_ref()?;
        let makes = |entry: &&TimelineEntry| entry.step.repeatable && entry.step.action == Action::Created;
        let is_one = self.entries.iter().filter(makes).any(|entry| entry.step.origin == *by);
        is_one.then_some(by)
    }

    /// Whether it was made so short before that a read need not know it yet, as services answer from copies.
    pub(super) fn is_new(&self, step: &Step) -> bool {
        let made = self.state.created.as_ref().or_else(|| self.perhaps_made()).and_then(|it| it.time);
        let is_within = |(made, now): (Time, Time)| (now.utc() - made.utc()).num_seconds() <= SETTLED;
        self.state.exists == Existence::Exists && made.zip(step.origin.time).is_some_and(is_within)
    }
}
