//! What the events of a resource prove of the time before them: what is made was not there, what a call
//! added that fails where it is there already was not there either, and what it lists beside what it added was.

use super::order::list_writes;
use super::path::SettingPath;
use super::state::{Existence, Setting, State};
use super::step::{Operation, Step, StepOutcome, StepOwner};
use super::val::Knowledge;
use crate::catalog::Action;
use crate::event::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Returns what is known before the first of these moments, which are in order.
pub(super) fn state_before(moments: &[(Option<Time>, Vec<Step>)]) -> State {
    let mut state = State::default();
    let mut touched = BTreeSet::new();
    // What ends a tie to something else begins and ends nothing here.
    let is_own = |step: &&Step| !step.ended_with.as_ref().is_some_and(StepOwner::is_tie);
    let dated = || {
        let dated = moments.iter().filter(|(time, _)| time.is_some());
        dated.map(|(_, group)| group.iter().filter(is_own).collect::<Vec<&Step>>())
    };
    let first =
        dated().position(|group| group.iter().any(|step| gives_existence(step))).unwrap_or(usize::MAX);
    for (at, group) in dated().enumerate() {
        let is = |step: &Step, action| step.kind == StepOutcome::Applied && step.action == action;
        let created = group.iter().find(|step| is(step, Action::Created) && proves_absence(step));
        let deleted = group.iter().any(|step| is(step, Action::Deleted));
        if let Some(created) = created.filter(|_| at == first && !deleted) {
            state.exists = Existence::Gone;
            state.unborn = Some(Arc::clone(&created.origin));
            state.cells.insert(SettingPath::root(), Setting { val: Knowledge::Absent, by: None });
        }
        // What is of another resource of the name, or may have been changed unseen, says no more of this one.
        let ends = |step: &Step| {
            step.kind == StepOutcome::NotModelled
                || (step.kind == StepOutcome::Applied
                    && match step.action {
                        Action::Created => proves_absence(step),
                        action => action == Action::Deleted,
                    })
        };
        if group.iter().any(|step| ends(step)) {
            break;
        }
        add_proven_settings(&group, &touched, &mut state);
        touched.extend(group.iter().flat_map(|step| list_writes(&step.ops)).map(|(path, _)| path));
    }
    state
}

/// Whether a step says that the resource is, or was, there or not.
fn gives_existence(step: &Step) -> bool {
    match step.kind {
        StepOutcome::Applied
        | StepOutcome::NotModelled
        | StepOutcome::ConfigItem
        | StepOutcome::ErrorProves => step.ended_with.is_none(),
        StepOutcome::Failed | StepOutcome::DryRun => false,
    }
}

/// Whether a creation fails where the resource is there.
fn proves_absence(step: &Step) -> bool {
    step.or.is_none() && !step.repeatable
}

/// Takes what the steps of one moment prove of settings that nothing earlier touched.
fn add_proven_settings(group: &[&Step], touched: &BTreeSet<SettingPath>, state: &mut State) {
    let proves = |step: &&Step| step.ops.iter().any(|op| matches!(op, Operation::ProveBefore { .. }));
    if !group.iter().any(proves) {
        return;
    }
    let mut written: BTreeMap<SettingPath, usize> = BTreeMap::new();
    let paths_of = |step: &Step| {
        list_writes(&step.ops).into_iter().map(|(path, _)| path).collect::<BTreeSet<SettingPath>>()
    };
    for step in group {
        for path in paths_of(step) {
            *written.entry(path).or_default() += 1;
        }
    }
    for step in group.iter().filter(|step| proves(step)) {
        // What it sets itself is not beside it.
        let own = paths_of(step);
        for op in &step.ops {
            let Operation::ProveBefore { path, val } = op else { continue };
            let by_others = |it: &SettingPath, times: usize| times > usize::from(own.contains(it));
            let mut below = written.range(path.clone()..).take_while(|(it, _)| it.starts_with(path));
            let mut above = std::iter::successors(path.parent(), SettingPath::parent);
            let is_beside = below.any(|(it, times)| by_others(it, *times))
                || above.any(|it| written.get(&it).is_some_and(|times| by_others(&it, *times)));
            if !is_touched(path, touched) && !is_beside {
                state.cells.insert(path.clone(), Setting { val: val.clone(), by: None });
            }
        }
    }
}

/// Whether something at, above or below a path was touched.
fn is_touched(path: &SettingPath, touched: &BTreeSet<SettingPath>) -> bool {
    let below = touched.range(path.clone()..).next().is_some_and(|it| it.starts_with(path));
    let above =
        std::iter::successors(Some(path.clone()), SettingPath::parent).any(|it| touched.contains(&it));
    below || above
}
