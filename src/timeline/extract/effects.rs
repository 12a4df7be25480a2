//! Which effects of a call are on a resource, and what they come to together.

use super::super::path::SettingPath;
use super::super::place::{Scope, elements_of, scalar_text};
use super::super::step::Operation;
use super::call::CallExtractor;
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
        let scope = Scope { doc: &self.doc, it: None };
        self.effects_on(resource, false).find_map(|effect| {
            let Verb::Each { place } = &effect.verb else { return None };
            let mut above = place.clone();
            let last = above.members.pop()?;
            let lists = scope.at(&above);
            let mut all = lists.iter().flat_map(|list| elements_of(list));
            let is_it = |element: &&Value| {
                let object = element.as_object();
                let id = object.and_then(|it| it.iter().find(|(key, _)| key.eq_ignore_ascii_case(&last)));
                id.and_then(|(_, id)| scalar_text(id)).is_some_and(|id| is_called(resource, &id, element))
            };
            // Of a DNS record that is taken away and made anew, the last change counts.
            all.rfind(is_it).cloned()
        })
    }
}

/// Whether an element is about the resource, by the identifier in it.
fn is_called(resource: &Resource, id: &str, element: &Value) -> bool {
    let called = Resource::new(&resource.kind, id).id;
    if resource.kind == "AWS::Route53::RecordSet" {
        // Records of one name are sets of their own by their types.
        let kind = element.get("type").and_then(scalar_text).unwrap_or_default();
        return resource.name.as_ref() == Some(&called) && resource.id.ends_with(&format!("/{kind}"));
    }
    called == resource.id
}
