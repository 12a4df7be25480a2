//! The commands that undo what was done: printed, never run.
//!
//! What is wanted is a state, so that one table (`revert.toml`) of the commands
//! that set each setting serves every call. Where the value to go back to is
//! unknown, or a deletion cannot be undone, there is no command but the reason
//! why. `plan` chooses the commands and their order, `template` and `values`
//! fill them, `shell` quotes every value: names and policies are an attacker's.

mod plan;
mod s3;
mod shell;
mod table;
mod template;
mod values;

pub use shell::quote_for_shell;

use super::fold::{StateFold, Timeline, TimelineEntry, diff_states};
use super::state::{Existence, Setting, SettingChange, State};
use super::step::{Operation, StepOrigin, StepOutcome};
use crate::resource::Resource;
use plan::UndoPlan;
use std::sync::Arc;

/// One step of going back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UndoCommand {
    /// The setting; `exists` for the resource itself, the name of a call where that is all there is to tell.
    pub path: String,
    /// The command; `None` where there is none.
    pub command: Option<String>,
    /// Why there is none, or what it does not bring back.
    pub note: Option<String>,
}

impl UndoCommand {
    fn refused(path: impl ToString, note: impl Into<String>) -> Self {
        Self { path: path.to_string(), command: None, note: Some(note.into()) }
    }
}

/// Returns what takes a resource from one state to another, in the order in which it has to be done.
///
/// Of several changes of one setting between the two, only the net change counts.
pub fn undo_changes(resource: &Resource, now: &State, then: &State) -> Vec<UndoCommand> {
    if now.exists == Existence::Gone && then.exists == Existence::Gone {
        return Vec::new();
    }
    let mut steps = UndoPlan { resource, now, then, is_renewed: false }.all(&diff_states(now, then));
    if now.exists == Existence::Exists && then.exists == Existence::Exists {
        if now.incarnation > then.incarnation {
            steps.insert(
                0,
                UndoCommand::refused("exists", "it was deleted since and made again: what it held is gone"),
            );
        }
        let since =
            now.unread.iter().filter(|by| now.incarnation > then.incarnation || !then.unread.contains(by));
        steps.extend(since.map(refuse_unread));
    }
    steps
}

fn refuse_unread(by: &Arc<StepOrigin>) -> UndoCommand {
    let event = by.event_id.as_deref().unwrap_or("without an id");
    UndoCommand::refused(&by.event_name, format!("what it changed is not known (event {event})"))
}

/// Returns what takes back the changes of one event, whatever was done to other settings since.
pub fn undo_event(timeline: &Timeline, event_id: &str) -> Vec<UndoCommand> {
    // What ended with something else comes back with it, or not at all.
    let is_it = |entry: &TimelineEntry| {
        entry.step.origin.event_id.as_deref() == Some(event_id) && entry.step.ended_with.is_none()
    };
    let Some(at) = timeline.entries.iter().position(is_it) else { return Vec::new() };
    match nothing_to_undo(timeline, &timeline.entries[at]) {
        Some(step) => vec![step],
        None => taken_back(timeline, at),
    }
}

/// What there is to say of an event that changed nothing, or nothing that is there still.
fn nothing_to_undo(timeline: &Timeline, entry: &TimelineEntry) -> Option<UndoCommand> {
    let name = &entry.step.origin.event_name;
    let why = match entry.step.kind {
        StepOutcome::Failed | StepOutcome::ErrorProves => "the call failed: there is nothing to undo",
        StepOutcome::DryRun => "the call was a rehearsal: there is nothing to undo",
        StepOutcome::NotModelled => return Some(refuse_unread(&entry.step.origin)),
        StepOutcome::ConfigItem => "AWS Config saw it so: no call is known that could be undone",
        StepOutcome::Applied if entry.incarnation < timeline.state.incarnation => {
            "it was deleted since and made again: the change went with the old one"
        }
        StepOutcome::Applied => return None,
    };
    Some(UndoCommand::refused(name, why))
}

fn taken_back(timeline: &Timeline, at: usize) -> Vec<UndoCommand> {
    let Timeline { resource, entries, state, .. } = timeline;
    let entry = &entries[at];
    let steps = |end: usize| entries[..end].iter().map(|entry| entry.step.clone()).collect();
    let upto = |end: usize| {
        let mut fold = StateFold::before(steps(entries.len()));
        fold.take(steps(end));
        fold.state
    };
    let (before, after) = (upto(at), upto(at + 1));
    let mut then = state.clone();
    then.exists = existence_before(&before, &after, state, &entry.step.origin);
    if before.due.is_none() && entry.step.ops.iter().any(|op| matches!(op, Operation::ScheduleDeletion(_))) {
        then.due = None;
    }
    let (mut later, mut wanted) = (Vec::new(), Vec::new());
    for change in &entry.changes {
        let current = state.cell(&change.path).val;
        if current.is_as(&change.before) {
            continue;
        }
        if !current.same(&change.after) && state.exists != Existence::Gone {
            later.push(UndoCommand::refused(&change.path, "was changed again after this event"));
            continue;
        }
        wanted.push(SettingChange {
            path: change.path.clone(),
            before: current,
            after: change.before.clone(),
        });
        then.cells.insert(change.path.clone(), Setting { val: change.before.clone(), by: None });
    }
    let mut all = UndoPlan { resource, now: state, then: &then, is_renewed: false }.all(&wanted);
    if then.exists != Existence::Gone {
        all.extend(later);
    }
    if all.is_empty() && !wanted.is_empty() {
        // What follows from another resource is undone there: who has a policy, by the user's command.
        return all;
    }
    if all.is_empty() {
        let why = match entry.changes.is_empty() {
            true => "no setting is known that it changed",
            false => "what it changed is back already",
        };
        all.push(UndoCommand::refused(&entry.step.origin.event_name, why));
    }
    all
}

/// Whether the resource is to be there once the event is taken back.
fn existence_before(before: &State, after: &State, now: &State, by: &Arc<StepOrigin>) -> Existence {
    let is_its = after.exists_by.as_ref() == Some(by) && after.exists == now.exists;
    match before.exists {
        _ if now.exists == Existence::Exists && now.created.as_ref() == Some(by) => Existence::Gone,
        _ if !is_its => now.exists,
        // The first event that shows it need not have made it.
        Existence::Unknown if after.exists == Existence::Exists => now.exists,
        // What is deleted was there.
        Existence::Unknown => Existence::Exists,
        exists => exists,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::print_stdout, reason = "the shares that the tests print")]
mod tests;
