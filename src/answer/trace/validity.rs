//! What could still be used at a moment: temporary credentials by their expiration, long-lived ones
//! unless they were taken away.

use super::graph::{CredentialNode, NodeId};
use super::revocation::{Revocation, Revoked};
use super::target::role_and_session;
use crate::event::Time;
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Whether a credential could be used at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStatus {
    /// A temporary credential that had not expired.
    Valid,
    /// A temporary credential that had expired.
    Expired,
    /// A long-lived credential that nothing in the archive had taken away.
    NotTakenAway,
    /// Deleted, made inactive or revoked before.
    TakenAway,
    /// Made later.
    NotYet,
    /// When it expires is not in the archive.
    Unknown,
}

/// The most that a session may last: of a role, and of `GetSessionToken` and `GetFederationToken`
/// (API reference of STS, `DurationSeconds`); the console ends sessions after twelve hours.
const ROLE: TimeDelta = TimeDelta::hours(12);
const USER: TimeDelta = TimeDelta::hours(36);

/// Calls that took credentials away, or gave them back, by whose these are; in time order.
pub(super) struct Revocations<'t>(HashMap<Revoked, Vec<&'t Revocation>>);

impl<'t> Revocations<'t> {
    pub(super) fn of(all: &'t HashSet<Revocation>) -> Self {
        let mut by_owner: HashMap<Revoked, Vec<&Revocation>> = HashMap::new();
        for taking in all {
            by_owner.entry(taking.taken.in_lower_case()).or_default().push(taking);
        }
        by_owner.values_mut().for_each(|list| list.sort_unstable());
        Self(by_owner)
    }

    /// Returns what took the credential of a node away, or gave it back, in time order.
    pub(super) fn of_node(&self, node: &CredentialNode) -> Vec<&'t Revocation> {
        let account = || node.who.account.clone().unwrap_or_default();
        let user = match &node.id {
            NodeId::Password(_, user) => Some(user.clone()),
            NodeId::Key(_) => node.user.clone().or_else(|| Some(node.who.name.clone())),
            NodeId::Session(arn, ..) => {
                arn.split_once(":user/").map(|(_, path)| last_segment(path).to_owned())
            }
            _ => None,
        };
        let role = match &node.id {
            NodeId::Session(arn, ..) => role_and_session(arn).map(|(role, _)| role.to_owned()),
            _ => None,
        };
        let key = match &node.id {
            NodeId::Key(key) => Some(Revoked::Key(key.clone())),
            _ => None,
        };
        let is_password = matches!(node.id, NodeId::Password(..));
        let password = user.clone().filter(|_| is_password).map(|user| Revoked::Password(account(), user));
        let user = user.map(|user| Revoked::User(account(), user));
        let sessions = role.map(|role| Revoked::Sessions(account(), role));
        let owners = [key, user, password, sessions].into_iter().flatten();
        let mut takings: Vec<&Revocation> =
            owners.filter_map(|owner| self.0.get(&owner.in_lower_case())).flatten().copied().collect();
        takings.sort();
        // What happened before it was made has to do with another of the name.
        let began = super::walk::time_of(node).filter(|_| is_dated(node));
        takings.retain(|taking| began.is_none() || taking.time.is_none() || taking.time >= began);
        takings
    }
}

/// Whether the beginning of a node is known: of a key or a password, only by the call that made it.
fn is_dated(node: &CredentialNode) -> bool {
    matches!(node.id, NodeId::Session(..)) || node.parents.iter().any(|link| link.call.is_some())
}

/// Returns whether the credential of a node could be used at a moment; `None` for a person.
pub(super) fn key_status(node: &CredentialNode, takings: &[&Revocation], at: Time) -> Option<KeyStatus> {
    if matches!(node.id, NodeId::Person(_) | NodeId::OnBehalf(..)) {
        return None;
    }
    let began = super::walk::time_of(node);
    if began.is_some_and(|began| began > at) {
        // A key that was first seen later may have been there before.
        return Some(if is_dated(node) { KeyStatus::NotYet } else { KeyStatus::Unknown });
    }
    let last = takings.iter().rfind(|taking| taking.time.is_none_or(|time| time <= at));
    if last.is_some_and(|taking| !taking.back) {
        return Some(KeyStatus::TakenAway);
    }
    if matches!(node.id, NodeId::Key(_) | NodeId::Password(..)) {
        return Some(KeyStatus::NotTakenAway);
    }
    let expires: Vec<Option<Time>> = node.keys.values().map(|key| key.expires).collect();
    if expires.iter().flatten().any(|time| *time > at) {
        return Some(KeyStatus::Valid);
    }
    if !expires.is_empty() && expires.iter().all(Option::is_some) {
        return Some(KeyStatus::Expired);
    }
    let NodeId::Session(arn, began, _) = &node.id else { return Some(KeyStatus::Unknown) };
    let most = if arn.contains(":assumed-role/") { ROLE } else { USER };
    let over =
        began.and_then(|began| began.utc().checked_add_signed(most)).is_some_and(|end| end <= at.utc());
    Some(if over { KeyStatus::Expired } else { KeyStatus::Unknown })
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
