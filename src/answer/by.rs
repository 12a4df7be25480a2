//! What events are counted by: fields of rows, and any path of a record.

use super::UnparsedEvent;
use crate::catalog::{Catalog, Relation};
use crate::error::Error;
use crate::event::{Event, Json, Outcome, any_text, as_utf8, is_null, member_of, scalar_text};
use std::borrow::Cow;

/// A field to count by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupBy {
    field: GroupField,
    columns: Vec<String>,
}

/// The values of one event: of each the texts of the columns.
pub(super) type GroupValues<'e> = Vec<Vec<Option<Cow<'e, str>>>>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum GroupField {
    /// The caller as a person would say it, with the account: equal names in two accounts are two callers.
    Actor,
    /// One field of the caller.
    OfActor(&'static str),
    /// Type and id of what the call acts on.
    Resource,
    /// One field of that.
    OfResource(&'static str),
    Outcome,
    Action,
    ErrorCode,
    Account,
    /// A path of the record.
    Path(Vec<String>),
}

const ACTOR: [&str; 11] = [
    "who",
    "type",
    "name",
    "arn",
    "account",
    "session",
    "accessKeyId",
    "mfa",
    "sourceIdentity",
    "invokedBy",
    "principalId",
];
const RESOURCE: [&str; 6] = ["type", "id", "name", "arn", "account", "region"];

impl GroupBy {
    /// Reads what was typed: `eventName`, `actor`, `resource.type`, `requestParameters.bucketName`.
    ///
    /// # Errors
    /// When it is no path.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim().trim_start_matches("$.");
        let parts: Vec<&str> = text.split('.').collect();
        let known =
            |names: &'static [&'static str], name: &str| names.iter().find(|it| **it == name).copied();
        let unknown = |group: &str, name: &str, names: &[&str]| {
            Error::new(format!("`{group}.{name}` is not a field of `{group}`"))
                .hint(format!("its fields are {}", names.join(", ")))
        };
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let (field, columns) = match parts.as_slice() {
            ["actor"] => (GroupField::Actor, columns(&["actor.who", "actor.account"])),
            ["actor", name] => {
                let name = known(&ACTOR, name).ok_or_else(|| unknown("actor", name, &ACTOR))?;
                (GroupField::OfActor(name), columns(&[text]))
            }
            ["resource"] => (GroupField::Resource, columns(&["resource.type", "resource.id"])),
            ["resource", name] => {
                let name = known(&RESOURCE, name).ok_or_else(|| unknown("resource", name, &RESOURCE))?;
                (GroupField::OfResource(name), columns(&[text]))
            }
            ["outcome"] => (GroupField::Outcome, columns(&[text])),
            ["action"] => (GroupField::Action, columns(&[text])),
            ["errorCode"] => (GroupField::ErrorCode, columns(&[text])),
            ["recipientAccountId"] => (GroupField::Account, columns(&[text])),
            path if path.iter().all(|name| !name.is_empty()) => {
                (GroupField::Path(path.iter().map(|name| (*name).to_owned()).collect()), columns(&[text]))
            }
            _ => {
                return Err(Error::new(format!("`--by {text}` is no path"))
                    .hint("write `eventName`, `userIdentity.arn`, `requestParameters.bucketName`, `actor` or `resource`"));
            }
        };
        Ok(Self { field, columns })
    }

    /// Returns the names of its columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns the one value that the plain fields show; `None` where they do not show it.
    pub(super) fn plain_value<'r>(&self, unparsed: &UnparsedEvent<'r>) -> Option<&'r str> {
        let raw = &unparsed.raw;
        match &self.field {
            GroupField::Account => as_utf8(raw.account),
            GroupField::Outcome => (unparsed.outcome)().map(outcome_text),
            GroupField::Path(path) => match path.first().map(String::as_str).filter(|_| path.len() == 1)? {
                "eventName" => as_utf8(raw.name),
                "eventSource" => as_utf8(raw.source),
                "awsRegion" => as_utf8(raw.region),
                "eventID" => as_utf8(raw.id),
                "sourceIPAddress" => as_utf8(raw.address),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns whether it is the caller itself.
    pub(super) fn is_actor(&self) -> bool {
        self.field == GroupField::Actor
    }

    /// Returns every value that an event has; one without texts where it has none.
    pub(super) fn values<'e>(&self, catalog: &Catalog, event: &Event<'e>) -> GroupValues<'e> {
        let one = |text: Option<Cow<'e, str>>| vec![vec![text]];
        let mut values = match &self.field {
            GroupField::Actor => {
                let actor = event.actor();
                vec![vec![Some(Cow::Owned(actor.who())), actor.account.map(Cow::Borrowed)]]
            }
            GroupField::OfActor(name) => one(actor_field(event, name)),
            GroupField::Resource => resource_values(catalog, event, |it| {
                vec![Some(Cow::Owned(it.kind.to_string())), Some(Cow::Owned(it.id.clone()))]
            }),
            GroupField::OfResource(name) => resource_values(catalog, event, |it| {
                let text = match *name {
                    "type" => Some(it.kind.to_string()),
                    "id" => Some(it.id.clone()),
                    "name" => it.name.clone(),
                    "arn" => it.arn.clone(),
                    "account" => it.account.clone(),
                    _ => it.region.clone(),
                };
                vec![text.map(Cow::Owned)]
            }),
            GroupField::Outcome => one(Some(Cow::Borrowed(outcome_text(event.outcome())))),
            GroupField::Action => one(Some(Cow::Owned(action_text(catalog, event)))),
            GroupField::ErrorCode => one(event.error_code().map(Cow::Borrowed)),
            GroupField::Account => one(event.recipient_account()),
            GroupField::Path(path) => {
                let mut found = Vec::new();
                collect_path_values(event.root(), path, &mut found);
                found.into_iter().map(|text| vec![Some(text)]).collect()
            }
        };
        if values.is_empty() {
            values.push(vec![None; self.columns.len()]);
        }
        values
    }
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Failed => "failed",
    }
}

fn action_text(catalog: &Catalog, event: &Event<'_>) -> String {
    let acts = catalog.acts(event);
    format!("{:?}", acts.main().map_or(acts.action, |act| act.action)).to_lowercase()
}

fn actor_field<'e>(event: &Event<'e>, name: &str) -> Option<Cow<'e, str>> {
    let actor = event.actor();
    let text = match name {
        "who" => return Some(Cow::Owned(actor.who())),
        "type" => Some(actor.kind),
        "name" => return Some(actor.name),
        "arn" => actor.arn,
        "account" => actor.account,
        "session" => actor.session,
        "accessKeyId" => actor.access_key_id,
        "mfa" => actor.mfa.map(|mfa| if mfa { "true" } else { "false" }),
        "sourceIdentity" => actor.source_identity,
        "invokedBy" => actor.invoked_by,
        _ => actor.principal_id,
    };
    text.map(Cow::Borrowed)
}

/// What the call acts on; what it only uses where it acts on nothing that is known.
fn resource_values<'e>(
    catalog: &Catalog,
    event: &Event<'e>,
    texts: impl Fn(&crate::resource::Resource) -> Vec<Option<Cow<'e, str>>>,
) -> GroupValues<'e> {
    let acts = catalog.acts(event);
    let subjects = || acts.list.iter().filter(|act| act.relation == Relation::Subject);
    match subjects().next() {
        Some(_) => subjects().map(|act| texts(&act.resource)).collect(),
        None => acts.list.iter().map(|act| texts(&act.resource)).collect(),
    }
}

/// Follows a path, through lists to each of their elements.
fn collect_path_values<'e>(value: Json<'e>, path: &[String], found: &mut Vec<Cow<'e, str>>) {
    if let Some(list) = value.as_array() {
        return list.iter().for_each(|element| collect_path_values(element, path, found));
    }
    match path {
        [name, rest @ ..] => {
            // A key may hold dots itself, as those of conditions and tags do.
            if let Some(value) = member_of(value, name) {
                collect_path_values(value, rest, found);
            } else if !rest.is_empty()
                && let Some(value) = member_of(value, &path.join("."))
            {
                collect_path_values(value, &[], found);
            }
        }
        [] if is_null(value) => {}
        [] => match any_text(value) {
            Some(text) => found.push(Cow::Borrowed(text)),
            None => found.push(scalar_text(value).unwrap_or_else(|| Cow::Owned(canonical_json(value)))),
        },
    }
}

/// An object as JSON, its keys in order, so that equal ones are equal.
fn canonical_json(value: Json<'_>) -> String {
    serde_json::to_string(&to_sorted_json(value, 0)).unwrap_or_default()
}

fn to_sorted_json(value: Json<'_>, depth: u16) -> serde_json::Value {
    use serde_json::Value;
    if depth > 128 {
        return Value::String("…".to_owned());
    }
    if let Some(object) = value.as_object() {
        let sorted: std::collections::BTreeMap<_, _> = object.iter().collect();
        return sorted
            .into_iter()
            .map(|(key, value)| (key.to_owned(), to_sorted_json(value, depth + 1)))
            .collect();
    }
    if let Some(list) = value.as_array() {
        return list.iter().map(|element| to_sorted_json(element, depth + 1)).collect();
    }
    match (any_text(value), scalar_text(value)) {
        (Some(text), _) => Value::String(text.to_owned()),
        (None, Some(number)) => serde_json::from_str(&number).unwrap_or_default(),
        (None, None) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventParser;

    const EVENT: &str = r#"{"eventName":"X","eventSource":"s3.amazonaws.com","errorCode":"",
        "userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333"},
        "requestParameters":{"bucketName":"b","n":7,"flag":false,"none":null,"empty":"","o":{"b":1,"a":[true,"x"]},
          "list":[{"k":"1"},{"k":"2"},{"k":["3","1"]},{"z":0}],"aws:x.y":"dotted"}}"#;

    fn values(by: &str) -> Vec<String> {
        let by = GroupBy::parse(by).unwrap();
        let text = |texts: &Vec<Option<Cow<'_, str>>>| {
            texts.iter().map(|text| text.as_deref().unwrap_or("-").to_owned()).collect::<Vec<_>>().join(" ")
        };
        EventParser::default()
            .read(EVENT.as_bytes(), |event| by.values(&Catalog::default(), event).iter().map(text).collect())
            .unwrap()
    }

    #[test]
    fn every_kind_of_field_has_its_values() {
        for (by, want) in [
            ("eventName", &["X"][..]),
            ("$.eventName", &["X"]),
            ("errorCode", &["-"]),
            ("recipientAccountId", &["111122223333"]),
            ("outcome", &["succeeded"]),
            ("actor", &["alice 111122223333"]),
            ("actor.type", &["IAMUser"]),
            ("actor.arn", &["-"]),
            ("userIdentity.userName", &["alice"]),
            ("requestParameters.bucketName", &["b"]),
            ("requestParameters.n", &["7"]),
            ("requestParameters.flag", &["false"]),
            ("requestParameters.none", &["-"]),
            ("requestParameters.empty", &[""]),
            ("requestParameters.nosuch.deep", &["-"]),
            ("requestParameters.o", &[r#"{"a":[true,"x"],"b":1}"#]),
            ("requestParameters.list.k", &["1", "2", "3", "1"]),
            ("requestParameters.aws:x.y", &["dotted"]),
        ] {
            assert_eq!(values(by), want, "{by}");
        }
    }

    #[test]
    fn what_is_no_field_is_refused() {
        for by in ["", ".", "a..b", "actor.nosuch", "resource.nosuch"] {
            assert!(GroupBy::parse(by).is_err(), "{by}");
        }
    }
}
