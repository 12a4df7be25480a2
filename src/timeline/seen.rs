//! Where what only saw a state belongs among the calls of its second: errors that prove something, and items
//! of AWS Config.
//!
//! What was seen has to fit what was there. Of the places among the calls where it does, the last is taken: so
//! a refused read stands before the write that it did not see, and after the deletion that it did. Where it
//! fits nowhere, nobody can say which came last, and the settings that both speak of are unknown.

use super::conflicts::find_moment_conflicts;
use super::fold::StateFold;
use super::order::PlacedStep;
use super::path::SettingPath;
use super::state::{Existence, State};
use super::step::{Operation, Step, StepOutcome};
use super::val::Knowledge;
use crate::catalog::Action;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Returns whether a step only saw how things were.
pub(super) fn is_seen(step: &Step) -> bool {
    matches!(step.kind, StepOutcome::ErrorProves | StepOutcome::ConfigItem)
}

/// Puts what was seen among the calls of the same moment, which `state` goes before.
pub(super) fn place_seen(calls: Vec<PlacedStep>, mut seen: Vec<Step>, state: &State) -> Vec<PlacedStep> {
    seen.sort_by(|a, b| (a.order, a.sort_key()).cmp(&(b.order, b.sort_key())));
    let mut at_place: Vec<Vec<PlacedStep>> = Vec::new();
    at_place.resize_with(calls.len() + 1, Vec::new);
    let places = find_places(&seen, &calls, state);
    let names = event_names(&calls);
    for (mut step, (place, mut paths)) in seen.into_iter().zip(places) {
        let unsure = if paths.is_empty() { Vec::new() } else { names.clone() };
        if paths.remove(&SettingPath::root()) {
            // That a call was done shows that it was there: against it, an error of the same second counts for nothing.
            step.ops.retain(|op| !matches!(op, Operation::ProveExistence(_)));
        }
        at_place[place].push(PlacedStep { step, unsure, paths });
    }
    // Of two that saw different things at one place, nobody can say which was right last.
    for placed in at_place.iter_mut().filter(|placed| placed.len() > 1) {
        let steps: Vec<(&Step, u8)> = placed.iter().map(|it| (&it.step, 0)).collect();
        let conflicts = find_moment_conflicts(&steps, &|_, _| true);
        placed.iter_mut().zip(conflicts).for_each(|(placed, of)| placed.paths.extend(of.paths));
    }
    let mut all = Vec::new();
    let mut calls = calls.into_iter();
    for placed in at_place {
        all.extend(placed);
        all.extend(calls.next());
    }
    all
}

/// The names of calls, each once.
fn event_names(placed: &[PlacedStep]) -> Vec<String> {
    let mut told = BTreeSet::new();
    let names = placed.iter().map(|it| &it.step.origin.event_name);
    names.filter(|name| told.insert(*name)).cloned().collect()
}

/// What was seen alike, be it by many steps, and among the calls of its moment the places where it fits.
struct SeenAlike<'s> {
    step: &'s Step,
    /// The settings that it speaks of; `None` where it speaks of all.
    reach: Option<Vec<SettingPath>>,
    /// What is against it now.
    against: BTreeSet<SettingPath>,
    /// The last place at which nothing was.
    last: Option<usize>,
    /// What is against it in the end and was changed by a call of the moment.
    touched: BTreeSet<SettingPath>,
}

/// Before which of the calls each belongs, and what is unknown after all because it fits nowhere.
///
/// A call changes nothing of the fit of what speaks of other settings: each state is compared only with what the
/// call before it reached.
fn find_places(seen: &[Step], calls: &[PlacedStep], state: &State) -> Vec<(usize, BTreeSet<SettingPath>)> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<SeenAlike<'_>> = Vec::new();
    let mut which = Vec::new();
    for step in seen {
        let at = *numbers.entry(told_by(step)).or_insert(all.len());
        if at == all.len() {
            let against = find_contradictions(state, step);
            let last = against.is_empty().then_some(0);
            let (reach, touched) = (reach_of(step), BTreeSet::new());
            all.push(SeenAlike { step, reach, against, last, touched });
        }
        which.push(at);
    }
    let index = SeenIndex::of(&all);
    each_state(calls, state, &mut |place, state, reach| {
        for at in index.reached(reach) {
            let one = &mut all[at];
            if one.against.is_empty() {
                one.last = Some(place - 1);
            }
            one.against = find_contradictions(state, one.step);
        }
    });
    for one in &mut all {
        if one.against.is_empty() {
            one.last = Some(calls.len());
        }
    }
    find_touched(&mut all, calls, state);
    let place_of = |one: &SeenAlike<'_>| match one.last {
        Some(place) => (place, BTreeSet::new()),
        None if one.touched.is_empty() => (calls.len(), BTreeSet::new()),
        None => (0, one.touched.clone()),
    };
    which.into_iter().map(|at| place_of(&all[at])).collect()
}

/// Finds which of the settings that are against what was seen were changed by a call: what no call of this second
/// spoke of was changed without a log before.
fn find_touched(all: &mut [SeenAlike<'_>], calls: &[PlacedStep], state: &State) {
    let is_done = |it: &PlacedStep| matches!(it.step.kind, StepOutcome::Applied | StepOutcome::NotModelled);
    let is_any_done = calls.iter().any(is_done);
    let mut open: BTreeMap<SettingPath, Vec<usize>> = BTreeMap::new();
    for (at, one) in all.iter_mut().enumerate().filter(|(_, one)| one.last.is_none()) {
        let is_proof = one.step.kind == StepOutcome::ErrorProves && is_any_done;
        for path in &one.against {
            if *path != SettingPath::root() {
                open.entry(path.clone()).or_default().push(at);
            } else if is_proof {
                one.touched.insert(path.clone());
            }
        }
    }
    if open.is_empty() {
        return;
    }
    each_state(calls, state, &mut |_, now, reach| {
        let changed: Vec<SettingPath> = overlapping(&open, reach)
            .filter(|(path, _)| now.cell(path).val != state.cell(path).val)
            .map(|(path, _)| path.clone())
            .collect();
        for path in changed {
            for at in open.remove(&path).unwrap_or_default() {
                all[at].touched.insert(path.clone());
            }
        }
    });
}

/// What a step tells, in a form that is the same for all that tell the same.
fn told_by(step: &Step) -> String {
    match step.kind {
        StepOutcome::ErrorProves => format!("{:?}", step.ops),
        _ => format!("{:?} {:?} {:?} {:?}", step.kind, step.action, step.ops, step.made_at),
    }
}

/// The settings that a step can change or speaks of; `None` where that may be any.
fn reach_of(step: &Step) -> Option<Vec<SettingPath>> {
    let makes_or_ends = matches!(step.action, Action::Created | Action::Deleted);
    let is_seen = step.kind == StepOutcome::ErrorProves;
    if step.kind == StepOutcome::ConfigItem || (makes_or_ends && !is_seen) {
        return None;
    }
    let mut paths = Vec::new();
    for op in &step.ops {
        match op {
            Operation::Set { path, .. }
            | Operation::RetainKeys { path, .. }
            | Operation::MergeInto { path, .. }
            | Operation::RemoveWhere { path, .. }
            | Operation::ProveBefore { path, .. } => paths.push(path.clone()),
            Operation::Shape { .. }
            | Operation::ScheduleDeletion(_)
            | Operation::CancelDeletion
            | Operation::ProveExistence(_)
            | Operation::ForgetExistence => {}
            Operation::ResetExcept { .. }
            | Operation::ReplaceWhere { .. }
            | Operation::Rename(_)
            | Operation::Invalidate(_)
            | Operation::ClearRest => return None,
        }
    }
    Some(paths)
}

/// Is told of a place, the state there and what the call before it may have changed: `None` for anything.
type StateVisitor<'v> = dyn FnMut(usize, &State, Option<&[SettingPath]>) + 'v;

/// Hands out the state after each call, its place, and what the call may have changed.
fn each_state(calls: &[PlacedStep], state: &State, visit: &mut StateVisitor<'_>) {
    let mut fold = StateFold::from_state(state.clone());
    for (at, call) in calls.iter().enumerate() {
        let before = (fold.state.exists, fold.state.incarnation);
        fold.step(call.step.clone(), Vec::new());
        let is_same_one = before == (fold.state.exists, fold.state.incarnation);
        let reach = reach_of(&call.step).filter(|_| is_same_one);
        visit(at + 1, &fold.state, reach.as_deref());
    }
}

/// What was seen, by the settings that it speaks of.
struct SeenIndex {
    by_path: BTreeMap<SettingPath, Vec<usize>>,
    of_all: Vec<usize>,
    number: usize,
}

impl SeenIndex {
    fn of(all: &[SeenAlike<'_>]) -> Self {
        let mut index = Self { by_path: BTreeMap::new(), of_all: Vec::new(), number: all.len() };
        for (at, one) in all.iter().enumerate() {
            match &one.reach {
                None => index.of_all.push(at),
                Some(paths) => {
                    for path in paths {
                        index.by_path.entry(path.clone()).or_default().push(at);
                    }
                }
            }
        }
        index
    }

    /// Those that speak of something that a call reached, each once.
    fn reached(&self, reach: Option<&[SettingPath]>) -> BTreeSet<usize> {
        match reach {
            None => (0..self.number).collect(),
            Some([]) => self.of_all.iter().copied().collect(),
            reach => {
                let found = overlapping(&self.by_path, reach).flat_map(|(_, list)| list);
                found.chain(&self.of_all).copied().collect()
            }
        }
    }
}

/// What lies at, above or below some paths; everything where these may be any.
fn overlapping<'i, T>(
    index: &'i BTreeMap<SettingPath, T>,
    reach: Option<&'i [SettingPath]>,
) -> Box<dyn Iterator<Item = (&'i SettingPath, &'i T)> + 'i> {
    let Some(reach) = reach else { return Box::new(index.iter()) };
    let above = |path: &SettingPath| std::iter::successors(path.parent(), SettingPath::parent);
    Box::new(reach.iter().flat_map(move |path| {
        let below = index.range(path.clone()..).take_while(move |(at, _)| at.starts_with(path));
        below.chain(above(path).filter_map(|it| index.get_key_value(&it)))
    }))
}

/// The settings that a state has otherwise than was seen; the resource itself where that is there, or is not.
fn find_contradictions(state: &State, step: &Step) -> BTreeSet<SettingPath> {
    let mut other = match reach_of(step) {
        Some(reach) => state.around(&reach),
        None => state.clone(),
    };
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
