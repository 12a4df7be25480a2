//! What could still be used at a moment: temporary credentials by their expiration, long-lived ones
//! unless they were taken away.

use super::graph::{CredentialNode, NodeId};
use super::revocation::{Revocation, Revoked};
use super::target::role_and_session;
use crate::event::Time;
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::HashSet;

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

/// Returns what took the credential of a node away, or gave it back, in time order.
pub(super) fn revocations_of<'t>(all: &'t HashSet<Revocation>, node: &CredentialNode) -> Vec<&'t Revocation> {
    let account = node.who.account.as_deref().unwrap_or_default();
    let user = match &node.id {
        NodeId::Password(_, user) => Some(user.clone()),
        NodeId::Key(_) => node.user.clone().or_else(|| Some(node.who.name.clone())),
        NodeId::Session(arn, ..) => arn.split_once(":user/").map(|(_, path)| last_segment(path).to_owned()),
        _ => None,
    };
    let role = match &node.id {
        NodeId::Session(arn, ..) => role_and_session(arn).map(|(role, _)| role),
        _ => None,
    };
    let of_user = |its_account: &str, name: &str| {
        its_account == account && user.as_ref().is_some_and(|user| user.eq_ignore_ascii_case(name))
    };
    let concerns = |taking: &&&Revocation| match &taking.taken {
        Revoked::Key(key) => matches!(&node.id, NodeId::Key(mine) if mine == key),
        Revoked::User(its, name) => of_user(its, name),
        Revoked::Password(its, name) => matches!(node.id, NodeId::Password(..)) && of_user(its, name),
        Revoked::Sessions(its, name) => {
            its == account && role.is_some_and(|role| role.eq_ignore_ascii_case(name))
        }
    };
    let mut takings: Vec<&Revocation> = all.iter().collect();
    takings.retain(|taking| concerns(&taking));
    takings.sort_unstable();
    // What happened before it was made has to do with another of the name.
    let began = super::walk::time_of(node).filter(|_| is_dated(node));
    takings.retain(|taking| began.is_none() || taking.time.is_none() || taking.time >= began);
    takings
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
