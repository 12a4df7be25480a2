//! What was counted, as it is told: groups in their order, with their steps.

use super::counted::{Counted, GroupCount, TimeStep};
use super::key::{put_text, take_texts};
use super::{GroupBy, Stats};
use crate::answer::EventTally;
use crate::answer::foreign::{CallerNames, KnownCaller, SharedActions};
use crate::event::Time;
use crate::intern::Interner;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// More steps than this are not shown where nothing happened in them: a single wrong date may be far off.
const STEPS: i64 = 10_000;

/// What was counted, in order: the largest groups first.
#[derive(Debug, Default)]
pub struct StatsTable {
    /// The names of the columns that a group is told by.
    pub columns: Vec<String>,
    /// The groups.
    pub groups: Vec<GroupCounts>,
    /// How many events were counted.
    pub events: u64,
    /// Events with more combinations of values than are counted: each is in its first groups only.
    pub crowded: u64,
    /// The length of a step, in seconds.
    pub every: Option<i64>,
    /// Whether steps without an event are left out, there being too many of them.
    pub has_gaps: bool,
    /// Actions that are logged in several accounts, each record being counted.
    pub shared: SharedActions,
}

/// One group.
#[derive(Debug, Default)]
pub struct GroupCounts {
    /// The texts of its columns.
    pub key: Vec<Option<String>>,
    /// How many events, and when.
    pub tally: EventTally,
    /// How many different callers.
    pub actors: u64,
    /// How many different addresses.
    pub addresses: u64,
    /// What happened in each step in which anything did, by when the step begins.
    pub steps: Vec<(Time, TimeStep)>,
}

impl Stats {
    /// Puts what was counted in order.
    pub(super) fn table(&self, counted: Counted) -> StatsTable {
        let columns = match self.is_timeline() {
            true => vec!["time".to_owned()],
            false => self.by.iter().flat_map(GroupBy::columns).cloned().collect(),
        };
        let Counted { keys, groups, events, crowded, names, actors, actions, .. } = counted;
        let groups = one_name(&columns, keys.into_texts(), groups, actors, &names);
        let steps = |steps: Option<BTreeMap<i64, TimeStep>>| {
            let steps = steps.into_iter().flatten();
            steps.filter_map(|(step, count)| Some((self.begins(step)?, count))).collect()
        };
        let groups = groups.into_iter().map(|(key, group)| GroupCounts {
            key,
            tally: group.tally,
            actors: group.actors.len(),
            addresses: group.addresses.len(),
            steps: steps(group.steps),
        });
        let mut groups: Vec<GroupCounts> = groups.collect();
        let mut has_gaps = false;
        if self.is_timeline() {
            has_gaps = !self.fill(&mut groups);
            groups.sort_unstable_by(|a, b| (a.tally.first, &a.key).cmp(&(b.tally.first, &b.key)));
        } else {
            let order = |it: &GroupCounts| Reverse(it.tally.count);
            groups.sort_unstable_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.key.cmp(&b.key)));
        }
        StatsTable { columns, groups, events, crowded, every: self.every, has_gaps, shared: actions.shared() }
    }

    /// Adds the steps in which nothing happened; false when there are too many.
    fn fill(&self, groups: &mut Vec<GroupCounts>) -> bool {
        let steps: BTreeSet<i64> = groups.iter().filter_map(|group| self.step(group.tally.first)).collect();
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return true };
        if last.saturating_sub(*first) > STEPS {
            return false;
        }
        for step in (*first..=*last).filter(|step| !steps.contains(step)) {
            let Some(begins) = self.begins(step) else { continue };
            let tally = EventTally { first: Some(begins), ..EventTally::default() };
            groups.push(GroupCounts { key: vec![Some(begins.to_string())], tally, ..GroupCounts::default() });
        }
        true
    }
}

/// A group, by the texts of its columns.
type GroupRow = (Vec<Option<String>>, GroupCount);

/// Makes one caller of each whom some records withhold and others name, in the columns and in the counts.
fn one_name(
    columns: &[String],
    keys: Vec<Box<[u8]>>,
    groups: Vec<GroupCount>,
    actors: Interner<[u8]>,
    names: &CallerNames,
) -> Vec<GroupRow> {
    let keyed = keys.iter().map(|key| take_texts(key)).zip(groups);
    let callers = names.known_callers();
    if callers.is_empty() {
        return keyed.collect();
    }
    let numbers = number_callers(actors, &callers);
    let mut merged: BTreeMap<Vec<Option<String>>, GroupCount> = BTreeMap::new();
    for (mut key, group) in keyed {
        for (text, _) in key.iter_mut().zip(columns).filter(|(_, column)| *column == "actor.who") {
            if let Some(known) = text.as_deref().and_then(|who| callers.get(who)) {
                *text = Some(known.who.clone());
            }
        }
        merged.entry(key).or_default().merge(group, &numbers);
    }
    merged.into_iter().collect()
}

/// The number of each caller, and of those whom some records withhold that of the name.
fn number_callers(actors: Interner<[u8]>, callers: &BTreeMap<&str, KnownCaller>) -> Vec<u32> {
    let texts = actors.into_texts();
    let by_text: HashMap<&[u8], u32> =
        texts.iter().zip(0..).map(|(text, number)| (&**text, number)).collect();
    let number = |text: &[u8], number: u32| {
        let who = take_texts(text).into_iter().next().flatten();
        let known = who.as_deref().and_then(|who| callers.get(who));
        let named = known.and_then(|known| {
            let mut key = Vec::new();
            put_text(&mut key, Some(&known.who));
            put_text(&mut key, known.account.as_deref());
            by_text.get(&*key).copied()
        });
        named.unwrap_or(number)
    };
    texts.iter().zip(0..).map(|(text, place)| number(text, place)).collect()
}
