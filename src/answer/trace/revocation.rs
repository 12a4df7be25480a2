//! Calls that take credentials away, or give them back.
//!
//! What they mean: the API reference of IAM. A role is told to refuse older
//! sessions by the policy that the console writes when sessions are revoked.

use super::caller::{Caller, CallerKind};
use crate::event::{Event, Outcome, Time, nonempty_text};
use serde::Serialize;

/// What was taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Revoked {
    /// One access key.
    Key(String),
    /// The keys and the password of a user, by account and name.
    User(String, String),
    /// The password of a user.
    Password(String, String),
    /// The sessions of a role that began before.
    Sessions(String, String),
}

impl Revoked {
    /// The same in the form in which names are compared: IAM's are equal whatever their case.
    pub(super) fn in_lower_case(&self) -> Self {
        match self {
            Self::Key(key) => Self::Key(key.clone()),
            Self::User(account, name) => Self::User(account.clone(), name.to_ascii_lowercase()),
            Self::Password(account, name) => Self::Password(account.clone(), name.to_ascii_lowercase()),
            Self::Sessions(account, name) => Self::Sessions(account.clone(), name.to_ascii_lowercase()),
        }
    }
}

/// One such call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::answer) struct Revocation {
    pub(super) time: Option<Time>,
    pub(super) event_id: String,
    pub(super) call: String,
    pub(super) by: String,
    pub(super) taken: Revoked,
    /// Whether it was given back: a key made active again.
    pub(super) back: bool,
}

/// A call that took a credential away, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevocationRow {
    /// When.
    pub event_time: Option<Time>,
    /// By which call.
    pub event_name: String,
    /// Which event.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// By whom.
    pub by: String,
    /// Whether it was given back: a key made active again.
    pub back: bool,
}

impl Revocation {
    /// Reads what a call took away; a failed one took nothing.
    pub(super) fn of(event: &Event<'_>, caller: &Caller) -> Option<Self> {
        if event.source() != "iam.amazonaws.com" || event.outcome() == Outcome::Failed {
            return None;
        }
        let asked = |path: &str| {
            event
                .at("requestParameters")
                .and_then(|it| super::caller::value_at_path(it, path))
                .and_then(nonempty_text)
        };
        let account = event.recipient_account().map(|it| it.into_owned()).unwrap_or_default();
        let own = || (caller.kind == CallerKind::IamUser).then_some(caller.name.as_str());
        let user = || asked("userName").or_else(own).map(str::to_owned);
        let (taken, back) = match event.name() {
            "DeleteAccessKey" => (Revoked::Key(asked("accessKeyId")?.to_owned()), false),
            "UpdateAccessKey" => {
                let active = asked("status")?.eq_ignore_ascii_case("active");
                (Revoked::Key(asked("accessKeyId")?.to_owned()), active)
            }
            "DeleteUser" => (Revoked::User(account, user()?), false),
            "DeleteLoginProfile" => (Revoked::Password(account, user()?), false),
            "DeleteRole" => (Revoked::Sessions(account, asked("roleName")?.to_owned()), false),
            "PutRolePolicy" if asked("policyName") == Some("AWSRevokeOlderSessions") => {
                (Revoked::Sessions(account, asked("roleName")?.to_owned()), false)
            }
            _ => return None,
        };
        Some(Self {
            time: event.time(),
            event_id: event.text("eventID").unwrap_or_default().to_owned(),
            call: event.name().to_owned(),
            by: caller.who.clone(),
            taken,
            back,
        })
    }
}

impl Revocation {
    /// Returns it as it is told.
    pub(super) fn row(&self) -> RevocationRow {
        RevocationRow {
            event_time: self.time,
            event_name: self.call.clone(),
            event_id: self.event_id.clone(),
            by: self.by.clone(),
            back: self.back,
        }
    }
}
