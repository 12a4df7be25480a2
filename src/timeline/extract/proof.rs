//! What the error of a failed call proves: of settings, and of whether the resource is there. What single
//! errors say is in the tables (`[proofs]`); here is what follows from all of them, whatever the service.

use super::super::step::Operation;
use super::call::CallExtractor;
use crate::catalog::effect::{Effect, Verb};
use crate::catalog::{Action, Relation, ResourceAction, bare_code};

/// A name that somebody else's resource has: there is one, and not in this account.
const OF_OTHERS: [&str; 1] = ["BucketAlreadyExists"];

impl CallExtractor<'_, '_> {
    /// What the error of the call proves of a resource; `acts` is all that the call acts on.
    pub(super) fn proven(&self, act: &ResourceAction, acts: &[ResourceAction]) -> Vec<Operation> {
        let mut ops = self.ops(&act.resource, false);
        let of_members = |it: &Effect| matches!(it.verb, Verb::Add { .. } | Verb::Remove { .. });
        let is_member =
            |op: &Operation| matches!(op, Operation::Set { leaf: true, .. } | Operation::MergeInto { .. });
        if self.effects_on(&act.resource, false).any(of_members)
            && ops.iter().filter(|it| is_member(it)).count() > 1
        {
            // One of several members is there already, or is not: the code does not say which.
            ops.retain(|op| !is_member(op));
        }
        let same_kind = acts.iter().filter(|it| it.resource.kind == act.resource.kind).count();
        if same_kind > 1 && !self.message_names(act) {
            // Of several that it names, nobody knows which is meant.
            ops.retain(|op| !matches!(op, Operation::ProveExistence(_)));
            return ops;
        }
        let is_told = ops.iter().any(|op| matches!(op, Operation::ProveExistence(_)));
        let is_unsure = self.effects_on(&act.resource, false).any(|it| it.verb == Verb::Unsure);
        if is_told || is_unsure {
            return ops;
        }
        // What has a part, or lacks one, is there.
        let is_there = if ops.is_empty() { self.is_there(act, acts) } else { Some(true) };
        ops.extend(is_there.map(Operation::ProveExistence));
        ops
    }

    /// What codes say of any call, whether its resource is there; `None` when nothing.
    fn is_there(&self, act: &ResourceAction, acts: &[ResourceAction]) -> Option<bool> {
        let code = bare_code(self.origin.error_code.as_deref()?);
        let alone =
            |is_one: &dyn Fn(&ResourceAction) -> bool| acts.iter().filter(|it| is_one(it)).count() == 1;
        match act.action {
            Action::Created if is_duplicate(code) => {
                alone(&|it| it.action == Action::Created).then_some(true)
            }
            Action::Deleted if is_in_use(code) || is_of_state(code) => {
                alone(&|it| it.action == Action::Deleted).then_some(true)
            }
            Action::Changed if is_of_state(code) => {
                alone(&|it| it.relation == Relation::Subject).then_some(true)
            }
            _ => None,
        }
    }

    fn message_names(&self, act: &ResourceAction) -> bool {
        let message = self.event.text("errorMessage").unwrap_or_default();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
        let mut words = message.split(|c: char| !is_name(c)).map(|word| word.trim_end_matches(['.', ':']));
        let resource = &act.resource;
        let names = [Some(resource.id.as_str()), resource.name.as_deref(), resource.arn.as_deref()];
        words.any(|word| !word.is_empty() && names.contains(&Some(word)))
    }
}

/// A creation fails so because there is one of the name already.
fn is_duplicate(code: &str) -> bool {
    !OF_OTHERS.contains(&code)
        && (code.contains("AlreadyExist")
            || code.contains("AlreadyOwnedByYou")
            || code.contains("Duplicate")
            || ["ResourceInUse", "ResourceExists", "QueueNameExists"].contains(&code))
}

/// A deletion fails so because of what is in it, or hangs on it.
fn is_in_use(code: &str) -> bool {
    code.contains("InUse")
        || code.contains("NotEmpty")
        || ["DeleteConflict", "DependencyViolation", "UnmodifiableEntity"].contains(&code)
}

/// A call fails so because of the state that the resource is in.
fn is_of_state(code: &str) -> bool {
    code.contains("State") && ["Invalid", "Incorrect", "KMSInvalid"].iter().any(|it| code.starts_with(it))
}
