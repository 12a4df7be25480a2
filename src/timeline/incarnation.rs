//! Which of several resources that had one name, one after another, a timeline is about.
//!
//! Calls name users, roles and databases by names that may be used again. Which call was about which of them
//! only their order tells: a creation begins the next, and so does an id that the one before did not have.

use super::fold::{Timeline, TimelineEntry, fold_steps};
use super::groups::merge_identifiers;
use super::step::Step;
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::{NamedResource, Resource};
use std::collections::{BTreeMap, BTreeSet};

/// From when to when a resource had a name; `None` where nothing tells.
pub type NameSpan = (Option<Time>, Option<Time>);

/// Which resources of a timeline's name are the one that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Incarnations {
    /// Those that are, with the spans in which they had the name.
    own: BTreeMap<u32, NameSpan>,
    /// Whether there are others beside them.
    others: bool,
    /// Whether nothing tells which of several resources of the name its events are about.
    is_uncertain: bool,
}

impl Incarnations {
    /// Finds out which are `named`; `seen` is when events showed that it had its name, in order of time.
    pub fn of(timeline: &Timeline, named: &NamedResource, seen: &[Time]) -> Self {
        let mut all: BTreeMap<u32, NameSpan> = BTreeMap::new();
        for entry in &timeline.entries {
            all.entry(entry.incarnation).or_insert_with(|| (start_of_name(entry), None));
        }
        let starts: Vec<_> = all.values().skip(1).map(|(from, _)| *from).collect();
        all.values_mut().zip(starts).for_each(|(span, next)| span.1 = next);
        let of = |is_it: &dyn Fn(&Resource) -> bool| -> BTreeSet<u32> {
            let found = timeline.entries.iter().filter(|entry| is_it(&entry.step.resource));
            found.map(|entry| entry.incarnation).collect()
        };
        let exact = of(&|it| named.is_exact(it));
        let namesakes = of(&|it| named.is_namesake(it));
        // Where ids are what resources are known by, those that had the name have been told apart by it.
        // Calls need not give the tail of an ARN: without any sign of another of the name, they mean this one.
        let is_untold = exact.is_empty() && named.is_asked_by_tail();
        let is_alone = is_untold && all.len() == 1 && namesakes.is_empty();
        let is_open = is_untold && !is_alone && namesakes.len() < all.len();
        let is_uncertain = is_open || (exact.is_empty() && named.outranks(&timeline.resource));
        let is_other = is_uncertain || (exact.is_empty() && named.is_namesake(&timeline.resource));
        let is_seen = |(from, until): &NameSpan| {
            // A name may have had as many lives as it was seen times: the first since each began tells.
            let first = seen.partition_point(|time| from.is_some_and(|it| *time < it));
            !is_other && seen.get(first).is_some_and(|time| until.is_none_or(|it| *time < it))
        };
        let is_own = |it: &u32, span: &NameSpan| {
            is_alone || exact.contains(it) || (is_seen(span) && !namesakes.contains(it))
        };
        let own: BTreeMap<u32, NameSpan> =
            all.iter().filter(|(it, span)| is_own(it, span)).map(|(it, span)| (*it, *span)).collect();
        Self { others: own.len() < all.len(), own, is_uncertain }
    }

    /// Returns whether an entry is about one of them.
    pub fn has(&self, entry: &TimelineEntry) -> bool {
        self.own.contains_key(&entry.incarnation)
    }

    /// Returns whether nothing tells which of several resources of the name the events are about.
    pub fn is_uncertain(&self) -> bool {
        self.is_uncertain
    }

    /// Returns the spans in which they had the name.
    pub fn spans(&self) -> impl Iterator<Item = &NameSpan> {
        self.own.values()
    }
}

/// When the resource came to have the name, if its first event is its creation or another had it before.
fn start_of_name(entry: &TimelineEntry) -> Option<Time> {
    let begins = entry.incarnation > 1 || (entry.is_change() && entry.step.action == Action::Created);
    entry.step.origin.time.filter(|_| begins)
}

impl Timeline {
    /// Returns the resources that had the name before the last one, each with what is known of it at its end.
    pub fn earlier(&self) -> Vec<Self> {
        let mut own: BTreeMap<u32, Vec<Step>> = BTreeMap::new();
        for entry in &self.entries {
            if entry.incarnation < self.state.incarnation {
                own.entry(entry.incarnation).or_default().push(entry.step.clone());
            }
        }
        let one = |(incarnation, steps): (u32, Vec<Step>)| {
            let mut earlier = fold_steps(merge_identifiers(&steps)?, steps, None);
            earlier.entries.iter_mut().for_each(|entry| entry.incarnation = incarnation);
            earlier.state.followed(incarnation);
            Some(earlier)
        };
        own.into_iter().filter_map(one).collect()
    }

    /// Leaves only what is about some of the resources that had the name, up to a moment; `None` where that
    /// is nothing.
    pub fn of_incarnations(self, incarnations: &Incarnations, until: Option<Time>) -> Option<Self> {
        if !incarnations.others && until.is_none() {
            return Some(self);
        }
        let own = self.entries.into_iter().filter(|entry| incarnations.has(entry));
        let mut steps: Vec<_> = own.map(|entry| entry.step).collect();
        if !incarnations.others {
            steps.extend(self.undated);
        }
        let resource = merge_identifiers(&steps)?;
        Some(fold_steps(resource, steps, until))
    }
}
