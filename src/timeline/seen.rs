//! Where what only saw a state belongs among the calls of its second: errors that prove something, and items
//! of AWS Config.
//!
//! What was seen has to fit what was there. Of the places among the calls where it does, the last is taken: so
//! a refused read stands before the write that it did not see, and after the deletion that it did. Where it
//! fits nowhere, nobody can say which came last, and the settings that both speak of are unknown.

use super::fold::StateFold;
use super::order::{PlacedStep, find_conflicts, is_decided};
use super::path::SettingPath;
use super::state::{Existence, State};
use super::step::{Operation, Step, StepOutcome};
use super::val::Knowledge;
use crate::catalog::Action;
use std::collections::BTreeSet;

/// Returns whether a step only saw how things were.
pub(super) fn is_seen(step: &Step) -> bool {
    matches!(step.kind, StepOutcome::ErrorProves | StepOutcome::ConfigItem)
}

/// Puts what was seen among the calls of the same moment, which `state` goes before.
pub(super) fn place_seen(calls: Vec<PlacedStep>, mut seen: Vec<Step>, state: &State) -> Vec<PlacedStep> {
    seen.sort_by(|a, b| (a.order, a.sort_key()).cmp(&(b.order, b.sort_key())));
    let mut at_place: Vec<Vec<PlacedStep>> = Vec::new();
    at_place.resize_with(calls.len() + 1, Vec::new);
    let states = if calls.is_empty() { vec![state.clone()] } else { states_around(&calls, state) };
    for mut step in seen {
        let (place, mut paths) = find_place(&step, &calls, &states);
        let unsure = if paths.is_empty() { Vec::new() } else { event_names(calls.iter()) };
        if paths.remove(&SettingPath::root()) {
            // That a call was done shows that it was there: against it, an error of the same second counts for nothing.
            step.ops.retain(|op| !matches!(op, Operation::ProveExistence(_)));
        }
        at_place[place].push(PlacedStep { step, unsure, paths });
    }
    // Of two that saw different things at one place, nobody can say which was right last.
    for placed in &mut at_place {
        for one in 0..placed.len() {
            for other in one + 1..placed.len() {
                let (a, b) = (&placed[one].step, &placed[other].step);
                let paths = if is_decided(a, b) { BTreeSet::new() } else { find_conflicts(a, b) };
                placed[other].paths.extend(paths);
            }
        }
    }
    let mut all = Vec::new();
    let mut calls = calls.into_iter();
    for placed in at_place {
        all.extend(placed);
        all.extend(calls.next());
    }
    all
}

fn event_names<'p>(placed: impl Iterator<Item = &'p PlacedStep>) -> Vec<String> {
    placed.map(|it| it.step.origin.event_name.clone()).collect()
}

/// The states before, between and after calls.
fn states_around(calls: &[PlacedStep], state: &State) -> Vec<State> {
    let mut fold = StateFold { state: state.clone(), ..StateFold::default() };
    let mut states = vec![state.clone()];
    for call in calls {
        fold.step(call.step.clone(), Vec::new());
        states.push(fold.state.clone());
    }
    states
}

/// Before which of the calls it belongs, and what is unknown after all because it fits nowhere.
fn find_place(step: &Step, calls: &[PlacedStep], states: &[State]) -> (usize, BTreeSet<SettingPath>) {
    let against: Vec<BTreeSet<SettingPath>> =
        states.iter().map(|state| find_contradictions(state, step)).collect();
    if let Some(place) = against.iter().rposition(BTreeSet::is_empty) {
        return (place, BTreeSet::new());
    }
    // What no call of this second spoke of was changed without a log before.
    let is_done = |it: &PlacedStep| matches!(it.step.kind, StepOutcome::Applied | StepOutcome::NotModelled);
    let is_proof = step.kind == StepOutcome::ErrorProves && calls.iter().any(is_done);
    let touched = |path: &&SettingPath| {
        let by_one = |state: &State| state.cell(path).val != states[0].cell(path).val;
        if **path == SettingPath::root() { is_proof } else { states.iter().any(by_one) }
    };
    let last = against.last().into_iter().flatten();
    let paths: BTreeSet<SettingPath> = last.filter(touched).cloned().collect();
    let place = if paths.is_empty() { calls.len() } else { 0 };
    (place, paths)
}

/// The settings that a state has otherwise than was seen; the resource itself where that is there, or is not.
fn find_contradictions(state: &State, step: &Step) -> BTreeSet<SettingPath> {
    let mut other = state.clone();
    let is_known = |val: &Knowledge| !matches!(val, Knowledge::Unknown(_));
    let changes = match step.kind {
        StepOutcome::ConfigItem => other.observe(step, false).0,
        _ => step.ops.iter().flat_map(|op| other.apply(op, &step.origin)).collect(),
    };
    let mut found: BTreeSet<SettingPath> =
        changes.into_iter().filter(|it| is_known(&it.before)).map(|it| it.path).collect();
    let told = step
        .ops
        .iter()
        .find_map(|op| if let Operation::ProveExistence(told) = op { Some(*told) } else { None });
    let told = match step.kind {
        StepOutcome::ConfigItem => Some(step.action != Action::Deleted),
        _ => told,
    };
    let is_against = match told {
        Some(true) => state.exists == Existence::Gone,
        Some(false) => state.exists == Existence::Exists,
        None => false,
    };
    if is_against {
        found.insert(SettingPath::root());
    }
    found
}
