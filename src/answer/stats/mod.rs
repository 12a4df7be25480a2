//! The fold behind `stats`: events counted by fields and over time.
//!
//! Where the fields are plain ones no record is parsed, but for the first of
//! each caller (`callers`). `counted` holds what one thread counted, by the
//! keys of the groups (`key`); `table` is what comes of it.

mod callers;
mod counted;
mod key;
mod table;

pub use counted::TimeStep;
pub use table::{GroupCounts, StatsTable};

use super::by::GroupBy;
use super::{Coverage, EventContext, Fold, FoldNeeds, UnparsedEvent};
use crate::catalog::Catalog;
use crate::event::{Event, Outcome, Time, as_utf8};
use counted::{Counted, SoleGroup};
use key::{of_caller, put_text};

/// What is counted.
#[derive(Debug, Default)]
pub struct Stats {
    /// By what; without any all events are one group.
    pub by: Vec<GroupBy>,
    /// The length of a step in time, in seconds.
    pub every: Option<i64>,
    /// What is told of each group beside how many events it has, and when.
    pub wanted: StatsColumns,
    /// What tells what calls do to which resources.
    pub catalog: Catalog,
}

/// What is told of groups only where it is asked for: to tell callers apart costs more than to count. What is not
/// wanted stays 0.
#[derive(Clone, Copy, Debug)]
pub struct StatsColumns {
    /// How many events failed.
    pub failed: bool,
    /// How many different callers there are.
    pub actors: bool,
    /// How many different addresses there are.
    pub addresses: bool,
}

impl Default for StatsColumns {
    fn default() -> Self {
        Self { failed: true, actors: true, addresses: true }
    }
}

/// More combinations of values than this of one event are not counted each.
const COMBINATIONS: usize = 1 << 12;

impl Stats {
    /// Whether the groups are the steps of time themselves.
    fn is_timeline(&self) -> bool {
        self.by.is_empty() && self.every.is_some()
    }

    /// Whether callers are told apart, as groups or in them.
    fn wants_callers(&self) -> bool {
        self.wanted.actors || self.by.iter().any(GroupBy::is_actor)
    }

    /// When a step begins.
    fn begins(&self, step: i64) -> Option<Time> {
        let seconds = step.checked_mul(self.every?)?;
        chrono::DateTime::from_timestamp(seconds, 0).map(Time::from)
    }

    fn put_step(&self, key: &mut Vec<u8>, time: Option<Time>) {
        let begins = self.step(time).and_then(|step| self.begins(step));
        put_text(key, begins.map(|time| time.to_string()).as_deref());
    }

    fn step(&self, time: Option<Time>) -> Option<i64> {
        Some(time?.utc().timestamp().div_euclid(self.every?))
    }

    /// The step that is counted in a group, where groups are not the steps themselves.
    fn step_in_group(&self, time: Option<Time>) -> Option<i64> {
        self.step(time).filter(|_| !self.is_timeline())
    }

    /// The groups of an event, each once.
    fn groups(&self, counted: &mut Counted, event: &Event<'_>) -> Vec<u32> {
        if self.is_timeline() {
            let mut key = Vec::new();
            self.put_step(&mut key, event.time());
            return vec![counted.keys.number(&key)];
        }
        let values: Vec<_> = self.by.iter().map(|by| by.values(&self.catalog, event)).collect();
        let mut keys: Vec<Vec<u8>> = vec![Vec::new()];
        for values in &values {
            let room = (COMBINATIONS / keys.len()).max(1);
            counted.crowded += u64::from(values.len() > room);
            let longer = |key: &Vec<u8>| {
                values
                    .iter()
                    .take(room)
                    .map(|texts| {
                        let mut key = key.clone();
                        texts.iter().for_each(|text| put_text(&mut key, text.as_deref()));
                        key
                    })
                    .collect::<Vec<_>>()
            };
            keys = keys.iter().flat_map(longer).collect();
        }
        let mut numbers: Vec<u32> = keys.iter().map(|key| counted.keys.number(key)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

impl Fold for Stats {
    type Accumulator = Counted;
    type Answer = StatsTable;

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds { subtracts: true, ..FoldNeeds::everything() }
    }

    fn fold_unparsed(&self, counted: &mut Counted, unparsed: &UnparsedEvent<'_>) -> bool {
        if unparsed.raw.text.is_none() || (unparsed.may_be_shared)() {
            return false;
        }
        let outcome = if self.wanted.failed { (unparsed.outcome)() } else { Some(Outcome::Succeeded) };
        let (Some(time), Some(outcome)) = (unparsed.raw.time(), outcome) else { return false };
        let address = match (self.wanted.addresses, as_utf8(unparsed.raw.address)) {
            (true, Some(address)) => Some(counted.addresses.number(address.as_bytes())),
            (true, None) => return false,
            (false, _) => None,
        };
        let caller = match unparsed.identity {
            Some(identity) if self.wants_callers() => {
                counted.callers.find(identity).or_else(|| counted.meet(identity))
            }
            _ => None,
        };
        if caller.is_none() && self.wants_callers() {
            return false;
        }
        let Counted { keys, callers, key, .. } = counted;
        let caller = caller.map(|at| callers.at(at));
        let actor = caller.map(|caller| caller.number);
        key.clear();
        for by in &self.by {
            match (by.plain_value(unparsed), caller) {
                (Some(text), _) => put_text(key, Some(text)),
                (None, Some(caller)) if by.is_actor() => key.extend_from_slice(&caller.key),
                _ => return false,
            }
        }
        if self.is_timeline() {
            self.put_step(key, Some(time));
        }
        let number = keys.number(key);
        counted.events += 1;
        let (time, step) = (Some(time), self.step_in_group(Some(time)));
        counted.count(number, &SoleGroup { time, outcome, actor, address, step });
        true
    }

    fn event(&self, counted: &mut Counted, event: &Event<'_>, _context: &EventContext<'_>) {
        counted.actions.note(event);
        let actor = self.wants_callers().then(|| {
            let actor = event.actor();
            counted.names.meet(&actor);
            // What its text says alone is for `Counted::meet`: whether a broken record is read must not hang on which
            // callers this thread has met.
            counted.actors.number(&of_caller(&actor))
        });
        let address = event.text("sourceIPAddress").filter(|_| self.wanted.addresses);
        let address = address.map(|it| counted.addresses.number(it.as_bytes()));
        let time = event.time();
        let outcome = if self.wanted.failed { event.outcome() } else { Outcome::Succeeded };
        let one = SoleGroup { time, outcome, actor, address, step: self.step_in_group(time) };
        counted.events += 1;
        for number in self.groups(counted, event) {
            counted.count(number, &one);
        }
    }

    fn merge(&self, into: &mut Counted, part: Counted) {
        into.merge(part);
    }

    fn subtract(&self, from: &mut Counted, copies: Counted) {
        from.subtract(copies);
    }

    fn finish(&self, counted: Counted, _coverage: &mut Coverage) -> StatsTable {
        self.table(counted)
    }
}
