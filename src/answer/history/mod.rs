//! The fold behind `timeline`, `state`, `diff`, `inventory`, `graph` and `revert`: what events say of
//! resources, folded in the order of time and cause (`timeline`).

use super::corrections::Corrections;
use super::fold::{EventContext, Fold, FoldNeeds, Interest};
use super::foreign::CallerNames;
use super::intern_cache::InternCache;
use super::logging_change::{LoggingChange, is_switch};
use super::row::Row;
use super::sightings::Sightings;
use super::trace::Caller;
use super::unnamed::{MayHaveActed, Unnamed};
use super::{Coverage, RowQuery, rows};
use crate::catalog::{Action, Catalog, Relation, ResourceAction};
use crate::event::{Event, Time};
use crate::query::{Filter, Globs};
use crate::resource::{NamedResource, Reference, ReferenceSet, Resource, parts_in, ties_to};
use crate::timeline::{Step, StepStore, steps_of};
use std::collections::{HashMap, HashSet};

mod timelines;

pub use timelines::{CreationEvents, OwnEvents};

/// What is asked of the history of resources.
pub struct HistoryQuery<'q> {
    /// The resource; without one all are asked for.
    pub resource: Option<NamedResource>,
    /// What the resource cannot outlive: of these nothing but their beginning and their end is kept.
    pub owners: ReferenceSet,
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
    /// Whether it is asked who stands behind the callers ([`History::add_origins`]).
    pub origins: bool,
    /// Whether it is asked what is missing from the logs ([`History::switches`], [`Coverage::days`]).
    pub holes: bool,
    /// Whether nothing is asked but what there is, who made it and what it names ([`History::list`]).
    pub slim: bool,
    /// Whose calls that may have acted on the resource without naming it are looked for, and up to when.
    pub unnamed: Option<(RowQuery, Option<Time>)>,
    /// What tells what calls do, and what they leave behind.
    pub catalog: Catalog,
}

/// What tells one event from another: fingerprint and id.
type EventKey = (u64, Option<String>);

/// What one thread gathers.
#[derive(Default)]
pub struct HistoryState {
    steps: StepStore,
    rows: HashMap<EventKey, Row>,
    shown: HashSet<EventKey>,
    related: HashMap<EventKey, Row>,
    corrections: Corrections,
    switches: Vec<LoggingChange>,
    sightings: Sightings,
    shared: InternCache,
    names: CallerNames,
    unnamed: Unnamed,
}

/// The history of the resources that were asked for.
#[derive(Default)]
pub struct History {
    steps: StepStore,
    rows: HashMap<EventKey, Row>,
    /// The events that pass the filters, if there are any.
    shown: Option<HashSet<EventKey>>,
    related: Vec<Row>,
    switches: Vec<LoggingChange>,
    /// Which identifiers of the resource stood together.
    sightings: Sightings,
    has_rows: bool,
    is_slim: bool,
    /// When the last event of the logs was.
    end: Option<Time>,
    may_have_acted: Vec<MayHaveActed>,
}

impl HistoryState {
    /// Says of steps and rows which ones correct others, and returns how many of the steps do.
    fn mark_corrections(&mut self) -> u64 {
        let all = &self.corrections;
        if all.is_empty() {
            return 0;
        }
        self.steps.annotate(&|origin| all.describe_step(origin));
        self.rows.values_mut().chain(self.related.values_mut()).for_each(|row| all.mark(row));
        self.steps.origins().filter(|origin| all.are_made_by(origin)).count() as u64
    }
}

impl<'q> HistoryQuery<'q> {
    /// Asks for all resources of some types, and nothing but their states.
    pub fn of_all(kinds: &'q Globs) -> Self {
        Self {
            resource: None,
            owners: ReferenceSet::default(),
            kinds,
            shown: None,
            related: false,
            rows: false,
            raw: false,
            origins: false,
            holes: false,
            slim: false,
            unnamed: None,
            catalog: Catalog::default(),
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
            Some(_) => self.owners.means(resource),
            None => has_parts_among(self.kinds, &resource.kind, PART_LEVELS),
        }
    }

    /// Whether calls of this name read, if they say so.
    fn is_read(&self, source: &str, name: &str) -> bool {
        self.catalog.action_of(source, name, Some(true)) == Action::Read
    }

    /// The steps on what is asked for, and the beginnings and ends of what that cannot outlive.
    fn steps(&self, event: &Event<'_>, acts: &[ResourceAction]) -> Vec<Step> {
        let wanted = |resource: &Resource| self.is_wanted(resource) || self.is_owner(resource);
        let mut steps = steps_of(&self.catalog, event, acts, &wanted);
        steps.retain(|step| {
            // What its owner is called when it is made tells which parts go with it, and that its first put makes it.
            let tells = matches!(step.action, Action::Created | Action::Deleted) || !step.owners.is_empty();
            tells || step.link.is_some() || step.may_take_parts() || self.is_wanted(&step.resource)
        });
        steps
    }
}

impl Fold for HistoryQuery<'_> {
    type Accumulator = HistoryState;
    type Answer = History;

    fn needs(&self) -> FoldNeeds<'_> {
        let named = self.resource.iter().flat_map(NamedResource::references);
        let references: Vec<&Reference> = named.chain(self.owners.iter()).collect();
        FoldNeeds {
            everything: references.len() > MANY || references.iter().any(|it| it.literals().is_empty()),
            references,
            words: Vec::new(),
            unfiltered: true,
            merges_copies: true,
            days: self.holes,
            subtracts: false,
        }
    }

    fn call_interest(&self, source: &str, name: &str) -> Interest {
        let unnamed = self.unnamed.as_ref().map(|(question, _)| question.concern_of_unnamed(source, name));
        match () {
            () if self.holes && is_switch(source, name) => Interest::Always,
            () if self.resource.is_some() => unnamed.unwrap_or(Interest::Never),
            () if self.related || !self.is_read(source, name) => Interest::Always,
            () => Interest::UnlessRead,
        }
    }

    fn event(&self, part: &mut HistoryState, event: &Event<'_>, context: &EventContext<'_>) {
        part.corrections.note(event, context);
        if self.holes && is_switch(event.source(), event.name()) {
            part.switches.push(LoggingChange::new(event, context));
        }
        self.unnamed(part, event);
        let reads = || self.is_read(event.source(), event.name());
        let is_read =
            event.read_only() == Some(true) && event.error_code().is_none() && !self.related && reads();
        // A call that changes nothing may tell what its caller, or what it reads, is called as well.
        if is_read && self.resource.is_none() {
            return;
        }
        let acts = self.catalog.acts(event);
        if let Some(named) = &self.resource {
            part.sightings.look(&self.catalog, named, event, &acts.list);
        }
        if is_read {
            return;
        }
        let steps = self.steps(event, &acts.list);
        let id = || (event.fingerprint(), event.text("eventID").map(str::to_owned));
        if self.related && steps.is_empty() {
            self.related(part, event, &acts.list, context);
        }
        if steps.is_empty() {
            return;
        }
        part.names.meet(&event.actor());
        if self.rows {
            let act = acts.list.iter().find(|act| self.is_wanted(&act.resource));
            let act = act.or_else(|| acts.list.iter().find(|act| self.is_owner(&act.resource)));
            let action = steps.first().map_or(acts.action, |step| step.action);
            self.row(&mut part.rows, &mut part.shared, event, action, act, context);
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

    fn merge(&self, into: &mut HistoryState, part: HistoryState) {
        into.steps.merge(part.steps);
        merge_rows(&mut into.rows, part.rows);
        merge_rows(&mut into.related, part.related);
        into.shown.extend(part.shown);
        into.corrections.merge(part.corrections);
        into.switches.extend(part.switches);
        into.sightings.merge(part.sightings);
        into.names.merge(part.names);
        into.unnamed.merge(part.unnamed);
    }

    fn finish(&self, mut part: HistoryState, coverage: &mut Coverage) -> History {
        coverage.corrections = part.mark_corrections();
        LoggingChange::settle(&mut part.switches);
        let callers = part.names.known_callers();
        if !callers.is_empty() {
            part.steps.rename_callers(&|who| callers.get(who).map(|known| known.who.clone()));
            super::same_action::name_callers(
                part.rows.values_mut().chain(part.related.values_mut()),
                &part.names,
            );
        }
        drop(callers);
        let may_have_acted = part.unnamed.finish();
        let mut related: Vec<Row> = part.related.into_values().collect();
        related.sort_by(|a, b| a.order().cmp(&b.order()));
        for row in part.rows.values_mut().chain(&mut related) {
            row.evidence.sort_unstable();
        }
        let HistoryState { steps, rows, shown, switches, sightings, .. } = part;
        let shown = self.shown.map(|_| shown);
        let (has_rows, is_slim, end) = (self.rows, self.slim, coverage.last);
        History { steps, rows, shown, related, switches, sightings, has_rows, is_slim, end, may_have_acted }
    }
}

/// Each reference is searched for by itself: where there are more, every record is parsed instead.
const MANY: usize = 64;

/// So many levels of parts of parts are looked at.
const PART_LEVELS: usize = 6;

/// Whether a type has parts, or those have parts, among some types.
fn has_parts_among(kinds: &Globs, kind: &str, levels: usize) -> bool {
    levels > 0
        && (ties_to(kind).any(|tie| kinds.pass([tie.kind]))
            || parts_in(kind)
                .any(|part| kinds.pass([part.kind]) || has_parts_among(kinds, part.kind, levels - 1)))
}

fn merge_rows(into: &mut HashMap<EventKey, Row>, rows: HashMap<EventKey, Row>) {
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

impl HistoryQuery<'_> {
    fn row(
        &self,
        rows: &mut HashMap<EventKey, Row>,
        shared: &mut InternCache,
        event: &Event<'_>,
        action: Action,
        act: Option<&ResourceAction>,
        context: &EventContext<'_>,
    ) {
        let mut row = Row::new(event, action, act, context.evidence(), shared);
        row.raw = self.raw.then(|| rows::one_line(context.raw));
        row.caller = self.origins.then(|| Box::new(Caller::of(event)));
        let id = (row.fingerprint, row.event_id.as_deref().map(str::to_owned));
        merge_rows(rows, HashMap::from([(id, row)]));
    }

    /// Takes note of a call that may have acted on the resource without naming it.
    fn unnamed(&self, part: &mut HistoryState, event: &Event<'_>) {
        let Some((question, until)) = &self.unnamed else { return };
        let is_later = event.time().zip(*until).is_some_and(|(time, until)| time > until);
        if !is_later && self.shown.is_none_or(|shown| shown.matches(event)) {
            part.unnamed.event(question, event, rows::hash_event(event));
        }
    }

    /// Keeps a call that only uses the resource.
    fn related(
        &self,
        part: &mut HistoryState,
        event: &Event<'_>,
        acts: &[ResourceAction],
        context: &EventContext<'_>,
    ) {
        let uses = |act: &&ResourceAction| act.relation == Relation::Related && self.is_wanted(&act.resource);
        if event.read_only() == Some(true) || self.shown.is_some_and(|shown| !shown.matches(event)) {
            return;
        }
        if let Some(act) = acts.iter().find(uses) {
            self.row(&mut part.related, &mut part.shared, event, act.action, Some(act), context);
        }
    }
}
