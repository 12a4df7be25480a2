//! The part of the graph that no call in the archive made: what the events themselves tell of where a
//! credential came from, and what is missing.

use super::caller::{Caller, CallerKind};
use super::grant::{Issuance, IssuedBy};
use super::graph::{Certainty, CredentialGraph, CredentialLink, NodeId, SessionStart};
use super::issuance_links::grant_link;
use crate::event::Time;

impl CredentialGraph {
    /// Identity Center says who asked for which permission set in which account, and the sign-in
    /// to the role follows within seconds; nothing else ties the two.
    pub(super) fn link_identity_center(&mut self, grants: &[&Issuance]) {
        let mut sessions: Vec<(String, usize)> = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if let NodeId::Session(arn, Some(_), by) = &node.id
                && *by != SessionStart::Unknown
                && arn.contains(":assumed-role/AWSReservedSSO_")
            {
                sessions.push((arn.clone(), at));
            }
        }
        for grant in grants.iter().filter(|grant| grant.how == IssuedBy::IdentityCenter) {
            let (Some(account), Some(set)) = (&grant.made.account, &grant.made.permission_set) else {
                continue;
            };
            let role = format!("::{account}:assumed-role/AWSReservedSSO_{set}_");
            let near = |at: usize| match (self.began(at), grant.time) {
                (Some(began), Some(time)) => (began.utc() - time.utc()).num_seconds().abs() <= NEAR_IDC,
                _ => false,
            };
            let of_role = |arn: &str| {
                arn.split_once(&role)
                    .is_some_and(|(_, rest)| !rest.split('/').next().unwrap_or("").contains('_'))
            };
            let found: Vec<usize> =
                sessions.iter().filter(|(arn, at)| of_role(arn) && near(*at)).map(|it| it.1).collect();
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
        let sign_ins: Vec<usize> = (0..self.nodes.len()).filter(is_sign_in).collect();
        for password in passwords {
            let NodeId::Password(account, user) = self.nodes[password].id.clone() else { continue };
            let set = self.nodes[password].parents.iter().filter(|link| link.how == IssuedBy::PasswordSet);
            let Some(set) = set.filter_map(|link| link.time).min() else { continue };
            for at in sign_ins.iter().copied() {
                let NodeId::Session(arn, Some(began), _) = &self.nodes[at].id else { continue };
                let same = *began >= set
                    && arn.contains(&format!("::{account}:user/"))
                    && arn.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(&user));
                if same {
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

/// How long after the request to Identity Center the role is signed in to.
const NEAR_IDC: i64 = 5;
