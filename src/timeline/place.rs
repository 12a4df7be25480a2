//! Finds what the tables name in a normalised record.

use super::functions;
use super::functions::SetMember;
use super::normal::NormalDocument;
use crate::catalog::effect::{EffectAlternative, EffectCondition, FieldPath, FieldRoot, ValueExpr};
use serde_json::{Map, Value};

/// A record, and the element of it that is looked at.
#[derive(Clone, Copy)]
pub(super) struct Scope<'d> {
    pub(super) doc: &'d NormalDocument,
    pub(super) it: Option<&'d Value>,
}

impl<'d> Scope<'d> {
    /// Returns what stands at a place: several values where a list lies on the way.
    pub(super) fn at(self, place: &FieldPath) -> Vec<&'d Value> {
        let root = match place.root {
            FieldRoot::Request => &self.doc.request,
            FieldRoot::Response => &self.doc.response,
            FieldRoot::Additional => &self.doc.additional,
            FieldRoot::Service => &self.doc.service,
            FieldRoot::Identity => &self.doc.identity,
            FieldRoot::It => match self.it {
                Some(it) => it,
                None => return Vec::new(),
            },
        };
        let mut found = Vec::new();
        collect_at_path(root, &place.members, &mut found);
        found
    }

    /// Returns the one value of a source; `None` where it is missing or null.
    ///
    /// What is empty counts only if no other alternative has more.
    pub(super) fn value(self, source: &ValueExpr) -> Option<Value> {
        let mut empty = None;
        for place in &source.places {
            let value = match place {
                EffectAlternative::Always(text) => Some(parse_literal(text)),
                EffectAlternative::At(place) => gather_values(self.at(place)),
            };
            let value = match (value, source.function) {
                (Some(value), Some(function)) => functions::apply_for_value(function, &value),
                (value, _) => value,
            };
            match value {
                Some(value) if is_empty(&value) => empty = empty.or(Some(value)),
                Some(value) => return Some(value),
                None => {}
            }
        }
        empty
    }

    /// Returns the members of all objects that a source names, as one object: what an earlier alternative
    /// leaves out or leaves empty is taken from the next. A response does not repeat all that was asked for.
    pub(super) fn members(self, source: &ValueExpr) -> Option<Value> {
        if source.function.is_some() || source.places.len() == 1 {
            return self.value(source);
        }
        let mut whole: Option<Map<String, Value>> = None;
        for place in &source.places {
            let EffectAlternative::At(place) = place else { continue };
            let Some(Value::Object(object)) = gather_values(self.at(place)) else { continue };
            let Some(known) = &mut whole else {
                whole = Some(object);
                continue;
            };
            for (name, value) in object {
                let there = known.keys().find(|key| key.eq_ignore_ascii_case(&name)).cloned();
                match there.and_then(|key| known.get_mut(&key)) {
                    Some(old) if is_empty(old) && !is_empty(&value) => *old = value,
                    Some(_) => {}
                    None if is_asking(&name) => {}
                    None => _ = known.insert(name, value),
                }
            }
        }
        whole.map(Value::Object)
    }

    /// Returns the members of a set or map that a source names, each with its key.
    ///
    /// `None` where no alternative is there at all.
    pub(super) fn pairs(self, source: &ValueExpr) -> Option<Vec<SetMember>> {
        let mut found = None;
        for place in &source.places {
            let value = match place {
                EffectAlternative::Always(text) => Some(parse_literal(text)),
                EffectAlternative::At(place) => gather_values(self.at(place)),
            };
            let Some(value) = value else { continue };
            let pairs = match source.function {
                Some(function) => functions::apply_for_members(function, &value),
                None => functions::plain_pairs(&value),
            };
            if !pairs.is_empty() {
                return Some(pairs);
            }
            found = Some(pairs);
        }
        found
    }

    /// Returns the scalars of a source as text.
    pub(super) fn texts(self, source: &ValueExpr) -> Vec<String> {
        match self.value(source) {
            Some(Value::Array(list)) => list.iter().filter_map(scalar_text).collect(),
            Some(value) => scalar_text(&value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Returns whether a condition holds.
    pub(super) fn holds(self, condition: &EffectCondition) -> bool {
        let found = self.at(&condition.place);
        let holds = match &condition.text {
            Some(wanted) => found.iter().any(|value| scalar_text(value).as_deref() == Some(wanted)),
            None => found.iter().any(|value| !is_empty(value) && **value != Value::Bool(false)),
        };
        holds == condition.wanted
    }
}

fn collect_at_path<'d>(value: &'d Value, members: &[String], found: &mut Vec<&'d Value>) {
    let Some((first, rest)) = members.split_first() else {
        if !value.is_null() {
            found.push(value);
        }
        return;
    };
    match value {
        Value::Array(list) => list.iter().for_each(|element| collect_at_path(element, members, found)),
        Value::Object(object) => {
            let exact = object.get(first.as_str());
            let near = || object.iter().find(|(key, _)| key.eq_ignore_ascii_case(first)).map(|(_, it)| it);
            if let Some(inner) = exact.or_else(near) {
                collect_at_path(inner, rest, found);
            }
        }
        _ => {}
    }
}

/// Several values become one list.
fn gather_values(found: Vec<&Value>) -> Option<Value> {
    match found.as_slice() {
        [] => None,
        [one] => Some((*one).clone()),
        many => Some(Value::Array(many.iter().flat_map(|it| elements_of(it)).cloned().collect())),
    }
}

/// The elements of a list, or the value itself.
pub(super) fn elements_of(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// Whether a member of a request says how the call is to be carried out, or what the response says by another
/// name, so that it is no setting.
fn is_asking(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "applyImmediately",
        "creationToken",
        "enableLogFileValidation",
        "forceNewDeployment",
        "fullyQualifiedArn",
        "publish",
        "tags",
        "tagsList",
        "tagSpecification",
        "tagSpecifications",
        "tagSpecificationSet",
        "skipFinalSnapshot",
    ];
    NAMES.iter().any(|it| it.eq_ignore_ascii_case(name))
}

fn parse_literal(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Returns whether nothing is in it.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns a scalar as text.
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
