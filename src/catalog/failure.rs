//! What a call did not do, though it did the rest.
//!
//! Calls on many resources succeed as a whole and list what went wrong in
//! their response: `unsuccessful.item[].resourceId`, `invalidParameters[]`,
//! `failedEntries[]`, `failures[].arn`. What is named there was not done.
//!
//! Some calls change one resource by a list of parts, any of which may fail: the targets of a rule. Their
//! tables say, in the section `[parts]`, where the parts stand that failed, and those that were asked for:
//! `PutTargets = "rs.failedEntries.targetId of rq.targets.id"`.

use super::path::RecordPath;
use super::{CallActions, Catalog, api_name};
use crate::event::{Event, Json, scalar_text};
use crate::resource::Resource;
use std::borrow::Cow;
use std::str::FromStr;

/// The starts of the members that list what went wrong; what they count (`failedEntryCount`) is no list.
const LISTS: [&str; 5] = ["unsuccessful", "unprocessed", "failed", "failures", "invalidparameters"];

/// Members that list what went wrong only if they are called exactly so.
const EXACT: [&str; 4] = ["errors", "errorentries", "errorlist", "buildsnotdeleted"];

/// Where the error code stands in an element, the surest first.
const CODES: [&str; 7] =
    ["code", "errorcode", "failurecode", "faultcode", "unprocessedcode", "reason", "failurereason"];

/// What is told in case no code is.
const FAILED: &str = "Failed";

/// Where a call that changes one resource by a list of parts tells of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FailedParts {
    /// Those that failed.
    failed: RecordPath,
    /// Those that were asked for.
    asked: RecordPath,
}

impl FromStr for FailedParts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (failed, asked) =
            text.split_once(" of ").ok_or_else(|| format!("`{text}` lacks ` of ` between two places"))?;
        Ok(Self { failed: failed.trim().parse()?, asked: asked.trim().parse()? })
    }
}

/// Returns the parts of a call that failed, though it did others.
pub(super) fn find_failed_parts(catalog: &Catalog, event: &Event<'_>) -> Vec<String> {
    let parts = catalog.parts_of(event.source(), api_name(event.name()));
    let failed = parts.map(|parts| parts.failed.find(event)).unwrap_or_default();
    failed.into_iter().map(Cow::into_owned).collect()
}

/// One thing that was not done.
struct PartFailure<'e> {
    names: Vec<Cow<'e, str>>,
    code: Option<Cow<'e, str>>,
}

/// Marks the acts that the response says were not done.
pub(super) fn mark_failed_acts(catalog: &Catalog, event: &Event<'_>, acts: &mut CallActions) {
    let Some(response) = event.get("responseElements") else { return };
    let mut failures = Vec::new();
    find_failure_lists(response, &mut failures, 0);
    if failures.is_empty() {
        return;
    }
    let code_of = |failure: &PartFailure<'_>| failure.code.as_deref().unwrap_or(FAILED).to_owned();
    let parts = catalog.parts_of(event.source(), api_name(event.name()));
    let whole = parts.and_then(|_| catalog.subject_kind(event.source(), event.name()));
    // Of the parts some may have been done, and the resource is another then.
    let all = parts.is_some_and(|parts| {
        let failed = parts.failed.find(event).len();
        failed > 0 && failed >= parts.asked.find(event).len()
    });
    let of_all = failures.first().filter(|_| all).map(code_of);
    for act in &mut acts.list {
        // What is named there are its parts: the name of a target may be that of its rule.
        if all || whole == Some(&*act.resource.kind) {
            act.failed.clone_from(&of_all);
            continue;
        }
        let is_part = |name: &str| parts.is_some() && is_last(&act.resource, name);
        let is_meant = |name: &str| has_identifier(&act.resource, name) || is_part(name);
        let failure = failures.iter().find(|it| it.names.iter().any(|name| is_meant(name)));
        act.failed = failure.map(code_of);
    }
}

fn has_identifier(resource: &Resource, name: &str) -> bool {
    resource.id == name
        || resource.name.as_deref() == Some(name)
        || resource.arn.as_deref() == Some(name)
        || Resource::new(&resource.kind, name).id == resource.id
}

/// Whether the id of a resource is that of its whole with this name behind it: an image in its repository.
fn is_last(resource: &Resource, name: &str) -> bool {
    let front = resource.id.strip_suffix(name);
    front.is_some_and(|front| front.len() > 1 && front.ends_with(['/', ':', '@']))
}

/// Finds the lists among the members, and among those of the object that wraps them.
fn find_failure_lists<'e>(value: Json<'e>, failures: &mut Vec<PartFailure<'e>>, depth: u8) {
    let Some(object) = value.as_object() else { return };
    for (key, value) in object.iter() {
        let key = key.to_ascii_lowercase();
        let lists = LISTS.iter().any(|start| key.starts_with(start)) && !key.ends_with("count");
        if lists || EXACT.contains(&key.as_str()) {
            read_failures(value, failures, 0);
        } else if depth == 0 {
            find_failure_lists(value, failures, depth + 1);
        }
    }
}

/// Reads a list of failures: of objects, of ids, or an object by id.
fn read_failures<'e>(value: Json<'e>, failures: &mut Vec<PartFailure<'e>>, depth: u8) {
    if depth > 4 {
        return;
    }
    if let Some(array) = value.as_array() {
        return array.iter().for_each(|element| read_failures(element, failures, depth + 1));
    }
    let Some(object) = value.as_object() else {
        // Alone it is a number, not a list.
        let names: Vec<_> = scalar_text(value).filter(|_| depth > 0).into_iter().collect();
        return failures.push(PartFailure { names, code: None });
    };
    let mut wrapped = false;
    for (key, value) in object.iter() {
        if matches!(key, "item" | "items" | "member") {
            read_failures(value, failures, depth + 1);
            wrapped = true;
        } else if key.starts_with("arn:") {
            let code = find_error_code(value, 0);
            failures.push(PartFailure { names: vec![Cow::Borrowed(key)], code });
            wrapped = true;
        }
    }
    if !wrapped {
        let mut names = Vec::new();
        collect_scalars(value, &mut names, 0);
        failures.push(PartFailure { names, code: find_error_code(value, 0) });
    }
}

/// The values in an element, also one level down.
fn collect_scalars<'e>(value: Json<'e>, names: &mut Vec<Cow<'e, str>>, depth: u8) {
    let Some(object) = value.as_object() else { return };
    for (key, value) in object.iter() {
        let tells_why =
            CODES.iter().chain(&["message", "errormessage", "tag"]).any(|it| key.eq_ignore_ascii_case(it));
        match scalar_text(value) {
            Some(text) if !tells_why && !text.is_empty() => names.push(text),
            Some(_) => {}
            None if depth == 0 => collect_scalars(value, names, depth + 1),
            None => {}
        }
    }
}

fn find_error_code<'e>(value: Json<'e>, depth: u8) -> Option<Cow<'e, str>> {
    let object = value.as_object()?;
    let own = CODES.iter().find_map(|code| {
        let (_, value) = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(code))?;
        scalar_text(value).filter(|text| !text.is_empty())
    });
    let inner =
        || object.iter().filter(|_| depth == 0).find_map(|(_, value)| find_error_code(value, depth + 1));
    own.or_else(inner)
}
