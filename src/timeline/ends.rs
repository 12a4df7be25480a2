//! The ends of what other resources are part of, and their beginnings. They are gathered first, a key and a time
//! each, so that one resource after the other can be folded with them: the rules of a group that was deleted are
//! gone, and a policy of a role that was made in these logs was not there before.

use super::groups::{ResourceKey, fold_case};
use super::step::{Operation, PartRemoval, Step, StepOutcome, StepOwner};
use super::takings::{PartRemovals, find_part_removals, part_held_by};
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::{PartFate, Resource, parts_in, parts_of, ties_of, ties_to};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};

/// So many levels of parts of parts are followed.
const DEPTH: usize = 6;

/// What ends what, over all resources.
#[derive(Debug, Default)]
pub(super) struct EndedParts {
    /// What others are part of, or tied to.
    owners: Vec<OwnerLife>,
    /// Which of them have a name, by type and name.
    by_name: HashMap<(String, String), Vec<usize>>,
    /// What calls took from others without its id, by the type and id of these.
    takings: HashMap<(String, String), PartRemovals>,
    is_any_made: bool,
}

/// What one resource tells of those that are part of it; each list is in order of time.
#[derive(Debug)]
struct OwnerLife {
    /// It, as its first step names it.
    resource: Resource,
    /// Its deletions.
    deleted: Vec<Step>,
    /// When it was made, in calls that fail where it is there.
    made: Vec<Time>,
    /// What it is part of itself, and from when.
    above: Vec<(Time, StepOwner)>,
    /// The steps that tie it to something else: an alias to another key.
    turns: Vec<Step>,
}

impl OwnerLife {
    fn of(group: &[Box<Step>], first: &Step) -> Self {
        // Its end may give no more than its id.
        let called = group.iter().find_map(|step| step.resource.name.clone());
        let end = |step: &Step| {
            let mut end = strip_effects(step);
            end.resource.name = end.resource.name.or_else(|| called.clone());
            end
        };
        let turn = |step: &Step| Step { owners: step.owners.clone(), ..strip_effects(step) };
        let beginnings = group.iter().filter(|step| is_beginning(step));
        let mut life = Self {
            resource: first.resource.clone(),
            deleted: group.iter().filter(|step| is_end(step)).map(|step| end(step)).collect(),
            made: beginnings.filter_map(|step| step.origin.time).collect(),
            above: Vec::new(),
            turns: group.iter().filter(|step| may_turn(step)).map(|step| turn(step)).collect(),
        };
        for step in group {
            let Some(time) = step.origin.time else { continue };
            let owners = step.owners.iter().filter(|owner| !owner.is_tie());
            life.above.extend(owners.map(|owner| (time, owner.clone())));
        }
        life.above.sort_by(compare_owners);
        life.above.dedup_by(|a, b| a.1 == b.1);
        life.made.sort_unstable();
        life.deleted.sort_by_key(|step| step.origin.time);
        life.turns.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        life
    }

    fn is_empty(&self) -> bool {
        self.deleted.is_empty() && self.made.is_empty() && self.above.is_empty() && self.turns.is_empty()
    }
}

fn compare_owners(a: &(Time, StepOwner), b: &(Time, StepOwner)) -> Ordering {
    (a.0, a.1.part.of, &a.1.id).cmp(&(b.0, b.1.part.of, &b.1.id))
}

/// Those of some steps, which are in order of time, that have a time from one on.
fn steps_since(steps: &[Step], from: Time) -> &[Step] {
    &steps[steps.partition_point(|step| step.origin.time.is_none_or(|time| time < from))..]
}

/// The place of a resource: what is not known of it may be anything.
#[derive(Clone, Copy)]
struct OwnerPlace<'r> {
    account: Option<&'r str>,
    region: Option<&'r str>,
}

impl<'r> OwnerPlace<'r> {
    fn of(resource: &'r Resource) -> Self {
        Self { account: resource.account.as_deref(), region: resource.region.as_deref() }
    }

    fn fits(self, other: &Resource) -> bool {
        let same = |a: Option<&str>, b: Option<&str>| a.is_none() || b.is_none() || a == b;
        same(self.account, other.account.as_deref()) && same(self.region, other.region.as_deref())
    }
}

/// Whether a step is the end of its resource.
fn is_end(step: &Step) -> bool {
    let is_done = matches!(step.kind, StepOutcome::Applied | StepOutcome::ConfigItem);
    is_done
        && step.action == Action::Deleted
        && !step.ops.iter().any(|op| matches!(op, Operation::ScheduleDeletion(_)))
}

/// Whether a step shows that its resource was not there before it.
fn is_beginning(step: &Step) -> bool {
    step.kind == StepOutcome::Applied
        && step.action == Action::Created
        && step.or.is_none()
        && !step.repeatable
}

/// Whether a step shows that its resource is there.
fn is_existence_shown(step: &Step) -> bool {
    match step.kind {
        StepOutcome::Applied | StepOutcome::NotModelled | StepOutcome::ConfigItem => true,
        StepOutcome::ErrorProves => !step.ops.contains(&Operation::ProveExistence(false)),
        StepOutcome::Failed | StepOutcome::DryRun => false,
    }
}

fn folded_key(kind: &str, id: &str) -> (String, String) {
    (kind.to_owned(), fold_case(&Resource::new(kind, ""), id).into_owned())
}

impl EndedParts {
    /// Gathers them from all steps, which are sorted by resource.
    pub(super) fn of(steps: &[Box<Step>]) -> Self {
        let mut all = Self::default();
        for group in steps.chunk_by(|a, b| ResourceKey::is_same(&a.resource, &b.resource)) {
            let Some(first) = group.first().filter(|step| has_parts(&step.resource.kind)) else { continue };
            let kind = &*first.resource.kind;
            let mut names: Vec<&str> = group.iter().flat_map(|step| step.resource.identifiers()).collect();
            names.sort_unstable();
            names.dedup();
            // Groups of several VPCs may have one name.
            let has_id = ids_are_names(&first.resource);
            let is_told = |name: &&str| !has_id || *name == first.resource.id;
            if part_held_by(kind).is_some() {
                let steps: Vec<Step> = group.iter().map(|step| (**step).clone()).collect();
                all.takings.insert(folded_key(kind, &first.resource.id), find_part_removals(&steps));
            }
            let life = OwnerLife::of(group, first);
            if life.is_empty() {
                continue;
            }
            for name in names.into_iter().filter(is_told) {
                all.by_name.entry(folded_key(kind, name)).or_default().push(all.owners.len());
            }
            all.is_any_made |= !life.made.is_empty();
            all.owners.push(life);
        }
        all
    }

    /// Returns those that have a name.
    fn called(&self, kind: &str, id: &str) -> impl Iterator<Item = &OwnerLife> {
        self.by_name.get(&folded_key(kind, id)).into_iter().flatten().map(|at| &self.owners[*at])
    }

    /// Makes a creation of the first call that put a part of something that was made in these logs: it may have
    /// replaced nothing.
    pub(super) fn begin(&self, resource: &Resource, steps: &mut [Step]) {
        if !self.is_any_made || parts_of(&resource.kind).next().is_none() {
            return;
        }
        // Copies of an event are one.
        let shown: BTreeSet<(Time, Option<String>, u64)> = steps
            .iter()
            .filter(|step| is_existence_shown(step))
            .filter_map(|step| {
                Some((step.origin.time?, step.origin.event_id.clone(), step.origin.fingerprint))
            })
            .collect();
        for step in steps {
            let is_done = matches!(step.kind, StepOutcome::Applied | StepOutcome::NotModelled);
            let may_create = is_done && step.or == Some(Action::Created);
            let Some(time) = step.origin.time.filter(|_| may_create) else { continue };
            let Some(made) = self.owner_made(OwnerPlace::of(resource), step, time) else { continue };
            let since = shown.range((made, None, 0)..).take_while(|(at, ..)| *at <= time);
            if since.take(2).count() == 1 {
                (step.action, step.or, step.kind) = (Action::Created, None, StepOutcome::Applied);
            }
        }
    }

    /// When the owner that a step names was made, if it was not deleted between that and the step.
    fn owner_made(&self, place: OwnerPlace<'_>, step: &Step, time: Time) -> Option<Time> {
        let of_owner = |owner: &StepOwner| {
            let called = || self.called(owner.part.of, &owner.id);
            let last = |it: &OwnerLife| it.made[..it.made.partition_point(|at| *at <= time)].last().copied();
            let made = called().filter(|it| place.fits(&it.resource)).filter_map(last).max()?;
            let is_over = |it: &OwnerLife| {
                let after = it.deleted.partition_point(|end| end.origin.time.is_none_or(|at| at <= made));
                it.deleted.get(after).is_some_and(|end| end.origin.time.is_some_and(|at| at <= time))
            };
            (!called().any(is_over)).then_some(made)
        };
        step.owners.iter().filter_map(of_owner).max()
    }

    /// Returns the ends of what a resource is part of, as steps on the resource.
    pub(super) fn of_resource(&self, resource: &Resource, steps: &[Step]) -> Vec<Step> {
        let is_bound = parts_of(&resource.kind).chain(ties_of(&resource.kind)).next().is_some();
        if !is_bound || (self.owners.is_empty() && self.takings.is_empty()) {
            return Vec::new();
        }
        let dated = steps.iter().filter_map(|step| Some((step.origin.time?, &step.owners)));
        let mut owners: Vec<(Time, &StepOwner)> =
            dated.flat_map(|(time, owners)| owners.iter().map(move |owner| (time, owner))).collect();
        owners.sort_by_key(|(time, _)| *time);
        let (ties, owners): (Vec<_>, Vec<_>) = owners.into_iter().partition(|(_, owner)| owner.is_tie());
        let mut found = Vec::new();
        let mut tell = |end: &Step, owner: &StepOwner| {
            // The event itself names the part by nothing.
            let mut part = Resource::new(&resource.kind, &resource.id);
            part.owned_by(resource.account.as_deref(), resource.region.as_deref());
            let fate = owner.part.fate_of(&resource.id, &end.resource.identifiers());
            let owner = StepOwner { fate, ..owner.clone() };
            found.push(Step { resource: part, ended_with: Some(owner), ..end.clone() });
        };
        self.follow(OwnerPlace::of(resource), &owners, DEPTH, &mut tell);
        let is_observed = steps.iter().any(|step| step.kind == StepOutcome::ConfigItem);
        self.untie(resource, &ties, is_observed, &mut tell);
        found.extend(self.taken(resource, &owners));
        found
    }

    /// Returns the calls that took a resource from what it is part of without naming it, as steps on it.
    fn taken(&self, resource: &Resource, owners: &[(Time, &StepOwner)]) -> Vec<Step> {
        let mut found = Vec::new();
        for (owner, times) in by_owner(owners) {
            let Some(from) = times.first() else { continue };
            let Some(takings) = self.takings.get(&folded_key(owner.part.of, &owner.id)) else { continue };
            if part_held_by(owner.part.of) != Some(owner.part.kind) {
                continue;
            }
            let own = takings.of_part(&resource.id).into_iter();
            let own = own.filter(|(step, _)| {
                step.origin.time.is_some_and(|it| it >= *from)
                    && OwnerPlace::of(resource).fits(&step.resource)
            });
            found.extend(own.map(|(step, taking)| as_taking(step, resource, owner, taking)));
        }
        found
    }

    /// Tells of the ends of what a resource is tied to, and of the ties of that to another; `ties` are in order
    /// of time.
    ///
    /// Only the first after each time that it was tied can untie it, so no more are told: an alias that was pointed
    /// at one key after the other would give each of them all its turns. What AWS Config saw may tie it as well.
    fn untie(
        &self,
        resource: &Resource,
        ties: &[(Time, &StepOwner)],
        is_observed: bool,
        tell: &mut dyn FnMut(&Step, &StepOwner),
    ) {
        let place = OwnerPlace::of(resource);
        let own: HashSet<&str> = resource.identifiers().into_iter().collect();
        let back = |owner: &StepOwner, other: &StepOwner| {
            other.part.kind == owner.part.of && *other.part.of == *resource.kind && !own.contains(&*other.id)
        };
        for (owner, times) in by_owner(ties) {
            let Some(from) = times.first() else { continue };
            let is_turn = |step: &Step| step.owners.iter().any(|other| back(owner, other));
            let id = Resource::new(owner.part.of, &owner.id).id;
            for it in self.called(owner.part.of, &id).filter(|it| place.fits(&it.resource)) {
                let turns = if owner.part.fate == PartFate::TiedAlone { it.turns.as_slice() } else { &[] };
                if is_observed {
                    let turns = steps_since(turns, *from).iter().filter(|step| is_turn(step));
                    steps_since(&it.deleted, *from).iter().chain(turns).for_each(|end| tell(end, owner));
                } else {
                    let turns = first_after_each(turns, &times, &is_turn);
                    let ends = first_after_each(&it.deleted, &times, &|_| true);
                    ends.into_iter().chain(turns).for_each(|end| tell(end, owner));
                }
            }
        }
    }

    /// Tells of every end of the owners, and of theirs; `owners` are in order of time.
    fn follow(
        &self,
        place: OwnerPlace<'_>,
        owners: &[(Time, &StepOwner)],
        depth: usize,
        tell: &mut dyn FnMut(&Step, &StepOwner),
    ) {
        for (from, until, owner) in owner_spans(owners) {
            let is_in = |time: Time| time >= from && until.is_none_or(|until| time < until);
            let mut above: Vec<&(Time, StepOwner)> = Vec::new();
            for it in self.called(owner.part.of, &owner.id) {
                above.extend(&it.above);
                if place.fits(&it.resource) {
                    let ends = steps_since(&it.deleted, from).iter();
                    let ends = ends.take_while(|end| end.origin.time.is_some_and(is_in));
                    ends.for_each(|end| tell(end, owner));
                }
            }
            if depth > 0 && !above.is_empty() {
                above.sort_by(|a, b| compare_owners(a, b));
                above.dedup_by(|a, b| a.1 == b.1);
                let above: Vec<(Time, &StepOwner)> =
                    above.into_iter().map(|(time, it)| (*time, it)).collect();
                self.follow(place, &above, depth - 1, &mut |end, owner| {
                    if end.origin.time.is_some_and(is_in) {
                        tell(end, owner);
                    }
                });
            }
        }
    }
}

/// Each owner once, with the times at which it is named; both in order of time.
fn by_owner<'o>(owners: &[(Time, &'o StepOwner)]) -> Vec<(&'o StepOwner, Vec<Time>)> {
    let mut found: Vec<(&StepOwner, Vec<Time>)> = Vec::new();
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (time, owner) in owners {
        // Those of one id differ in what they own, of which there are few sorts.
        let places = places.entry(&owner.id).or_default();
        match places.iter().find(|at| found[**at].0 == *owner) {
            Some(at) => found[*at].1.push(*time),
            None => {
                places.push(found.len());
                found.push((owner, vec![*time]));
            }
        }
    }
    found.iter_mut().for_each(|(_, times)| times.dedup());
    found
}

/// From when to when a resource belonged to which owner: it may be moved to another, as an alias to another key.
fn owner_spans<'o>(owners: &[(Time, &'o StepOwner)]) -> Vec<(Time, Option<Time>, &'o StepOwner)> {
    let mut spans: Vec<(Time, Option<Time>, &StepOwner)> = Vec::new();
    // The last span of each sort of owner; there are few.
    let mut last: Vec<usize> = Vec::new();
    for (time, owner) in owners {
        let place = last.iter().position(|at| spans[*at].2.part == owner.part);
        if let Some(at) = place.map(|place| last[place]) {
            if spans[at].2.id == owner.id {
                continue;
            }
            spans[at].1 = Some(*time);
        }
        match place {
            Some(place) => last[place] = spans.len(),
            None => last.push(spans.len()),
        }
        spans.push((*time, None, owner));
    }
    spans
}

/// Returns the first steps at, and after, each of some times; both are in order of time. Of those of one time the
/// first is enough, unless it may be left out as a copy of another.
fn first_after_each<'s>(
    steps: &'s [Step],
    times: &[Time],
    is_wanted: &dyn Fn(&Step) -> bool,
) -> Vec<&'s Step> {
    let mut found: BTreeSet<usize> = BTreeSet::new();
    let mut after = 0;
    for time in times {
        let here = steps.partition_point(|step| step.origin.time.is_none_or(|it| it < *time));
        let next = steps.partition_point(|step| step.origin.time.is_none_or(|it| it <= *time));
        found.extend((here..next).find(|at| is_wanted(&steps[*at])));
        after = after.max(next);
        while steps.get(after).is_some_and(|step| !is_wanted(step)) {
            after += 1;
        }
        found.extend((after < steps.len()).then_some(after));
    }
    let may_be_copy = |step: &Step| step.origin.shared_id.is_some() || step.origin.partial;
    let mut with_copies = found.clone();
    for place in found {
        let more = (place..steps.len()).take_while(|at| may_be_copy(&steps[*at])).map(|at| at + 1);
        with_copies.extend(more.filter(|at| steps.get(*at).is_some_and(is_wanted)));
    }
    with_copies.into_iter().map(|at| &steps[at]).collect()
}

/// Whether a resource is surely known by its id, and a name of it may be another's too.
fn ids_are_names(resource: &Resource) -> bool {
    resource.kind == "AWS::EC2::SecurityGroup" && resource.id.starts_with("sg-")
}

fn has_parts(kind: &str) -> bool {
    parts_in(kind).chain(ties_to(kind)).next().is_some()
}

/// Whether a step ties its resource to one that may have it alone.
fn may_turn(step: &Step) -> bool {
    let alone = || ties_to(&step.resource.kind).filter(|tie| tie.fate == PartFate::TiedAlone);
    let is_tied = |kind: &str| alone().any(|tie| tie.kind == kind);
    step.kind == StepOutcome::Applied && step.owners.iter().any(|owner| is_tied(owner.part.of))
}

/// A call on what a resource is part of, as the step that it may be on the resource.
fn as_taking(step: &Step, resource: &Resource, owner: &StepOwner, taking: PartRemoval) -> Step {
    let (action, or) = match taking {
        PartRemoval::Surely => (Action::Deleted, None),
        PartRemoval::Perhaps => (Action::Changed, Some(Action::Deleted)),
    };
    let mut part = Resource::new(&resource.kind, &resource.id);
    part.owned_by(resource.account.as_deref(), resource.region.as_deref());
    let ended_with = Some(StepOwner { taking: Some(taking), ..owner.clone() });
    Step { action, or, resource: part, ended_with, ..strip_effects(step) }
}

/// The end without what it says of its own resource.
pub(super) fn strip_effects(step: &Step) -> Step {
    Step {
        ops: Vec::new(),
        tried: Vec::new(),
        note: None,
        order: None,
        chain: None,
        link: None,
        links: Vec::new(),
        owners: Vec::new(),
        or: None,
        ..step.clone()
    }
}
