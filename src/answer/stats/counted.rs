//! What one thread counted, by numbers for the keys of groups, callers and addresses.

use super::callers::CallerCounts;
use super::key::of_caller;
use crate::answer::EventTally;
use crate::answer::foreign::{CallerNames, ForeignActions};
use crate::answer::small_id_set::SmallIdSet;
use crate::event::{Actor, EventParser, Outcome, Time};
use crate::intern::Interner;
use std::collections::BTreeMap;

/// What happened in one step of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeStep {
    /// How many events.
    pub count: u64,
    /// How many of them failed.
    pub failed: u64,
}

/// What one thread counted.
#[derive(Default)]
pub struct Counted {
    pub(super) keys: Interner<[u8]>,
    /// By the numbers of their keys.
    pub(super) groups: Vec<GroupCount>,
    pub(super) actors: Interner<[u8]>,
    pub(super) addresses: Interner<[u8]>,
    pub(super) callers: CallerCounts,
    parser: EventParser,
    /// Room for the key that is being put together.
    pub(super) key: Vec<u8>,
    pub(super) events: u64,
    pub(super) crowded: u64,
    /// The callers, by their unique ids.
    pub(super) names: CallerNames,
    /// Records of actions that other accounts may have logged as well.
    pub(super) actions: ForeignActions,
}

#[derive(Debug, Default)]
pub(super) struct GroupCount {
    pub(super) tally: EventTally,
    pub(super) actors: SmallIdSet,
    pub(super) addresses: SmallIdSet,
    /// By the number of the step.
    pub(super) steps: Option<BTreeMap<i64, TimeStep>>,
}

/// One event, as it is counted.
pub(super) struct SoleGroup {
    pub(super) time: Option<Time>,
    pub(super) outcome: Outcome,
    pub(super) actor: Option<u32>,
    pub(super) address: Option<u32>,
    /// The number of its step, where groups have steps.
    pub(super) step: Option<i64>,
}

impl Counted {
    /// Counts an event in the group whose key has this number.
    pub(super) fn count(&mut self, number: u32, one: &SoleGroup) {
        let number = number as usize;
        if self.groups.len() <= number {
            self.groups.resize_with(number + 1, GroupCount::default);
        }
        let group = &mut self.groups[number];
        group.tally.add(one.time, one.outcome);
        if let Some(actor) = one.actor {
            group.actors.add(actor);
        }
        if let Some(address) = one.address {
            group.addresses.add(address);
        }
        if let Some(step) = one.step {
            let step = group.step(step);
            step.count += 1;
            step.failed += u64::from(one.outcome == Outcome::Failed);
        }
    }

    /// Takes a caller for known whose text is met for the first time, unless that says nothing alone.
    pub(super) fn meet(&mut self, identity: &[u8]) -> Option<usize> {
        let names = &mut self.names;
        let read = |actor: &Actor<'_>| {
            names.meet(actor);
            of_caller(actor)
        };
        let key = self.parser.read_identity(identity, read).ok()?;
        let number = self.actors.number(&key);
        Some(self.callers.remember(identity, number, key))
    }

    /// Adds what another thread counted.
    pub(super) fn merge(&mut self, part: Self) {
        if self.events == 0 {
            *self = part;
            return;
        }
        let keys = self.keys.merge(part.keys);
        let actors = self.actors.merge(part.actors);
        let addresses = self.addresses.merge(part.addresses);
        self.groups.resize_with(self.keys.len(), GroupCount::default);
        for (group, number) in part.groups.into_iter().zip(keys) {
            let mine = &mut self.groups[number as usize];
            mine.tally.merge(group.tally);
            mine.actors.merge(group.actors, &actors);
            mine.addresses.merge(group.addresses, &addresses);
            for (number, step) in group.steps.into_iter().flatten() {
                let mine = mine.step(number);
                mine.count += step.count;
                mine.failed += step.failed;
            }
        }
        self.events += part.events;
        self.crowded += part.crowded;
        self.names.merge(part.names);
        self.actions.merge(part.actions);
    }

    /// Takes away what was counted too often; who made the calls stays, being the same in every copy.
    pub(super) fn subtract(&mut self, copies: Self) {
        for (key, group) in copies.keys.into_texts().iter().zip(copies.groups) {
            let number = self.keys.number(key) as usize;
            let Some(mine) = self.groups.get_mut(number) else { continue };
            mine.tally.subtract(group.tally);
            for (number, step) in group.steps.into_iter().flatten() {
                let mine = mine.step(number);
                mine.count = mine.count.saturating_sub(step.count);
                mine.failed = mine.failed.saturating_sub(step.failed);
            }
        }
        self.events = self.events.saturating_sub(copies.events);
        self.crowded = self.crowded.saturating_sub(copies.crowded);
    }
}

impl GroupCount {
    /// Adds what is told of the same group by another name.
    pub(super) fn merge(&mut self, other: Self, numbers: &[u32]) {
        self.tally.merge(other.tally);
        self.actors.merge(other.actors, numbers);
        // Addresses are numbered alike.
        self.addresses.extend(other.addresses);
        for (number, step) in other.steps.into_iter().flatten() {
            let mine = self.step(number);
            mine.count += step.count;
            mine.failed += step.failed;
        }
    }

    fn step(&mut self, number: i64) -> &mut TimeStep {
        self.steps.get_or_insert_default().entry(number).or_default()
    }
}
