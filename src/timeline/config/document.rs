//! What a JSON document of AWS Config holds: histories, snapshots, answers of the API, and the messages that it
//! sends, in whatever envelope they are kept.

use super::super::normal::parse_document;
use super::super::place::scalar_text;
use serde_json::{Map, Value};

/// How deep envelopes may lie in envelopes: a rule's event in a message in a queue's message in a Lambda event.
const MAX_DEPTH: u8 = 8;

/// One thing that AWS Config tells.
#[derive(Debug)]
pub(super) enum ConfigDocument {
    /// A configuration item; `whole` when what it does not have is not set.
    Item { item: Value, whole: bool },
    /// An item that was too large for its message: all but the configuration.
    Summary { item: Value, kept_at: Option<String> },
    /// What a rule says of a resource.
    Compliance(Value),
    /// What tells nothing of a resource, by the name of its kind.
    News(String),
    /// Something that stands where an item should.
    Odd(&'static str),
}

/// Returns the member of a name; AWS Config and its tools write `ARN`, `Arn` and `arn`.
pub(super) fn find_member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    let near = || object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    object.get(name).or_else(near)
}

/// Returns what a document tells, in order; `None` when it is none of AWS Config's.
pub(super) fn read(whole: &Value) -> Option<Vec<ConfigDocument>> {
    let mut found = Vec::new();
    collect_from_value(whole, 0, &mut found).then_some(found)
}

fn is_item(value: &Value) -> bool {
    let has = |name| value.as_object().is_some_and(|it| find_member(it, name).is_some());
    has("resourceType") && has(super::CAPTURE)
}

/// Adds what a value tells; false when it is nothing of AWS Config's.
fn collect_from_value(value: &Value, depth: u8, found: &mut Vec<ConfigDocument>) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match value {
        Value::String(text) => {
            parse_document(text).is_some_and(|inner| collect_from_value(&inner, depth + 1, found))
        }
        Value::Array(list) if list.first().is_some_and(is_item) => {
            list.iter().for_each(|element| push_item(element, true, found));
            true
        }
        Value::Array(list) => {
            let is_any = list
                .iter()
                .map(|element| collect_from_value(element, depth + 1, found))
                .filter(|is_it| *is_it)
                .count();
            is_any > 0
        }
        Value::Object(object) => collect_from_object(value, object, depth, found),
        _ => false,
    }
}

fn collect_from_object(
    value: &Value,
    object: &Map<String, Value>,
    depth: u8,
    found: &mut Vec<ConfigDocument>,
) -> bool {
    let get = |name: &str| find_member(object, name).filter(|it| !it.is_null());
    let lists = ["configurationItems", "baseConfigurationItems"];
    if let Some(list) = lists.iter().find_map(|name| get(name)?.as_array()) {
        list.iter().for_each(|element| push_item(element, true, found));
        return true;
    }
    // `select-resource-config` gives as text what was asked for, which need not be all.
    if let Some(list) =
        object.get("Results").and_then(Value::as_array).filter(|list| list.iter().all(Value::is_string))
    {
        list.iter().for_each(|element| push_item(element, false, found));
        return true;
    }
    if let Some(one) = get("configurationItem") {
        push_item(one, true, found);
        return true;
    }
    if let Some(summary) = get("configurationItemSummary") {
        let place = get("s3DeliverySummary")
            .and_then(Value::as_object)
            .and_then(|it| find_member(it, "s3BucketLocation"));
        found.push(ConfigDocument::Summary { item: summary.clone(), kept_at: place.and_then(scalar_text) });
        return true;
    }
    if let Some(results) = get("evaluationResults").and_then(Value::as_array) {
        found.extend(results.iter().cloned().map(ConfigDocument::Compliance));
        return true;
    }
    if get("newEvaluationResult").is_some() {
        found.push(ConfigDocument::Compliance(value.clone()));
        return true;
    }
    if is_item(value) {
        push_item(value, true, found);
        return true;
    }
    if collect_from_envelope(object, depth, found) {
        return true;
    }
    read_notice(object, found)
}

/// What lies in an envelope: of a rule's function, of SNS, SQS, EventBridge, and of functions that these call.
fn collect_from_envelope(object: &Map<String, Value>, depth: u8, found: &mut Vec<ConfigDocument>) -> bool {
    let texts = ["invokingEvent", "Message", "Body"].iter().filter_map(|name| find_member(object, name));
    let texts = texts.filter(|value| value.is_string());
    let objects =
        ["detail", "Sns"].iter().filter_map(|name| find_member(object, name)).filter(|it| it.is_object());
    let lists = ["Messages", "Records"]
        .iter()
        .filter_map(|name| find_member(object, name))
        .filter(|it| it.is_array());
    let mut is_any = false;
    for inner in texts.chain(objects).chain(lists) {
        is_any |= collect_from_value(inner, depth + 1, found);
    }
    is_any
}

/// What is told by its kind alone.
fn read_notice(object: &Map<String, Value>, found: &mut Vec<ConfigDocument>) -> bool {
    let word = |name: &str| find_member(object, name).and_then(Value::as_str);
    let is_delivery = find_member(object, "s3Bucket").is_some()
        && find_member(object, "s3ObjectKey").is_some_and(Value::is_array);
    let kind = match (word("messageType"), word("source")) {
        (Some(kind), _) if word("notificationCreationTime").is_some() => kind,
        (_, Some("aws.config")) => word("detail-type").unwrap_or("event of AWS Config"),
        _ if is_delivery => "delivery notice of CloudTrail",
        _ => return false,
    };
    found.push(ConfigDocument::News(kind.to_owned()));
    true
}

fn push_item(value: &Value, whole: bool, found: &mut Vec<ConfigDocument>) {
    found.push(match value {
        Value::String(text) => match parse_document(text) {
            Some(item) => ConfigDocument::Item { item, whole },
            None => ConfigDocument::Odd("it is no JSON object"),
        },
        item => ConfigDocument::Item { item: item.clone(), whole },
    });
}
