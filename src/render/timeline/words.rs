//! What an event did, and what is known of the resource at the end, in words.

use super::TimelineLine;
use crate::catalog::Action;
use crate::render::changes;
use crate::timeline::{Existence, Knowledge, Operation, State, Step, StepOrigin, StepOutcome, Timeline};
use serde_json::Value;

/// What an event did, in lines; at least one.
pub(super) fn describe_line(line: &TimelineLine<'_>, timeline: &Timeline) -> Vec<String> {
    let Some(entry) = line.entry else { return vec!["uses it".to_owned()] };
    let step = &entry.step;
    let error = line.row.error_code.as_deref().unwrap_or_default();
    let mut told: Vec<String> = describe_result(step, error).into_iter().collect();
    if matches!(step.kind, StepOutcome::Failed | StepOutcome::DryRun | StepOutcome::ErrorProves) {
        told.extend(step.tried.iter().filter_map(describe_attempt));
    }
    told.extend(line.changes.iter().flat_map(|change| changes::change_lines(change, &timeline.state)));
    let notes = entry.notes.iter().filter(|note| !note.ends_with("shows the state"));
    told.extend(notes.map(|note| format!("({note})")));
    if !entry.unsure.is_empty() {
        told.push(format!("(in the same second as {}: the order is not known)", entry.unsure.join(", ")));
    }
    if told.is_empty() {
        told.push(describe_unchanged(step).to_owned());
    }
    told
}

/// What is said of a call that changed no setting that is known: it was compared with what was known before,
/// unless the record says no more than the name of the resource.
fn describe_unchanged(step: &Step) -> &'static str {
    let mut sets = step.ops.iter().filter_map(|op| match op {
        Operation::Set { val, .. } => Some(val),
        _ => None,
    });
    let tells = |val: &Knowledge| match val.known() {
        Some(Value::String(text)) => {
            let it = &step.resource;
            ![Some(&it.id), it.name.as_ref(), it.arn.as_ref()].contains(&Some(text))
        }
        Some(_) => true,
        None => *val == Knowledge::Absent,
    };
    match step.ops.as_slice() {
        [] => "no setting changed",
        ops if ops.iter().all(|op| matches!(op, Operation::Set { .. })) && !sets.any(tells) => {
            "the record does not say what it changed"
        }
        _ => "set again to what it was",
    }
}

/// What became of the call, where its changes alone do not say it.
fn describe_result(step: &Step, error: &str) -> Option<String> {
    let deferred = step.ops.iter().any(|op| matches!(op, Operation::ScheduleDeletion(_)));
    let text = match (step.kind, step.action) {
        (StepOutcome::Applied, Action::Created) => "created",
        (StepOutcome::Applied, Action::Deleted) if deferred => "deletion",
        (StepOutcome::Applied, Action::Deleted)
            if step.ended_with.as_ref().is_some_and(|owner| !owner.deletes()) =>
        {
            "gone"
        }
        (StepOutcome::Applied, Action::Deleted) => "deleted",
        (StepOutcome::Applied | StepOutcome::NotModelled, _) => return None,
        (StepOutcome::ConfigItem, _) => "seen by AWS Config",
        (StepOutcome::DryRun, _) => "REHEARSED: would have been done",
        (StepOutcome::Failed, _) => return Some(format!("FAILED {error}")),
        (StepOutcome::ErrorProves, _) => return Some(format!("FAILED {error}, which shows the state")),
    };
    Some(text.to_owned())
}

/// What a failed call was about to do.
fn describe_attempt(op: &Operation) -> Option<String> {
    match op {
        Operation::Set { path, val: Knowledge::Absent, .. } => Some(format!("tried: - {path}")),
        Operation::Set { path, val, leaf: true } if val.known().is_some_and(Value::is_object) => {
            Some(format!("tried: + {path}"))
        }
        Operation::Set { path, val, .. } => Some(format!("tried: {path}: {}", changes::knowledge_text(val))),
        Operation::MergeInto { path, .. } => Some(format!("tried: + {path}")),
        _ => None,
    }
}

/// What is known of it at the end.
pub(super) fn summary_lines(timeline: &Timeline) -> Vec<String> {
    let state = &timeline.state;
    let is_gone_before = |state: &State| state.ended_with.as_ref().is_some_and(|owner| !owner.deletes());
    let mut lines = Vec::new();
    let by = |it: &StepOrigin| {
        let time = it.time.map(|time| time.to_string()).unwrap_or_default();
        format!("{time} by {}", it.who)
    };
    let created = state
        .created
        .as_deref()
        .map_or("creation not in these logs".to_owned(), |it| format!("created {}", by(it)));
    let now = match (state.exists, state.exists_by.as_deref()) {
        // Who ended what it is part of did not delete it.
        (Existence::Gone, Some(it)) if is_gone_before(state) => {
            format!(", gone by {} ({})", by(it), it.event_name)
        }
        (Existence::Gone, Some(it)) if it.only_saw() => format!(", not there any more as seen {}", by(it)),
        (Existence::Gone, Some(it)) => format!(", deleted {}", by(it)),
        _ => String::new(),
    };
    lines.push(format!("{created}{now}"));
    if state.incarnation > 1 {
        lines.push(format!("{} resources had this name one after another", state.incarnation));
    }
    if let Some((date, it)) = &state.due {
        lines.push(format!("deletion scheduled for {date}, {}", by(it)));
    }
    if !state.unread.is_empty() {
        lines.push(format!("calls that changed it in ways that are not unfolded: {}", state.unread.len()));
    }
    if !timeline.undated.is_empty() {
        lines.push(format!("events without a readable time, which are left out: {}", timeline.undated.len()));
    }
    lines
}
