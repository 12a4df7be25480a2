//! What an answer cannot know, in words: hints that go beside it.

use super::{Coverage, Found, Question};
use crate::catalog::Action;

/// Types whose use is logged as data events, so only where a trail was told to.
const DATA_PLANE: [&str; 8] = [
    "AWS::S3::Object",
    "AWS::Lambda::Function",
    "AWS::DynamoDB::Table",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::S3::AccessPoint",
    "AWS::Kinesis::Stream",
    "AWS::EC2::Snapshot",
];

/// Returns the hints for rows of events.
pub fn advice(question: &Question, found: &Found, coverage: &Coverage) -> Vec<String> {
    let mut hints = Vec::new();
    if found.doubtful > 0 {
        hints.push(format!(
            "{} found in damaged files only and may say what was never logged: `evidence` marks them `damaged`",
            rows(found.doubtful)
        ));
    }
    let Some(reference) = question.reference() else { return hints };
    let text = reference.text();
    if reference.is_plain() && !found.kinds.is_empty() {
        let kinds: Vec<String> =
            found.kinds.iter().map(|(kind, rows)| format!("{kind} ({})", events(*rows))).collect();
        hints.push(format!("`{text}` was found as {}", kinds.join(", ")));
    }
    if found.on_objects > 0 {
        let bucket = reference.bucket().unwrap_or(text);
        hints.push(format!(
            "{} on objects in the bucket left out: ask for `s3://{bucket}/` to see them",
            events(found.on_objects)
        ));
    }
    if found.using > 0 {
        let only_use = if found.using == 1 { "that only uses it" } else { "that only use it" };
        hints.push(format!(
            "`trailscan who --all {text}` shows {} more {only_use} (`related`)",
            events(found.using)
        ));
    }
    if found.with_key > 0 {
        hints.push(format!(
            "{} made with this key: `trailscan events --access-key {text}` shows them",
            events(found.with_key)
        ));
    }
    if !found.unnamed.is_empty() {
        let names: Vec<&str> = found.unnamed.keys().map(String::as_str).collect();
        hints.push(format!(
            "{} name no resource and may have been meant for `{text}`: `trailscan events --failed --event {}` shows them",
            failed(found.unnamed.values().sum()),
            names.join(" --event ")
        ));
    }
    let reads = question.actions.contains(&Action::Read);
    let data_type = reference.kinds().iter().any(|kind| DATA_PLANE.contains(&kind.as_ref()));
    if coverage.data_events == 0 && found.rows.is_empty() && (reference.is_object() || (reads && data_type)) {
        hints.push(format!(
            "no data event was logged in these files, so calls on {} cannot be seen in them",
            if reference.is_object() { "objects".to_owned() } else { format!("the data of `{text}`") }
        ));
    }
    hints
}

fn failed(count: u64) -> String {
    if count == 1 { "1 failed call".to_owned() } else { format!("{count} failed calls") }
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") }
}

fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}
