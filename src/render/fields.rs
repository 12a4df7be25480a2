//! The fields of a row by their paths, for `--fields` and for CSV.

use crate::answer::Row;
use crate::error::Error;
use serde_json::{Map, Value};

/// Every path that leads to one value of a row, in the order of the columns.
pub const FIELDS: &[&str] = &[
    "eventTime",
    "eventName",
    "eventSource",
    "action",
    "outcome",
    "errorCode",
    "errorMessage",
    "actor.who",
    "actor.type",
    "actor.name",
    "actor.arn",
    "actor.account",
    "actor.session",
    "actor.accessKeyId",
    "actor.mfa",
    "actor.sourceIdentity",
    "actor.invokedBy",
    "actor.principalId",
    "sourceIPAddress",
    "userAgent",
    "awsRegion",
    "recipientAccountId",
    "resource.type",
    "resource.id",
    "resource.name",
    "resource.arn",
    "resource.account",
    "resource.region",
    "relation",
    "readOnly",
    "eventID",
    "corrects",
    "evidence",
];

/// The paths that hold other paths, and may be asked for as a whole.
const GROUPS: [&str; 2] = ["actor", "resource"];

/// Checks the paths given with `--fields`.
///
/// # Errors
/// When a row has no such field.
pub fn check(paths: &[String]) -> Result<(), Error> {
    let unknown =
        paths.iter().find(|path| !FIELDS.contains(&path.as_str()) && !GROUPS.contains(&path.as_str()));
    match unknown {
        Some(path) => Err(Error::new(format!("`--fields {path}` is not a field of a row"))
            .hint(format!("the fields are {}", FIELDS.join(", ")))),
        None => Ok(()),
    }
}

/// Returns a row as JSON, with the given fields only (all of them when none is given).
pub(super) fn pick(row: &Row, paths: &[String]) -> Value {
    // A row is plain data: making it into a value cannot fail.
    let whole = serde_json::to_value(row).unwrap_or_default();
    if paths.is_empty() {
        return whole;
    }
    let mut picked = Map::new();
    for path in paths {
        match path.split_once('.') {
            None => {
                picked.insert(path.clone(), at(&whole, path));
            }
            Some((group, field)) => {
                let group = picked.entry(group).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(group) = group {
                    group.insert(field.to_owned(), at(&whole, path));
                }
            }
        }
    }
    Value::Object(picked)
}

/// Returns the value at a path, null when there is none.
pub(super) fn at(row: &Value, path: &str) -> Value {
    path.split('.').try_fold(row, |value, name| value.get(name)).cloned().unwrap_or_default()
}

/// Returns a value as the text of one cell.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(evidence).collect::<Vec<_>>().join(" "),
        Value::Object(_) => value.to_string(),
        other => other.to_string(),
    }
}

/// Evidence as `file#record`.
fn evidence(value: &Value) -> String {
    match (value.get("file").and_then(Value::as_str), value.get("record")) {
        (Some(file), Some(record)) => format!("{file}#{record}"),
        _ => value.to_string(),
    }
}
