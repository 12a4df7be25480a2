//! The fold behind `who`, `who-*` and `events`: matching events become rows.

use super::bucket_life::Emptied;
use super::corrections::Corrections;
use super::fold::EventContext;
use super::foreign::{CallerNames, SharedActions};
use super::intern_cache::InternCache;
use super::logging_change::LoggingChange;
use super::logins::workflow;
use super::logins::workflow::Workflows;
use super::row::{Evidence, Row};
use super::same_action::{join_actions, name_callers};
use super::sightings::Sightings;
use super::trace::{Caller, CredentialFacts};
use super::unnamed::{MayHaveActed, Unnamed};
use super::{Coverage, RowQuery};
use crate::catalog;
use crate::catalog::{Action, Relation, ResourceAction};
use crate::event::{Event, Outcome};
use crate::hash::seeded_hash;
use crate::resource::{Match, NamedResource, Resource};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// The rows found so far; one a thread, merged at the end.
#[derive(Debug, Default)]
pub struct RowCollector {
    rows: Vec<Row>,
    corrections: Corrections,
    /// The types as which events name the resource.
    named_as: BTreeSet<String>,
    /// Events on objects of the bucket that was asked for (hashes of their ids).
    on_objects: HashSet<u64>,
    /// Events that only use the resource that was asked for.
    using: HashSet<u64>,
    /// Events made with the access key that was asked for.
    with_key: HashSet<u64>,
    /// Failed calls that may have been meant for the resource but name none, by their names.
    unnamed: BTreeMap<String, HashSet<u64>>,
    /// Calls that may have acted on the resource without naming it.
    may_have_acted: Unnamed,
    /// Links of the resource, by their ids.
    links: HashMap<String, LinkedTexts>,
    /// Rows of calls that name links only, with the link.
    by_link: Vec<(String, Row)>,
    /// The callers that were met.
    names: CallerNames,
    /// How many rows there were before the stream that is being read.
    marked: usize,
    /// Which identifiers of the resource stood together.
    sightings: Sightings,
    shared: InternCache,
    /// Calls that change what is logged.
    switches: Vec<LoggingChange>,
    /// Sign-ins to IAM Identity Center, and which record is of which.
    workflows: Workflows,
    of_workflow: HashMap<u64, Box<str>>,
}

/// The rows in their final order, and what was left out of them.
#[derive(Debug, Default)]
pub struct MatchedRows {
    /// One row for each event and resource.
    pub rows: Vec<Row>,
    /// The types that the reference was found as, with their number of rows.
    pub kinds: BTreeMap<String, u64>,
    /// How many events act on objects of the bucket.
    pub on_objects: u64,
    /// How many events only use the resource.
    pub using: u64,
    /// How many events were made with the access key.
    pub with_key: u64,
    /// How many rows are found in damaged files only.
    pub doubtful: u64,
    /// Failed calls that name no resource, by their names.
    pub unnamed: BTreeMap<String, u64>,
    /// The types as which events name the resource, whatever they did to it.
    pub named_as: BTreeSet<String>,
    /// Which identifiers of the resource stood together.
    pub sightings: Sightings,
    /// Actions that are logged in several accounts.
    pub shared: SharedActions,
    /// Calls that may have acted on the resource without naming it.
    pub may_have_acted: Vec<MayHaveActed>,
    /// Buckets that were emptied though no deletion of an object in them is told.
    pub emptied: Vec<Emptied>,
    /// The calls that change what is logged, of those that pass the filters; where a resource is asked for.
    pub switches: Vec<LoggingChange>,
}

impl MatchedRows {
    /// Adds the ends of the resource that came with the end of what it was part of, where nothing ended it before.
    pub fn add_ends(&mut self, ends: Vec<Row>) {
        for row in ends {
            if let Some(resource) = &row.resource {
                *self.kinds.entry(resource.kind.as_ref().to_owned()).or_default() += 1;
            }
            self.rows.push(row);
        }
        self.rows.sort_by(|a, b| a.order().cmp(&b.order()));
    }

    /// Says of every row who stands at the start of the chain of credentials; `facts` is what the archive
    /// tells of issued credentials. The rows have to be made with [`RowQuery::origins`].
    pub fn add_origins(&mut self, facts: CredentialFacts) {
        tell_origins(&mut self.rows.iter_mut().collect::<Vec<_>>(), facts);
    }
}

/// Says of rows who stands at the start of the chain of credentials.
pub(super) fn tell_origins(rows: &mut [&mut Row], mut facts: CredentialFacts) {
    rows.iter().filter_map(|row| row.caller.as_deref()).for_each(|caller| _ = facts.caller(caller.clone()));
    facts.relevant_behind(rows.iter().filter_map(|row| row.caller.as_deref()));
    let origins = facts.origins();
    for row in rows {
        if let Some(origin) = row.caller.as_deref().and_then(|caller| origins.of(caller)) {
            Arc::make_mut(&mut row.actor).origin = Some(origin);
        }
    }
}

/// The resource that a link belongs to.
#[derive(Clone, Debug)]
struct LinkedTexts {
    /// Whether the event that made the link gives no more than a name that others may have had as well.
    is_by_name_only: bool,
    resource: Resource,
}

impl LinkedTexts {
    /// Takes over what another event says, if that is surer: not what happened to be read last.
    fn or(&mut self, other: &Self) {
        let rank = |it: &Self| (it.is_by_name_only, it.resource.id.clone());
        if rank(other) < rank(self) {
            self.clone_from(other);
        }
    }
}

impl RowCollector {
    /// Takes an event that passed the filter.
    pub fn event(&mut self, question: &RowQuery, event: &Event<'_>, evidence: Evidence, raw: &[u8]) {
        let acts = question.catalog.acts(event);
        self.names.meet(&event.actor());
        if let Some(id) = workflow::workflow_id(event) {
            self.workflows.event(event);
            self.of_workflow.insert(event.fingerprint(), id.into());
        }
        let row = |shared: &mut InternCache, action, act: Option<&ResourceAction>| {
            let mut row = Row::new(event, action, act, evidence.clone(), shared);
            row.raw = question.raw.then(|| one_line(raw));
            row.caller = question.origins.then(|| Box::new(Caller::of(event)));
            row
        };
        let Some(named) = &question.resource else {
            let act = acts.main();
            return self.rows.push(row(&mut self.shared, act.map_or(acts.action, |act| act.action), act));
        };
        let follows = question.follows && question.actions.contains(&Action::Changed);
        if follows && !self.note_links(named, &acts.list) {
            let links = catalog::link_ids(&acts.list);
            let row = |link: &str| (link.to_owned(), row(&mut self.shared, Action::Changed, None));
            self.by_link.extend(links.map(row));
        }
        let (mut on_object, mut using, before) = (false, false, self.rows.len());
        self.sightings.look(&question.catalog, named, event, &acts.list);
        let takes = question.related && catalog::takes_from(event, &acts);
        for act in &acts.list {
            let found = named.matches(&act.resource);
            if found == Match::Yes && !self.named_as.contains(act.resource.kind.as_ref()) {
                self.named_as.insert(act.resource.kind.to_string());
            }
            match found {
                Match::No => {}
                Match::ObjectOf => on_object = true,
                Match::Yes if act.relation == Relation::Related && !question.related => using = true,
                // What a call that writes reads from, as the source of a copy, is used by it, and so is where
                // it takes the data.
                Match::Yes if takes && act.action == Action::Read => {
                    let row = row(&mut self.shared, act.action, Some(act));
                    self.push(named, row, act);
                }
                Match::Yes if question.asks_for(act) => {
                    let row = row(&mut self.shared, act.action, Some(act));
                    self.push(named, row, act);
                }
                Match::Yes => {}
            }
        }
        // What is shown of the bucket is not left out.
        if on_object && self.rows.len() == before {
            self.on_objects.insert(hash_event(event));
        }
        if using {
            self.using.insert(hash_event(event));
        }
        if question.key.as_deref().is_some_and(|key| event.actor().access_key_id == Some(key)) {
            self.with_key.insert(hash_event(event));
        }
    }

    fn push(&mut self, named: &NamedResource, mut row: Row, act: &ResourceAction) {
        row.is_by_name_only = named.is_by_name_only(&act.resource);
        self.rows.push(row);
    }

    /// Takes note of the links of the resource that an event makes, though it did not pass the filter.
    pub fn links(&mut self, question: &RowQuery, event: &Event<'_>) {
        if let Some(named) = &question.resource {
            self.note_links(named, &question.catalog.acts(event).list);
        }
    }

    /// Notes the links in an event that acts on the resource, and returns whether it does.
    fn note_links(&mut self, named: &NamedResource, acts: &[ResourceAction]) -> bool {
        let Some(act) = acts.iter().find(|act| named.matches(&act.resource) == Match::Yes) else {
            return false;
        };
        // Of several instances that one call runs, nothing says whose link is which.
        if acts.iter().filter(|other| other.resource.kind == act.resource.kind).count() > 1 {
            return true;
        }
        let is_by_name_only = named.is_by_name_only(&act.resource);
        for link in catalog::link_ids(acts) {
            let linked = LinkedTexts { is_by_name_only, resource: act.resource.clone() };
            self.links.entry(link.to_owned()).and_modify(|known| known.or(&linked)).or_insert(linked);
        }
        true
    }

    /// Takes note of a failed call that may have been meant for the resource, if it names none.
    pub fn unnamed(&mut self, question: &RowQuery, event: &Event<'_>) {
        let acts = question.catalog.acts(event);
        let names_any = acts.list.iter().any(|act| act.relation == Relation::Subject);
        if !names_any {
            self.unnamed.entry(event.name().to_owned()).or_default().insert(hash_event(event));
        }
    }

    /// Takes note of a call that may have acted on the resource without naming it.
    pub fn may_have_acted(&mut self, question: &RowQuery, event: &Event<'_>) {
        self.may_have_acted.event(question, event, hash_event(event));
    }

    /// Takes note of a call that changes what is logged.
    pub(super) fn switch(&mut self, switch: LoggingChange) {
        self.switches.push(switch);
    }

    /// Takes note of a record that corrects an earlier event.
    pub(super) fn note_correction(&mut self, event: &Event<'_>, context: &EventContext<'_>) {
        self.corrections.note(event, context);
    }

    /// Takes note that another stream begins.
    pub fn mark(&mut self) {
        self.marked = self.rows.len();
    }

    /// Marks the rows of the stream: the file that they come from turned out to be damaged.
    pub fn doubt(&mut self) {
        let evidence = self.rows.iter_mut().skip(self.marked).flat_map(|row| &mut row.evidence);
        evidence.for_each(|it| it.damaged = true);
    }

    /// Adds what another thread found.
    pub fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.corrections.merge(other.corrections);
        self.on_objects.extend(other.on_objects);
        self.using.extend(other.using);
        self.with_key.extend(other.with_key);
        for (name, events) in other.unnamed {
            self.unnamed.entry(name).or_default().extend(events);
        }
        self.may_have_acted.merge(other.may_have_acted);
        for (link, linked) in other.links {
            self.links.entry(link).and_modify(|known| known.or(&linked)).or_insert(linked);
        }
        self.named_as.extend(other.named_as);
        self.sightings.merge(other.sightings);
        self.by_link.extend(other.by_link);
        self.names.merge(other.names);
        self.switches.extend(other.switches);
        self.workflows.merge(other.workflows);
        self.of_workflow.extend(other.of_workflow);
    }

    /// Sorts the rows, makes one of duplicated deliveries, and says which ones correct others.
    pub fn finish(mut self, coverage: &mut Coverage) -> MatchedRows {
        for (link, mut row) in self.by_link {
            if let Some(linked) = self.links.get(&link) {
                row.about(&linked.resource);
                row.is_by_name_only = linked.is_by_name_only;
                self.rows.push(row);
            }
        }
        let mut emptied = self.may_have_acted.emptied();
        let may_have_acted = self.may_have_acted.finish();
        let mut switches = self.switches;
        LoggingChange::settle(&mut switches);
        self.rows.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
        // Two rows that tell of the same stand side by side: in place, for there may be many.
        let mut rows = self.rows;
        rows.dedup_by(|row, last| {
            let is_same = last.is_same(row);
            if is_same {
                coverage.duplicates += 1;
                last.evidence.append(&mut row.evidence);
                // Copies may differ in white space: which one is shown must not hang on chance.
                last.raw = std::mem::take(&mut last.raw).min(std::mem::take(&mut row.raw));
            }
            is_same
        });
        let mut rows = without_parts(rows, coverage);
        if !self.corrections.is_empty() {
            rows.iter_mut().for_each(|row| self.corrections.mark(row));
        }
        coverage.corrections = rows.iter().filter(|row| row.corrects.is_some()).count() as u64;
        name_callers(rows.iter_mut(), &self.names);
        if !self.of_workflow.is_empty() {
            for row in &mut rows {
                if let Some(id) = self.of_workflow.get(&row.fingerprint) {
                    self.workflows.name(row, id);
                }
            }
        }
        let shared = join_actions(&mut rows, &self.names);
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        for row in &mut rows {
            row.evidence.sort_unstable();
            let Some(resource) = &row.resource else { continue };
            match kinds.get_mut(&*resource.kind) {
                Some(count) => *count += 1,
                None => _ = kinds.insert(resource.kind.as_ref().to_owned(), 1),
            }
        }
        // What is told of needs no inference.
        let is_told = |it: &Emptied| {
            let within = |row: &Row| row.time.is_some_and(|time| it.from <= time && time <= it.until);
            rows.iter().any(|row| row.outcome == Outcome::Succeeded && within(row))
        };
        emptied.retain(|it| !is_told(it));
        let is_doubtful = |row: &&Row| row.evidence.iter().all(|it| it.damaged);
        let doubtful = rows.iter().filter(is_doubtful).count() as u64;
        MatchedRows {
            rows,
            kinds,
            on_objects: self.on_objects.len() as u64,
            using: self.using.len() as u64,
            with_key: self.with_key.len() as u64,
            doubtful,
            may_have_acted,
            emptied,
            unnamed: self.unnamed.into_iter().map(|(name, events)| (name, events.len() as u64)).collect(),
            named_as: self.named_as,
            sightings: self.sightings,
            shared,
            switches,
        }
    }
}

/// Adds rows of exports to the rows of the whole records of the same events.
fn without_parts(rows: Vec<Row>, coverage: &mut Coverage) -> Vec<Row> {
    if !rows.iter().any(|row| row.partial) {
        return rows;
    }
    let (parts, mut whole): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.partial);
    let mut by_id: HashMap<Box<str>, Vec<usize>> = HashMap::new();
    for (at, row) in whole.iter().enumerate() {
        if let Some(id) = &row.event_id {
            by_id.entry(id.clone()).or_default().push(at);
        }
    }
    let mut alone = Vec::new();
    for part in parts {
        let same = part.event_id.as_ref().and_then(|id| by_id.get(id)).map(Vec::as_slice).unwrap_or_default();
        let same: Vec<usize> = same.iter().copied().filter(|at| part.is_part_of(&whole[*at])).collect();
        if same.is_empty() {
            alone.push(part);
            continue;
        }
        coverage.duplicates += 1;
        for at in same {
            whole[at].evidence.extend(part.evidence.iter().cloned());
        }
    }
    whole.extend(alone);
    whole.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
    whole.iter_mut().for_each(|row| {
        row.evidence.sort_unstable();
        row.evidence.dedup();
    });
    whole
}

/// What an event is counted once by: two of equal hashes would count as one.
pub(super) fn hash_event(event: &Event<'_>) -> u64 {
    match event.text("eventID") {
        Some(id) => seeded_hash(id),
        None => seeded_hash(&event.fingerprint()),
    }
}

/// The record as it stands, but on one line: a line break outside strings means nothing in JSON,
/// and inside strings it cannot stand.
pub(super) fn one_line(record: &[u8]) -> Box<[u8]> {
    record.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect()
}
