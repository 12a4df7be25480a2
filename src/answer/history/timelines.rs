//! What the history of resources says once it is put together: their timelines, the rows of their events, and which
//! events are about others that had the name.

use super::{EventKey, History, merge_rows};
use crate::answer::logging_change::LoggingChange;
use crate::answer::row::{Evidence, Row};
use crate::answer::rows;
use crate::answer::sightings::Sightings;
use crate::answer::trace::CredentialFacts;
use crate::answer::unnamed::MayHaveActed;
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::{Match, NamedResource, Reference, ReferenceSet, Resource};
use crate::timeline::{
    Existence, Incarnations, NameSpan, Step, StepOrigin, StepStore, Timeline, TimelineEntry,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

impl History {
    /// Returns every row, to tell it what is proven of its files.
    pub fn rows_mut(&mut self) -> Vec<&mut Row> {
        self.rows.values_mut().chain(&mut self.related).collect()
    }

    /// Adds what AWS Config saw of the resources that are asked for; `file` is where that stands.
    pub fn observe(&mut self, items: Vec<Step>, file: &Arc<str>, wanted: &dyn Fn(&Resource) -> bool) {
        for (record, mut step) in items.into_iter().enumerate() {
            if !wanted(&step.resource) {
                continue;
            }
            self.sightings.note(&step.resource, step.origin.time);
            let id = id_of(&step.origin);
            if self.has_rows {
                let evidence =
                    Evidence { file: Arc::clone(file), record: record as u64, damaged: false, proof: None };
                merge_rows(&mut self.rows, HashMap::from([(id.clone(), Row::of_item(&step, evidence))]));
            }
            if let Some(shown) = &mut self.shown {
                shown.insert(id);
            }
            if self.is_slim {
                step.slim();
            }
            self.steps.add(vec![step]);
        }
    }

    /// Returns what the resource cannot outlive, as far as its events tell, and nothing is known of the end of;
    /// without those in `known`.
    pub fn owners_of(&self, named: &NamedResource, known: &ReferenceSet) -> Vec<Reference> {
        let timelines = self.timelines(None);
        let is_it = |it: &&Timeline| named.matches(&it.resource) == Match::Yes || known.means(&it.resource);
        // The first put of it is its creation, if what it is part of was made in these logs.
        let may_be_created = |it: &Timeline| {
            it.entries.iter().any(|entry| entry.is_change() && entry.step.or == Some(Action::Created))
        };
        let is_open = |it: &&Timeline| {
            it.state.exists != Existence::Gone || it.state.incarnation > 1 || may_be_created(it)
        };
        let mut found = ReferenceSet::default();
        let mut told = HashSet::new();
        for timeline in timelines.iter().filter(is_it).filter(is_open) {
            let Resource { account, region, .. } = &timeline.resource;
            let owners = timeline.entries.iter().flat_map(|entry| &entry.step.owners);
            let mut tied: HashMap<(&str, &str), HashSet<String>> = HashMap::new();
            for owner in owners {
                let part = owner.part;
                let is_over = owner.is_tie() && {
                    let tied =
                        tied.entry((part.kind, part.of)).or_insert_with(|| timeline.state.tied_ids(part));
                    !tied.contains(&Resource::new(part.of, &owner.id).id)
                };
                if is_over || !told.insert((part.of, &owner.id, account, region)) {
                    continue;
                }
                let mut resource = Resource::new(owner.part.of, &owner.id);
                resource.owned_by(account.as_deref(), region.as_deref());
                if known.means(&resource) || found.means(&resource) {
                    continue;
                }
                Reference::of(&resource, &resource.id).into_iter().for_each(|owner| found.push(owner));
            }
        }
        found.iter().cloned().collect()
    }

    /// Returns a row for each end of the resource that came with the end of something else, if it passes the
    /// filters. The rows have to be made with [`HistoryQuery::rows`](super::HistoryQuery::rows).
    pub fn ends_with_others(&self, timelines: &[Timeline]) -> Vec<Row> {
        let entries = timelines.iter().flat_map(|it| it.entries.iter().map(move |entry| (it, entry)));
        let row = |(timeline, entry): (&Timeline, &TimelineEntry)| {
            let owner = entry.step.ended_with.as_ref().filter(|_| self.is_shown(&entry.step))?;
            let mut row = self.row(&entry.step.origin)?.clone();
            row.ends(&timeline.resource, owner);
            Some(row)
        };
        let is_sure = |(_, entry): &(&Timeline, &TimelineEntry)| !entry.may_be_end();
        entries.filter(is_sure).filter_map(row).collect()
    }

    /// Returns what has to be said of the calls that may have deleted the resource, though nothing tells which of
    /// several they took away.
    pub fn possible_ends(&self, timelines: &[Timeline]) -> Vec<String> {
        let entries = timelines.iter().flat_map(|it| &it.entries);
        let told = |entry: &TimelineEntry| {
            let owner = entry.step.ended_with.as_ref().filter(|_| self.is_shown(&entry.step))?;
            let StepOrigin { event_name, event_id, time, who, .. } = &*entry.step.origin;
            let when = time.map(|time| format!(" at {time}")).unwrap_or_default();
            let id = event_id.as_deref().map(|id| format!(" (event {id})")).unwrap_or_default();
            Some(format!("{event_name}{when} by {who}{id} may have deleted it: it {}", owner.end_in_words()))
        };
        entries.filter(|entry| entry.may_be_end()).filter_map(told).collect()
    }

    /// Returns which identifiers of the resource stood together.
    pub fn sightings(&self) -> &Sightings {
        &self.sightings
    }

    /// Returns which of what was found is about the resource itself, and not about others that had its name.
    pub fn own_events(&self, named: &NamedResource) -> OwnEvents {
        let seen = self.sightings.moments(named);
        let mut events = OwnEvents::default();
        for timeline in self.timelines(None) {
            let own = Incarnations::of(&timeline, named, &seen);
            events.spans.extend(own.spans());
            for entry in &timeline.entries {
                let id = id_of(&entry.step.origin);
                match () {
                    () if own.has(entry) => _ = events.own.insert(id),
                    () if own.is_uncertain() => _ = events.uncertain.insert(id),
                    () => _ = events.others.insert(id),
                }
            }
        }
        // Where nothing tells of a beginning, an end or another, it had its name all the time.
        if events.spans.is_empty() && events.others.is_empty() && events.uncertain.is_empty() {
            events.spans.push((None, None));
        }
        events
    }

    /// Folds what is about the resource itself, up to a moment, and returns how many events name no more than
    /// what others are called as well.
    pub fn timelines_of(&self, named: &NamedResource, until: Option<Time>) -> (Vec<Timeline>, u64) {
        let seen = self.sightings.moments(named);
        let (mut found, mut uncertain) = (Vec::new(), 0);
        // What is whose is told by all that is known, also by what came later.
        for timeline in self.timelines(None) {
            if named.matches(&timeline.resource) != Match::Yes {
                continue;
            }
            let own = Incarnations::of(&timeline, named, &seen);
            if own.is_uncertain() {
                uncertain += timeline.entries.len() as u64;
            }
            let mut timeline = timeline.of_incarnations(&own, until);
            if let (Some(at), Some(timeline)) = (until.or(self.end), &mut timeline) {
                timeline.come_due(at);
            }
            found.extend(timeline);
        }
        (found, uncertain)
    }

    /// Folds what was found, up to a moment; steps are kept for another fold.
    pub fn timelines(&self, until: Option<Time>) -> Vec<Timeline> {
        let mut timelines = self.steps.clone().fold(until);
        if let Some(at) = until.or(self.end) {
            timelines.iter_mut().for_each(|timeline| timeline.come_due(at));
        }
        timelines
    }

    /// When the last event of the logs was.
    pub(in crate::answer) fn end(&self) -> Option<Time> {
        self.end
    }

    /// Gives the steps away.
    pub(in crate::answer) fn take_steps(&mut self) -> StepStore {
        std::mem::take(&mut self.steps)
    }

    /// Returns the row of an event.
    pub fn row(&self, event: &StepOrigin) -> Option<&Row> {
        self.rows.get(&id_of(event))
    }

    /// Returns the rows of these events, to tell them what is proven of their files.
    pub fn rows_of<'e>(&mut self, events: impl Iterator<Item = &'e StepOrigin>) -> Vec<&mut Row> {
        let wanted: HashSet<EventKey> = events.map(id_of).collect();
        self.rows.iter_mut().filter(|(id, _)| wanted.contains(*id)).map(|(_, row)| row).collect()
    }

    /// Returns whether the event behind a step passes the filters.
    pub fn is_shown(&self, step: &Step) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.contains(&id_of(&step.origin)))
    }

    /// Says of every row who stands at the start of the chain of credentials. The rows have to be made with
    /// [`HistoryQuery::origins`](super::HistoryQuery::origins).
    pub fn add_origins(&mut self, facts: CredentialFacts) {
        rows::tell_origins(&mut self.rows_mut(), facts);
    }

    /// Returns the calls that change what is logged, in order of time.
    pub fn switches(&self) -> &[LoggingChange] {
        &self.switches
    }

    /// Returns the calls that may have acted on the resource without naming it.
    pub fn may_have_acted(&self) -> &[MayHaveActed] {
        &self.may_have_acted
    }

    /// Returns the calls that only use the resource.
    pub fn related(&self) -> &[Row] {
        &self.related
    }
}

/// The events that are known to have made a resource, and did not change what was there.
pub struct CreationEvents(HashSet<EventKey>);

impl CreationEvents {
    /// Returns those of some timelines.
    pub fn of(timelines: &[Timeline]) -> Self {
        let entries = timelines.iter().flat_map(|it| &it.entries).filter(|entry| entry.creates);
        Self(entries.map(|entry| id_of(&entry.step.origin)).collect())
    }

    /// Returns whether the event of a row is one of them.
    pub fn has(&self, row: &Row) -> bool {
        self.0.contains(&(row.fingerprint, row.event_id.as_deref().map(str::to_owned)))
    }
}

/// Which events are about a resource itself, and which about others that had its name.
#[derive(Debug, Default)]
pub struct OwnEvents {
    own: HashSet<EventKey>,
    others: HashSet<EventKey>,
    uncertain: HashSet<EventKey>,
    /// When it had its name, for what changes nothing.
    spans: Vec<NameSpan>,
}

impl OwnEvents {
    /// Leaves out the rows that are about others, and returns how many may be.
    pub fn keep(&self, rows: &mut Vec<Row>) -> u64 {
        let mut uncertain = 0;
        rows.retain(|row| {
            let id = (row.fingerprint, row.event_id.as_deref().map(str::to_owned));
            if !row.is_by_name_only || self.own.contains(&id) {
                return true;
            }
            if self.uncertain.contains(&id) {
                uncertain += 1;
            }
            let is_told = self.others.contains(&id) || self.uncertain.contains(&id);
            let within = |(from, until): &NameSpan| {
                row.time
                    .is_none_or(|time| from.is_none_or(|it| it <= time) && until.is_none_or(|it| time <= it))
            };
            !is_told && self.spans.iter().any(within)
        });
        uncertain
    }
}

fn id_of(event: &StepOrigin) -> EventKey {
    (event.fingerprint, event.event_id.clone())
}
