//! The fold behind `timeline`, `state`, `diff`, `inventory`, `graph` and `revert`: what events say of
//! resources, folded in the order of time and cause (`timeline`).

use super::fold::{Concern, Fold, Needs, Told};
use super::foreign::Names;
use super::holdings::{Switch, is_switch};
use super::row::{Evidence, Row};
use super::shared::Shared;
use super::sightings::Sightings;
use super::trace::{Caller, Facts};
use super::unnamed::{MayHaveActed, Unnamed};
use super::{Coverage, Question, rows};
use crate::catalog::{self, Act, Action, Relation};
use crate::event::{Event, Time};
use crate::query::{Filter, Globs};
use crate::resource::{Match, NamedResource, Reference, Resource, parts_in, ties_to};
use crate::timeline::{
    Change, Entry, Existence, Incarnations, Kind, Op, Origin, Path, Span, Step, Steps, Timeline, Val,
    steps_of,
};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is asked of the history of resources.
pub struct Histories<'q> {
    /// The resource; without one all are asked for.
    pub resource: Option<NamedResource>,
    /// What the resource cannot outlive: of these nothing but their beginning and their end is kept.
    pub owners: Vec<Reference>,
    /// The types that are asked for where no resource is.
    pub kinds: &'q Globs,
    /// Which events are shown; `None` for all. All are folded: what was before them counts.
    pub shown: Option<&'q Filter>,
    /// Whether calls that only use the resource are kept as well.
    pub related: bool,
    /// Whether the rows of events are needed, or only the states.
    pub rows: bool,
    /// Whether the records themselves are kept.
    pub raw: bool,
    /// Whether it is asked who stands behind the callers ([`History::tell_origins`]).
    pub origins: bool,
    /// Whether it is asked what is missing from the logs ([`History::switches`], [`Coverage::days`]).
    pub holes: bool,
    /// Whether nothing is asked but what there is, who made it and what it names ([`History::list`]).
    pub slim: bool,
    /// Whose calls that may have acted on the resource without naming it are looked for, and up to when.
    pub unnamed: Option<(Question, Option<Time>)>,
}

/// What tells one event from another: fingerprint and id.
type Id = (u64, Option<String>);

/// What one thread gathers.
#[derive(Default)]
pub struct Part {
    steps: Steps,
    rows: HashMap<Id, Row>,
    shown: HashSet<Id>,
    related: HashMap<Id, Row>,
    corrected: HashSet<String>,
    switches: Vec<Switch>,
    sightings: Sightings,
    shared: Shared,
    names: Names,
    unnamed: Unnamed,
}

/// The history of the resources that were asked for.
#[derive(Default)]
pub struct History {
    steps: Steps,
    rows: HashMap<Id, Row>,
    /// The events that pass the filters, if there are any.
    shown: Option<HashSet<Id>>,
    related: Vec<Row>,
    switches: Vec<Switch>,
    /// Which identifiers of the resource stood together.
    sightings: Sightings,
    has_rows: bool,
    is_slim: bool,
    /// When the last event of the logs was.
    end: Option<Time>,
    may_have_acted: Vec<MayHaveActed>,
}

impl<'q> Histories<'q> {
    /// Asks for all resources of some types, and nothing but their states.
    pub fn of_all(kinds: &'q Globs) -> Self {
        Self {
            resource: None,
            owners: Vec::new(),
            kinds,
            shown: None,
            related: false,
            rows: false,
            raw: false,
            origins: false,
            holes: false,
            slim: false,
            unnamed: None,
        }
    }

    fn is_wanted(&self, resource: &Resource) -> bool {
        match &self.resource {
            Some(named) => named.shares_a_name_with(resource),
            // Of all resources, objects are the content of buckets: there may be millions.
            None => resource.kind != "AWS::S3::Object" && self.kinds.pass(resource.type_names()),
        }
    }

    /// Whether the end of a resource is the end of something that is asked for.
    fn is_owner(&self, resource: &Resource) -> bool {
        match &self.resource {
            Some(_) => self.owners.iter().any(|it| it.matches(resource) == Match::Yes),
            None => has_parts_among(self.kinds, &resource.kind, PART_LEVELS),
        }
    }

    /// The steps on what is asked for, and the beginnings and ends of what that cannot outlive.
    fn steps(&self, event: &Event<'_>, acts: &[Act]) -> Vec<Step> {
        let mut steps =
            steps_of(event, acts, &|resource| self.is_wanted(resource) || self.is_owner(resource));
        steps.retain(|step| {
            // What its owner is called when it is made tells which parts go with it, and that its first put makes it.
            let tells = matches!(step.action, Action::Created | Action::Deleted) || !step.owners.is_empty();
            tells || step.link.is_some() || step.may_take_parts() || self.is_wanted(&step.resource)
        });
        steps
    }
}

impl Fold for Histories<'_> {
    type Part = Part;
    type Answer = History;

    fn needs(&self) -> Needs<'_> {
        let named = self.resource.iter().flat_map(NamedResource::references);
        let references: Vec<&Reference> = named.chain(&self.owners).collect();
        Needs {
            everything: references.iter().any(|it| it.literals().is_empty()),
            references,
            words: Vec::new(),
            unfiltered: true,
            merges_copies: true,
            days: self.holes,
            subtracts: false,
        }
    }

    fn concern(&self, source: &str, name: &str) -> Concern {
        let unnamed = self.unnamed.as_ref().map(|(question, _)| question.concern_of_unnamed(source, name));
        match () {
            () if self.holes && is_switch(source, name) => Concern::Always,
            () if self.resource.is_some() => unnamed.unwrap_or(Concern::Never),
            () if self.related || !is_read(source, name) => Concern::Always,
            () => Concern::UnlessRead,
        }
    }

    fn event(&self, part: &mut Part, event: &Event<'_>, told: &Told<'_>) {
        if let Some(original) = event.corrects() {
            part.corrected.insert(original.to_owned());
        }
        if self.holes && is_switch(event.source(), event.name()) {
            part.switches.push(Switch::new(event, told));
        }
        self.unnamed(part, event);
        let reads = || is_read(event.source(), event.name());
        let is_read =
            event.read_only() == Some(true) && event.error_code().is_none() && !self.related && reads();
        // A call that changes nothing may tell what its caller, or what it reads, is called as well.
        if is_read && self.resource.is_none() {
            return;
        }
        let acts = catalog::acts(event);
        if let Some(named) = &self.resource {
            part.sightings.look(named, event, &acts.list);
        }
        if is_read {
            return;
        }
        let steps = self.steps(event, &acts.list);
        let id = || (event.fingerprint(), event.text("eventID").map(str::to_owned));
        if self.related && steps.is_empty() {
            self.related(part, event, &acts.list, told);
        }
        if steps.is_empty() {
            return;
        }
        part.names.meet(&event.actor());
        if self.rows {
            let act = acts.list.iter().find(|act| self.is_wanted(&act.resource));
            let act = act.or_else(|| acts.list.iter().find(|act| self.is_owner(&act.resource)));
            let action = steps.first().map_or(acts.action, |step| step.action);
            self.row(&mut part.rows, &mut part.shared, event, action, act, told);
        }
        if self.shown.is_some_and(|shown| shown.matches(event)) {
            part.shown.insert(id());
        }
        let mut steps = steps;
        if self.slim {
            steps.iter_mut().for_each(Step::slim);
        }
        part.steps.add(steps);
    }

    fn merge(&self, into: &mut Part, part: Part) {
        into.steps.merge(part.steps);
        merge_rows(&mut into.rows, part.rows);
        merge_rows(&mut into.related, part.related);
        into.shown.extend(part.shown);
        into.corrected.extend(part.corrected);
        into.switches.extend(part.switches);
        into.sightings.merge(part.sightings);
        into.names.merge(part.names);
        into.unnamed.merge(part.unnamed);
    }

    fn finish(&self, mut part: Part, coverage: &mut Coverage) -> History {
        let before = part.steps.len();
        let corrected = &part.corrected;
        // A correction has an id of its own; what it corrects is out.
        part.steps.without(&|step| step.origin.event_id.as_ref().is_some_and(|id| corrected.contains(id)));
        part.switches.retain(|it| !corrected.contains(&it.event_id));
        Switch::settle(&mut part.switches);
        coverage.corrected += (before - part.steps.len()) as u64;
        let told = part.names.told();
        if !told.is_empty() {
            part.steps.rename_callers(&|who| told.get(who).map(|known| known.who.clone()));
            super::same_action::name_callers(
                part.rows.values_mut().chain(part.related.values_mut()),
                &part.names,
            );
        }
        drop(told);
        let but = part.corrected.iter().map(|id| rows::hash_of(id.as_str())).collect();
        let may_have_acted = part.unnamed.finish(&but);
        let mut related: Vec<Row> = part.related.into_values().collect();
        related.sort_by(|a, b| a.order().cmp(&b.order()));
        for row in part.rows.values_mut().chain(&mut related) {
            row.evidence.sort_unstable();
        }
        let Part { steps, rows, shown, switches, sightings, .. } = part;
        let shown = self.shown.map(|_| shown);
        let (has_rows, is_slim, end) = (self.rows, self.slim, coverage.last);
        History { steps, rows, shown, related, switches, sightings, has_rows, is_slim, end, may_have_acted }
    }
}

/// So many levels of parts of parts are looked at.
const PART_LEVELS: usize = 6;

/// Whether a type has parts, or those have parts, among some types.
fn has_parts_among(kinds: &Globs, kind: &str, levels: usize) -> bool {
    levels > 0
        && (ties_to(kind).any(|tie| kinds.pass([tie.kind]))
            || parts_in(kind)
                .any(|part| kinds.pass([part.kind]) || has_parts_among(kinds, part.kind, levels - 1)))
}

/// Returns whether calls of this name read, if they say so.
fn is_read(source: &str, name: &str) -> bool {
    catalog::action_of(source, name, Some(true)) == Action::Read
}

fn merge_rows(into: &mut HashMap<Id, Row>, rows: HashMap<Id, Row>) {
    for (id, row) in rows {
        match into.get_mut(&id) {
            Some(known) => {
                known.evidence.extend(row.evidence);
                known.raw = std::mem::take(&mut known.raw).min(row.raw);
            }
            None => {
                into.insert(id, row);
            }
        }
    }
}

impl Histories<'_> {
    fn row(
        &self,
        rows: &mut HashMap<Id, Row>,
        shared: &mut Shared,
        event: &Event<'_>,
        action: Action,
        act: Option<&Act>,
        told: &Told<'_>,
    ) {
        let mut row = Row::new(event, action, act, told.evidence(), shared);
        row.raw = self.raw.then(|| rows::one_line(told.raw));
        row.caller = self.origins.then(|| Box::new(Caller::of(event)));
        let id = (row.fingerprint, row.event_id.as_deref().map(str::to_owned));
        merge_rows(rows, HashMap::from([(id, row)]));
    }

    /// Takes note of a call that may have acted on the resource without naming it.
    fn unnamed(&self, part: &mut Part, event: &Event<'_>) {
        let Some((question, until)) = &self.unnamed else { return };
        let is_later = event.time().zip(*until).is_some_and(|(time, until)| time > until);
        if !is_later && self.shown.is_none_or(|shown| shown.matches(event)) {
            part.unnamed.event(question, event, rows::hash(event));
        }
    }

    /// Keeps a call that only uses the resource.
    fn related(&self, part: &mut Part, event: &Event<'_>, acts: &[Act], told: &Told<'_>) {
        let uses = |act: &&Act| act.relation == Relation::Related && self.is_wanted(&act.resource);
        if event.read_only() == Some(true) || self.shown.is_some_and(|shown| !shown.matches(event)) {
            return;
        }
        if let Some(act) = acts.iter().find(uses) {
            self.row(&mut part.related, &mut part.shared, event, act.action, Some(act), told);
        }
    }
}

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
    pub fn owners_of(&self, named: &NamedResource, known: &[Reference]) -> Vec<Reference> {
        let timelines = self.timelines(None);
        let is_it =
            |it: &&Timeline| named.matches(&it.resource) == Match::Yes || is_one_of(known, &it.resource);
        // The first put of it is its creation, if what it is part of was made in these logs.
        let may_be_created = |it: &Timeline| {
            it.entries.iter().any(|entry| entry.is_change() && entry.step.or == Some(Action::Created))
        };
        let is_open = |it: &&Timeline| {
            it.state.exists != Existence::Gone || it.state.incarnation > 1 || may_be_created(it)
        };
        let mut found: Vec<Reference> = Vec::new();
        for timeline in timelines.iter().filter(is_it).filter(is_open) {
            let Resource { account, region, .. } = &timeline.resource;
            let owners = timeline.entries.iter().flat_map(|entry| &entry.step.owners);
            for owner in owners.filter(|owner| !owner.is_tie() || timeline.state.is_tied_to(owner)) {
                let mut resource = Resource::new(owner.part.of, &owner.id);
                resource.owned_by(account.as_deref(), region.as_deref());
                if is_one_of(known, &resource) || is_one_of(&found, &resource) {
                    continue;
                }
                found.extend(Reference::of(&resource, &resource.id));
            }
        }
        found
    }

    /// Returns a row for each end of the resource that came with the end of something else, if it passes the
    /// filters. The rows have to be made with [`Histories::rows`].
    pub fn ends_with_others(&self, timelines: &[Timeline]) -> Vec<Row> {
        let entries = timelines.iter().flat_map(|it| it.entries.iter().map(move |entry| (it, entry)));
        let row = |(timeline, entry): (&Timeline, &Entry)| {
            let owner = entry.step.ended_with.as_ref().filter(|_| self.is_shown(&entry.step))?;
            let mut row = self.row(&entry.step.origin)?.clone();
            row.ends(&timeline.resource, owner);
            Some(row)
        };
        let is_sure = |(_, entry): &(&Timeline, &Entry)| !entry.may_be_end();
        entries.filter(is_sure).filter_map(row).collect()
    }

    /// Returns what has to be said of the calls that may have deleted the resource, though nothing tells which of
    /// several they took away.
    pub fn possible_ends(&self, timelines: &[Timeline]) -> Vec<String> {
        let entries = timelines.iter().flat_map(|it| &it.entries);
        let told = |entry: &Entry| {
            let owner = entry.step.ended_with.as_ref().filter(|_| self.is_shown(&entry.step))?;
            let Origin { event_name, event_id, time, who, .. } = &*entry.step.origin;
            let when = time.map(|time| format!(" at {time}")).unwrap_or_default();
            let id = event_id.as_deref().map(|id| format!(" (event {id})")).unwrap_or_default();
            Some(format!("{event_name}{when} by {who}{id} may have deleted it: it {}", owner.end_in_words()))
        };
        entries.filter(|entry| entry.may_be_end()).filter_map(told).collect()
    }

    /// Returns whether an event is known to have made one of the resources, and did not change what was there.
    pub fn is_creation(timelines: &[Timeline], row: &Row) -> bool {
        let id: Id = (row.fingerprint, row.event_id.as_deref().map(str::to_owned));
        let mut entries = timelines.iter().flat_map(|it| &it.entries);
        entries.any(|entry| entry.creates && id_of(&entry.step.origin) == id)
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
    pub(super) fn end(&self) -> Option<Time> {
        self.end
    }

    /// Gives the steps away.
    pub(super) fn take_steps(&mut self) -> Steps {
        std::mem::take(&mut self.steps)
    }

    /// Returns the row of an event.
    pub fn row(&self, event: &Origin) -> Option<&Row> {
        self.rows.get(&id_of(event))
    }

    /// Returns the rows of these events, to tell them what is proven of their files.
    pub fn rows_of<'e>(&mut self, events: impl Iterator<Item = &'e Origin>) -> Vec<&mut Row> {
        let wanted: HashSet<Id> = events.map(id_of).collect();
        self.rows.iter_mut().filter(|(id, _)| wanted.contains(*id)).map(|(_, row)| row).collect()
    }

    /// Returns whether the event behind a step passes the filters.
    pub fn is_shown(&self, step: &Step) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.contains(&id_of(&step.origin)))
    }

    /// Says of every row who stands at the start of the chain of credentials. The rows have to be made with
    /// [`Histories::origins`].
    pub fn tell_origins(&mut self, facts: Facts) {
        rows::tell_origins(&mut self.rows_mut(), facts);
    }

    /// Returns the calls that change what is logged, in order of time.
    pub fn switches(&self) -> &[Switch] {
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

/// Which events are about a resource itself, and which about others that had its name.
#[derive(Debug, Default)]
pub struct OwnEvents {
    own: HashSet<Id>,
    others: HashSet<Id>,
    uncertain: HashSet<Id>,
    /// When it had its name, for what changes nothing.
    spans: Vec<Span>,
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
            let within = |(from, until): &Span| {
                row.time
                    .is_none_or(|time| from.is_none_or(|it| it <= time) && until.is_none_or(|it| time <= it))
            };
            !is_told && self.spans.iter().any(within)
        });
        uncertain
    }
}

fn is_one_of(references: &[Reference], resource: &Resource) -> bool {
    references.iter().any(|it| it.matches(resource) == Match::Yes)
}

fn id_of(event: &Origin) -> Id {
    (event.fingerprint, event.event_id.clone())
}

/// Which lines of a timeline are asked for.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Only changes of these settings.
    pub fields: Vec<String>,
    /// Only changes that brought or took away one of these values.
    pub values: Vec<String>,
}

impl Narrow {
    /// Returns the changes of an entry that are asked for; `None` when it is not shown at all.
    pub fn of<'e>(&self, entry: &'e Entry) -> Option<Vec<&'e Change>> {
        let changes: Vec<&Change> =
            entry.changes.iter().filter(|it| self.has(&it.path, &it.before, &it.after)).collect();
        let all = self.fields.is_empty() && self.values.is_empty();
        let failed = matches!(entry.step.kind, Kind::Failed | Kind::DryRun | Kind::Proves);
        let tried = failed && entry.step.tried.iter().chain(&entry.step.ops).any(|op| self.tries(op));
        (all || tried || !changes.is_empty()).then_some(changes)
    }

    fn has(&self, path: &Path, before: &Val, after: &Val) -> bool {
        let named = self.fields.is_empty() || self.fields.iter().any(|field| path.is_asked_by(field));
        let of = |val: &Val, wanted: &str| {
            let in_key =
                !matches!(val, Val::Absent | Val::Unknown(_)) && path.parts().next_back() == Some(wanted);
            in_key || val.known().is_some_and(|value| holds(value, wanted))
        };
        let brought = |wanted: &String| of(before, wanted) != of(after, wanted);
        named && (self.values.is_empty() || self.values.iter().any(brought))
    }

    fn tries(&self, op: &Op) -> bool {
        match op {
            Op::Set { path, val, .. } => {
                let value = |wanted: &String| {
                    path.parts().next_back().is_some_and(|key| key.split(' ').any(|word| word == wanted))
                        || val.known().is_some_and(|value| holds(value, wanted))
                };
                let named = self.fields.is_empty() || self.fields.iter().any(|field| path.is_asked_by(field));
                named && (self.values.is_empty() || self.values.iter().any(value))
            }
            Op::Amend { path, value } => self.has(path, &Val::Absent, &Val::Known(value.clone())),
            _ => false,
        }
    }
}

/// Whether a value is, or has in it, this text.
fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Array(list) => list.iter().any(|it| holds(it, wanted)),
        Value::Object(object) => object.values().any(|it| holds(it, wanted)),
        Value::Bool(flag) => flag.to_string() == wanted,
        Value::Number(number) => number.to_string() == wanted,
        Value::Null => false,
    }
}
