//! API Gateway's patch operations: `{op, path, value}`, as the calls that update a stage name what they change.

use super::super::place::elements_of;
use serde_json::{Map, Value};

/// The settings of a method, as operations name them and as the stage has them: see `patch-operations` in the
/// API Gateway developer guide.
const METHOD: [(&str, &str); 10] = [
    ("metrics/enabled", "metricsEnabled"),
    ("logging/loglevel", "loggingLevel"),
    ("logging/dataTrace", "dataTraceEnabled"),
    ("throttling/burstLimit", "throttlingBurstLimit"),
    ("throttling/rateLimit", "throttlingRateLimit"),
    ("caching/enabled", "cachingEnabled"),
    ("caching/ttlInSeconds", "cacheTtlInSeconds"),
    ("caching/dataEncrypted", "cacheDataEncrypted"),
    ("caching/requireAuthorizationForCacheControl", "requireAuthorizationForCacheControl"),
    ("caching/unauthorizedCacheControlHeaderStrategy", "unauthorizedCacheControlHeaderStrategy"),
];

/// What the operations set, as an object of the settings; what they take away is null.
pub(super) fn read_patch(value: &Value) -> Value {
    let mut all = Map::new();
    for operation in elements_of(value) {
        let text = |name: &str| operation.get(name).and_then(Value::as_str);
        let (Some(op), Some(path)) = (text("op"), text("path")) else { continue };
        let new = match op.to_ascii_lowercase().as_str() {
            "remove" => Value::Null,
            "add" | "replace" => plain_value(operation.get("value")),
            _ => continue,
        };
        let keys = keys_of_path(path);
        if !keys.is_empty() {
            put_value(&mut all, &keys, new);
        }
    }
    Value::Object(all)
}

/// The names on the way to a setting: `/*/*/caching/enabled` is that of all methods.
fn keys_of_path(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let of_method = METHOD.iter().find_map(|(end, name)| {
        let method = path.strip_suffix(end)?.strip_suffix('/')?;
        Some(vec!["methodSettings".to_owned(), unescape_pointer(method), (*name).to_owned()])
    });
    of_method.unwrap_or_else(|| path.split('/').filter(|it| !it.is_empty()).map(unescape_pointer).collect())
}

/// A piece of a JSON pointer.
fn unescape_pointer(piece: &str) -> String {
    piece.replace("~1", "/").replace("~0", "~")
}

/// Values are text in operations, and what they stand for in the stage.
fn plain_value(value: Option<&Value>) -> Value {
    match value {
        Some(Value::String(text)) if text == "true" => Value::Bool(true),
        Some(Value::String(text)) if text == "false" => Value::Bool(false),
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

fn put_value(object: &mut Map<String, Value>, keys: &[String], value: Value) {
    let Some((first, rest)) = keys.split_first() else { return };
    if rest.is_empty() {
        object.insert(first.clone(), value);
        return;
    }
    let inner = object.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        put_value(inner, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn operations_lead_to_settings() {
        let operations = json!([
            {"op": "replace", "path": "/tracingEnabled", "value": "true"},
            {"op": "replace", "path": "/*/*/caching/dataEncrypted", "value": "true"},
            {"op": "replace", "path": "/~1pets/GET/logging/loglevel", "value": "INFO"},
            {"op": "remove", "path": "/accessLogSettings/destinationArn"},
            {"op": "test", "path": "/description", "value": "x"},
        ]);
        let want = json!({
            "tracingEnabled": true,
            "methodSettings": {"*/*": {"cacheDataEncrypted": true}, "/pets/GET": {"loggingLevel": "INFO"}},
            "accessLogSettings": {"destinationArn": null},
        });
        assert_eq!(read_patch(&operations), want);
    }
}
