//! Tags, in every form that services write them.

use super::super::place::{elements_of, scalar_text};
use super::find_member;
use serde_json::Value;

/// Tags, as name and value; values are text, whatever XML made of them.
pub(in super::super) fn read_tags(value: &Value) -> Vec<(String, Value)> {
    let lists = elements_of(value).iter().flat_map(|it| match it.get("tag").or_else(|| it.get("tags")) {
        Some(inner) => elements_of(inner).to_vec(),
        None => vec![it.clone()],
    });
    let mut tags = Vec::new();
    for tag in lists {
        let Value::Object(object) = &tag else { continue };
        match find_member(object, &["key", "tagKey"]).and_then(scalar_text) {
            Some(key) => {
                let value = find_member(object, &["value", "tagValue"]).and_then(scalar_text);
                tags.push((key, Value::String(value.unwrap_or_default())));
            }
            // A map of names to values.
            None => tags.extend(
                object
                    .iter()
                    .filter_map(|(key, value)| Some((key.clone(), Value::String(scalar_text(value)?)))),
            ),
        }
    }
    tags
}

/// The names of tags: a list of names, or of tags.
pub(in super::super) fn tag_keys(value: &Value) -> Vec<String> {
    let plain: Vec<String> = elements_of(value).iter().filter_map(scalar_text).collect();
    if plain.is_empty() { read_tags(value).into_iter().map(|(key, _)| key).collect() } else { plain }
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
            assert_eq!(read_tags(&value), [("a".to_owned(), json!("true"))], "{value}");
        }
        assert_eq!(tag_keys(&json!(["a", "b"])), ["a", "b"]);
        assert_eq!(tag_keys(&json!([{"key": "a"}])), ["a"]);
    }
}
