//! Tags, in every form that services write them.

use super::super::place::{elements, text};
use super::member;
use serde_json::Value;

/// Tags, as name and value; values are text, whatever XML made of them.
pub(in super::super) fn tags(value: &Value) -> Vec<(String, Value)> {
    let lists = elements(value).iter().flat_map(|it| match it.get("tag").or_else(|| it.get("tags")) {
        Some(inner) => elements(inner).to_vec(),
        None => vec![it.clone()],
    });
    let mut tags = Vec::new();
    for tag in lists {
        let Value::Object(object) = &tag else { continue };
        match member(object, &["key", "tagKey"]).and_then(text) {
            Some(key) => {
                let value = member(object, &["value", "tagValue"]).and_then(text);
                tags.push((key, Value::String(value.unwrap_or_default())));
            }
            // A map of names to values.
            None => tags.extend(
                object.iter().filter_map(|(key, value)| Some((key.clone(), Value::String(text(value)?)))),
            ),
        }
    }
    tags
}

/// The names of tags: a list of names, or of tags.
pub(in super::super) fn tag_keys(value: &Value) -> Vec<String> {
    let plain: Vec<String> = elements(value).iter().filter_map(text).collect();
    if plain.is_empty() { tags(value).into_iter().map(|(key, _)| key).collect() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tags_are_read_in_every_form() {
        for value in [
            json!([{"key": "a", "value": true}]),
            json!([{"tagKey": "a", "tagValue": "true"}]),
            json!({"a": "true"}),
            json!({"tag": {"key": "a", "value": "true"}}),
            json!([{"resourceType": "vpc", "tags": [{"key": "a", "value": "true"}]}]),
        ] {
            assert_eq!(tags(&value), [("a".to_owned(), json!("true"))], "{value}");
        }
        assert_eq!(tag_keys(&json!(["a", "b"])), ["a", "b"]);
        assert_eq!(tag_keys(&json!([{"key": "a"}])), ["a"]);
    }
}
