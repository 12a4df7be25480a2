//! What a call may have set of which no table tells the effect.

use super::super::path::SettingPath;
use super::super::place::scalar_text;
use super::super::step::{Operation, StepDoubt};
use super::super::val::{Knowledge, UnknownReason};
use super::call::CallExtractor;
use super::verbs::NOISE;
use crate::catalog::ResourceAction;
use crate::resource::{Resource, type_named};
use serde_json::Value;

/// Calls that use a resource and set nothing of it.
const USES: [&str; 12] = [
    "Invoke",
    "Send",
    "Publish",
    "Test",
    "Check",
    "Poll",
    "Acknowledge",
    "Receive",
    "Login",
    "Evaluate",
    "Report",
    "Sign",
];

/// Calls that need not set anything: they start something, or end it.
const RUNS: [&str; 9] = ["Start", "Stop", "Run", "Execute", "Cancel", "Retry", "Reboot", "Resend", "Reset"];

impl CallExtractor<'_, '_> {
    /// What is not known any more after the call.
    pub(super) fn doubted(&self, act: &ResourceAction, mut ops: Vec<Operation>) -> Vec<Operation> {
        let name = &self.origin.event_name;
        let is_data = self.event.text("eventCategory") == Some("Data");
        if is_data || USES.iter().any(|it| name.starts_with(it)) || !self.is_of_service(&act.resource) {
            return ops;
        }
        let fields: Vec<&str> =
            self.effects_on(&act.resource, false).filter_map(|effect| effect.verb.field()).collect();
        let is_whole = self.doc.truncated && fields.contains(&".");
        if !fields.is_empty() && !is_whole {
            // What it sets is known; of a record that holds all, nothing was told because nothing was set.
            let lost = |field: &&str| Operation::Set {
                path: SettingPath::field(field),
                val: Knowledge::Unknown(UnknownReason::Truncated),
                leaf: true,
            };
            ops.extend(fields.iter().filter(|_| self.doc.truncated).map(lost));
            return ops;
        }
        let names = names_of_resource(&act.resource);
        let is_own = |value: &Value| {
            scalar_text(value).is_some_and(|text| {
                names.contains(&text) || Resource::new(&act.resource.kind, &text).id == act.resource.id
            })
        };
        let request = self.doc.request.as_object();
        let members = request.into_iter().flatten();
        let told = members.filter(|(name, value)| !NOISE.contains(&name.as_str()) && !is_own(value));
        let members = told.map(|(name, _)| name.clone()).collect();
        ops.push(Operation::Invalidate(StepDoubt {
            members,
            names,
            soft: RUNS.iter().any(|it| name.starts_with(it)),
        }));
        ops
    }

    /// Whether the call is one of the service that has the resource: Systems Manager sets nothing of instances.
    fn is_of_service(&self, resource: &Resource) -> bool {
        let source = self.origin.event_source.split('.').next().unwrap_or_default();
        let source = if source == "monitoring" { "cloudwatch" } else { source };
        let arns = type_named(&resource.kind).map(|row| row.arns).unwrap_or_default();
        arns.is_empty() || arns.iter().any(|(service, _)| *service == source)
    }
}

/// Everything that a resource is called.
fn names_of_resource(resource: &Resource) -> Vec<String> {
    let more = [resource.name.clone(), resource.arn.clone()];
    [resource.id.clone()].into_iter().chain(more.into_iter().flatten()).collect()
}
