//! What an answer cannot know, in words: hints that go beside it.

use super::{MatchedRows, MayHaveActed, Row, RowQuery, UnnamedReason};
use crate::catalog::Action;
use crate::event::{Outcome, Time};
use crate::timeline::quote_for_shell;

/// Returns the hints for rows of events. `paths` is what follows a command that reads the same files: nothing, or a
/// space and the paths.
pub fn row_hints(question: &RowQuery, found: &MatchedRows, paths: &str) -> Vec<String> {
    let mut hints = Vec::new();
    if found.doubtful > 0 {
        hints.push(format!(
            "{} found in damaged files only and may say what was never logged: `evidence` marks them `damaged`",
            format_row_count(found.doubtful)
        ));
    }
    let Some(reference) = question.reference() else { return hints };
    let text = reference.text();
    if reference.is_plain() && !found.kinds.is_empty() {
        let kinds: Vec<String> = found
            .kinds
            .iter()
            .map(|(kind, rows)| format!("{kind} ({})", format_event_count(*rows)))
            .collect();
        hints.push(format!("`{text}` was found as {}", kinds.join(", ")));
    }
    if found.on_objects > 0 {
        let bucket = reference.bucket().unwrap_or(text);
        hints.push(format!(
            "{} on objects in the bucket left out: ask for `s3://{bucket}/` to see them",
            format_event_count(found.on_objects)
        ));
    }
    if found.using > 0 {
        let only_use = if found.using == 1 { "that only uses it" } else { "that only use it" };
        hints.push(format!(
            "`trailscan who --all {}{paths}` shows {} more {only_use} (`related`)",
            quote_for_shell(text),
            format_event_count(found.using)
        ));
    }
    if found.with_key > 0 {
        hints.push(format!(
            "{} made with this key: `trailscan events --access-key {}{paths}` shows them",
            format_event_count(found.with_key),
            quote_for_shell(text)
        ));
    }
    if !found.unnamed.is_empty() {
        let names: Vec<&str> = found.unnamed.keys().map(String::as_str).collect();
        hints.push(format!(
            "{} name no resource and may have been meant for `{text}`: `trailscan events --failed --event {}{paths}` shows them",
            format_failed_count(found.unnamed.values().sum()),
            names.join(" --event ")
        ));
    }
    hints.extend(by_service_alone(question, found));
    hints.extend(may_have_acted(&question.actions, &found.may_have_acted, paths));
    hints.extend(found.emptied.iter().map(describe_emptied));
    hints
}

/// Says where nothing but a service's own event tells of a deletion: whoever asked the service for it, that call is
/// missing.
fn by_service_alone(question: &RowQuery, found: &MatchedRows) -> Option<String> {
    let is_asked = question.actions.contains(&Action::Deleted);
    let done = |row: &&Row| row.outcome == Outcome::Succeeded && row.action == Action::Deleted;
    let by_service =
        |row: &Row| row.actor.kind.as_ref() == "AWSService" || row.actor.name == row.event_source;
    let mut rows = found.rows.iter().filter(done).peekable();
    let first = rows.peek().copied().filter(|_| is_asked)?;
    let service = first.event_source.split('.').next().unwrap_or_default();
    let asked = match ASKED_ALWAYS.contains(&service) {
        true => "somebody had asked for it, and who that was",
        false => "who asked for it, if anybody did,",
    };
    rows.all(by_service)
        .then(|| format!("{service} ended it ({}): {asked} is not in these logs", first.event_name))
}

/// Services that end nothing unless somebody asked for it before: a secret or a key is gone some days after
/// `DeleteSecret` or `ScheduleKeyDeletion`.
const ASKED_ALWAYS: [&str; 2] = ["secretsmanager", "kms"];

/// So many calls that may have acted on the resource are told in words.
const TOLD: usize = 5;

/// Says which calls may have done one of `actions` to the resource without naming it. `paths` is what follows a command
/// that reads the same files.
pub fn may_have_acted(actions: &[Action], all: &[MayHaveActed], paths: &str) -> Vec<String> {
    let mut hints: Vec<String> =
        all.iter().take(TOLD).map(|it| describe_possible_actor(actions, it, paths)).collect();
    if let Some(more) = all.len().checked_sub(TOLD).filter(|more| *more > 0) {
        hints.push(format!(
            "{more} more kinds of calls may have acted on it without naming it: `mayHaveActed` of `--json` has them all"
        ));
    }
    hints
}

fn describe_emptied(it: &super::Emptied) -> String {
    format!(
        "`{}` was emptied between {}, when DeleteBucket failed with BucketNotEmpty, and {}, when it succeeded: what it held was deleted in between, though no call that is shown did that",
        it.bucket, it.from, it.until
    )
}

fn describe_possible_actor(actions: &[Action], it: &MayHaveActed, paths: &str) -> String {
    // Whoever asks for more than one deed is told which it would have been.
    let deed = match actions {
        [action] => *action,
        _ => it.action,
    };
    let deed = match deed {
        Action::Created => "created",
        Action::Changed => "changed",
        Action::Deleted => "deleted",
        Action::Read => "read",
    };
    let time =
        |time: Option<Time>| time.map_or_else(|| "at no readable time".to_owned(), |it| it.to_string());
    let when = match it.events {
        1 => time(it.first_event_time),
        _ => format!("{} to {}", time(it.first_event_time), time(it.last_event_time)),
    };
    let within = it.within.as_deref().map(|it| format!(" of `{it}`")).unwrap_or_default();
    let show = match &it.event_id {
        Some(id) => format!("`trailscan events --event-id {}{paths}` shows it", quote_for_shell(id)),
        None => format!("`trailscan events --event {}{paths}` shows them", quote_for_shell(&it.event_name)),
    };
    let MayHaveActed { who, event_name, why, told, events, .. } = it;
    if it.because == UnnamedReason::Later {
        let told = if told.is_empty() { String::new() } else { format!(": {told}") };
        let on = it.within.as_deref().map(|it| format!(" on `{it}`")).unwrap_or_default();
        return format!(
            "{who} called {event_name}{on} at {when}{told}; {why}, and one may have {deed} it: {show}"
        );
    }
    let calls = if *events == 1 { format!("1 {event_name}") } else { format!("{events} calls {event_name}") };
    let told = if told.is_empty() { String::new() } else { format!(" ({told})") };
    format!("{calls}{within}{told} by {who}, {when}, may have {deed} it: {why}; {show}")
}

fn format_failed_count(count: u64) -> String {
    if count == 1 { "1 failed call".to_owned() } else { format!("{count} failed calls") }
}

fn format_row_count(count: u64) -> String {
    if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") }
}

fn format_event_count(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}
