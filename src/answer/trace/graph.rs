//! What the facts come to: persons, keys, passwords and sessions, and how each came from another.
//!
//! A link is proven when one event names both ends; it is inferred when they are held together by
//! a name and a moment. What is missing is said, never made up.

use super::attribution::Attribution;
use super::caller::{Caller, CallerKind};
use super::facts::{CredentialFacts, CredentialUsage};
use super::grant::{Issuance, IssuedBy};
use super::issuance_links::{grant_link, group_by_call};
use crate::event::Time;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How far a link can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// An event names both ends.
    Proven,
    /// Names and moments agree; another explanation is possible.
    Inferred,
    /// The archive does not tell.
    Unknown,
}

/// What a node is, and what makes it this one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::answer) enum NodeId {
    /// A user, root, a service, an outside identity: by ARN, else by what there is.
    Person(String),
    /// A long-lived access key.
    Key(String),
    /// The password of a user, by account and name.
    Password(String, String),
    /// A session: its ARN, when it began, and by what.
    Session(String, Option<Time>, SessionStart),
    /// Calls of a service in the name of an identity, by ARN and service.
    OnBehalf(String, String),
}

/// What began a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::answer) enum SessionStart {
    /// No call in the archive.
    Unknown,
    /// A call, by the key or the person that signed it.
    SignedBy(String),
    /// A sign-in to the console.
    Console,
    /// A switch of roles in the console.
    RoleSwitch,
}

/// One access key of a session.
#[derive(Clone, Debug, Default)]
pub(in crate::answer) struct KeyKind {
    pub(in crate::answer) expires: Option<Time>,
    /// The events that made it; none when it is only inferred to belong here.
    pub(in crate::answer) made_by: BTreeSet<String>,
    /// How many events it signed.
    pub(in crate::answer) events: u64,
}

/// Where a node came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::answer) struct CredentialLink {
    pub(in crate::answer) certainty: Certainty,
    pub(in crate::answer) how: IssuedBy,
    pub(in crate::answer) time: Option<Time>,
    pub(in crate::answer) from: usize,
    pub(in crate::answer) why: Option<String>,
    pub(in crate::answer) call: Option<String>,
    pub(in crate::answer) events: BTreeSet<String>,
}

impl CredentialLink {
    /// Takes in a link that says the same, by another event.
    fn takes(&mut self, other: &mut Self) -> bool {
        let same = self.from == other.from
            && self.certainty == other.certainty
            && self.how == other.how
            && self.time == other.time
            && self.why == other.why
            && self.call == other.call;
        if same {
            // One by one: to append rebuilds what there is, for each of the links that say the same.
            self.events.extend(std::mem::take(&mut other.events));
        }
        same
    }
}

/// A person or a credential.
#[derive(Clone, Debug)]
pub(in crate::answer) struct CredentialNode {
    pub(in crate::answer) id: NodeId,
    pub(in crate::answer) who: Caller,
    pub(in crate::answer) user: Option<String>,
    pub(in crate::answer) keys: BTreeMap<String, KeyKind>,
    pub(in crate::answer) usage: CredentialUsage,
    /// How many events in it name no key.
    pub(in crate::answer) without_key: u64,
    pub(in crate::answer) parents: Vec<CredentialLink>,
    pub(in crate::answer) missing: BTreeSet<String>,
    pub(in crate::answer) principals: BTreeSet<String>,
}

/// The sessions of one ARN that are nearest to a moment, within so many seconds.
type NearSessions = HashMap<(Option<Time>, i64), Arc<[usize]>>;

/// Everything that is known of where credentials came from.
#[derive(Default)]
pub(in crate::answer) struct CredentialGraph {
    pub(in crate::answer) nodes: Vec<CredentialNode>,
    pub(in crate::answer) index: HashMap<NodeId, usize>,
    pub(in crate::answer) by_key: HashMap<String, usize>,
    /// Sessions by ARN and the moments they began.
    pub(in crate::answer) by_arn: HashMap<String, BTreeSet<(Option<Time>, usize)>>,
    /// The same of those that a call other than a sign-in began.
    pub(in crate::answer) made_by_arn: HashMap<String, BTreeSet<(Option<Time>, usize)>>,
    /// The nearest sessions that were found, by ARN, moment and reach, while no more were made.
    near: HashMap<String, NearSessions>,
    /// How many sessions and links were looked at or made, which is what the time hangs on.
    #[cfg(test)]
    pub(in crate::answer) looks: usize,
    /// What a unique id stands for, by the moments sessions began.
    pub(in crate::answer) by_principal: HashMap<String, BTreeSet<(Option<Time>, usize)>>,
    pub(in crate::answer) places: HashMap<Caller, usize>,
    /// Users by account and name.
    pub(in crate::answer) users: HashMap<(String, String), usize>,
}

/// How far `creationDate` may lie from the call that began the session.
pub(super) const NEAR: i64 = 1;
/// The same for a sign-in, of which the parts are logged one after the other.
pub(super) const NEAR_SIGN_IN: i64 = 5;

impl CredentialGraph {
    /// Puts the facts together.
    pub(in crate::answer) fn of(facts: &CredentialFacts) -> Self {
        let mut graph = Self::default();
        let mut grants: Vec<&Issuance> = facts.grants.iter().map(AsRef::as_ref).collect();
        grants.sort_unstable();
        let calls = group_by_call(&grants);
        graph.name_principals(facts);
        let made: Vec<(usize, &Vec<&Issuance>)> =
            calls.iter().filter_map(|call| Some((graph.make(call)?, call))).collect();
        let switches = graph.switches(&calls);
        let mut uses: Vec<(&Caller, &CredentialUsage)> =
            facts.uses.iter().map(|(caller, usage)| (caller.as_ref(), usage)).collect();
        uses.sort_unstable_by_key(|(caller, _)| *caller);
        Attribution::new(&mut graph, &uses).place(&uses, &facts.asked);
        for (node, call) in made {
            graph.link_grant(node, call);
        }
        for (grant, at, certainty, why) in switches {
            let Some(from) = &grant.made.from else { continue };
            let from = graph.source_of_switch(from, grant.time);
            graph.link(at, grant_link(grant, from, certainty, why));
        }
        graph.link_identity_center(&grants);
        graph.link_rest();
        for node in &mut graph.nodes {
            node.parents.sort_unstable();
            node.parents.dedup_by(|later, kept| kept.takes(later));
        }
        graph
    }

    /// Returns the node, made when it is new.
    pub(in crate::answer) fn node(&mut self, id: NodeId, who: impl FnOnce() -> Caller) -> usize {
        if let Some(at) = self.index.get(&id) {
            return *at;
        }
        let at = self.nodes.len();
        let who = who();
        self.nodes.push(CredentialNode {
            id: id.clone(),
            user: None,
            keys: BTreeMap::new(),
            usage: CredentialUsage::default(),
            without_key: 0,
            parents: Vec::new(),
            missing: BTreeSet::new(),
            principals: who.principal_id.iter().cloned().collect(),
            who,
        });
        if let (NodeId::Person(_), CallerKind::IamUser) = (&id, &self.nodes[at].who.kind) {
            let who = &self.nodes[at].who;
            let name = (who.account.clone().unwrap_or_default(), who.name.to_ascii_lowercase());
            self.users.entry(name).or_insert(at);
        }
        if let NodeId::Session(arn, began, by) = &id {
            self.by_arn.entry(arn.clone()).or_default().insert((*began, at));
            if matches!(by, SessionStart::SignedBy(_) | SessionStart::RoleSwitch) {
                self.made_by_arn.entry(arn.clone()).or_default().insert((*began, at));
            }
            if *by != SessionStart::Unknown {
                self.near.remove(arn);
            }
        }
        self.index.insert(id, at);
        at
    }

    /// Returns the person (or service, or outside identity) behind a caller, whatever it signed with.
    pub(in crate::answer) fn person(&mut self, caller: &Caller) -> usize {
        // A sign-in may name the user without an ARN.
        if let (None, CallerKind::IamUser, Some(account)) = (&caller.arn, &caller.kind, &caller.account)
            && let Some(at) = self.users.get(&(account.clone(), caller.name.to_ascii_lowercase()))
        {
            return *at;
        }
        let at = self.node(NodeId::Person(person_id(caller)), || Caller {
            key: None,
            created: None,
            invoked_by: None,
            session: None,
            ..caller.clone()
        });
        self.nodes[at].principals.extend(caller.principal_id.clone());
        at
    }

    pub(in crate::answer) fn person_named(
        &mut self,
        kind: CallerKind,
        name: &str,
        arn: Option<String>,
    ) -> usize {
        let account = arn.as_deref().and_then(super::grant::account_of);
        let who = match kind {
            CallerKind::IamUser => name.to_owned(),
            _ => format!("{} {name}", describe_caller_kind(&kind)),
        };
        self.person(&Caller { kind, name: name.to_owned(), who, arn, account, ..Caller::default() })
    }

    pub(in crate::answer) fn link(&mut self, to: usize, link: CredentialLink) {
        // A thing cannot come from itself.
        if link.from != to {
            self.count(1);
            self.nodes[to].parents.push(link);
        }
    }

    pub(in crate::answer) fn latest_session(&self, arn: &str, time: Option<Time>) -> Option<usize> {
        let (_, at) = self.by_arn.get(arn)?.range(..=(time, usize::MAX)).next_back()?;
        self.began(*at).is_some().then_some(*at)
    }

    /// Returns the sessions of this ARN that began within `near` seconds of `time`, the nearest only.
    ///
    /// Many calls of one second ask for the same, and there may be as many sessions: they are looked for once.
    pub(in crate::answer) fn sessions_near(
        &mut self,
        arn: &str,
        time: Option<Time>,
        near: i64,
    ) -> Arc<[usize]> {
        if let Some(known) = self.near.get(arn).and_then(|it| it.get(&(time, near))) {
            return Arc::clone(known);
        }
        let found: Arc<[usize]> = self.find_sessions_near(arn, time, near).into();
        self.count(found.len());
        self.near.entry(arn.to_owned()).or_default().insert((time, near), Arc::clone(&found));
        found
    }

    pub(in crate::answer) fn count(&mut self, _looks: usize) {
        #[cfg(test)]
        {
            self.looks += _looks;
        }
    }

    fn find_sessions_near(&self, arn: &str, time: Option<Time>, near: i64) -> Vec<usize> {
        let Some(time) = time else { return Vec::new() };
        let distance = |at: usize| match &self.nodes[at].id {
            NodeId::Session(_, Some(began), by) if *by != SessionStart::Unknown => {
                let distance = (began.utc() - time.utc()).num_seconds().abs();
                let near = if *by == SessionStart::Console { NEAR_SIGN_IN.max(near) } else { near };
                (distance <= near).then_some(distance)
            }
            _ => None,
        };
        // No session that is further away counts, whatever began it.
        let reach = chrono::TimeDelta::seconds(NEAR_SIGN_IN.max(near) + 1);
        let moment = |moment: Option<chrono::DateTime<chrono::Utc>>| moment.map(Time::from);
        let from = moment(time.utc().checked_sub_signed(reach));
        let until = moment(time.utc().checked_add_signed(reach)).unwrap_or(time);
        let sessions = self.by_arn.get(arn);
        let sessions = sessions.into_iter().flat_map(|it| it.range((from, 0)..=(Some(until), usize::MAX)));
        let told = sessions.filter_map(|(_, at)| Some((distance(*at)?, *at)));
        let told: Vec<(i64, usize)> = told.collect();
        let least = told.iter().map(|(distance, _)| *distance).min();
        let mut near: Vec<usize> =
            told.into_iter().filter(|it| Some(it.0) == least).map(|(_, at)| at).collect();
        near.sort_unstable();
        near
    }

    pub(in crate::answer) fn began(&self, at: usize) -> Option<Time> {
        match &self.nodes[at].id {
            NodeId::Session(_, began, _) => *began,
            _ => None,
        }
    }
}

/// What a person is told apart by.
pub(in crate::answer) fn person_id(caller: &Caller) -> String {
    if let Some(arn) = &caller.arn {
        return arn.clone();
    }
    let Caller { kind, name, .. } = caller;
    match kind {
        CallerKind::AwsService => format!("service {}", caller.invoked_by.as_ref().unwrap_or(name)),
        CallerKind::AwsAccount => format!("principal {}", caller.principal_id.as_ref().unwrap_or(name)),
        CallerKind::IdentityCenterUser => {
            format!("Identity Center user {}", caller.on_behalf_of.as_ref().unwrap_or(name))
        }
        _ => {
            let provider = caller.provider.as_deref().unwrap_or_default();
            let account = caller.account.as_deref().unwrap_or_default();
            format!("{} {name} {provider} {account}", kind.as_str())
        }
    }
}

fn describe_caller_kind(kind: &CallerKind) -> &str {
    match kind {
        CallerKind::IdentityCenterUser => "Identity Center user",
        CallerKind::Instance => "instance",
        CallerKind::SourceIdentity => "source identity",
        CallerKind::AssumedRole => "session",
        CallerKind::Root => "",
        other => other.as_str(),
    }
}
