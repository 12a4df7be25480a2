//! Which effects of a call are on a resource, and what they come to together.

use super::super::path::SettingPath;
use super::super::place::{Scope, elements_of, scalar_text};
use super::super::step::Operation;
use super::call::{CallExtractor, ElementsById};
use super::verbs::set_object_members;
use crate::catalog::effect::{Effect, Verb};
use crate::catalog::{Action, ResourceAction};
use crate::resource::Resource;
use serde_json::Value;

impl<'a> CallExtractor<'a, '_> {
    /// What the call does to a resource, in order.
    pub(super) fn ops(&self, resource: &Resource, by_link: bool) -> Vec<Operation> {
        let it = self.it(resource);
        let scope = Scope { doc: &self.doc, it: it.as_ref() };
        let mut ops = Vec::new();
        let mut ruled = false;
        for effect in self.effects_on(resource, by_link) {
            ruled = true;
            if effect.conditions.iter().all(|condition| scope.holds(condition)) {
                ops.extend(self.carried_out(&effect.verb, scope, resource));
            }
        }
        if !ruled && !by_link && self.origin.error_code.is_none() {
            ops.extend(self.as_requested(resource));
        }
        ops
    }

    /// What is known of a new resource of which no rule tells more: what was asked for.
    fn as_requested(&self, resource: &Resource) -> Vec<Operation> {
        let action = self.catalog.action_of(self.event.source(), self.event.name(), self.event.read_only());
        let is_first = self.kind.is_none_or(|kind| kind == resource.kind);
        match &self.doc.request {
            Value::Object(request) if action == Action::Created && is_first => {
                set_object_members(&SettingPath::root(), request.clone(), &[]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the tables say that the call changes something that no setting shows.
    pub(super) fn touches(&self, act: &ResourceAction) -> bool {
        self.effects_on(&act.resource, false)
            .any(|effect| matches!(effect.verb, Verb::Touch { field: None } | Verb::Undue))
    }

    /// The effects on a resource's type, without looking at conditions.
    pub(super) fn effects_on(&self, resource: &Resource, by_link: bool) -> impl Iterator<Item = &'a Effect> {
        let kind = resource.kind.clone();
        let first = self.kind;
        let effects = self.effects.into_iter().flatten();
        let effects = effects.filter(move |effect| effect.by_link == by_link && effect.verb != Verb::Again);
        effects.filter(move |effect| match effect.kind.as_deref() {
            Some(wanted) => wanted == kind,
            None => first.is_none_or(|first| first == kind),
        })
    }

    /// The element that is the resource's, where the call is about several.
    pub(super) fn it(&self, resource: &Resource) -> Option<Value> {
        let is_each = |effect: &&Effect| matches!(effect.verb, Verb::Each { .. });
        // A set of DNS records is known by its name and its type.
        let is_record = resource.kind == "AWS::Route53::RecordSet";
        let called = if is_record { resource.name.as_ref()? } else { &resource.id };
        for (number, effect) in self.effects_on(resource, false).filter(is_each).enumerate() {
            let mut known = self.elements.borrow_mut();
            let elements = known
                .entry((resource.kind.to_string(), number))
                .or_insert_with(|| self.elements_by_id(&effect.verb, &resource.kind));
            // Of a DNS record that is taken away and made anew, the last change counts.
            let is_it = |element: &&Value| {
                let kind = || element.get("type").and_then(scalar_text).unwrap_or_default();
                !is_record || resource.id.ends_with(&format!("/{}", kind()))
            };
            if let Some(it) = elements.get(called).and_then(|all| all.iter().rfind(is_it)) {
                return Some(it.clone());
            }
        }
        None
    }

    /// The elements that an effect is on, by what resources of a type are called that have their identifiers.
    fn elements_by_id(&self, verb: &Verb, kind: &str) -> ElementsById {
        let mut found = ElementsById::new();
        let Verb::Each { place } = verb else { return found };
        let mut above = place.clone();
        let Some(last) = above.members.pop() else { return found };
        let scope = Scope { doc: &self.doc, it: None };
        for element in scope.at(&above).into_iter().flat_map(elements_of) {
            let object = element.as_object();
            let id = object.and_then(|it| it.iter().find(|(key, _)| key.eq_ignore_ascii_case(&last)));
            if let Some(id) = id.and_then(|(_, id)| scalar_text(id)) {
                found.entry(Resource::new(kind, &id).id).or_default().push(element.clone());
            }
        }
        found
    }
}
