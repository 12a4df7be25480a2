//! The order of steps on one resource.
//!
//! `eventTime` has whole seconds, and neither the place in a file nor the
//! delivery says anything of the order. Within a second, cause decides: what
//! is created is there before it is changed and deleted after. Numbers and
//! states that the service gives decide more; what is left is not known, and
//! said so. Where what only saw a state belongs is in `seen`.

use super::conflicts::{StepConflicts, find_moment_conflicts};
use super::path::SettingPath;
use super::seen;
use super::state::{Existence, State};
use super::step::{Operation, Step, StepOrigin, StepOutcome};
use super::val::Knowledge;
use crate::catalog::Action;
use crate::event::Time;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

/// Sorts steps and leaves out those that tell of the same event again.
pub(super) fn sort_steps(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    steps.dedup_by(|a, b| {
        a.origin.fingerprint == b.origin.fingerprint
            && a.origin.event_id == b.origin.event_id
            && a.action == b.action
    });
    without_copies(without_partial_copies(steps))
}

/// A row of an export says less than the record of the same event. A record of the same id and another call is another
/// event.
fn without_partial_copies(mut steps: Vec<Step>) -> Vec<Step> {
    if steps.iter().any(|step| step.origin.partial) {
        let call = |step: &Step| {
            let StepOrigin { event_id, time, event_name, event_source, error_code, .. } = &*step.origin;
            (event_id.clone(), *time, event_name.clone(), event_source.clone(), error_code.clone())
        };
        let whole: HashSet<_> = steps.iter().filter(|step| !step.origin.partial).map(call).collect();
        let is_copy = |step: &Step| step.origin.event_id.is_some() && whole.contains(&call(step));
        steps.retain(|step| !step.origin.partial || !is_copy(step));
    }
    steps
}

/// One event is delivered to the account of the caller and to that of the resource, with another id each. Whoever
/// writes a record can give it the shared id of another one: what says anything else is no copy.
fn without_copies(steps: Vec<Step>) -> Vec<Step> {
    let owned = |step: &Step| step.origin.account.is_some() && step.origin.account == step.resource.account;
    let mut best: HashMap<_, &Step> = HashMap::new();
    for step in &steps {
        let Some(key) = shared_key(step) else { continue };
        let known = best.entry(key).or_insert(step);
        if !owned(known) && owned(step) {
            *known = step;
        }
    }
    let keep: HashSet<(Option<String>, u64)> =
        best.into_values().map(|best| (best.origin.event_id.clone(), best.origin.fingerprint)).collect();
    let is_kept = |step: &Step| {
        step.origin.shared_id.is_none()
            || keep.contains(&(step.origin.event_id.clone(), step.origin.fingerprint))
    };
    steps.into_iter().filter(is_kept).collect()
}

/// What the copies of one event for several accounts have in common; nothing where there are none.
fn shared_key(step: &Step) -> Option<impl Eq + Hash> {
    let origin = &step.origin;
    let shared = origin.shared_id.as_deref()?;
    let call = (origin.time, origin.event_name.as_str(), origin.event_source.as_str());
    let effects = format!("{:?} {:?}", step.ops, step.tried);
    Some((shared, call, step.action, step.kind, origin.error_code.as_deref(), effects))
}

/// Parts sorted steps into those of one moment each.
pub(super) fn group_by_moment(steps: Vec<Step>) -> Vec<(Option<Time>, Vec<Step>)> {
    let mut moments: Vec<(Option<Time>, Vec<Step>)> = Vec::new();
    for step in steps {
        match moments.last_mut() {
            Some((time, group)) if *time == step.origin.time => group.push(step),
            _ => moments.push((step.origin.time, vec![step])),
        }
    }
    moments
}

/// A step in its place, with what is not known of the place.
pub(super) struct PlacedStep {
    pub(super) step: Step,
    /// The events that may as well have come on the other side.
    pub(super) unsure: Vec<String>,
    /// The settings that hang on it.
    pub(super) paths: BTreeSet<SettingPath>,
}

/// Orders the steps of one moment, which `state` goes before.
pub(super) fn place_steps(group: Vec<Step>, state: &State) -> Vec<PlacedStep> {
    if group.len() == 1 {
        return group
            .into_iter()
            .map(|step| PlacedStep { step, unsure: Vec::new(), paths: BTreeSet::new() })
            .collect();
    }
    let (seen, calls): (Vec<Step>, Vec<Step>) = group.into_iter().partition(seen::is_seen);
    let calls = place_calls(calls, state.exists);
    if seen.is_empty() { calls } else { seen::place_seen(calls, seen, state) }
}

/// Orders the calls of one moment.
fn place_calls(mut group: Vec<Step>, exists: Existence) -> Vec<PlacedStep> {
    let done = |step: &&Step| matches!(step.kind, StepOutcome::Applied | StepOutcome::NotModelled);
    let has = |action: Action| group.iter().filter(done).any(|step| step.action == action);
    let both = has(Action::Created) && has(Action::Deleted);
    let existed = exists == Existence::Exists && both;
    // What was there before has to be deleted before it can be made anew, and what was not, made before all else:
    //
    //     there before, made and deleted:  delete (0)  create (1)  the others (2)
    //     else:                            create (0)  the others (2)  delete (3)
    let rank = move |step: &Step| match (step.action, existed) {
        (Action::Deleted, true) => 0,
        (Action::Created, true) => 1,
        (Action::Created, false) => 0,
        (Action::Deleted, false) => 3,
        _ => 2,
    };
    // What a call set that no table tells of hides what others set in the same second.
    let is_hidden = |step: &Step| step.kind == StepOutcome::NotModelled;
    group.sort_by(|a, b| (rank(a), is_hidden(a), a.sort_key()).cmp(&(rank(b), is_hidden(b), b.sort_key())));
    by_hints(&mut group, &rank);
    // What was changed beside a deletion and a creation may be of either resource.
    let pairs = |a: u8, b: u8| a == b || (existed && (a == 2 || b == 2));
    let ranked: Vec<(&Step, u8)> = group.iter().map(|step| (step, rank(step))).collect();
    let mut conflicts = find_moment_conflicts(&ranked, &pairs);
    if both && exists == Existence::Unknown {
        add_ties(&group, &mut conflicts);
    }
    let placed = group.into_iter().zip(conflicts);
    placed.map(|(step, of)| PlacedStep { step, unsure: of.names, paths: of.paths }).collect()
}

/// Of what was made and deleted in one second, and was there before or not, nobody knows which came last.
fn add_ties(group: &[Step], conflicts: &mut [StepConflicts]) {
    let of = |action: Action| -> Vec<String> {
        let is_one = |step: &&Step| step.action == action && step.kind == StepOutcome::Applied;
        let mut seen = BTreeSet::new();
        let names = group.iter().filter(is_one).map(|step| step.origin.event_name.clone());
        names.filter(|name| seen.insert(name.clone())).collect()
    };
    let (created, deleted) = (of(Action::Created), of(Action::Deleted));
    for (step, conflicts) in group.iter().zip(conflicts) {
        let others = match step.action {
            _ if step.kind != StepOutcome::Applied => continue,
            Action::Created => &deleted,
            Action::Deleted => &created,
            Action::Changed | Action::Read => continue,
        };
        let new: Vec<String> = others.iter().filter(|it| !conflicts.names.contains(it)).cloned().collect();
        conflicts.names.extend(new);
    }
}

/// Moves steps of one rank by the numbers and states that the service gives: each goes before those that it comes
/// before, up to the first of which that is not known.
fn by_hints(group: &mut Vec<Step>, rank: &dyn Fn(&Step) -> u8) {
    if group.iter().all(|step| step.order.is_none() && step.chain.is_none()) {
        return;
    }
    let mut places: Vec<usize> = Vec::with_capacity(group.len());
    for same in group.chunk_by(|a, b| rank(a) == rank(b)) {
        let start = places.len();
        if same.iter().all(|step| step.chain.is_none()) {
            // Numbers alone: between steps without one, these are sorted.
            for run in same.chunk_by(|a, b| a.order.is_some() && b.order.is_some()) {
                let from = places.len();
                places.extend(from..from + run.len());
                places[from..].sort_by_key(|at| group[*at].order);
            }
            continue;
        }
        for at in start..start + same.len() {
            let later = places[start..].iter().rev().take_while(|it| is_before(&group[at], &group[**it]));
            let place = places.len() - later.count();
            places.insert(place, at);
        }
    }
    let mut steps: Vec<Option<Step>> = std::mem::take(group).into_iter().map(Some).collect();
    group.extend(places.into_iter().filter_map(|at| steps.get_mut(at)?.take()));
}

/// Returns whether the service's own words put `a` before `b`.
pub(super) fn is_before(a: &Step, b: &Step) -> bool {
    if let (Some(a), Some(b)) = (a.order, b.order)
        && a != b
    {
        return a < b;
    }
    let leads = |from: &Step, to: &Step, same: fn(&str, &str) -> bool| match (&from.chain, &to.chain) {
        (Some((_, after)), Some((before, _))) => same(after, before),
        _ => false,
    };
    // A passing state that both name says more than what it comes to.
    let exact: fn(&str, &str) -> bool = |a, b| a == b;
    let near: fn(&str, &str) -> bool = |a, b| settled_state(a) == settled_state(b);
    match (leads(a, b, exact), leads(b, a, exact)) {
        (true, false) => true,
        (false, false) => leads(a, b, near) && !leads(b, a, near),
        _ => false,
    }
}

/// What a passing state comes to.
pub(super) fn settled_state(state: &str) -> &str {
    match state {
        "pending" | "starting" => "running",
        "stopping" => "stopped",
        "shutting-down" => "terminated",
        other => other,
    }
}

/// Lists the settings that operations write, each with the value that it has then; `None` where that depends on what
/// was there before. Operations that write no value are left out.
pub(super) fn list_writes(ops: &[Operation]) -> Vec<(SettingPath, Option<Knowledge>)> {
    ops.iter()
        .filter_map(|op| match op {
            Operation::Set { path, val, .. } => Some((path.clone(), Some(val.clone()))),
            Operation::RetainKeys { path, .. } => Some((path.clone(), Some(Knowledge::Absent))),
            Operation::MergeInto { path, value } => {
                Some((path.clone(), Some(Knowledge::Known(value.clone()))))
            }
            Operation::RemoveWhere { path, .. } => Some((path.clone(), None)),
            Operation::ReplaceWhere { .. } | Operation::ResetExcept { .. } => {
                Some((SettingPath::root(), None))
            }
            Operation::Shape { .. }
            | Operation::ScheduleDeletion(_)
            | Operation::CancelDeletion
            | Operation::Rename(_)
            | Operation::ProveExistence(_)
            | Operation::ForgetExistence
            | Operation::Invalidate(_)
            | Operation::ProveBefore { .. }
            | Operation::ClearRest => None,
        })
        .collect()
}
