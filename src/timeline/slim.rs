//! Steps without what only a full state shows: of a whole archive it is asked which resources there are,
//! who made and changed them, and what they name, and the records of a busy account hold gigabytes beside.
//!
//! What is left out is written as absent, so that it still takes the place of what was there before: the
//! relations of a state are the same with and without.

use super::normal::is_policy;
use super::relations::{is_part, may_name};
use super::step::{MemberShape, Operation, Step, StepOutcome};
use super::{Knowledge, SettingPath};
use crate::catalog::Action;
use crate::resource::Resource;
use serde_json::{Map, Value};

/// Rules are looked up by their ids and must be kept as they are.
const WHOLE: &str = "AWS::EC2::SecurityGroup";

impl Step {
    /// Leaves out what tells nothing of existence and relations.
    pub fn slim(&mut self) {
        (self.tried, self.note) = (Vec::new(), None);
        // What an error proves is little, and a change by it shows that the resource was there.
        if self.kind == StepOutcome::ErrorProves || self.resource.kind == WHOLE {
            return;
        }
        if is_part(&self.resource) {
            // A part relates to nothing by itself.
            let some = !self.ops.is_empty();
            self.ops.retain(|op| {
                matches!(
                    op,
                    Operation::ScheduleDeletion(_)
                        | Operation::CancelDeletion
                        | Operation::Rename(_)
                        | Operation::ForgetExistence
                )
            });
            if some && self.ops.is_empty() {
                // That it changed something tells that it was there.
                self.ops.push(Operation::Shape { path: SettingPath::root(), shape: MemberShape::Map });
            }
        }
        // What was not there before related to nothing, and what was there the call tells of as well.
        self.ops.retain(|op| !matches!(op, Operation::ProveBefore { .. }));
        self.ops.iter_mut().for_each(relations_of_operation);
        // Of what begins anew nothing is there that absence could take away.
        if self.action == Action::Created && self.or.is_none() && !self.repeatable {
            self.ops.retain(|op| !matches!(op, Operation::Set { val: Knowledge::Absent, .. }));
        }
        self.ops.shrink_to_fit();
    }
}

fn relations_of_operation(op: &mut Operation) {
    match op {
        Operation::Set { path, val, .. } => {
            if let Knowledge::Known(value) = val {
                let value = std::mem::take(value);
                *val = prune_value(value, may_hold_name(path)).map_or(Knowledge::Absent, Knowledge::Known);
            }
        }
        // What it is joined with must lose what it had under these names.
        Operation::MergeInto { path, value } => {
            let named = may_hold_name(path);
            if let Value::Object(object) = value {
                for (name, value) in object.iter_mut() {
                    let inner = std::mem::take(value);
                    *value = prune_value(inner, named || may_name(name)).unwrap_or_default();
                }
            }
        }
        Operation::Shape { .. }
        | Operation::RetainKeys { .. }
        | Operation::ResetExcept { .. }
        | Operation::RemoveWhere { .. }
        | Operation::ReplaceWhere { .. }
        | Operation::ScheduleDeletion(_)
        | Operation::CancelDeletion
        | Operation::Rename(_)
        | Operation::ProveExistence(_)
        | Operation::ForgetExistence
        | Operation::Invalidate(_)
        | Operation::ProveBefore { .. }
        | Operation::ClearRest => {}
    }
}

/// Whether a name stands at a path that may be another resource's.
fn may_hold_name(path: &SettingPath) -> bool {
    path.parts().any(may_name)
}

/// Returns what of a value may name another resource.
fn prune_value(value: Value, named: bool) -> Option<Value> {
    match value {
        // A policy names much that its resource has nothing to do with.
        value if is_policy(&value) => None,
        Value::Object(object) => {
            let members = object.into_iter().filter_map(|(name, value)| {
                let named = named || may_name(&name);
                prune_value(value, named).map(|value| (name, value))
            });
            let kept: Map<String, Value> = members.collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(list) => {
            let kept: Vec<Value> = list.into_iter().filter_map(|it| prune_value(it, named)).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        Value::String(text) => {
            let is_id = || Resource::from_id(&text).is_some_and(|it| it.kind.starts_with("AWS::EC2::"));
            (named || text.starts_with("arn:") || is_id()).then_some(Value::String(text))
        }
        value => named.then_some(value),
    }
}
