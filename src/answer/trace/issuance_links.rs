//! The part of the graph that calls made: what came out of each, and who signed it.

use super::caller::{Caller, CallerKind};
use super::facts::CredentialFacts;
use super::grant::{Issuance, IssuedBy};
use super::graph::{
    Certainty, CredentialGraph, CredentialLink, NEAR_SIGN_IN, NodeId, SessionStart, person_id,
};
use crate::event::Time;
use std::collections::{BTreeMap, BTreeSet};

/// A switch of the console: what shows it, the session that it led to, how sure that is, and why.
pub(super) type RoleSwitch<'g> = (&'g Issuance, usize, Certainty, Option<String>);

impl CredentialGraph {
    /// Which user a unique id stands for, from every event that has both.
    pub(super) fn name_principals(&mut self, facts: &CredentialFacts) {
        let mut users: Vec<&Caller> = facts
            .uses
            .keys()
            .map(AsRef::as_ref)
            .filter(|it: &&Caller| it.kind == CallerKind::IamUser)
            .collect();
        users.sort_unstable();
        for caller in users {
            if let (Some(id), Some(_)) = (&caller.principal_id, &caller.arn) {
                let person = self.person(caller);
                let began = self.began(person);
                self.by_principal.entry(id.clone()).or_default().insert((began, person));
            }
        }
    }

    /// Makes the node of what a call made, and returns it; copies of the call stand in `call`.
    pub(super) fn make(&mut self, call: &[&Issuance]) -> Option<usize> {
        let best = call.first()?;
        let made = &best.made;
        match best.how {
            IssuedBy::KeyCreated => {
                let key = made.key.clone()?;
                let at = self.node(NodeId::Key(key.clone()), Caller::default);
                self.nodes[at].user = made.user.clone();
                self.nodes[at].who.account = made.account.clone();
                self.by_key.insert(key, at);
                Some(at)
            }
            IssuedBy::PasswordSet => {
                let (account, user) = (made.account.clone().unwrap_or_default(), made.user.clone()?);
                let id = NodeId::Password(account.clone(), user.to_ascii_lowercase());
                let at = self.node(id, || Caller { account: Some(account), ..Caller::default() });
                self.nodes[at].user = Some(user);
                Some(at)
            }
            IssuedBy::Switched | IssuedBy::IdentityCenter => None,
            _ => self.make_session(call),
        }
    }

    fn make_session(&mut self, call: &[&Issuance]) -> Option<usize> {
        let best = call.first()?;
        let made = call.iter().map(|grant| &grant.made).find(|made| made.key.is_some()).unwrap_or(&best.made);
        if made.key.is_none() && best.how != IssuedBy::SignedIn {
            return None;
        }
        let known = made.key.as_ref().and_then(|key| self.by_key.get(key)).copied();
        let arn = made.arn.clone().or_else(|| made.key.clone()).unwrap_or_else(|| person_id(&best.caller));
        let by = match best.how {
            IssuedBy::SignedIn => SessionStart::Console,
            _ => SessionStart::SignedBy(signed_by(&best.caller)),
        };
        let at = match known {
            Some(at) => {
                self.nodes[at].missing.insert("more than one call claims to have made this key".to_owned());
                at
            }
            None => self.node(NodeId::Session(arn, best.time, by), || Caller {
                arn: made.arn.clone(),
                account: made.account.clone(),
                source_identity: made.source_identity.clone(),
                principal_id: made.principal_id.clone(),
                ..Caller::default()
            }),
        };
        if let Some(id) = &made.principal_id {
            let began = self.began(at);
            self.by_principal.entry(id.clone()).or_default().insert((began, at));
        }
        if let Some(key) = &made.key {
            let entry = self.nodes[at].keys.entry(key.clone()).or_default();
            entry.expires = entry.expires.max(made.expires);
            entry.made_by.extend(call.iter().map(|grant| grant.event_id.clone()));
            self.by_key.insert(key.clone(), at);
        }
        Some(at)
    }

    /// A switch of the console shows beside the `AssumeRole` that it makes, or alone.
    pub(super) fn switches<'g>(&mut self, calls: &[Vec<&'g Issuance>]) -> Vec<RoleSwitch<'g>> {
        let mut switches = Vec::new();
        for grant in calls.iter().flatten().filter(|grant| grant.how == IssuedBy::Switched) {
            let Some(arn) = grant.made.arn.clone() else { continue };
            switches.push(match self.sessions_near(&arn, grant.time, NEAR_SIGN_IN).first() {
                Some(at) => {
                    (*grant, *at, Certainty::Inferred, Some("switched to in the same seconds".to_owned()))
                }
                None => {
                    let id = NodeId::Session(arn, grant.time, SessionStart::RoleSwitch);
                    (*grant, self.node(id, || grant.caller.as_ref().clone()), Certainty::Proven, None)
                }
            });
        }
        switches
    }

    /// What `SwitchFrom` names: a user, or the latest session of that name before the switch.
    pub(super) fn source_of_switch(&mut self, arn: &str, time: Option<Time>) -> usize {
        let before = self.latest_session(arn, time);
        let name = arn.rsplit(['/', ':']).next().unwrap_or(arn).to_owned();
        let kind = if arn.contains(":user/") {
            CallerKind::IamUser
        } else if arn.ends_with(":root") {
            CallerKind::Root
        } else {
            CallerKind::AssumedRole
        };
        match before {
            Some(at) => at,
            None => self.person_named(kind, &name, Some(arn.to_owned())),
        }
    }

    /// Links what a call made to who made it.
    pub(super) fn link_grant(&mut self, node: usize, call: &[&Issuance]) {
        let Some(best) = call.first() else { return };
        let (from, certainty, why) = self.signer(best);
        let mut link = grant_link(best, from, certainty, why);
        link.events.extend(call.iter().map(|grant| grant.event_id.clone()));
        if best.how == IssuedBy::SignedIn && matches!(self.nodes[from].id, NodeId::Session(..)) {
            link.certainty = Certainty::Inferred;
            link.why = Some("the sign-in names the session, not its key".to_owned());
        }
        self.link(node, link);
        let owner = match &self.nodes[node].id {
            NodeId::Key(_) | NodeId::Password(..) => self.nodes[node].user.clone(),
            _ => None,
        };
        if let Some(user) = owner {
            let account = best.made.account.clone().unwrap_or_default();
            let person = self.user_named(&account, &user);
            let why = Some("the call that made it names the user".to_owned());
            let link = CredentialLink {
                how: IssuedBy::Owns,
                why,
                ..grant_link(best, person, Certainty::Proven, None)
            };
            self.link(node, link);
        }
    }

    /// The user of this name in the account: under the ARN of its calls, where it made any.
    fn user_named(&mut self, account: &str, user: &str) -> usize {
        let known = self.users.get(&(account.to_owned(), user.to_ascii_lowercase())).copied();
        known.unwrap_or_else(|| {
            self.person_named(CallerKind::IamUser, user, Some(format!("arn:aws:iam::{account}:user/{user}")))
        })
    }

    /// Who signed the call that made something, and how sure that is.
    fn signer(&mut self, grant: &Issuance) -> (usize, Certainty, Option<String>) {
        let caller = &grant.caller;
        if caller.kind == CallerKind::AwsAccount
            && let Some(id) = &caller.principal_id
        {
            let known = self.by_principal.get(id);
            let latest = known.and_then(|it| it.range(..=(grant.time, usize::MAX)).next_back());
            let latest = latest.map(|(_, at)| *at);
            let lost =
                "the calling account's own record of the call is missing, and with it the key that signed";
            return match latest {
                Some(at) if matches!(self.nodes[at].id, NodeId::Person(_)) => {
                    self.nodes[at].principals.insert(id.clone());
                    (at, Certainty::Proven, Some(format!("by unique id; {lost}")))
                }
                Some(at) => {
                    (at, Certainty::Inferred, Some(format!("by unique id and name of the session; {lost}")))
                }
                None => {
                    let at = self.person(caller);
                    (at, Certainty::Proven, None)
                }
            };
        }
        if grant.how == IssuedBy::SignedIn
            && matches!(caller.kind, CallerKind::AssumedRole | CallerKind::FederatedUser)
            && let Some(at) = caller.arn.as_deref().and_then(|arn| self.made_before(arn, grant.time))
        {
            return (at, Certainty::Inferred, None);
        }
        match self.places.get(caller).copied() {
            Some(at) => (at, Certainty::Proven, None),
            None => (self.person(caller), Certainty::Proven, None),
        }
    }

    /// The latest session of this ARN that a call other than a sign-in began before `time`.
    fn made_before(&self, arn: &str, time: Option<Time>) -> Option<usize> {
        let before = self.made_by_arn.get(arn)?.range(..=(time, usize::MAX)).next_back();
        before.map(|(_, at)| *at)
    }
}

/// The calls that made something, copies of one call together, the one that tells most of its caller first. What names
/// another caller is no copy, whatever shared id somebody gave it.
pub(super) fn group_by_call<'g>(grants: &[&'g Issuance]) -> Vec<Vec<&'g Issuance>> {
    let mut calls: BTreeMap<(Option<Time>, &str, &str), Vec<&Issuance>> = BTreeMap::new();
    for grant in grants {
        let key = grant.made.key.as_deref().unwrap_or_default();
        let id = match &grant.shared_id {
            Some(shared) => shared.as_str(),
            None => grant.event_id.as_str(),
        };
        calls.entry((grant.time, id, key)).or_default().push(grant);
    }
    let mut calls: Vec<Vec<&Issuance>> = calls.into_values().flat_map(split_by_caller).collect();
    for call in &mut calls {
        let tells = |grant: &&Issuance| (grant.caller.key.is_some(), grant.caller.arn.is_some());
        call.sort_by_key(|grant| std::cmp::Reverse(tells(grant)));
    }
    calls
}

/// Parts what is taken for copies of one call by the callers that they name; what names none is a copy of any.
fn split_by_caller(call: Vec<&Issuance>) -> Vec<Vec<&Issuance>> {
    let named: BTreeSet<&str> = call.iter().filter_map(|grant| grant.caller.arn.as_deref()).collect();
    if named.len() < 2 {
        return vec![call];
    }
    let mut by_caller: BTreeMap<Option<&str>, Vec<&Issuance>> = BTreeMap::new();
    for grant in call {
        by_caller.entry(grant.caller.arn.as_deref()).or_default().push(grant);
    }
    by_caller.remove(&None);
    by_caller.into_values().collect()
}

pub(super) fn grant_link(
    grant: &Issuance,
    from: usize,
    certainty: Certainty,
    why: Option<String>,
) -> CredentialLink {
    CredentialLink {
        certainty,
        how: grant.how,
        time: grant.time,
        from,
        why,
        call: Some(grant.call.clone()),
        events: BTreeSet::from([grant.event_id.clone()]),
    }
}

fn signed_by(caller: &Caller) -> String {
    caller.key.clone().unwrap_or_else(|| person_id(caller))
}
