//! A state in the shape of an AWS Config configuration item, with a part
//! `describe_knowledge` beside it that says what is known since when and by whom, and
//! what is not.

use super::config::in_shape;
use super::fold::Timeline;
use super::path::SettingPath;
use super::relations::find_relations;
use super::state::{Existence, Setting, State};
use super::step::{StepOrigin, StepOwner};
use super::val::Knowledge;
use crate::event::Time;
use serde_json::{Map, Value, json};

/// How much of a resource is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// Settings whose value, or absence, is known.
    pub known: usize,
    /// Settings that are known to be there, or may be, and whose value is not known.
    pub unknown: usize,
    /// Whether the creation was seen, so that nothing older can be hidden.
    pub created: bool,
}

impl State {
    /// Counts what is known.
    pub fn completeness(&self) -> Completeness {
        let settings = || self.cells().filter(|(path, _)| path.parts().next().is_some());
        let unknown = settings().filter(|(_, cell)| matches!(cell.val, Knowledge::Unknown(_))).count();
        let known = settings().filter(|(_, cell)| matches!(cell.val, Knowledge::Known(_))).count();
        Completeness { known, unknown, created: self.created.is_some() }
    }

    /// Returns whether it is there, in AWS Config's words.
    pub fn status(&self) -> &'static str {
        match self.exists {
            Existence::Gone if self.unborn.is_some() => "NotCreated",
            Existence::Gone => "ResourceDeleted",
            Existence::Exists if self.created.is_some() => "OK",
            Existence::Exists => "ResourceDiscovered",
            Existence::Unknown => "Unknown",
        }
    }
}

/// Returns the item of a resource at the end of its timeline; `event` tells of the events that are named in it.
pub fn build_item(timeline: &Timeline, at: Option<Time>, event: &dyn Fn(&StepOrigin) -> Value) -> Value {
    let Timeline { resource, state, .. } = timeline;
    let mut configuration = state.configuration();
    let beside = in_shape(&resource.kind, state, &mut configuration);
    let tags = match configuration.shift_remove("tags") {
        Some(Value::Object(tags)) => tags,
        _ => Map::new(),
    };
    let capture = at.or_else(|| timeline.entries.last().and_then(|entry| entry.step.origin.time));
    let created = state.created.as_ref().and_then(|it| it.time).or(state.made_at);
    json!({
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": capture,
        "configurationItemStatus": state.status(),
        "resourceType": resource.kind,
        "resourceId": resource.id,
        "resourceName": resource.name.as_deref().unwrap_or(&resource.id),
        "ARN": resource.arn,
        "awsAccountId": resource.owner(),
        "awsRegion": resource.location().or(resource.is_global().then_some("global")),
        "resourceCreationTime": created,
        "tags": tags,
        "relatedEvents": timeline.entries.iter().filter(|it| it.is_change()).filter_map(|it| it.step.origin.event_id.clone()).collect::<Vec<_>>(),
        "relationships": find_relations(resource, state),
        "configuration": configuration,
        "supplementaryConfiguration": beside,
        "knowledge": describe_knowledge(state, event),
    })
}

fn describe_knowledge(state: &State, event: &dyn Fn(&StepOrigin) -> Value) -> Value {
    let Completeness { known, unknown, created } = state.completeness();
    // What has a part that is, or may be, set is not absent: its cell says that no other part is there.
    let is_open = |path: &SettingPath, cell: &Setting| {
        let is_part = |(at, cell): &(&SettingPath, &Setting)| *at != path && cell.val != Knowledge::Absent;
        cell.val == Knowledge::Absent && state.below(path).any(|it| is_part(&it))
    };
    let told = state.cells().filter(|(path, cell)| !is_open(path, cell));
    let settings: Vec<Value> =
        told.filter_map(|(path, cell)| describe_setting(&path.to_string(), cell, event)).collect();
    let (seen, made): (Option<&StepOrigin>, Option<&StepOrigin>) = match state.exists_by.as_deref() {
        Some(by) if by.only_saw() => (Some(by), None),
        by => (None, by),
    };
    json!({
        "exists": state.exists,
        "existsBy": made.map(event),
        "existsSeenBy": seen.map(event),
        "endedWith": state.ended_with.as_ref().map(StepOwner::to_json),
        "creationSeen": created,
        "incarnation": state.incarnation,
        "knownSettings": known,
        "unknownSettings": unknown,
        "deletionScheduled": state.due.as_ref().map(|(date, by)| json!({"for": date, "by": event(by)})),
        "notUnfolded": state.unread.iter().map(|it| event(it)).collect::<Vec<_>>(),
        "settings": settings,
    })
}

/// What is known of one setting; `None` for what only says that nothing else is set.
fn describe_setting(path: &str, cell: &Setting, event: &dyn Fn(&StepOrigin) -> Value) -> Option<Value> {
    let mut entry = Map::new();
    let path = if path.is_empty() { "*" } else { path };
    entry.insert("path".to_owned(), path.into());
    match &cell.val {
        Knowledge::Known(_) => entry.insert("is".to_owned(), "known".into()),
        Knowledge::Absent if path == "*" => return None,
        Knowledge::Absent => entry.insert("is".to_owned(), "absent".into()),
        Knowledge::Unknown(why) => {
            entry.insert("is".to_owned(), "unknown".into());
            entry.insert("why".to_owned(), serde_json::to_value(why).unwrap_or_default())
        }
    };
    if let Some(by) = &cell.by {
        // Whoever only saw a value did not set it.
        let [when, who] = if by.only_saw() { ["seenAt", "seenBy"] } else { ["since", "by"] };
        entry.insert(when.to_owned(), json!(by.time));
        entry.insert(who.to_owned(), event(by));
    }
    Some(Value::Object(entry))
}

/// Returns the event behind something, in short.
pub fn event_of(by: &StepOrigin) -> Value {
    json!({"eventTime": by.time, "eventName": by.event_name, "who": by.who, "eventID": by.event_id})
}
