//! What the records of one sign-in to IAM Identity Center tell together.
//!
//! A sign-in is asked for and checked step by step, each in a record of its own; `additionalEventData.AuthWorkflowID`
//! is the same in all of them. The name that was typed stands in some (`UserName`), the credentials in all
//! (`CredentialType`); only `UserAuthentication` says that somebody came in (IAM Identity Center User Guide,
//! "Understanding IAM Identity Center sign-in events"; WorkSpaces has the same for smart cards).

use super::Login;
use crate::answer::Row;
use crate::event::{Event, Outcome, nonempty_text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where a user whom another provider knows comes from: what that asked for is not told.
const EXTERNAL: &str = "EXTERNAL_IDP";

/// The sign-ins that were met, by their ids.
#[derive(Debug, Default)]
pub(in super::super) struct Workflows(BTreeMap<String, Workflow>);

#[derive(Debug, Default)]
struct Workflow {
    names: BTreeSet<String>,
    /// The credentials that were given and found right.
    given: BTreeSet<String>,
}

impl Workflows {
    /// Takes note of what an event tells of its sign-in.
    pub(in super::super) fn event(&mut self, event: &Event<'_>) {
        let at = |path: &str| event.at(path).and_then(nonempty_text);
        let Some(id) = workflow_id(event) else { return };
        let workflow = self.0.entry(id.to_owned()).or_default();
        workflow.names.extend(at("additionalEventData.UserName").map(str::to_owned));
        if event.name() == "CredentialVerification" && event.outcome() == Outcome::Succeeded {
            workflow.given.extend(at("additionalEventData.CredentialType").map(str::to_owned));
        }
    }

    /// Adds what another thread met.
    pub(in super::super) fn merge(&mut self, other: Self) {
        for (id, workflow) in other.0 {
            let mine = self.0.entry(id).or_default();
            mine.names.extend(workflow.names);
            mine.given.extend(workflow.given);
        }
    }

    /// Says in a row who it was, and whether with a second factor.
    pub(super) fn complete(&self, row: &mut Row, login: &Login) {
        let Some(id) = &login.auth_workflow_id else { return };
        let Some(workflow) = self.0.get(id) else { return };
        let comes_in = &*row.event_name == "UserAuthentication" && row.outcome == Outcome::Succeeded;
        let actor = Arc::make_mut(&mut row.actor);
        if comes_in {
            let told: BTreeSet<&str> =
                login.credential_type.iter().flat_map(|types| types.split(',')).map(str::trim).collect();
            let given =
                if told.is_empty() { workflow.given.iter().map(String::as_str).collect() } else { told };
            actor.mfa = second_factor(&given);
        }
        self.name(row, id);
    }

    /// Says in a row who it was.
    pub(in super::super) fn name(&self, row: &mut Row, id: &str) {
        let Some(workflow) = self.0.get(id) else { return };
        let names: Vec<&str> = workflow.names.iter().map(String::as_str).collect();
        // An id is what the record has where it has no name.
        if names.is_empty() || !matches!(&*row.actor.kind, "IdentityCenterUser" | "Unknown") {
            return;
        }
        let actor = Arc::make_mut(&mut row.actor);
        let name = names.join(" or ");
        actor.who = match &*actor.kind {
            "IdentityCenterUser" => format!("Identity Center user {name}").into(),
            _ => format!("unknown ({name})").into(),
        };
        actor.name = name.into();
    }
}

/// Returns what the records of one sign-in have in common.
pub(in super::super) fn workflow_id<'e>(event: &Event<'e>) -> Option<&'e str> {
    event.at("additionalEventData.AuthWorkflowID").and_then(nonempty_text)
}

/// Whether there was a second factor, going by all that was given; a passkey alone may be two in one.
fn second_factor(given: &BTreeSet<&str>) -> Option<bool> {
    match given.len() {
        _ if given.contains(EXTERNAL) => None,
        0 => None,
        1 if given.contains("PASSWORD") => Some(false),
        1 => None,
        _ => Some(true),
    }
}
