//! The fields of an item by their paths, for `--fields` and for CSV.

use super::view::ColumnKind;
use crate::error::Error;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Checks the paths given with `--fields` against those that an item has. A path that holds others may be
/// asked for as a whole.
///
/// # Errors
/// When an item has no such field.
pub fn check_fields(paths: &[String], fields: &[impl AsRef<str>]) -> Result<(), Error> {
    let is_known = |path: &str| {
        fields.iter().map(AsRef::as_ref).any(|field| {
            field.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    match paths.iter().find(|path| path.is_empty() || !is_known(path)) {
        Some(path) => {
            let fields: Vec<&str> = fields.iter().map(AsRef::as_ref).collect();
            Err(Error::new(format!("`--fields {path}` is not a field of a row"))
                .hint(format!("the fields are {}", fields.join(", "))))
        }
        None => Ok(()),
    }
}

/// Returns an item with the given fields only (all of them when none is given).
pub(super) fn pick_fields(item: Value, paths: &[String]) -> Value {
    if paths.is_empty() {
        return item;
    }
    let mut picked = Value::Object(Map::new());
    for path in paths {
        put_at_path(&mut picked, path, value_at_path(&item, path).clone());
    }
    picked
}

/// Sets the value at a path, and makes the objects that lead to it.
pub(super) fn put_at_path(item: &mut Value, path: &str, value: Value) {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let Some(object) = item.as_object_mut() else { return };
    match rest {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some(rest) => {
            put_at_path(object.entry(name).or_insert_with(|| Value::Object(Map::new())), rest, value)
        }
    }
}

/// Returns the value at a path, null when there is none.
pub(super) fn value_at_path<'v>(item: &'v Value, path: &str) -> &'v Value {
    path.split('.').try_fold(item, |value, name| value.get(name)).unwrap_or(&Value::Null)
}

/// Returns what a field of a row holds.
pub(super) fn kind_of_field(path: &str) -> ColumnKind {
    let name = path.rsplit('.').next().unwrap_or(path);
    match name {
        _ if name.ends_with("Time") => ColumnKind::Time,
        "errorCode" => ColumnKind::Error,
        "who" | "name" | "arn" | "ARN" | "id" | "resourceId" | "resourceName" | "session" | "resource" => {
            ColumnKind::Name
        }
        "count" | "failed" | "actors" | "addresses" | "files" | "events" | "digests" => ColumnKind::Number,
        "eventName" | "eventSource" | "eventID" | "sourceIPAddress" | "accessKeyId" | "account"
        | "region" | "awsRegion" | "recipientAccountId" | "awsAccountId" | "type" | "resourceType"
        | "action" | "outcome" => ColumnKind::Whole,
        _ => ColumnKind::Prose,
    }
}

/// Returns the values at a path of a record, looked for through lists: nothing, the one, or a list of them.
pub(super) fn record_value(record: &Value, path: &str) -> Value {
    fn add<'v>(value: &'v Value, names: &[&str], found: &mut Vec<&'v Value>) {
        match (value, names) {
            (Value::Array(list), _) => list.iter().for_each(|it| add(it, names, found)),
            (value, []) => found.push(value),
            (value, [name, rest @ ..]) => value.get(name).into_iter().for_each(|it| add(it, rest, found)),
        }
    }
    let mut found = Vec::new();
    add(record, &path.split('.').collect::<Vec<_>>(), &mut found);
    match found[..] {
        [] => Value::Null,
        [one] => one.clone(),
        ref many => Value::Array(many.iter().map(|it| (*it).clone()).collect()),
    }
}

/// Returns a value as the text of one cell.
pub(super) fn cell_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(list) => list.iter().map(element_text).collect::<Vec<_>>().join(" ").into(),
        other => other.to_string().into(),
    }
}

/// Evidence as `file#record`.
fn element_text(value: &Value) -> String {
    match (value, value.get("file").and_then(Value::as_str), value.get("record")) {
        (_, Some(file), Some(record)) => format!("{file}#{record}"),
        (Value::String(text), ..) => text.clone(),
        _ => value.to_string(),
    }
}
