//! Records that are written as columns: rows of CSV exports, of query results and of SIEMs, and objects whose keys
//! lost their case on the way.
//!
//! The names of columns are matched without case, spaces and underscores: `Event name`, `eventname` and `event_name`
//! are `eventName`. A column that is not there, or is empty, gives no field: what a row does not hold is not known.

use super::notation;
use crate::text::has_too_many_values;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value};

/// Columns that hold whole records as text.
const RECORD_COLUMNS: &[&str] = &[
    "eventJson",
    "@message",
    "message",
    "_raw",
    "CloudTrailEvent",
    "event.original",
    "_source.event.original",
    "body",
];

/// The fields of a record.
const FIELDS: &[&str] = &[
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "requestID",
    "eventID",
    "readOnly",
    "resources",
    "eventType",
    "managementEvent",
    "recipientAccountId",
    "apiVersion",
    "serviceEventDetails",
    "sharedEventID",
    "vpcEndpointId",
    "vpcEndpointAccountId",
    "eventCategory",
    "addendum",
    "sessionCredentialFromConsole",
    "edgeDeviceDetails",
    "tlsDetails",
    "insightDetails",
    "eventContext",
];

/// Other names that they have: those of the console's event history (both editions of its CSV file), of
/// `lookup-events`, and of Microsoft Sentinel.
const ALIASES: &[(&str, &[&str])] = &[
    ("sourceip", &["sourceIPAddress"]),
    ("username", &["userIdentity", "userName"]),
    ("awsaccesskey", &["userIdentity", "accessKeyId"]),
    ("awsaccesskeyid", &["userIdentity", "accessKeyId"]),
    ("accesskeyid", &["userIdentity", "accessKeyId"]),
    ("awseventid", &["eventID"]),
    ("awsrequestid", &["requestID"]),
    ("resourcetype", &["resources", "type"]),
    ("resourcename", &["resources", "resourceName"]),
];

/// The members of `userIdentity` and `resources[]`, at any depth.
const MEMBERS: &[&str] = &[
    "type",
    "principalId",
    "arn",
    "accountId",
    "accessKeyId",
    "userName",
    "invokedBy",
    "identityProvider",
    "credentialId",
    "sessionContext",
    "sessionIssuer",
    "attributes",
    "mfaAuthenticated",
    "creationDate",
    "webIdFederationData",
    "federatedProvider",
    "sourceIdentity",
    "ec2RoleDelivery",
    "assumedRoot",
    "onBehalfOf",
    "userId",
    "identityStoreArn",
    "inScopeOf",
    "sourceArn",
    "sourceAccount",
    "issuerType",
    "credentialsIssuedTo",
    "resourceType",
    "resourceName",
];

/// Fields that hold objects or lists.
const DEEP: &[&str] = &[
    "userIdentity",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "serviceEventDetails",
    "resources",
    "addendum",
    "edgeDeviceDetails",
    "tlsDetails",
    "insightDetails",
    "eventContext",
];

/// A name without case and without what stands between its words.
fn normalize_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
}

fn find_name<'n>(names: &[&'n str], bare_name: &str) -> Option<&'n str> {
    names.iter().copied().find(|name| name.eq_ignore_ascii_case(bare_name))
}

/// Where the value of a column stands in a record; `None` for a column that is none of CloudTrail's.
pub(crate) fn path_of_column(column: &str) -> Option<Vec<String>> {
    let owned = |path: &[&str]| path.iter().map(|it| (*it).to_owned()).collect();
    let name = normalize_name(column);
    if let Some(field) = find_name(FIELDS, &name) {
        return Some(vec![field.to_owned()]);
    }
    if let Some((_, path)) = ALIASES.iter().find(|(alias, _)| *alias == name) {
        return Some(owned(path));
    }
    // `requestParameters.bucketName` keeps its case; `useridentity_sessioncontext_sessionissuer_arn` has lost it.
    if let Some((first, rest)) = column.split_once('.') {
        let field = find_name(FIELDS, &normalize_name(first)).filter(|field| DEEP.contains(field))?;
        let member = |it: &str| match field {
            "userIdentity" => find_name(MEMBERS, &normalize_name(it)).unwrap_or(it).to_owned(),
            _ => it.to_owned(),
        };
        return Some(std::iter::once(field.to_owned()).chain(rest.split('.').map(member)).collect());
    }
    let mut rest = name.strip_prefix("useridentity")?;
    let mut path = vec!["userIdentity".to_owned()];
    for part in ["sessionContext", "sessionIssuer", "attributes"] {
        let lower = part.to_ascii_lowercase();
        if let Some(behind) = rest.strip_prefix(lower.as_str()).filter(|behind| !behind.is_empty()) {
            path.push(part.to_owned());
            rest = behind;
        }
    }
    path.push(find_name(MEMBERS, rest)?.to_owned());
    Some(path)
}

/// Other columns that say when the event was, where there is no `eventTime`: those of CloudWatch Logs Insights and
/// Elastic, of Splunk, and of Microsoft Sentinel.
const MOMENTS: &[&str] = &["@timestamp", "_time", "TimeGenerated", "TimeGenerated [UTC]"];

/// Returns whether a column is one of these.
pub(crate) fn is_moment(column: &str) -> bool {
    MOMENTS.iter().any(|name| name.eq_ignore_ascii_case(column.trim()))
}

/// Returns whether a column holds a part of an object of the record: `userIdentity.userName`.
pub(crate) fn is_of_part(column: &str) -> bool {
    path_of_column(column).is_some_and(|path| path.len() > 1)
}

/// Returns whether these columns are of single events: which call, and when or by which id. Statistics have no such.
pub(crate) fn are_of_events<'c>(columns: impl Iterator<Item = &'c str>) -> bool {
    let field = |column: &str| match is_moment(column) {
        true => Some("eventTime".to_owned()),
        false => path_of_column(column)?.into_iter().next(),
    };
    let fields: Vec<String> = columns.filter_map(field).collect();
    let has = |name: &str| fields.iter().any(|field| field == name);
    has("eventName") && (has("eventTime") || has("eventID"))
}

/// Makes a record of columns, in their order; `None` when they do not tell which call was made, of which service,
/// and when or by which id.
pub(crate) fn record_of_cells<N: AsRef<str>>(cells: impl Iterator<Item = (N, Value)>) -> Option<Vec<u8>> {
    let (mut record, mut moment) = (Map::new(), None);
    for (column, value) in cells {
        if is_moment(column.as_ref()) {
            moment = moment.or_else(|| value_of(&["eventTime".to_owned()], value));
        } else if let Some(path) = path_of_column(column.as_ref())
            && let Some(value) = value_of(&path, value)
        {
            insert_at_path(&mut record, &path, value);
        }
    }
    if let Some(listed) = record.get_mut("resources") {
        *listed = listed_resources(listed.take());
    }
    if let Some(moment) = moment {
        record.entry("eventTime").or_insert(moment);
    }
    let has = |field: &str| record.get(field).is_some_and(|it| it.as_str().is_some_and(|it| !it.is_empty()));
    let is_record = has("eventName") && has("eventSource") && (has("eventTime") || has("eventID"));
    // Other services have events with fields of the same names.
    let is_foreign = || record["eventSource"].as_str().is_some_and(|source| source.starts_with("aws:"));
    if !is_record || is_foreign() {
        return None;
    }
    serde_json::to_vec(&record).ok()
}

/// The same of an object whose keys are columns.
pub(crate) fn record_of_object(text: &[u8]) -> Option<Vec<u8>> {
    if has_too_many_values(text) {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_slice(text).ok()?;
    record_of_cells(object.into_iter())
}

/// What a cell says; nothing where it is empty.
fn value_of(path: &[String], value: Value) -> Option<Value> {
    let field = path.first()?.as_str();
    let is_field = path.len() == 1;
    let value = match value {
        Value::String(text) if is_field && DEEP.contains(&field) => parse_nested_text(&text)?,
        Value::String(text) if text.is_empty() || text == "-" || text == "null" => return None,
        Value::String(text) if field == "eventTime" && text.parse::<f64>().is_ok() => {
            Value::String(format_moment(text.parse().ok()?)?)
        }
        Value::String(text) if is_field && matches!(field, "readOnly" | "managementEvent") => {
            match text.to_ascii_lowercase().as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::String(text),
            }
        }
        Value::Number(number) if field == "eventTime" => Value::String(format_moment(number.as_f64()?)?),
        Value::Number(number) if is_field => Value::String(number.to_string()),
        Value::Null if is_field && !DEEP.contains(&field) => return None,
        value => value,
    };
    Some(match field {
        "userIdentity" if is_field => restore_case(value),
        _ => value,
    })
}

/// What the text of an object or list says: JSON, or the notation of Athena and CloudTrail Lake.
fn parse_nested_text(text: &str) -> Option<Value> {
    let text = text.trim();
    match text {
        "" | "-" => None,
        "null" => Some(Value::Null),
        _ => {
            let json = || serde_json::from_str(text).ok();
            let value = text.starts_with(['{', '[']).then(|| json().or_else(|| notation::parse_value(text)));
            Some(value.flatten().unwrap_or_else(|| Value::String(text.to_owned())))
        }
    }
}

/// Gives the members of `userIdentity` their case back.
pub(crate) fn restore_case(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let recase = |(key, value): (String, Value)| match find_name(MEMBERS, &normalize_name(&key)) {
                Some(name) => (name.to_owned(), restore_case(value)),
                None => (key, restore_case(value)),
            };
            Value::Object(members.into_iter().map(recase).collect())
        }
        other => other,
    }
}

fn insert_at_path(record: &mut Map<String, Value>, path: &[String], value: Value) {
    let [first, rest @ ..] = path else { return };
    let entry = record.entry(first.as_str());
    if rest.is_empty() {
        // The first of two counts, as in JSON; but an object may have been begun by its members.
        entry.or_insert(value);
        return;
    }
    if let Value::Object(members) = entry.or_insert_with(|| Value::Object(Map::new())) {
        insert_at_path(members, rest, value);
    }
}

/// `resources` as records have it: a list, with an ARN where there is one.
fn listed_resources(listed: Value) -> Value {
    let one = |entry: Value| -> Vec<Value> {
        let Value::Object(members) = restore_case(entry) else { return Vec::new() };
        let text = |names: &[&str]| {
            names.iter().find_map(|name| members.get(*name)?.as_str()).filter(|it| !it.is_empty())
        };
        let kinds = text(&["type", "resourceType"]).unwrap_or_default();
        let names = text(&["arn", "resourceName"]).unwrap_or_default();
        // The older edition of the event history writes several into one cell.
        let (mut kinds, names): (Vec<&str>, Vec<&str>) =
            (kinds.split(',').map(str::trim).collect(), names.split(',').map(str::trim).collect());
        if kinds.len() != names.len() {
            let only = kinds.first().copied().filter(|_| kinds.len() == 1).unwrap_or_default();
            kinds = vec![only; names.len()];
        }
        let entry = |(kind, name): (&str, &str)| {
            let mut entry = Map::new();
            if !kind.is_empty() {
                entry.insert("type".to_owned(), kind.into());
            }
            let key = if name.starts_with("arn:") { "ARN" } else { "resourceName" };
            entry.insert(key.to_owned(), name.into());
            Value::Object(entry)
        };
        let both = kinds.into_iter().zip(names).filter(|(_, name)| !name.is_empty());
        both.map(entry).collect()
    };
    match listed {
        Value::Array(entries) => Value::Array(entries.into_iter().flat_map(one).collect()),
        Value::Object(_) => Value::Array(one(listed)),
        _ => Value::Null,
    }
}

/// Seconds or milliseconds since 1970, as CloudTrail writes moments.
fn format_moment(number: f64) -> Option<String> {
    let millis = if number.abs() < 1e11 { number * 1e3 } else { number };
    let time = DateTime::from_timestamp_millis(millis as i64)?;
    Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// Returns whether the column of this name holds whole records as text.
pub(crate) fn is_record_column(name: &str) -> bool {
    RECORD_COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
