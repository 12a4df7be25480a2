//! The ends of what other resources are part of, and their beginnings. They are gathered first, a key and a time
//! each, so that one resource after the other can be folded with them: the rules of a group that was deleted are
//! gone, and a policy of a role that was made in these logs was not there before.

use super::groups::{ResourceKey, fold_case};
use super::step::{Operation, PartRemoval, Step, StepOutcome, StepOwner};
use super::takings::{PartRemovals, find_part_removals, part_held_by};
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::{PartFate, Resource, ResourcePart, parts_in, parts_of, ties_of, ties_to};
use std::collections::{BTreeSet, HashMap};

/// So many levels of parts of parts are followed.
const DEPTH: usize = 6;

/// What ends what, over all resources.
#[derive(Debug, Default)]
pub(super) struct EndedParts {
    /// The deletions of what others are part of, by type and id.
    deleted: HashMap<(String, String), Vec<Step>>,
    /// When what others are part of was made, in calls that fail where it is there.
    made: HashMap<(String, String), Vec<(Time, Resource)>>,
    /// What those that are parts themselves are part of, and from when.
    owners: HashMap<(String, String), Vec<(Time, StepOwner)>>,
    /// What calls took from others without its id, by the type and id of these.
    takings: HashMap<(String, String), PartRemovals>,
    /// The steps that tie something to a resource, by what is tied: an alias to another key.
    turns: HashMap<(String, String), Vec<Step>>,
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
            // Its end may give no more than its id.
            let called = group.iter().find_map(|step| step.resource.name.clone());
            for name in names.into_iter().filter(is_told) {
                for step in group.iter().filter(|step| is_end(step)) {
                    let mut end = strip_effects(step);
                    end.resource.name = end.resource.name.or_else(|| called.clone());
                    all.deleted.entry(folded_key(kind, name)).or_default().push(end);
                }
                let ties = group
                    .iter()
                    .filter(|step| may_turn(step))
                    .map(|step| Step { owners: step.owners.clone(), ..strip_effects(step) });
                let mut ties = ties.peekable();
                if ties.peek().is_some() {
                    all.turns.entry(folded_key(kind, name)).or_default().extend(ties);
                }
                for step in group {
                    let Some(time) = step.origin.time else { continue };
                    if is_beginning(step) {
                        all.made
                            .entry(folded_key(kind, name))
                            .or_default()
                            .push((time, step.resource.clone()));
                    }
                    let owners = step.owners.iter().filter(|owner| !owner.is_tie());
                    let owners = owners.map(|owner| (time, owner.clone()));
                    if !step.owners.is_empty() {
                        all.owners.entry(folded_key(kind, name)).or_default().extend(owners);
                    }
                }
            }
        }
        for list in all.owners.values_mut() {
            list.sort_by(|a, b| (a.0, a.1.part.of, &a.1.id).cmp(&(b.0, b.1.part.of, &b.1.id)));
            list.dedup_by(|a, b| a.1 == b.1);
        }
        all
    }

    /// Makes a creation of the first call that put a part of something that was made in these logs: it may have
    /// replaced nothing.
    pub(super) fn begin(&self, resource: &Resource, steps: &mut [Step]) {
        if self.made.is_empty() || parts_of(&resource.kind).next().is_none() {
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
            let since = shown.iter().filter(|(at, ..)| (made..=time).contains(at));
            if since.count() == 1 {
                (step.action, step.or, step.kind) = (Action::Created, None, StepOutcome::Applied);
            }
        }
    }

    /// When the owner that a step names was made, if it was not deleted between that and the step.
    fn owner_made(&self, place: OwnerPlace<'_>, step: &Step, time: Time) -> Option<Time> {
        let of_owner = |owner: &StepOwner| {
            let place_of_it = folded_key(owner.part.of, &owner.id);
            let made = self.made.get(&place_of_it)?.iter().filter(|(at, it)| *at <= time && place.fits(it));
            let made = made.map(|(at, _)| *at).max()?;
            let mut ends = self.deleted.get(&place_of_it).into_iter().flatten();
            let is_over = ends.any(|end| end.origin.time.is_some_and(|at| made < at && at <= time));
            (!is_over).then_some(made)
        };
        step.owners.iter().filter_map(of_owner).max()
    }

    /// Returns the ends of what a resource is part of, as steps on the resource.
    pub(super) fn of_resource(&self, resource: &Resource, steps: &[Step]) -> Vec<Step> {
        let is_bound = parts_of(&resource.kind).chain(ties_of(&resource.kind)).next().is_some();
        let is_empty = self.deleted.is_empty() && self.takings.is_empty() && self.turns.is_empty();
        if !is_bound || is_empty {
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
        self.untie(resource, &ties, &mut tell);
        found.extend(self.taken(resource, &owners));
        found
    }

    /// Returns the calls that took a resource from what it is part of without naming it, as steps on it.
    fn taken(&self, resource: &Resource, owners: &[(Time, &StepOwner)]) -> Vec<Step> {
        let mut found = Vec::new();
        for (at, (from, owner)) in owners.iter().enumerate() {
            let is_repeated = owners[..at].iter().any(|(_, it)| it == owner);
            let Some(takings) =
                self.takings.get(&folded_key(owner.part.of, &owner.id)).filter(|_| !is_repeated)
            else {
                continue;
            };
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

    /// Tells of every end of what a resource is tied to, and of every tie of that to another; `ties` are in order
    /// of time.
    fn untie(
        &self,
        resource: &Resource,
        ties: &[(Time, &StepOwner)],
        tell: &mut dyn FnMut(&Step, &StepOwner),
    ) {
        let place = OwnerPlace::of(resource);
        let own = resource.identifiers();
        let back = |owner: &StepOwner, other: &StepOwner| {
            other.part.kind == owner.part.of && *other.part.of == *resource.kind && !own.contains(&&*other.id)
        };
        for (at, (from, owner)) in ties.iter().enumerate() {
            if ties[..at].iter().any(|(_, earlier)| earlier == owner) {
                continue;
            }
            let key = folded_key(owner.part.of, &Resource::new(owner.part.of, &owner.id).id);
            let turns = self.turns.get(&key).filter(|_| owner.part.fate == PartFate::TiedAlone);
            let turns = turns.into_iter().flatten();
            let turns = turns.filter(|step| step.owners.iter().any(|other| back(owner, other)));
            let ends = self.deleted.get(&key).into_iter().flatten().chain(turns);
            let ends = ends.filter(|end| end.origin.time.is_some_and(|time| time >= *from));
            ends.filter(|end| place.fits(&end.resource)).for_each(|end| tell(end, owner));
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
        for (at, (from, owner)) in owners.iter().enumerate() {
            // It may have been moved to another since: an alias to another key.
            let moved = owners[at + 1..].iter().find(|(_, other)| is_other(owner.part, owner, other));
            let until = moved.map(|(time, _)| *time);
            let repeated = owners[..at].iter().rev().find(|(_, it)| it.part == owner.part);
            if repeated.is_some_and(|(_, it)| it.id == owner.id) {
                continue;
            }
            let is_in = |time: Time| time >= *from && until.is_none_or(|until| time < until);
            let place_of_it = folded_key(owner.part.of, &owner.id);
            for end in self.deleted.get(&place_of_it).into_iter().flatten() {
                if end.origin.time.is_some_and(is_in) && place.fits(&end.resource) {
                    tell(end, owner);
                }
            }
            if depth > 0
                && let Some(above) = self.owners.get(&place_of_it)
            {
                let above: Vec<(Time, &StepOwner)> = above.iter().map(|(time, it)| (*time, it)).collect();
                self.follow(place, &above, depth - 1, &mut |end, owner| {
                    if end.origin.time.is_some_and(is_in) {
                        tell(end, owner);
                    }
                });
            }
        }
    }
}

/// Whether a resource is surely known by its id, and a name of it may be another's too.
fn ids_are_names(resource: &Resource) -> bool {
    resource.kind == "AWS::EC2::SecurityGroup" && resource.id.starts_with("sg-")
}

fn is_other(part: &ResourcePart, owner: &StepOwner, other: &StepOwner) -> bool {
    other.part == part && other.id != owner.id
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
fn strip_effects(step: &Step) -> Step {
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
