//! What is known of each resource in one line: whether it is there, who made it and changed it last, and
//! what it names. Made of one resource after the other, so that no state is held longer than its line.

use super::History;
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::Resource;
use crate::timeline::{
    Existence, Operation, ResourceRelation, StepOrigin, StepOutcome, StepOwner, Timeline, TimelineEntry,
    find_relations, fold_steps,
};
use std::sync::Arc;

/// One resource.
#[derive(Clone, Debug)]
pub struct InventoryRow {
    /// The resource, by all its identifiers.
    pub resource: Resource,
    /// Whether it is there.
    pub exists: Existence,
    /// The event that created it, if it was seen.
    pub created: Option<Arc<StepOrigin>>,
    /// The event that deleted it, if it is gone.
    pub deleted: Option<Arc<StepOrigin>>,
    /// Whether the call that is given as its creation also succeeds where the resource is there already: nothing tells
    /// whether it was.
    pub may_have_been_before: bool,
    /// What showed that it is there, or is not, where nothing but that is known of it: the error of a call, or
    /// AWS Config.
    pub seen: Option<Arc<StepOrigin>>,
    /// Where it is gone with something else, or was before that: what that was.
    pub ended_with: Option<StepOwner>,
    /// When its deletion is due, where that is scheduled and it is not known to be gone.
    pub due: Option<String>,
    /// The last event that changed it.
    pub last: Option<Arc<StepOrigin>>,
    /// The last time that AWS Config saw it.
    pub observed: Option<Arc<StepOrigin>>,
    /// How many events changed it.
    pub changes: usize,
    /// Which of several that had the name one after another.
    pub incarnation: u32,
    /// Whether no other had the name after it.
    pub is_last: bool,
    /// What it names.
    pub relations: Vec<ResourceRelation>,
    /// Whether it is known by more than calls that failed: it may never have been there.
    pub is_known: bool,
    /// Whether any of its events passes the filters.
    pub is_shown: bool,
    /// What is proven of all the events that are named here, when files were verified.
    pub verdict: Option<&'static str>,
}

impl InventoryRow {
    fn new(timeline: Timeline, history: &History) -> Self {
        let Timeline { resource, state, entries, .. } = timeline;
        // What is attached or detached is changed by that; the policy is not. Who ended what it was part of did not
        // change what was gone before.
        let own = || entries.iter().filter(|entry| entry.incarnation == state.incarnation);
        let is_own = |entry: &&TimelineEntry| entry.step.ended_with.as_ref().is_none_or(StepOwner::deletes);
        let changes = || own().filter(|entry| entry.is_change() && !entry.step.related).filter(is_own);
        let observed = own().rfind(|entry| entry.step.kind == StepOutcome::ConfigItem);
        let shows = |entry: &TimelineEntry| {
            let is_there = || entry.step.ops.contains(&Operation::ProveExistence(true));
            entry.is_change()
                || entry.step.kind == StepOutcome::ConfigItem
                || !entry.changes.is_empty()
                || is_there()
        };
        // Who finds it there is told the same as who makes it.
        let found = own().find(|entry| entry.is_change()).map(|entry| &entry.step);
        let found = found.filter(|step| step.repeatable && step.action == Action::Created);
        let found = found.filter(|_| state.created.is_none()).map(|step| Arc::clone(&step.origin));
        Self {
            exists: state.exists,
            may_have_been_before: found.is_some(),
            deleted: state.exists_by.clone().filter(|by| state.exists == Existence::Gone && !by.only_saw()),
            seen: state.exists_by.clone().filter(|by| by.only_saw()),
            last: changes().next_back().map(|entry| Arc::clone(&entry.step.origin)),
            changes: changes().count(),
            incarnation: state.incarnation,
            relations: find_relations(&resource, &state),
            observed: observed.map(|entry| Arc::clone(&entry.step.origin)),
            is_known: own().any(shows),
            is_shown: own().any(|entry| history.is_shown(&entry.step)),
            ended_with: state.ended_with,
            due: state.due.map(|(date, _)| date).filter(|_| state.exists != Existence::Gone),
            created: state.created.or(found),
            resource,
            is_last: true,
            verdict: None,
        }
    }

    /// Returns the events that are named here.
    pub fn events(&self) -> impl Iterator<Item = &StepOrigin> {
        [&self.created, &self.deleted, &self.seen, &self.last, &self.observed]
            .into_iter()
            .flatten()
            .map(|origin| &**origin)
    }
}

impl History {
    /// Lists every resource that has an event up to a moment; of several that had a name one after another, each. The steps are gone then.
    pub fn list(&mut self, until: Option<Time>) -> Vec<InventoryRow> {
        let steps = self.take_steps();
        let mut all = Vec::new();
        steps.each(&mut |resource, steps| {
            let mut timeline = fold_steps(resource, steps, until);
            if let Some(at) = until.or(self.end()) {
                timeline.come_due(at);
            }
            all.extend(
                timeline
                    .earlier()
                    .into_iter()
                    .map(|it| InventoryRow { is_last: false, ..InventoryRow::new(it, self) }),
            );
            if !timeline.entries.is_empty() {
                all.push(InventoryRow::new(timeline, self));
            }
        });
        all.shrink_to_fit();
        all
    }
}
