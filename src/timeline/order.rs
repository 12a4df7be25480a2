//! The order of steps on one resource.
//!
//! `eventTime` has whole seconds, and neither the place in a file nor the
//! delivery says anything of the order. Within a second, cause decides: what
//! is created is there before it is changed and deleted after. Numbers and
//! states that the service gives decide more; what is left is not known, and
//! said so. Where what only saw a state belongs is in `seen`.

use super::path::SettingPath;
use super::seen;
use super::state::{Existence, State};
use super::step::{Operation, Step, StepOutcome};
use super::val::Knowledge;
use crate::catalog::Action;
use crate::event::Time;
use std::collections::BTreeSet;

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

/// A row of an export says less than the record of the same event.
fn without_partial_copies(mut steps: Vec<Step>) -> Vec<Step> {
    if steps.iter().any(|step| step.origin.partial) {
        let whole: BTreeSet<Option<String>> = steps
            .iter()
            .filter(|step| !step.origin.partial)
            .map(|step| step.origin.event_id.clone())
            .collect();
        let is_copy = |step: &Step| step.origin.event_id.is_some() && whole.contains(&step.origin.event_id);
        steps.retain(|step| !step.origin.partial || !is_copy(step));
    }
    steps
}

/// One event is delivered to the account of the caller and to that of the resource, with another id each.
fn without_copies(steps: Vec<Step>) -> Vec<Step> {
    let owned = |step: &Step| step.origin.account.is_some() && step.origin.account == step.resource.account;
    let shared: Vec<&Step> = steps.iter().filter(|step| step.origin.shared_id.is_some()).collect();
    let mut keep = BTreeSet::new();
    for step in &shared {
        let same = shared.iter().filter(|other| other.origin.shared_id == step.origin.shared_id);
        let best = same.clone().find(|other| owned(other)).or_else(|| same.clone().next());
        keep.extend(best.map(|best| (best.origin.event_id.clone(), best.origin.fingerprint)));
    }
    let is_kept = |step: &Step| {
        step.origin.shared_id.is_none()
            || keep.contains(&(step.origin.event_id.clone(), step.origin.fingerprint))
    };
    steps.into_iter().filter(is_kept).collect()
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
    let mut placed: Vec<PlacedStep> = group
        .into_iter()
        .map(|step| PlacedStep { step, unsure: Vec::new(), paths: BTreeSet::new() })
        .collect();
    let open = both && exists == Existence::Unknown;
    for one in 0..placed.len() {
        for other in one + 1..placed.len() {
            let (a, b) = (&placed[one].step, &placed[other].step);
            let (created, deleted) = (a.action == Action::Created, b.action == Action::Deleted);
            let tie = open
                && created
                && deleted
                && a.kind == StepOutcome::Applied
                && b.kind == StepOutcome::Applied;
            // What was changed beside a deletion and a creation may be of either resource.
            let same_rank = rank(a) == rank(b) || (existed && (rank(a) == 2 || rank(b) == 2));
            let paths = if same_rank && !is_decided(a, b) { find_conflicts(a, b) } else { BTreeSet::new() };
            if paths.is_empty() && !tie {
                continue;
            }
            let names = [a, b].map(|step| step.origin.event_name.clone());
            placed[one].unsure.push(names[1].clone());
            placed[other].unsure.push(names[0].clone());
            placed[other].paths.extend(paths);
        }
    }
    placed
}

/// Moves steps of one rank by the numbers and states that the service gives.
fn by_hints(group: &mut [Step], rank: &dyn Fn(&Step) -> u8) {
    // Few events share a second: comparing each with the one before it is enough.
    for end in 1..group.len() {
        let mut at = end;
        while at > 0 && rank(&group[at - 1]) == rank(&group[at]) && is_before(&group[at], &group[at - 1]) {
            group.swap(at - 1, at);
            at -= 1;
        }
    }
}

pub(super) fn is_decided(a: &Step, b: &Step) -> bool {
    is_before(a, b) || is_before(b, a)
}

/// Returns whether the service's own words put `a` before `b`.
fn is_before(a: &Step, b: &Step) -> bool {
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
fn settled_state(state: &str) -> &str {
    match state {
        "pending" | "starting" => "running",
        "stopping" => "stopped",
        "shutting-down" => "terminated",
        other => other,
    }
}

/// The settings that two steps set to different values.
pub(super) fn find_conflicts(a: &Step, b: &Step) -> BTreeSet<SettingPath> {
    let sets = |step: &Step| step.kind == StepOutcome::Applied || seen::is_seen(step);
    if !sets(a) || !sets(b) {
        return BTreeSet::new();
    }
    let (a, b) = (list_writes(&a.ops), list_writes(&b.ops));
    let mut found = BTreeSet::new();
    for (path, value) in &a {
        for (other, second) in &b {
            let hit = if path == other {
                (!is_same_knowledge(value, second)).then_some(path)
            } else if path.starts_with(other) {
                is_lost(path, value, &b).then_some(path)
            } else {
                (other.starts_with(path) && is_lost(other, second, &a)).then_some(other)
            };
            found.extend(hit.cloned());
        }
    }
    found
}

fn is_same_knowledge(a: &Option<Knowledge>, b: &Option<Knowledge>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.same(b))
}

/// Whether a part that one step sets is gone when the other, which sets the whole, comes last.
fn is_lost(
    part: &SettingPath,
    value: &Option<Knowledge>,
    others: &[(SettingPath, Option<Knowledge>)],
) -> bool {
    let set_too = others.iter().any(|(path, other)| path == part && is_same_knowledge(value, other));
    !set_too && !matches!(value, Some(Knowledge::Absent))
}

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
