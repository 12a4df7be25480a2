//! Folds the steps on one resource into its timeline and its state.
//!
//! The fold can stop at any moment and go on from there: what it has then is
//! the state at that moment.

use super::before::state_before;
use super::order;
use super::order::PlacedStep;
use super::path::SettingPath;
use super::state::{Existence, Setting, SettingChange, State};
use super::step::{ITEM, Operation, PartRemoval, Step, StepOrigin, StepOutcome, StepOwner};
use super::val::{Knowledge, UnknownReason};
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::Resource;
use chrono::TimeDelta;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How much later than its call a service may say that a resource was made.
const CREATION_SLACK: TimeDelta = TimeDelta::minutes(5);

/// So many calls are named that may have led to what an item shows.
const CAUSES: usize = 3;

/// One line of a timeline.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// What the event says.
    pub step: Step,
    /// What that changed, setting by setting.
    pub changes: Vec<SettingChange>,
    /// The events of the same second that may as well have come on its other side.
    pub unsure: Vec<String>,
    /// Which of several resources of the name it is about.
    pub incarnation: u32,
    /// Whether it made the resource, for all that is known: a put may as well change what is there.
    pub creates: bool,
    /// What else has to be said of it.
    pub notes: Vec<String>,
}

impl TimelineEntry {
    /// Returns whether it changed the state, or would have.
    pub fn is_change(&self) -> bool {
        matches!(self.step.kind, StepOutcome::Applied | StepOutcome::NotModelled)
    }

    /// Returns whether it may be what took the resource from something that it is part of.
    pub fn may_be_end(&self) -> bool {
        self.step.ended_with.as_ref().is_some_and(|owner| owner.taking == Some(PartRemoval::Perhaps))
    }
}

/// A fold on its way.
#[derive(Clone, Debug, Default)]
pub struct StateFold {
    /// The state so far.
    pub state: State,
    /// The lines so far.
    pub entries: Vec<TimelineEntry>,
    /// The ids, of those that no other resource has, that events gave what has the name now.
    pub(super) ids: BTreeSet<String>,
    /// Whether one of the lines is a change.
    has_change: bool,
    /// The last line of each event, of as many lines as were asked about.
    last_lines: (usize, HashMap<String, usize>),
}

/// The timeline of one resource.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The resource, with all identifiers that its events have.
    pub resource: Resource,
    /// Its events in order.
    pub entries: Vec<TimelineEntry>,
    /// The state after the last.
    pub state: State,
    /// Events without a readable time: nothing says where they belong.
    pub undated: Vec<Step>,
}

/// Folds all steps on one resource, up to and including `until`. What later ones prove of the time before
/// them is known from the start.
pub fn fold_steps(resource: Resource, steps: Vec<Step>, until: Option<Time>) -> Timeline {
    let moments = order::group_by_moment(order::sort_steps(steps));
    let mut fold = StateFold { state: state_before(&moments), ..StateFold::default() };
    let mut undated = Vec::new();
    for (time, group) in moments {
        match time {
            None => undated = group,
            Some(time) if until.is_some_and(|until| time > until) => break,
            Some(_) => fold.moment(group),
        }
    }
    if let Some(until) = until {
        fold.state.come_due(until);
    }
    Timeline { resource, entries: fold.entries, state: fold.state, undated }
}

impl Timeline {
    /// Takes into account that a deletion which was scheduled for before that moment may have come.
    pub fn come_due(&mut self, at: Time) {
        self.state.come_due(at);
    }
}

impl StateFold {
    /// Returns a fold that goes on from a state.
    pub(super) fn from_state(state: State) -> Self {
        Self { state, ..Self::default() }
    }

    /// Returns a fold that knows what the steps of a resource prove of the time before them.
    pub(super) fn before(steps: Vec<Step>) -> Self {
        Self { state: state_before(&order::group_by_moment(order::sort_steps(steps))), ..Self::default() }
    }

    /// Goes on with steps that are all later than those before. Those without a time are left out.
    pub fn take(&mut self, steps: Vec<Step>) {
        for (time, group) in order::group_by_moment(order::sort_steps(steps)) {
            if time.is_some() {
                self.moment(group);
            }
        }
    }

    /// Takes the steps of one moment.
    fn moment(&mut self, group: Vec<Step>) {
        // What a resource is part of is there until its last part is made or goes; of one that is made again
        // in the second of that end, nobody could have made it before.
        let existed = self.state.exists == Existence::Exists;
        let (ends, group): (Vec<Step>, Vec<Step>) =
            group.into_iter().partition(|step| step.ended_with.is_some());
        let made =
            group.iter().any(|step| step.kind == StepOutcome::Applied && step.action == Action::Created);
        let (first, last) = if existed && made { (ends, Vec::new()) } else { (Vec::new(), ends) };
        first.into_iter().for_each(|step| self.ended(step));
        self.together(group);
        last.into_iter().for_each(|step| self.ended(step));
    }

    /// Takes the end of what it is part of.
    fn ended(&mut self, step: Step) {
        if step.ended_with.as_ref().is_some_and(StepOwner::is_tie) {
            return self.untied(step);
        }
        let is_known = self.state.exists == Existence::Exists
            || (self.state.exists == Existence::Unknown && self.has_change);
        if is_known {
            let owner = step.ended_with.clone();
            self.step(step, Vec::new());
            // What a call took away was deleted by that call, whatever it was a part of.
            let is_open = |owner: &StepOwner| match owner.taking {
                None => self.state.exists == Existence::Gone,
                Some(taking) => taking == PartRemoval::Perhaps,
            };
            self.state.ended_with = owner.filter(is_open);
        }
    }

    /// Takes the end of what ties it to something else, if it is tied to that still.
    fn untied(&mut self, step: Step) {
        let Some(owner) = &step.ended_with else { return };
        let paths = self.state.tied_to(owner);
        if paths.is_empty() || self.state.exists == Existence::Gone {
            return;
        }
        let ops: Vec<Operation> = paths
            .into_iter()
            .map(|path| Operation::Set { path, val: Knowledge::Absent, leaf: false })
            .collect();
        let changes = merge_changes(ops.iter().flat_map(|op| self.state.apply(op, &step.origin)).collect());
        let notes = vec![owner.end_in_words()];
        let step =
            Step { action: Action::Changed, kind: StepOutcome::Applied, ops, ended_with: None, ..step };
        self.add(TimelineEntry {
            step,
            changes,
            unsure: Vec::new(),
            incarnation: self.state.incarnation,
            creates: false,
            notes,
        });
    }

    fn together(&mut self, group: Vec<Step>) {
        let placed = order::place_steps(group, &self.state);
        let mut open = Vec::new();
        for PlacedStep { step, unsure, paths } in placed {
            open.extend(paths.into_iter().map(|path| (path, step.origin.clone())));
            self.step(step, unsure);
        }
        // Which value was left nobody can say.
        for (path, by) in open {
            if self.state.exists != Existence::Gone {
                self.state.cells.insert(
                    path,
                    Setting { val: Knowledge::Unknown(UnknownReason::Ambiguous), by: Some(by) },
                );
            }
        }
    }

    pub(super) fn step(&mut self, step: Step, unsure: Vec<String>) {
        let (mut changes, mut notes) = (Vec::new(), Vec::new());
        notes.extend(step.note.clone());
        let is_met = self.split_by_id(&step, &mut notes);
        notes.extend(step.ended_with.as_ref().map(StepOwner::end_in_words));
        match step.kind {
            StepOutcome::Failed | StepOutcome::DryRun => {}
            StepOutcome::ErrorProves => changes = self.proves(&step, &mut notes),
            StepOutcome::NotModelled => {
                self.is_there(&step, is_met, &mut notes);
                self.state.unread.push(step.origin.clone());
                if self.state.exists != Existence::Gone {
                    let ops = step.ops.iter();
                    changes = merge_changes(ops.flat_map(|op| self.state.apply(op, &step.origin)).collect());
                }
            }
            StepOutcome::Applied => changes = self.applied(&step, is_met, &mut notes),
            StepOutcome::ConfigItem => {
                let since =
                    self.entries.iter().rev().take_while(|it| it.step.kind != StepOutcome::ConfigItem);
                let called = since.filter(|it| it.is_change()).count() > 0;
                let (found, more) = self.state.observe(&step, called);
                if step.origin.event_name == ITEM {
                    notes.extend(self.causes(&step));
                }
                notes.extend(more);
                changes = merge_changes(found);
            }
        }
        let incarnation = self.state.incarnation;
        let creates = self.state.created.as_ref() == Some(&step.origin);
        self.add(TimelineEntry { step, changes, unsure, incarnation, creates, notes });
    }

    fn add(&mut self, entry: TimelineEntry) {
        self.has_change |= entry.is_change();
        self.entries.push(entry);
    }

    /// Returns the last line of an event.
    fn line_of(&mut self, event_id: &str) -> Option<&TimelineEntry> {
        let (known, lines) = &mut self.last_lines;
        for (at, entry) in self.entries.iter().enumerate().skip(*known) {
            lines.extend(entry.step.origin.event_id.clone().map(|id| (id, at)));
        }
        *known = self.entries.len();
        self.entries.get(*lines.get(event_id)?)
    }

    /// Begins anew where an event gives the name an id that what had it before did not have; returns whether the
    /// event has an id that was known of it.
    fn split_by_id(&mut self, step: &Step, notes: &mut Vec<String>) -> bool {
        let is_its_own = step.ended_with.is_none();
        if !is_its_own
            || matches!(step.kind, StepOutcome::Failed | StepOutcome::ErrorProves | StepOutcome::DryRun)
        {
            return false;
        }
        if step.action == Action::Created && !step.repeatable {
            self.ids.clear();
        }
        self.split_by_creation(step, notes);
        let mut ids = step.resource.unique_ids().peekable();
        if ids.peek().is_none() {
            return false;
        }
        let ids: BTreeSet<String> = ids.map(str::to_owned).collect();
        let is_met = !self.ids.is_disjoint(&ids);
        if !self.ids.is_empty() && !is_met {
            notes.push(
                "another resource of this name, by its id: its creation is not in these logs".to_owned(),
            );
            self.state = State { incarnation: self.state.incarnation + 1, ..State::default() };
            self.ids.clear();
        }
        self.ids.extend(ids);
        is_met
    }

    /// Begins anew where an item of AWS Config was made later than what had the name before.
    fn split_by_creation(&mut self, step: &Step, notes: &mut Vec<String>) {
        // An instance that is started again has another time of creation, and the same id.
        let Some(made) = step.made_at.filter(|_| !step.resource.has_id()) else { return };
        let known = self.state.created.as_ref().and_then(|it| it.time).or(self.state.made_at);
        let is_later =
            known.is_some_and(|known| made.utc().signed_duration_since(known.utc()) > CREATION_SLACK);
        if is_later && self.state.exists != Existence::Gone {
            notes.push(format!("NOT LOGGED: what had the name before was deleted: this was made at {made}"));
            self.state = State { incarnation: self.state.incarnation + 1, ..State::default() };
            self.ids.clear();
        }
    }

    /// Which calls led to what an item shows: those that it names, else those since the item before.
    fn causes(&mut self, item: &Step) -> Vec<String> {
        let told = |it: &StepOrigin| {
            let id = it.event_id.as_deref().map(|id| format!(", event {id}")).unwrap_or_default();
            format!("{} by {}{id}", it.event_name, it.who)
        };
        let entries = || self.entries.iter().rev();
        if item.caused_by.is_empty() {
            let since = entries().take_while(|entry| entry.step.kind != StepOutcome::ConfigItem);
            let mut calls: Vec<&StepOrigin> =
                since.filter(|entry| entry.is_change()).map(|entry| &*entry.step.origin).collect();
            let more = calls.len().saturating_sub(CAUSES);
            calls.truncate(CAUSES);
            let mut notes: Vec<String> = calls.iter().rev().map(|it| format!("after {}", told(it))).collect();
            notes.extend((more > 0).then(|| format!("after {more} calls more")));
            return notes;
        }
        let cause = |id: &String| match self.line_of(id) {
            Some(entry) => format!("made so by {}", told(&entry.step.origin)),
            None => {
                format!("NOT LOGGED: made so by event {id}, which is not among its calls here: a missing log")
            }
        };
        item.caused_by.iter().map(cause).collect()
    }

    fn applied(&mut self, step: &Step, is_met: bool, notes: &mut Vec<String>) -> Vec<SettingChange> {
        let by = &step.origin;
        // A deletion that is put off shows that the resource is still there.
        let deferred = step.ops.iter().any(|op| matches!(op, Operation::ScheduleDeletion(_)));
        match step.action {
            Action::Created => self.created(step, notes),
            Action::Changed => self.is_there(step, is_met, notes),
            Action::Deleted if deferred => self.is_there(step, is_met, notes),
            Action::Deleted | Action::Read => {}
        }
        let mut changes: Vec<SettingChange> = Vec::new();
        for op in &step.ops {
            changes.extend(self.state.apply(op, by));
            match op {
                Operation::Rename(name) if *name == step.resource.id => {
                    notes.push("has this name from now on".to_owned());
                    changes.extend(self.state.renamed(step, name));
                }
                Operation::Rename(name) => {
                    notes.push(format!("is called `{name}` from now on"));
                    self.state.exist(Existence::Gone, by);
                }
                Operation::ScheduleDeletion(date) if !date.is_empty() => {
                    notes.push(format!("scheduled for {date}"))
                }
                Operation::ScheduleDeletion(_) => notes.push("scheduled".to_owned()),
                Operation::CancelDeletion => notes.push("the deletion is called off".to_owned()),
                _ => {}
            }
        }
        if step.or == Some(Action::Deleted) {
            if step.ended_with.is_none() {
                notes.push("whether that was the last of it, the record does not tell".to_owned());
            }
            self.state.exist(Existence::Unknown, by);
        }
        if step.action == Action::Deleted && !deferred {
            // The service that carries it out is not who wanted it.
            notes.extend(
                self.state.due.take().map(|(_, by)| format!("scheduled by {} ({})", by.who, by.event_name)),
            );
            self.state.exist(Existence::Gone, by);
        }
        merge_changes(changes)
    }

    /// Takes what an error proves: it says how things were, not that anything was done.
    fn proves(&mut self, step: &Step, notes: &mut Vec<String>) -> Vec<SettingChange> {
        let mut changes = Vec::new();
        for op in &step.ops {
            if *op == Operation::ProveExistence(false) && self.is_new(step) {
                notes.push("it was made just before: the service did not show it yet".to_owned());
                continue;
            }
            changes.extend(self.state.apply(op, &step.origin));
        }
        merge_changes(changes)
    }
}

impl State {
    /// Another resource has the name since: this one, which was the `incarnation`th, is gone, whether its end is
    /// in the logs or not.
    pub(super) fn followed(&mut self, incarnation: u32) {
        self.incarnation = incarnation;
        self.due = None;
        if self.exists != Existence::Gone {
            (self.exists, self.exists_by) = (Existence::Gone, None);
        }
    }

    /// What was scheduled for before that moment may have come.
    pub(super) fn come_due(&mut self, at: Time) {
        let Some((date, by)) = self.due.clone() else { return };
        let is_over = Time::of_service(&date).is_some_and(|date| date <= at);
        if is_over && self.exists != Existence::Gone {
            self.exists = Existence::Unknown;
            self.exists_by = Some(Arc::clone(&by));
        }
    }
}

/// Several operations of one event on one setting are one change.
fn merge_changes(changes: Vec<SettingChange>) -> Vec<SettingChange> {
    let mut places: HashMap<SettingPath, usize> = HashMap::new();
    let mut all: Vec<SettingChange> = Vec::new();
    for change in changes {
        let place = *places.entry(change.path.clone()).or_insert(all.len());
        match all.get_mut(place) {
            Some(earlier) => earlier.after = change.after,
            None => all.push(change),
        }
    }
    // A value that is set again and not told may be another one.
    all.retain(|change| !change.before.is_as(&change.after));
    all
}

/// What a state knows of a setting that only items of AWS Config spoke of later.
fn known_before(from: &State, to: &State, path: &SettingPath) -> Knowledge {
    let val = from.cell(path).val;
    let of_item = |it: &Setting| it.by.as_deref().is_some_and(|by| by.event_name == ITEM);
    let is_new = !from.is_observed(path) && to.cells.get(path).is_some_and(of_item);
    match val {
        // An item before did not have it.
        Knowledge::Unknown(_) if is_new && from.item.is_some() => Knowledge::Absent,
        // A default need not be told by a creation.
        Knowledge::Absent if is_new && from.item.is_none() && to.filled.contains(path) => {
            Knowledge::Unknown(UnknownReason::Unseen)
        }
        val => val,
    }
}

/// Returns what differs between two states, setting by setting.
pub fn diff_states(from: &State, to: &State) -> Vec<SettingChange> {
    let paths: std::collections::BTreeSet<&SettingPath> = from.cells.keys().chain(to.cells.keys()).collect();
    let mut changes = Vec::new();
    for path in paths {
        // A value that is unknown, or in part, and that another call set since then may be another one.
        let (one, other) = (from.cell(path), to.cell(path));
        let set_since = !one.val.is_whole() && one.by != other.by;
        let (before, after) = (known_before(from, to, path), other.val);
        let holds_parts = |state: &State| state.below(path).any(|(at, _)| at != path);
        let container =
            before.known().is_none() && after.known().is_none() && (holds_parts(from) || holds_parts(to));
        if !container && (set_since || !before.same(&after)) {
            changes.push(SettingChange { path: path.clone(), before, after });
        }
    }
    changes
}
