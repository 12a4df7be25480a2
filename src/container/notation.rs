//! Reads objects as Athena and CloudTrail Lake print them: `{type=IAMUser, sessioncontext={attributes=null}}`.
//!
//! The notation has no quotes, so a text with `, key=` inside cannot be told from two members. Where a key comes
//! twice nothing is believed.

use serde_json::{Map, Value};

/// How deep objects may lie.
const DEEPEST: u8 = 16;

/// Reads a whole text; `None` when it is not of this notation, or may be read in two ways.
pub(crate) fn parse_value(text: &str) -> Option<Value> {
    let (value, rest) = read_value(text.trim(), false, DEEPEST)?;
    rest.trim().is_empty().then_some(value)
}

fn read_value(text: &str, in_list: bool, depth: u8) -> Option<(Value, &str)> {
    let depth = depth.checked_sub(1)?;
    if let Some(inside) = text.strip_prefix('{') {
        read_object(inside, depth)
    } else if let Some(inside) = text.strip_prefix('[') {
        read_array(inside, depth)
    } else {
        let end = end_of_text(text, in_list);
        let (word, rest) = text.split_at(end);
        let value = if word == "null" { Value::Null } else { Value::from(word) };
        Some((value, rest))
    }
}

fn read_object(mut text: &str, depth: u8) -> Option<(Value, &str)> {
    let mut members = Map::new();
    if let Some(rest) = text.strip_prefix('}') {
        return Some((Value::Object(members), rest));
    }
    loop {
        let length = key_length(text)?;
        let (value, rest) = read_value(&text[length + 1..], false, depth)?;
        if members.insert(text[..length].to_owned(), value).is_some() {
            return None;
        }
        match rest.strip_prefix(", ") {
            Some(rest) => text = rest,
            None => return Some((Value::Object(members), rest.strip_prefix('}')?)),
        }
    }
}

fn read_array(mut text: &str, depth: u8) -> Option<(Value, &str)> {
    let mut elements = Vec::new();
    if let Some(rest) = text.strip_prefix(']') {
        return Some((Value::Array(elements), rest));
    }
    loop {
        let (value, rest) = read_value(text, true, depth)?;
        elements.push(value);
        match rest.strip_prefix(", ") {
            Some(rest) => text = rest,
            None => return Some((Value::Array(elements), rest.strip_prefix(']')?)),
        }
    }
}

/// Returns how long the key is that the text begins with.
fn key_length(text: &str) -> Option<usize> {
    let length = text.find('=')?;
    let is_key = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.' | ':' | '/');
    (length > 0 && text[..length].chars().all(is_key)).then_some(length)
}

/// Where a text ends: before the next member or element, or before the bracket that is not its own.
fn end_of_text(text: &str, in_list: bool) -> usize {
    let mut open = 0_usize;
    for (at, char) in text.char_indices() {
        match char {
            '{' | '[' => open += 1,
            '}' | ']' if open == 0 => return at,
            '}' | ']' => open -= 1,
            ',' if open == 0
                && text[at..]
                    .strip_prefix(", ")
                    .is_some_and(|rest| in_list || key_length(rest).is_some()) =>
            {
                return at;
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_lists_and_texts() {
        for (text, want) in [
            ("{}", json!({})),
            ("{a=b, c=null}", json!({"a": "b", "c": null})),
            ("{a={b=1, c=[x, y]}, d=}", json!({"a": {"b": "1", "c": ["x", "y"]}, "d": ""})),
            (
                "[{arn=arn:aws:s3:::b/k, type=AWS::S3::Object}]",
                json!([{"arn": "arn:aws:s3:::b/k", "type": "AWS::S3::Object"}]),
            ),
            ("{a=one, two and three=3}", json!({"a": "one, two and three=3"})),
        ] {
            assert_eq!(parse_value(text), Some(want), "{text}");
        }
    }

    #[test]
    fn what_may_be_read_in_two_ways_is_not_read() {
        for text in ["{description=x, name=victim, name=own}", "{a", "{a=b", "{=b}", "{a=b} c", "[a"] {
            assert_eq!(parse_value(text), None, "{text}");
        }
    }
}
