//! What events taught of the names of resources: which identifiers stood together in one record, and when.
//!
//! Threads note what they see, in no order; what that means for the resource that is asked for is found out
//! when all is there ([`Sightings::teach`]).

use super::fold::{EventContext, Fold, FoldNeeds};
use super::{Coverage, RowQuery};
use crate::catalog;
use crate::catalog::{Catalog, ResourceAction};
use crate::event::{Event, Outcome, Time};
use crate::resource::{Match, NamedResource, Resource};
use std::collections::{BTreeMap, HashMap};

/// So many resources are noted, and no more: a name that a million resources have had leads nowhere.
const MOST: usize = 4096;

/// The identifiers of resources that stood together in records, each set once.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    seen: HashMap<SightingKey, (Resource, Option<SightingTimes>)>,
    /// What was noted last: most records say the same of a resource, one after the other.
    last: Option<SightingKey>,
    /// What was renamed, by its old name and its new one.
    renamed: BTreeMap<SightingKey, Resource>,
}

/// The first and the last time that a set of identifiers was seen together.
type SightingTimes = (Time, Time);

/// What tells one set of identifiers from another.
type SightingKey = (String, Vec<String>, Option<String>, Option<String>);

impl Sightings {
    /// Notes the identifiers of the resource that is asked for, wherever an event has more than one of them.
    pub fn look(
        &mut self,
        catalog: &Catalog,
        named: &NamedResource,
        event: &Event<'_>,
        acts: &[ResourceAction],
    ) {
        let time = event.time();
        // Who calls says what it is called in every record; only for an id is that needed.
        if named.asked().unique_id().is_some() && named.may_be_caller() {
            let callers = catalog::named_by_caller(event);
            callers.iter().filter(|it| named.matches(it) == Match::Yes).for_each(|it| self.note(it, time));
        }
        // What was refused may name what was never there.
        if event.outcome() == Outcome::Succeeded {
            let found = acts.iter().map(|act| &act.resource).filter(|it| named.matches(it) == Match::Yes);
            found.clone().for_each(|it| self.note(it, time));
            if found.count() > 0 {
                self.renamed.extend(catalog.renamed(event, acts).map(|both| (resource_key(&both), both)));
            }
        }
    }

    /// Notes the identifiers of a resource, if it has more than one.
    pub fn note(&mut self, resource: &Resource, time: Option<Time>) {
        if resource.identifiers().len() > 1 {
            self.add(resource, time.map(|time| (time, time)));
        }
    }

    fn add(&mut self, resource: &Resource, moments: Option<SightingTimes>) {
        let known = self.last.as_ref().and_then(|last| self.seen.get_mut(last));
        if let Some((_, known)) = known.filter(|(known, _)| known == resource) {
            *known = merge_times(*known, moments);
            return;
        }
        let key = resource_key(resource);
        let is_full = self.seen.len() >= MOST;
        match self.seen.get_mut(&key) {
            Some((_, known)) => *known = merge_times(*known, moments),
            None if is_full => return,
            None => _ = self.seen.insert(key.clone(), (resource.clone(), moments)),
        }
        self.last = Some(key);
    }

    /// Adds what another thread noted.
    pub fn merge(&mut self, other: Self) {
        other.seen.into_values().for_each(|(resource, moments)| self.add(&resource, moments));
        self.renamed.extend(other.renamed);
    }

    /// Teaches a resource its other names, and returns whether any of the new ones is used by calls.
    pub fn teach(&self, named: &mut NamedResource) -> bool {
        // What is learnt must not hang on the order in which files were read.
        let mut resources: Vec<(&SightingKey, &Resource)> =
            self.seen.iter().map(|(key, (it, _))| (key, it)).collect();
        resources.sort_unstable_by_key(|(key, _)| *key);
        let before = named.names().len();
        // An id leads to a name, and a name to an id: until nothing new is learnt.
        loop {
            let mut is_new = false;
            resources.iter().for_each(|(_, resource)| is_new |= named.learn(resource));
            self.renamed.values().for_each(|both| is_new |= named.learn_rename(both));
            if !is_new {
                break;
            }
        }
        named.names()[before..].iter().any(|name| name.is_used_by_calls)
    }

    /// Returns when events showed the resource under one of its names and the one that is its own.
    pub fn moments(&self, named: &NamedResource) -> Vec<Time> {
        let own = self.seen.values().filter(|(resource, _)| named.is_exact(resource));
        let mut moments: Vec<Time> =
            own.filter_map(|(_, moments)| *moments).flat_map(|(first, last)| [first, last]).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}

fn merge_times(one: Option<SightingTimes>, other: Option<SightingTimes>) -> Option<SightingTimes> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

fn resource_key(resource: &Resource) -> SightingKey {
    let mut identifiers: Vec<String> = resource.identifiers().into_iter().map(str::to_owned).collect();
    identifiers.sort_unstable();
    (resource.kind.to_string(), identifiers, resource.account.clone(), resource.region.clone())
}

/// Looks for nothing but the names of a resource.
pub struct NameSearch<'q>(pub &'q RowQuery);

impl Fold for NameSearch<'_> {
    type Accumulator = Sightings;
    type Answer = Sightings;

    fn needs(&self) -> FoldNeeds<'_> {
        self.0.needs()
    }

    fn event(&self, part: &mut Sightings, event: &Event<'_>, _context: &EventContext<'_>) {
        if let Some(named) = &self.0.resource {
            let catalog = &self.0.catalog;
            part.look(catalog, named, event, &catalog.acts(event).list);
        }
    }

    fn merge(&self, into: &mut Sightings, part: Sightings) {
        into.merge(part);
    }

    fn finish(&self, part: Sightings, _coverage: &mut Coverage) -> Sightings {
        part
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::resource::Reference;

    fn key_with_alias(alias: &str) -> Resource {
        let mut resource = Resource::new("AWS::KMS::Key", "1234abcd-12ab-34cd-56ef-1234567890ab");
        resource.also(alias);
        resource
    }

    #[test]
    fn names_lead_on_whatever_was_seen_first() {
        let (one, two) = (key_with_alias("alias/pay"), key_with_alias("alias/pay-old"));
        for order in [[&one, &two], [&two, &one]] {
            let mut sightings = Sightings::default();
            order.into_iter().for_each(|it| sightings.note(it, None));
            let mut named = NamedResource::new(Reference::parse("alias/pay").unwrap());
            assert!(sightings.teach(&mut named));
            let names: Vec<&str> = named.names().iter().map(|it| it.reference.text()).collect();
            assert_eq!(names, ["1234abcd-12ab-34cd-56ef-1234567890ab", "alias/pay-old"]);
            assert!(!sightings.teach(&mut named));
        }
    }

    #[test]
    fn one_identifier_teaches_nothing() {
        let mut sightings = Sightings::default();
        sightings.note(&Resource::new("AWS::EC2::SecurityGroup", "sg-0a1b2c3d"), None);
        assert!(sightings.seen.is_empty());
    }
}
