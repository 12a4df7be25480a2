//! The members of an event that hold identifiers, by what they are called.

use super::value::is_withheld;
use crate::event::{Event, Json, member_of, scalar_text};
use std::borrow::Cow;

/// What stands behind the noun in the name of an identifier field, longest first.
const ENDS: [&str; 11] =
    ["identifiers", "identifier", "names", "arns", "urls", "ids", "name", "arn", "url", "key", "id"];

/// The ends of the names of objects that wrap a whole request or response.
const WRAPPERS: [&str; 5] = ["request", "req", "response", "input", "result"];

/// Where a field stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FieldPlace {
    /// In the request or response itself.
    Top,
    /// In a member of that name, in lower case.
    In(String),
}

/// One field that holds identifiers.
pub(super) struct IdentifierField<'e> {
    /// The field's name without its end, in lower case: `widget` of `widgetArn`.
    pub(super) stem: String,
    /// That end: `arn` of `widgetArn`.
    pub(super) end: &'static str,
    pub(super) place: FieldPlace,
    pub(super) values: Vec<Cow<'e, str>>,
    /// Whether it is of an element of a list.
    listed: bool,
}

/// The identifier fields of the request, then those of the response.
pub(super) fn find_identifier_fields<'e>(event: &Event<'e>) -> Vec<IdentifierField<'e>> {
    let mut fields = Vec::new();
    for part in ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"] {
        if let Some(value) = event.get(part) {
            let mut found = Vec::new();
            collect_fields(value, &FieldPlace::Top, false, &mut found);
            fields.extend(found);
        }
    }
    fields
}

fn collect_fields<'e>(
    value: Json<'e>,
    place: &FieldPlace,
    listed: bool,
    fields: &mut Vec<IdentifierField<'e>>,
) {
    let Some(object) = value.as_object() else { return };
    for (key, value) in object.iter() {
        let lower = key.to_ascii_lowercase();
        let end = ENDS.iter().find(|end| lower.ends_with(**end));
        if let Some((end, values)) =
            end.map(|end| (end, read_identifiers(value))).filter(|(_, values)| !values.is_empty())
        {
            let stem = lower[..lower.len() - end.len()].to_owned();
            add_field(IdentifierField { stem, end, place: place.clone(), values, listed }, fields);
        } else if *place == FieldPlace::Top {
            // One level down: `responseElements.widget.widgetArn`, `CreateWidgetRequest.WidgetName`,
            // `widgets[].widgetId`.
            let wraps = WRAPPERS.iter().any(|end| lower.ends_with(end)) && value.as_object().is_some();
            let inner =
                ["items", "item", "member"].iter().find_map(|key| member_of(value, key)).unwrap_or(value);
            match inner.as_array() {
                Some(array) => array
                    .iter()
                    .for_each(|it| collect_fields(it, &FieldPlace::In(lower.clone()), true, fields)),
                None if wraps => collect_wrapped(inner, fields),
                None => collect_fields(inner, &FieldPlace::In(lower), false, fields),
            }
        }
    }
}

/// What is wrapped counts as what stands at the top, but nothing is looked into further.
fn collect_wrapped<'e>(value: Json<'e>, fields: &mut Vec<IdentifierField<'e>>) {
    let mut found = Vec::new();
    collect_fields(value, &FieldPlace::In(String::new()), false, &mut found);
    fields.extend(found.into_iter().map(|field| IdentifierField { place: FieldPlace::Top, ..field }));
}

/// Adds a field; the elements of a list make one field together.
fn add_field<'e>(field: IdentifierField<'e>, fields: &mut Vec<IdentifierField<'e>>) {
    let same = |other: &&mut IdentifierField<'e>| {
        other.listed
            && field.listed
            && other.place == field.place
            && other.stem == field.stem
            && other.end == field.end
    };
    match fields.iter_mut().find(same) {
        Some(other) => other.values.extend(field.values),
        None => fields.push(field),
    }
}

/// An identifier, if CloudTrail has not put something in its place.
fn read_identifier(value: Json<'_>) -> Option<Cow<'_, str>> {
    scalar_text(value).filter(|text| !is_withheld(text))
}

fn read_identifiers(value: Json<'_>) -> Vec<Cow<'_, str>> {
    match value.as_array() {
        Some(array) => array.iter().filter_map(read_identifier).collect(),
        None => read_identifier(value).into_iter().collect(),
    }
}
