//! What resources looked like, when, and who made them so: folded from single
//! calls, out of order and with gaps.
//!
//! `normal` makes records uniform, `extract` reads from them what the tables
//! (`catalog::effect`) say a call leaves behind, `groups` and `order` bring
//! that into the one order that cause and time allow, `fold_steps` and `state` keep
//! what is known, what is known to be absent and what is unknown, and why.
//! Everything is pure: events in, timelines out.

mod before;
mod config;
mod conflicts;
mod ends;
mod exclude_unverified;
mod existence;
mod extract;
mod fold;
mod functions;
mod groups;
mod incarnation;
mod item;
mod names;
mod normal;
mod observe;
mod order;
mod path;
mod place;
mod policy;
mod relations;
mod revert;
mod seen;
mod slim;
mod state;
mod step;
mod takings;
mod ties;
mod val;

/// What the fuzz targets reach.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing {
    use super::PolicyDifference;
    use serde_json::Value;

    /// Puts a policy into the one form that equal policies have.
    pub fn canonical_policy(policy: &Value) -> Value {
        super::policy::canonical_policy(policy)
    }

    /// Compares two policies.
    pub fn diff_policies(before: Option<&Value>, after: Option<&Value>) -> PolicyDifference {
        super::policy::diff_policies(before, after)
    }
}

pub use config::{ConfigItems, is_mapped, read_config_items};
pub use extract::{extract_steps, steps_of};
pub use fold::{StateFold, Timeline, TimelineEntry, diff_states, fold_steps};
pub use groups::{ResourceKey, StepStore};
pub use incarnation::{Incarnations, NameSpan};
pub use item::{Completeness, build_item, event_of};
pub use normal::{NormalDocument, has_redacted, is_policy, is_redacted, normalise_event};
pub use path::SettingPath;
pub use policy::PolicyDifference;
pub use relations::{ResourceRelation, find_relations, is_part};
pub use revert::{UndoCommand, quote_for_shell, undo_changes, undo_event};
pub use state::{Existence, Setting, SettingChange, State};
pub use step::{MemberShape, Operation, PartRemoval, Step, StepOrigin, StepOutcome, StepOwner};
pub use val::{Knowledge, UnknownReason};

use serde_json::Value;

/// Returns what differs between two policies, statement by statement.
pub fn policy_difference(before: Option<&Value>, after: Option<&Value>) -> PolicyDifference {
    policy::diff_policies(before, after)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::print_stdout, reason = "the shares that the tests print")]
mod tests;
