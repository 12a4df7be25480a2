//! What a call does that has no row: by its verb, and by the identifier
//! fields that belong to the noun of its name.
//!
//! `DeleteWidget` with `widgetName` deletes the widget; `DeleteWidgetPolicy`
//! with `widgetName` only changes it: a call counts as a creation or deletion
//! of nothing but what its own name says.

use super::{Act, Action, Acts, Relation, api_name, push};
use crate::event::{Event, Json, scalar};
use crate::resource::{self, Resource};
use std::borrow::Cow;

/// The verbs that API names begin with, where they are not a change.
const VERBS: &[(Action, &[&str])] = &[
    (
        Action::Created,
        &[
            "Create",
            "Register",
            "Allocate",
            "Import",
            "Run",
            "Request",
            "Provision",
            "Copy",
            "Clone",
            "Restore",
        ],
    ),
    (Action::Deleted, &["Delete", "Destroy", "Deregister", "Terminate", "Release"]),
    (
        Action::Read,
        &[
            "Get",
            "List",
            "Describe",
            "Head",
            "Lookup",
            "Search",
            "BatchGet",
            "BatchDescribe",
            "Query",
            "Scan",
            "Select",
            "Check",
            "Verify",
            "Validate",
            "Preview",
            "Estimate",
            "Test",
            "Download",
            "View",
            "Discover",
            "Decrypt",
            "Encrypt",
            "Assume",
            "Filter",
            "Detect",
            "Simulate",
            "Export",
            "Retrieve",
            "Read",
            "Count",
            "Poll",
            "Receive",
            "Invoke",
            "Sign",
        ],
    ),
];

/// What stands behind the noun in the name of an identifier field, longest first.
const ENDS: [&str; 11] =
    ["identifiers", "identifier", "names", "arns", "urls", "ids", "name", "arn", "url", "key", "id"];

/// Returns what a call of this name does. `readOnly` is CloudTrail's own word and decides between
/// reading and writing.
pub(super) fn action(name: &str, read_only: Option<bool>) -> Action {
    if read_only == Some(true) {
        return Action::Read;
    }
    match verb(name).0 {
        Action::Read if read_only == Some(false) => Action::Changed,
        action => action,
    }
}

/// Splits a name into what its verb does and its noun.
fn verb(name: &str) -> (Action, &str) {
    let starts = |verb: &&&str| {
        name.strip_prefix(**verb).is_some_and(|noun| noun.starts_with(|it: char| it.is_ascii_uppercase()))
    };
    for (action, verbs) in VERBS {
        if let Some(verb) = verbs.iter().find(starts) {
            return (*action, &name[verb.len()..]);
        }
    }
    // Any other first word is a change: `PutWidget`, `EnableWidget`.
    let noun = name.char_indices().skip(1).find(|(_, it)| it.is_ascii_uppercase());
    (Action::Changed, noun.map_or("", |(at, _)| &name[at..]))
}

/// Returns the acts of a call without a row.
pub(super) fn acts(event: &Event<'_>) -> Acts {
    let name = api_name(event.name());
    let action = action(name, event.read_only());
    let noun = verb(name).1;
    let fields = identifiers(event);
    let mut list = Vec::new();
    let mut subject = |field: &Field<'_>, action| {
        for value in &field.values {
            let resource = resource_of(event.source(), field.stem_or(noun), value);
            push(&mut list, Act { resource, action, or: None, relation: Relation::Subject });
        }
    };
    let own =
        fields.iter().find(|field| field.is(noun)).or_else(|| fields.iter().find(|field| field.is_bare()));
    if let Some(field) = own {
        subject(field, action);
    } else if let Some(field) =
        fields.iter().filter(|field| field.is_part_of(noun)).max_by_key(|field| field.stem.len())
    {
        subject(field, if action == Action::Read { action } else { Action::Changed });
    }
    for field in &fields {
        for value in field.values.iter().filter(|value| value.starts_with("arn:")) {
            if let Some(resource) = Resource::from_arn(value) {
                push(&mut list, Act { resource, action, or: None, relation: Relation::Related });
            }
        }
    }
    Acts { action, list, by_row: false }
}

/// One field that holds identifiers.
struct Field<'e> {
    /// The field's name without its end, in lower case: `widget` of `widgetArn`.
    stem: String,
    values: Vec<Cow<'e, str>>,
}

impl Field<'_> {
    /// Whether the field names what the noun names: `widgetName` of `DeleteWidget`, `DeleteWidgets`.
    fn is(&self, noun: &str) -> bool {
        let noun = noun.to_ascii_lowercase();
        !self.stem.is_empty()
            && (self.stem == noun
                || noun.strip_suffix('s') == Some(&self.stem)
                || self.stem.strip_suffix('s') == Some(&noun))
    }

    /// Whether the field is called `name`, `id` or `resourceArn` only.
    fn is_bare(&self) -> bool {
        self.stem.is_empty() || self.stem == "resource"
    }

    /// Whether the noun is about a part of what the field names: `widgetName` of `DeleteWidgetPolicy`.
    fn is_part_of(&self, noun: &str) -> bool {
        !self.stem.is_empty() && noun.to_ascii_lowercase().starts_with(&self.stem)
    }

    /// The noun that the field stands for, in the spelling of the event name where it is one.
    fn stem_or<'n>(&self, noun: &'n str) -> &'n str {
        if self.is_bare() || self.is(noun) {
            noun.strip_suffix('s').unwrap_or(noun)
        } else {
            &noun[..self.stem.len().min(noun.len())]
        }
    }
}

/// The identifier fields of the request, then those of the response.
fn identifiers<'e>(event: &Event<'e>) -> Vec<Field<'e>> {
    let mut fields = Vec::new();
    for part in ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"] {
        if let Some(value) = event.get(part) {
            collect(value, &mut fields, 0);
        }
    }
    fields
}

fn collect<'e>(value: Json<'e>, fields: &mut Vec<Field<'e>>, depth: u8) {
    let Some(object) = value.as_object() else { return };
    for (key, value) in object.iter() {
        let lower = key.to_ascii_lowercase();
        if let Some(stem) = ENDS.iter().find_map(|end| lower.strip_suffix(end)) {
            let values = scalars(value);
            if !values.is_empty() {
                fields.push(Field { stem: stem.to_owned(), values });
            }
        } else if depth == 0 && value.as_object().is_some() {
            // One level down: `responseElements.widget.widgetArn`, `CreateWidgetRequest.WidgetName`.
            collect(value, fields, depth + 1);
        }
    }
}

fn scalars(value: Json<'_>) -> Vec<Cow<'_, str>> {
    match value.as_array() {
        Some(array) => array.iter().filter_map(scalar).collect(),
        None => scalar(value).into_iter().collect(),
    }
}

/// The resource that a value stands for: by its ARN or id, else by service and noun.
fn resource_of(source: &str, noun: &str, value: &str) -> Resource {
    if let Some(resource) = Resource::from_arn(value).or_else(|| Resource::from_id(value)) {
        return resource;
    }
    let service = source.split('.').next().unwrap_or(source);
    let known = resource::types().iter().find(|kind| {
        kind.arns.iter().any(|(of, _)| *of == service)
            && kind.name.rsplit("::").next().is_some_and(|last| last.eq_ignore_ascii_case(noun))
    });
    match known {
        Some(kind) => Resource::new(kind.name, value),
        None => Resource::new(&format!("AWS::{}::{noun}", capital(service)), value),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
