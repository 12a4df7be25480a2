//! The commands, taken apart again and given back to the fold as the events that they would make.

mod cases;
mod order;
mod replay;
mod rows;
mod words;

use super::*;
use crate::catalog::Catalog;
use crate::event::EventParser;
use crate::timeline::{StepStore, extract_steps, fold_steps};
use serde_json::{Value, json};

/// The one timeline of a type that records make; of several, the one that was touched last.
fn timeline_of(records: &[String], kind: &str) -> Timeline {
    let mut all = StepStore::default();
    for record in records {
        let wanted = |resource: &Resource| resource.kind == kind;
        EventParser::default()
            .read(record.as_bytes(), |event| all.add(extract_steps(&Catalog::default(), event, &wanted)))
            .unwrap();
    }
    let found = all.by_resource().into_iter().map(|(resource, steps)| fold_steps(resource, steps, None));
    let last = |timeline: &Timeline| timeline.entries.last().and_then(|entry| entry.step.origin.time);
    found.max_by_key(last).unwrap_or_else(|| panic!("{kind}: nothing in {records:?}"))
}

/// The record of a call; `number` is its second and its id.
fn event(number: usize, source: &str, name: &str, request: &Value, response: &Value) -> String {
    let record = json!({"eventTime": format!("2024-01-01T00:{:02}:{:02}Z", number / 60, number % 60), "eventName": name,
        "eventID": format!("e-{number}"), "eventSource": format!("{source}.amazonaws.com"), "awsRegion": "eu-west-1",
        "readOnly": false, "recipientAccountId": "111122223333", "requestParameters": request, "responseElements": response});
    record.to_string()
}

fn commands(steps: &[UndoCommand]) -> Vec<&str> {
    steps.iter().filter_map(|step| step.command.as_deref()).collect()
}
