//! The part of the graph that no call in the archive made: what the events themselves tell of where a
//! credential came from, and what is missing.

use super::caller::{Caller, CallerKind};
use super::grant::{Issuance, IssuedBy};
use super::graph::{Certainty, CredentialGraph, CredentialLink, NodeId, SessionStart};
use super::issuance_links::grant_link;
use crate::event::Time;
use std::collections::{BTreeSet, HashMap};

impl CredentialGraph {
    /// Identity Center says who asked for which permission set in which account, and the sign-in
    /// to the role follows within seconds; nothing else ties the two.
    pub(super) fn link_identity_center(&mut self, grants: &[&Issuance]) {
        // By account and permission set.
        let mut sessions: HashMap<(String, String), BTreeSet<(Time, usize)>> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if let NodeId::Session(arn, Some(began), by) = &node.id
                && *by != SessionStart::Unknown
                && let Some(set) = permission_set_of(arn)
            {
                sessions.entry(set).or_default().insert((*began, at));
            }
        }
        for grant in grants.iter().filter(|grant| grant.how == IssuedBy::IdentityCenter) {
            let (Some(account), Some(set)) = (&grant.made.account, &grant.made.permission_set) else {
                continue;
            };
            let reach = chrono::TimeDelta::seconds(NEAR_IDC + 1);
            let span = grant.time.and_then(|time| {
                let from = time.utc().checked_sub_signed(reach)?;
                Some((time, Time::from(from), Time::from(time.utc().checked_add_signed(reach)?)))
            });
            let Some((time, from, until)) = span else { continue };
            let is_near = |began: &Time| (began.utc() - time.utc()).num_seconds().abs() <= NEAR_IDC;
            let of_set = sessions.get(&(account.clone(), set.clone())).into_iter();
            let near = of_set.flat_map(|it| it.range((from, 0)..=(until, usize::MAX)));
            let mut found: Vec<usize> = near.filter(|(began, _)| is_near(began)).map(|(_, at)| *at).collect();
            found.sort_unstable();
            let person = self.person(&grant.caller);
            for at in &found {
                let why = match found.len() {
                    1 => "account, permission set and moment agree".to_owned(),
                    many => format!("account, permission set and moment agree, as for {many} sessions"),
                };
                let link = grant_link(grant, person, Certainty::Inferred, Some(why));
                self.link(*at, link);
            }
        }
    }

    /// Links what no call in the archive made to what the events themselves say of it.
    pub(super) fn link_rest(&mut self) {
        for at in 0..self.nodes.len() {
            let node = &self.nodes[at];
            let (id, who) = (node.id.clone(), node.who.clone());
            let is_made = !node.parents.is_empty();
            let told = node.usage.first.clone();
            match id {
                NodeId::Key(_) if !is_made => {
                    let person = self.person(&who);
                    self.tell(at, person, IssuedBy::Owns, Certainty::Proven, None, told);
                    self.nodes[at]
                        .missing
                        .insert("the call that made the key is not in the archive".to_owned());
                }
                NodeId::Key(_) => {}
                NodeId::OnBehalf(..) => {
                    let person = self.person(&who);
                    self.tell(at, person, IssuedBy::OnBehalf, Certainty::Proven, None, told);
                    let lost = "the service does not say with which credential it was called";
                    self.nodes[at].missing.insert(lost.to_owned());
                }
                NodeId::Session(_, began, by) => {
                    self.link_session(at, &who, began, by == SessionStart::Unknown, told);
                }
                NodeId::Person(_) if who.kind == CallerKind::AwsAccount => {
                    let lost =
                        "the calling account's own record of the call, and with it the key that signed";
                    self.nodes[at].missing.insert(lost.to_owned());
                }
                NodeId::Person(_) | NodeId::Password(..) => {}
            }
        }
        self.link_passwords();
    }

    fn link_session(
        &mut self,
        at: usize,
        who: &Caller,
        began: Option<Time>,
        unmade: bool,
        told: Option<(Time, String)>,
    ) {
        if let Some(user) = &who.on_behalf_of {
            let person = self.person_named(CallerKind::IdentityCenterUser, user, None);
            let federated = self.nodes[at].parents.iter().map(|link| link.from);
            let federated = federated.filter(|from| self.nodes[*from].who.kind == CallerKind::SamlUser).min();
            let to = federated.unwrap_or(at);
            self.tell(to, person, IssuedBy::SamePerson, Certainty::Proven, None, told.clone());
        }
        if !unmade || !self.nodes[at].parents.is_empty() {
            return;
        }
        match who.kind {
            CallerKind::AssumedRole => {
                if who.on_instance {
                    let name = who.session.clone().unwrap_or_default();
                    let person = self.person_named(CallerKind::Instance, &name, None);
                    let why = "delivered to the instance by its metadata service";
                    self.tell(at, person, IssuedBy::Assumed, Certainty::Proven, Some(why), told);
                } else if let Some(name) = &who.source_identity {
                    let person = self.person_named(CallerKind::SourceIdentity, name, None);
                    let why = "the session carries this source identity";
                    self.tell(at, person, IssuedBy::Assumed, Certainty::Inferred, Some(why), told);
                }
                let from = match began {
                    Some(began) => format!("the call that assumed the role at {began} is not in the archive"),
                    None => "the call that assumed the role is not in the archive".to_owned(),
                };
                self.nodes[at].missing.insert(from);
            }
            CallerKind::FederatedUser if who.issuer.is_some() => {
                let issuer = who.issuer.clone().unwrap_or_default();
                let name = issuer.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
                let kind = if issuer.ends_with(":root") { CallerKind::Root } else { CallerKind::IamUser };
                let person = self.person_named(kind, &name, Some(issuer));
                self.tell(
                    at,
                    person,
                    IssuedBy::Federated,
                    Certainty::Proven,
                    Some("the session names its issuer"),
                    told,
                );
                self.nodes[at]
                    .missing
                    .insert("the call that began the session is not in the archive".to_owned());
            }
            _ => {
                let person = self.person(who);
                self.tell(at, person, IssuedBy::Owns, Certainty::Proven, None, told);
                self.nodes[at]
                    .missing
                    .insert("the sign-in or call that began the session is not in the archive".to_owned());
            }
        }
    }

    /// Links a node to what its own events say of it.
    fn tell(
        &mut self,
        to: usize,
        from: usize,
        how: IssuedBy,
        certainty: Certainty,
        why: Option<&str>,
        told: Option<(Time, String)>,
    ) {
        let (time, event) = told.map_or((None, None), |(time, event)| (Some(time), Some(event)));
        let link = CredentialLink {
            certainty,
            how,
            time,
            from,
            why: why.map(str::to_owned),
            call: None,
            events: event.into_iter().collect(),
        };
        self.link(to, link);
    }

    /// A password that somebody else set may be what a later sign-in was made with.
    fn link_passwords(&mut self) {
        let passwords: Vec<usize> =
            (0..self.nodes.len()).filter(|at| matches!(self.nodes[*at].id, NodeId::Password(..))).collect();
        let is_sign_in =
            |at: &usize| matches!(self.nodes[*at].id, NodeId::Session(_, _, SessionStart::Console));
        let mut sign_ins: HashMap<(String, String), Vec<usize>> = HashMap::new();
        for at in (0..self.nodes.len()).filter(is_sign_in) {
            if let NodeId::Session(arn, ..) = &self.nodes[at].id
                && let Some(user) = user_of(arn)
            {
                sign_ins.entry(user).or_default().push(at);
            }
        }
        for password in passwords {
            let NodeId::Password(account, user) = self.nodes[password].id.clone() else { continue };
            let set = self.nodes[password].parents.iter().filter(|link| link.how == IssuedBy::PasswordSet);
            let Some(set) = set.filter_map(|link| link.time).min() else { continue };
            let of_user = sign_ins.get(&(account, user.to_ascii_lowercase()));
            for at in of_user.into_iter().flatten().copied() {
                let NodeId::Session(_, Some(began), _) = &self.nodes[at].id else { continue };
                if *began >= set {
                    let (began, why) = (*began, "the password had been set before the sign-in");
                    self.tell(
                        at,
                        password,
                        IssuedBy::SignedIn,
                        Certainty::Inferred,
                        Some(why),
                        Some((began, String::new())),
                    );
                    if let Some(link) = self.nodes[at].parents.last_mut() {
                        link.events.clear();
                    }
                }
            }
        }
    }
}

/// The account of a session of Identity Center, and the permission set that its role was made for.
fn permission_set_of(arn: &str) -> Option<(String, String)> {
    let (front, role) = arn.split_once(":assumed-role/AWSReservedSSO_")?;
    let (_, account) = front.rsplit_once("::")?;
    let (set, _) = role.split('/').next()?.rsplit_once('_')?;
    Some((account.to_owned(), set.to_owned()))
}

/// The account and the name of the user of a session, in lower case.
fn user_of(arn: &str) -> Option<(String, String)> {
    let (front, path) = arn.split_once(":user/")?;
    let (_, account) = front.rsplit_once("::")?;
    Some((account.to_owned(), path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase()))
}

/// How long after the request to Identity Center the role is signed in to.
const NEAR_IDC: i64 = 5;
