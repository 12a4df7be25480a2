//! Whether a value is as a schema says, and which properties of the schema it has. It knows the part of draft 2020-12
//! that `docs/schema/` uses, and refuses every other keyword: what it does not know it would not check.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Keywords that say nothing of the value.
const ASIDE: [&str; 5] = ["$schema", "$defs", "title", "description", "unevaluatedProperties"];

/// What was found of a value.
#[derive(Default)]
pub(crate) struct Found {
    /// The places in the schema of the properties that the value has.
    pub(crate) used: BTreeSet<String>,
    /// The members of this object that some part of its schema names.
    named: BTreeSet<String>,
}

/// Checks a value against the part of a schema at a place (`#/$defs/item`).
pub(crate) fn check(root: &Value, place: &str, value: &Value) -> Result<Found, String> {
    Schema { root }.at(place, value, "answer")
}

struct Schema<'s> {
    root: &'s Value,
}

impl Schema<'_> {
    fn at(&self, place: &str, value: &Value, path: &str) -> Result<Found, String> {
        let schema = self.root.pointer(place.trim_start_matches('#'));
        let schema = schema.and_then(Value::as_object).ok_or_else(|| format!("no schema at {place}"))?;
        let wrong = |what: String| Err(format!("{path}: {what} (by {place})"));
        let mut found = Found::default();
        for (keyword, rule) in schema {
            match keyword.as_str() {
                "type" if !is_of_type(rule, value) => return wrong(format!("{value} is not {rule}")),
                "const" if value != rule => return wrong(format!("{value} is not {rule}")),
                "enum" if !list(rule).contains(value) => {
                    return wrong(format!("{value} is not one of {rule}"));
                }
                "format" if !is_time(rule, value) => return wrong(format!("{value} is not a {rule}")),
                "type" | "const" | "enum" | "format" | "additionalProperties" => {}
                "required" => {
                    let missing = |name: &&Value| value.get(name.as_str().unwrap()).is_none();
                    if let Some(name) = list(rule).iter().find(missing).filter(|_| value.is_object()) {
                        return wrong(format!("{name} is missing"));
                    }
                }
                "$ref" => found.add(self.at(rule.as_str().unwrap(), value, path)?),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        let inner = self.at(&format!("{place}/items"), item, &format!("{path}[{index}]"))?;
                        found.used.extend(inner.used);
                    }
                }
                "anyOf" => {
                    let ways = 0..list(rule).len();
                    let tried: Vec<_> =
                        ways.map(|way| self.at(&format!("{place}/anyOf/{way}"), value, path)).collect();
                    if tried.iter().all(Result::is_err) {
                        let why: Vec<String> = tried.into_iter().filter_map(Result::err).collect();
                        return wrong(why.join("; or "));
                    }
                    tried.into_iter().flatten().for_each(|it| found.add(it));
                }
                "properties" => {}
                other if ASIDE.contains(&other) => {}
                other => return wrong(format!("the keyword `{other}` is not known here")),
            }
        }
        if let Some(members) = value.as_object() {
            self.members(schema, members, place, path, &mut found)?;
        }
        Ok(found)
    }

    fn members(
        &self,
        schema: &Map<String, Value>,
        members: &Map<String, Value>,
        place: &str,
        path: &str,
        found: &mut Found,
    ) -> Result<(), String> {
        let closed = |name: &str| schema.get(name) == Some(&Value::Bool(false));
        for (name, value) in members {
            let inside = format!("{path}.{name}");
            if schema.get("properties").and_then(|it| it.get(name)).is_some() {
                let property = format!("{place}/properties/{name}");
                found.used.extend(self.at(&property, value, &inside)?.used);
                found.used.insert(property);
                found.named.insert(name.clone());
            } else if closed("additionalProperties") {
                return Err(format!("{inside} is in no schema (by {place})"));
            } else if schema.get("additionalProperties").is_some_and(Value::is_object) {
                found.used.extend(self.at(&format!("{place}/additionalProperties"), value, &inside)?.used);
                found.named.insert(name.clone());
            } else if closed("unevaluatedProperties") && !found.named.contains(name) {
                return Err(format!("{inside} is in no schema (by {place})"));
            }
        }
        Ok(())
    }
}

impl Found {
    fn add(&mut self, other: Self) {
        self.used.extend(other.used);
        self.named.extend(other.named);
    }
}

fn list(rule: &Value) -> &[Value] {
    rule.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("`{other}` is no type"),
    };
    if rule.is_array() { list(rule).iter().any(is) } else { is(rule) }
}

fn is_time(rule: &Value, value: &Value) -> bool {
    assert_eq!(rule, "date-time", "no other format is checked");
    value.as_str().is_none_or(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok())
}

#[test]
fn what_is_not_as_the_schema_says_is_found() {
    let schema = serde_json::json!({
        "$defs": {
            "open": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            "time": {"type": "string", "format": "date-time"},
        },
        "$ref": "#/$defs/open",
        "properties": {
            "b": {"type": ["string", "null"], "enum": ["x", null]},
            "c": {"anyOf": [{"$ref": "#/$defs/time"}, {"type": "array", "items": {"const": 1}}]},
        },
        "unevaluatedProperties": false,
    });
    let said = |value: Value| check(&schema, "#", &value).map(|found| found.used.len());
    assert_eq!(said(serde_json::json!({"a": 1, "b": null, "c": [1, 1]})), Ok(3));
    assert_eq!(said(serde_json::json!({"a": 1, "c": "2024-01-01T00:00:00Z"})), Ok(2));
    for wrong in [
        serde_json::json!({"b": "x"}),
        serde_json::json!({"a": "1"}),
        serde_json::json!({"a": 1, "b": "y"}),
        serde_json::json!({"a": 1, "c": "noon"}),
        serde_json::json!({"a": 1, "c": [1, 2]}),
        serde_json::json!({"a": 1, "d": 1}),
        serde_json::json!(1),
    ] {
        assert!(said(wrong.clone()).is_err(), "{wrong}");
    }
    let unknown = serde_json::json!({"minimum": 1});
    assert!(check(&unknown, "#", &serde_json::json!(2)).is_err());
}
