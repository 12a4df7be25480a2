//! The fold behind `stats`: events counted by fields and over time.
//!
//! Where the fields are plain ones no record is parsed, but for the first of
//! each caller: equal texts of `userIdentity` are equal callers.

use super::by::By;
use super::intern::{Interner, Set, Spread};
use super::{Coverage, Fold, Needs, Plain, Told};
use crate::event::{Actor, Event, Outcome, Parser, Time};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

/// What is counted.
#[derive(Debug, Default)]
pub struct Stats {
    /// By what; without any all events are one group.
    pub by: Vec<By>,
    /// The length of a step in time, in seconds.
    pub every: Option<i64>,
}

/// More combinations of values than this of one event are not counted each.
const COMBINATIONS: usize = 1 << 12;

/// More steps than this are not shown where nothing happened in them: a single wrong date may be far off.
const STEPS: i64 = 10_000;

/// How many texts of callers a thread remembers.
const CALLERS: usize = 1 << 14;

/// What one thread counted.
#[derive(Default)]
pub struct Counted {
    keys: Interner,
    groups: Vec<Group>,
    actors: Interner,
    addresses: Interner,
    callers: Callers,
    parser: Parser,
    key: Vec<u8>,
    events: u64,
    crowded: u64,
}

/// The callers that were met last, by the texts of their identities.
#[derive(Default)]
struct Callers {
    known: Vec<Caller>,
    /// Where they stand, by a sample of the text.
    places: HashMap<u64, usize, BuildHasherDefault<Spread>>,
}

struct Caller {
    text: Box<[u8]>,
    number: u32,
    key: Box<[u8]>,
}

#[derive(Debug, Default)]
struct Group {
    tally: Tally,
    actors: Set,
    addresses: Set,
    /// By the number of the step.
    steps: Option<BTreeMap<i64, Step>>,
}

/// How many events there are, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many events.
    pub count: u64,
    /// How many of them failed.
    pub failed: u64,
    /// The earliest.
    pub first: Option<Time>,
    /// The latest.
    pub last: Option<Time>,
}

impl Tally {
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

/// What happened in one step of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// How many events.
    pub count: u64,
    /// How many of them failed.
    pub failed: u64,
}

/// What was counted, in order: the largest groups first.
#[derive(Debug, Default)]
pub struct Table {
    /// The names of the columns that a group is told by.
    pub columns: Vec<String>,
    /// The groups.
    pub groups: Vec<Counts>,
    /// How many events were counted.
    pub events: u64,
    /// Events with more combinations of values than are counted: each is in its first groups only.
    pub crowded: u64,
    /// The length of a step, in seconds.
    pub every: Option<i64>,
    /// Whether steps without an event are left out, there being too many of them.
    pub has_gaps: bool,
}

/// One group.
#[derive(Debug, Default)]
pub struct Counts {
    /// The texts of its columns.
    pub key: Vec<Option<String>>,
    /// How many events, and when.
    pub tally: Tally,
    /// How many different callers.
    pub actors: u64,
    /// How many different addresses.
    pub addresses: u64,
    /// What happened in each step in which anything did, by when the step begins.
    pub steps: Vec<(Time, Step)>,
}

impl Stats {
    /// Whether the groups are the steps of time themselves.
    fn is_timeline(&self) -> bool {
        self.by.is_empty() && self.every.is_some()
    }

    /// When a step begins.
    fn begins(&self, step: i64) -> Option<Time> {
        let seconds = step.checked_mul(self.every?)?;
        chrono::DateTime::from_timestamp(seconds, 0).map(Time::from)
    }

    fn put_step(&self, key: &mut Vec<u8>, time: Option<Time>) {
        let begins = self.step(time).and_then(|step| self.begins(step));
        put(key, begins.map(|time| time.to_string()).as_deref());
    }

    fn step(&self, time: Option<Time>) -> Option<i64> {
        Some(time?.utc().timestamp().div_euclid(self.every?))
    }

    fn count(&self, counted: &mut Counted, number: u32, seen: &One) {
        let number = number as usize;
        if counted.groups.len() <= number {
            counted.groups.resize_with(number + 1, Group::default);
        }
        let group = &mut counted.groups[number];
        group.tally.add(seen.time, seen.outcome);
        group.actors.add(seen.actor);
        if let Some(address) = seen.address {
            group.addresses.add(address);
        }
        if let Some(step) = self.step(seen.time).filter(|_| !self.is_timeline()) {
            let step = group.steps.get_or_insert_default().entry(step).or_default();
            step.count += 1;
            step.failed += u64::from(seen.outcome == Outcome::Failed);
        }
    }

    /// Adds the steps in which nothing happened; false when there are too many.
    fn fill(&self, groups: &mut Vec<Counts>) -> bool {
        let steps: BTreeSet<i64> = groups.iter().filter_map(|group| self.step(group.tally.first)).collect();
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return true };
        if last.saturating_sub(*first) > STEPS {
            return false;
        }
        for step in (*first..=*last).filter(|step| !steps.contains(step)) {
            let Some(begins) = self.begins(step) else { continue };
            let tally = Tally { first: Some(begins), ..Tally::default() };
            groups.push(Counts { key: vec![Some(begins.to_string())], tally, ..Counts::default() });
        }
        true
    }

    /// The groups of an event, each once.
    fn groups(&self, counted: &mut Counted, event: &Event<'_>) -> Vec<u32> {
        if self.is_timeline() {
            let mut key = Vec::new();
            self.put_step(&mut key, event.time());
            return vec![counted.keys.number(&key)];
        }
        let values: Vec<_> = self.by.iter().map(|by| by.values(event)).collect();
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
                        texts.iter().for_each(|text| put(&mut key, text.as_deref()));
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

/// One event, as it is counted.
struct One {
    time: Option<Time>,
    outcome: Outcome,
    actor: u32,
    address: Option<u32>,
}

impl Fold for Stats {
    type Part = Counted;
    type Answer = Table;

    fn needs(&self) -> Needs<'_> {
        Needs { subtracts: true, ..Needs::everything() }
    }

    fn plain(&self, counted: &mut Counted, plain: &Plain<'_>) -> bool {
        let (Some(time), Some(outcome), Some(address)) =
            (plain.glance.time, plain.outcome, plain.glance.address)
        else {
            return false;
        };
        let Some(identity) = plain.identity else { return false };
        let Some(at) = counted.callers.find(identity).or_else(|| counted.meet(identity)) else {
            return false;
        };
        let Counted { keys, callers, key, .. } = counted;
        let caller = &callers.known[at];
        let actor = caller.number;
        key.clear();
        for by in &self.by {
            match by.plain(plain) {
                Some(text) => put(key, Some(text)),
                None if by.is_actor() => key.extend_from_slice(&caller.key),
                None => return false,
            }
        }
        if self.is_timeline() {
            self.put_step(key, Some(time));
        }
        let number = keys.number(key);
        let address = Some(counted.addresses.number(address.as_bytes()));
        counted.events += 1;
        self.count(counted, number, &One { time: Some(time), outcome, actor, address });
        true
    }

    fn event(&self, counted: &mut Counted, event: &Event<'_>, told: &Told<'_>) {
        let key = key(&event.actor());
        let actor = counted.actors.number(&key);
        if let Some(identity) = told.identity.filter(|it| it.starts_with(b"{")) {
            counted.callers.remember(identity, actor, key);
        }
        let address = event.text("sourceIPAddress");
        let address = address.map(|it| counted.addresses.number(it.as_bytes()));
        let one = One { time: event.time(), outcome: event.outcome(), actor, address };
        counted.events += 1;
        for number in self.groups(counted, event) {
            self.count(counted, number, &one);
        }
    }

    fn merge(&self, into: &mut Counted, part: Counted) {
        if into.events == 0 {
            *into = part;
            return;
        }
        let keys = into.keys.merge(part.keys);
        let actors = into.actors.merge(part.actors);
        let addresses = into.addresses.merge(part.addresses);
        into.groups.resize_with(into.keys.len(), Group::default);
        for (group, number) in part.groups.into_iter().zip(keys) {
            let mine = &mut into.groups[number as usize];
            mine.tally.merge(group.tally);
            mine.actors.merge(group.actors, &actors);
            mine.addresses.merge(group.addresses, &addresses);
            for (number, step) in group.steps.into_iter().flatten() {
                let mine = mine.steps.get_or_insert_default().entry(number).or_default();
                mine.count += step.count;
                mine.failed += step.failed;
            }
        }
        into.events += part.events;
        into.crowded += part.crowded;
    }

    fn subtract(&self, from: &mut Counted, copies: Counted) {
        for (key, group) in copies.keys.into_texts().iter().zip(copies.groups) {
            let number = from.keys.number(key) as usize;
            let Some(mine) = from.groups.get_mut(number) else { continue };
            mine.tally.subtract(group.tally);
            for (number, step) in group.steps.into_iter().flatten() {
                let mine = mine.steps.get_or_insert_default().entry(number).or_default();
                mine.count = mine.count.saturating_sub(step.count);
                mine.failed = mine.failed.saturating_sub(step.failed);
            }
        }
        from.events = from.events.saturating_sub(copies.events);
        from.crowded = from.crowded.saturating_sub(copies.crowded);
    }

    fn finish(&self, counted: Counted, _coverage: &mut Coverage) -> Table {
        let columns: Vec<String> = match self.is_timeline() {
            true => vec!["time".to_owned()],
            false => self.by.iter().flat_map(By::columns).cloned().collect(),
        };
        let texts = counted.keys.into_texts();
        let steps = |steps: Option<BTreeMap<i64, Step>>| {
            let steps = steps.into_iter().flatten();
            steps.filter_map(|(step, count)| Some((self.begins(step)?, count))).collect()
        };
        let groups = texts.into_iter().zip(counted.groups).map(|(key, group)| Counts {
            key: take(&key),
            tally: group.tally,
            actors: group.actors.len(),
            addresses: group.addresses.len(),
            steps: steps(group.steps),
        });
        let mut groups: Vec<Counts> = groups.collect();
        let mut has_gaps = false;
        if self.is_timeline() {
            has_gaps = !self.fill(&mut groups);
            groups.sort_unstable_by(|a, b| (a.tally.first, &a.key).cmp(&(b.tally.first, &b.key)));
        } else {
            let order = |it: &Counts| Reverse(it.tally.count);
            groups.sort_unstable_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.key.cmp(&b.key)));
        }
        let Counted { events, crowded, .. } = counted;
        Table { columns, groups, events, crowded, every: self.every, has_gaps }
    }
}

impl Counted {
    /// Takes a caller for known whose text is met for the first time, unless that says nothing alone.
    fn meet(&mut self, identity: &[u8]) -> Option<usize> {
        let key = self.parser.read_identity(identity, key).ok()?;
        let number = self.actors.number(&key);
        Some(self.callers.remember(identity, number, key))
    }
}

impl Callers {
    /// Returns where the caller stands whose text this is.
    fn find(&self, identity: &[u8]) -> Option<usize> {
        let at = *self.places.get(&sample(identity))?;
        (*self.known[at].text == *identity).then_some(at)
    }

    fn remember(&mut self, identity: &[u8], number: u32, key: Box<[u8]>) -> usize {
        if self.known.len() >= CALLERS {
            self.known.clear();
            self.places.clear();
        }
        self.places.insert(sample(identity), self.known.len());
        self.known.push(Caller { text: identity.into(), number, key });
        self.known.len() - 1
    }
}

/// The caller as the part of a group's key.
fn key(actor: &Actor<'_>) -> Box<[u8]> {
    let mut key = Vec::new();
    put(&mut key, Some(&actor.who()));
    put(&mut key, actor.account);
    key.into()
}

/// A number that different texts mostly differ in: texts of callers differ in names, keys and times.
fn sample(text: &[u8]) -> u64 {
    let mut hash = text.len() as u64;
    let (words, rest) = text.as_chunks::<8>();
    for word in words.iter().step_by(3) {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    rest.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn put(key: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(u32::MAX - 1));
    key.extend_from_slice(&length.to_le_bytes());
    key.extend_from_slice(text.unwrap_or_default().as_bytes());
}

/// Reads what [`put`] wrote.
fn take(mut key: &[u8]) -> Vec<Option<String>> {
    let mut texts = Vec::new();
    while let Some((length, rest)) = key.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length);
        if length == u32::MAX {
            texts.push(None);
            key = rest;
        } else {
            let (text, rest) = rest.split_at((length as usize).min(rest.len()));
            texts.push(Some(String::from_utf8_lossy(text).into_owned()));
            key = rest;
        }
    }
    texts
}
