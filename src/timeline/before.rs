//! What the events of a resource prove of the time before them: what is made was not there, what a call
//! added that fails where it is there already was not there either, and what it lists beside what it added was.

use super::order::list_writes;
use super::path::SettingPath;
use super::state::{Existence, Setting, State};
use super::step::{Operation, Step, StepOutcome};
use super::val::Knowledge;
use crate::catalog::Action;
use crate::event::Time;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Returns what is known before the first of these moments, which are in order.
pub(super) fn state_before(moments: &[(Option<Time>, Vec<Step>)]) -> State {
    let mut state = State::default();
    let mut touched = BTreeSet::new();
    let dated = || moments.iter().filter(|(time, _)| time.is_some()).map(|(_, group)| group);
    let first = dated().position(|group| group.iter().any(gives_existence)).unwrap_or(usize::MAX);
    for (at, group) in dated().enumerate() {
        let is = |step: &&Step, action| step.kind == StepOutcome::Applied && step.action == action;
        let created = group.iter().find(|step| is(step, Action::Created) && proves_absence(step));
        let deleted = group.iter().any(|step| is(&step, Action::Deleted));
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
        if group.iter().any(ends) {
            break;
        }
        add_proven_settings(group, &touched, &mut state);
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
fn add_proven_settings(group: &[Step], touched: &BTreeSet<SettingPath>, state: &mut State) {
    for (at, step) in group.iter().enumerate() {
        for op in &step.ops {
            let Operation::ProveBefore { path, val } = op else { continue };
            let others = group.iter().enumerate().filter(|(other, _)| *other != at);
            let mut beside = others.flat_map(|(_, step)| list_writes(&step.ops));
            if !is_touched(path, touched) && !beside.any(|(it, _)| is_overlapping(&it, path)) {
                state.cells.insert(path.clone(), Setting { val: val.clone(), by: None });
            }
        }
    }
}

fn is_overlapping(a: &SettingPath, b: &SettingPath) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// Whether something at, above or below a path was touched.
fn is_touched(path: &SettingPath, touched: &BTreeSet<SettingPath>) -> bool {
    let below = touched.range(path.clone()..).next().is_some_and(|it| it.starts_with(path));
    let above =
        std::iter::successors(Some(path.clone()), SettingPath::parent).any(|it| touched.contains(&it));
    below || above
}
