//! What a resource cannot outlive, as an event tells: by the members of its state, by the front of its own
//! id, or by standing beside it in the record; and what it is tied to (`find_ties`).

use super::super::normal::NormalDocument;
use super::super::path::SettingPath;
use super::super::place::scalar_text;
use super::super::step::{Operation, StepOwner};
use super::super::ties::find_ties;
use super::super::val::Knowledge;
use crate::catalog::ResourceAction;
use crate::resource::{Resource, ResourcePart, parts_of};
use serde_json::Value;
use std::collections::HashMap;

/// The resources of an event, by their types.
#[derive(Default)]
pub(in super::super) struct EventOwners<'a>(HashMap<&'a str, Vec<&'a Resource>>);

impl<'a> EventOwners<'a> {
    pub(super) fn of(acts: &'a [ResourceAction]) -> Self {
        let mut all = Self::default();
        for act in acts {
            all.0.entry(&act.resource.kind).or_default().push(&act.resource);
        }
        all
    }
}

/// Returns what the resource of a step is part of. `acts` are the resources of its event.
pub(in super::super) fn find_owners(
    resource: &Resource,
    ops: &[Operation],
    acts: &EventOwners<'_>,
    doc: Option<&NormalDocument>,
) -> Vec<StepOwner> {
    let owner = |part: &'static ResourcePart| {
        let found = by_setting(part, ops).or_else(|| part.owner_in_id(&resource.id));
        let found = found.map(|it| it.id).or_else(|| find_owner_in_event(part, resource, acts, doc))?;
        (!found.is_empty()).then(|| StepOwner::new(part, found))
    };
    parts_of(&resource.kind).filter_map(owner).chain(find_ties(&resource.kind, ops)).collect()
}

/// The one that a setting names.
fn by_setting(part: &ResourcePart, ops: &[Operation]) -> Option<Resource> {
    part.at.iter().filter(|name| !name.starts_with('/')).find_map(|name| {
        let wanted = SettingPath::field(name);
        let value = ops.iter().find_map(|op| match op {
            Operation::Set { path, val: Knowledge::Known(value), .. } if *path == wanted => {
                scalar_text(value)
            }
            _ => None,
        })?;
        (!value.is_empty()).then(|| Resource::new(part.of, &value))
    })
}

/// The one that the event names beside the part; of several, the one that stands nearest to it in the record.
fn find_owner_in_event(
    part: &ResourcePart,
    resource: &Resource,
    acts: &EventOwners<'_>,
    doc: Option<&NormalDocument>,
) -> Option<String> {
    match acts.0.get(part.of).map(Vec::as_slice).unwrap_or_default() {
        [] => None,
        [one] => Some(one.id.clone()),
        several => {
            let doc = doc?;
            [&doc.response, &doc.request].into_iter().find_map(|value| {
                match find_nearest_owner(value, resource, several) {
                    NearMember::Found(id) => Some(id),
                    _ => None,
                }
            })
        }
    }
}

/// What a part of a record tells.
enum NearMember {
    /// The part does not stand in it.
    Elsewhere,
    /// It does, and no owner beside it.
    Here,
    /// It does, and this owner alone.
    Found(String),
    /// It does, and several owners.
    Several,
}

fn find_nearest_owner(value: &Value, part: &Resource, owners: &[&Resource]) -> NearMember {
    let inner: Box<dyn Iterator<Item = &Value>> = match value {
        Value::Object(object) => Box::new(object.values()),
        Value::Array(list) => Box::new(list.iter()),
        Value::String(text) if *text == part.id || Some(text) == part.arn.as_ref() => {
            return NearMember::Here;
        }
        _ => return NearMember::Elsewhere,
    };
    for inner in inner {
        match find_nearest_owner(inner, part, owners) {
            NearMember::Elsewhere => {}
            NearMember::Here => {
                let mut named = owners.iter().filter(|owner| is_owner_named(value, owner));
                return match (named.next(), named.next()) {
                    (None, _) => NearMember::Here,
                    (Some(one), None) => NearMember::Found(one.id.clone()),
                    _ => NearMember::Several,
                };
            }
            told => return told,
        }
    }
    NearMember::Elsewhere
}

fn is_owner_named(value: &Value, owner: &Resource) -> bool {
    match value {
        Value::Object(object) => object.values().any(|it| is_owner_named(it, owner)),
        Value::Array(list) => list.iter().any(|it| is_owner_named(it, owner)),
        Value::String(text) => *text == owner.id || Some(text) == owner.arn.as_ref(),
        _ => false,
    }
}
