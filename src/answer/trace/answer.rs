//! The answer: a tree of persons and credentials, plain data for whoever writes it.

use super::caller::CallerKind;
use super::facts::{CallCount, CredentialFacts};
use super::grant::IssuedBy;
use super::graph::{Certainty, CredentialGraph, CredentialNode, NodeId, SessionStart};
use super::passes::CredentialSet;
use super::revocation::RevocationRow;
use super::target::{TraceTarget, role_and_session};
use super::validity::{KeyStatus, Revocations, key_status};
use super::walk::{TracedPart, TreePlace, time_of};
use crate::event::Time;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// What a node of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A user, root, a service, an outside identity.
    Person,
    /// A long-lived access key.
    AccessKey,
    /// The password of a user.
    Password,
    /// A session, with its temporary keys.
    Session,
    /// Calls of a service in the name of somebody.
    OnBehalf,
}

/// An access key of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyRow {
    /// The key.
    pub access_key_id: String,
    /// When it expires; `None` where no event tells.
    pub expiration: Option<Time>,
    /// Whether an event ties it to the session, or only the name and the beginning of the session do.
    pub certainty: Certainty,
    /// How many events it signed.
    pub events: u64,
}

/// How often a call was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRow {
    /// The call.
    #[serde(flatten)]
    pub call: CallCount,
    /// How many events tell of it.
    pub events: u64,
    /// How many of them failed.
    pub failed: u64,
}

/// Where a node came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkRow {
    /// The node in this answer; `None` where it is not part of it.
    pub from: Option<usize>,
    /// What that node is called.
    pub from_label: String,
    /// How it came from there.
    pub how: IssuedBy,
    /// How sure that is.
    pub certainty: Certainty,
    /// Why, where the event alone does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When.
    pub event_time: Option<Time>,
    /// By which call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// The events that tell it.
    #[serde(rename = "eventIDs")]
    pub event_ids: Vec<String>,
}

/// A person or a credential in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeRow {
    /// Its number in this answer.
    pub node: usize,
    /// What it is.
    pub kind: NodeKind,
    /// What a person would call it.
    pub label: String,
    /// How deep it stands in the tree.
    pub depth: usize,
    /// The number of the node that it stands below.
    pub parent: Option<usize>,
    /// Whether it is what was asked for.
    pub asked: bool,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// The source identity of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    /// The Identity Center user on whose behalf it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// What the credential was issued to (`inScopeOf`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_scope_of: Option<String>,
    /// Its access keys.
    pub keys: Vec<KeyRow>,
    /// When it was made or began.
    pub began: Option<Time>,
    /// The first event made with it.
    pub first_used: Option<Time>,
    /// The last event made with it.
    pub last_used: Option<Time>,
    /// How many events were made with it.
    pub events: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How many of them name no key of a session that has some, and are told by its name and beginning.
    pub without_key: u64,
    /// The same by call, most first.
    pub calls: Vec<CallRow>,
    /// Where they came from.
    #[serde(rename = "sourceIPAddresses")]
    pub addresses: Vec<String>,
    /// Whether the console used it.
    pub console: bool,
    /// What took it away, or gave it back.
    pub taken_away: Vec<RevocationRow>,
    /// Whether it could be used at the moment that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<KeyStatus>,
    /// What the archive does not tell of where it came from.
    pub missing: Vec<String>,
    /// Where it came from, the surest first.
    pub links: Vec<LinkRow>,
}

/// The event that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AskedRow {
    /// Its id.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// When it happened.
    pub event_time: Option<Time>,
    /// Which call it was.
    pub event_name: String,
    /// The node that made it.
    pub node: Option<usize>,
}

/// The answer to a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// What was found under the name that was asked for, and how often.
    pub found_as: BTreeMap<&'static str, u64>,
    /// The events that were asked for.
    pub asked_events: Vec<AskedRow>,
    /// The tree, depth first.
    pub nodes: Vec<NodeRow>,
}

impl CredentialFacts {
    /// Returns the tree of what is wanted; with `at`, what could be used at that moment.
    pub fn trace(&self, wanted: &TraceTarget, at: Option<Time>) -> Trace {
        let graph = CredentialGraph::of(self);
        let part = self.part(&graph, wanted);
        let numbers: HashMap<usize, usize> =
            part.places.iter().enumerate().map(|(number, place)| (place.node, number)).collect();
        let labels = |at: usize| label_node(&graph.nodes[at]);
        let revocations = Revocations::of(&self.takings);
        let nodes = part.places.iter().enumerate().map(|(number, place)| {
            let mut row = node_row(&graph, &part, place, number);
            row.links = link_rows(&graph.nodes[place.node], place.link, &numbers, &labels);
            let takings = revocations.of_node(&graph.nodes[place.node]);
            row.at = at.and_then(|at| key_status(&graph.nodes[place.node], &takings, at));
            row.taken_away = takings.iter().map(|taking| taking.row()).collect();
            row
        });
        let nodes = nodes.collect();
        let asked_events = self.asked.iter().map(|asked| AskedRow {
            event_id: asked.event_id.clone(),
            event_time: asked.time,
            event_name: asked.call.clone(),
            node: graph.places.get(&asked.caller).and_then(|at| numbers.get(at)).copied(),
        });
        let found_as = part.found_as.iter().map(|(word, nodes)| (*word, nodes.len() as u64)).collect();
        Trace { found_as, asked_events: asked_events.collect(), nodes }
    }

    /// Returns what the trace goes through, so that a second look at the archive finds all that was
    /// done with it.
    pub fn through(&self, wanted: &TraceTarget) -> CredentialSet {
        let graph = CredentialGraph::of(self);
        let part = self.part(&graph, wanted);
        let mut through = CredentialSet::default();
        for place in &part.places {
            let node = &graph.nodes[place.node];
            node.keys.keys().chain(&node.principals).for_each(|name| through.add(name));
            match &node.id {
                NodeId::Key(key) => through.add(key),
                NodeId::Session(arn, ..) | NodeId::OnBehalf(arn, _) => through.add(arn),
                NodeId::Person(_) | NodeId::Password(..) => {
                    node.who.arn.iter().for_each(|arn| through.add(arn))
                }
            }
        }
        through
    }

    fn part(&self, graph: &CredentialGraph, wanted: &TraceTarget) -> TracedPart {
        let made = self.asked.iter().flat_map(|asked| &asked.made);
        let made: Vec<usize> = made.filter_map(|key| graph.by_key.get(key)).copied().collect();
        let by = self.asked.iter().filter_map(|asked| graph.places.get(&asked.caller));
        TracedPart::of(graph, wanted, &made, &by.copied().collect::<Vec<_>>())
    }
}

fn node_row(graph: &CredentialGraph, part: &TracedPart, place: &TreePlace, number: usize) -> NodeRow {
    let node = &graph.nodes[place.node];
    let (events, failed) = node.usage.count();
    let is_made = node.parents.iter().any(|link| link.call.is_some());
    let calls = node.usage.calls.iter().map(|(call, [done, not])| CallRow {
        call: call.clone(),
        events: done + not,
        failed: *not,
    });
    let mut calls: Vec<CallRow> = calls.collect();
    calls.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.call.cmp(&b.call)));
    NodeRow {
        node: number,
        kind: match node.id {
            NodeId::Person(_) => NodeKind::Person,
            NodeId::Key(_) => NodeKind::AccessKey,
            NodeId::Password(..) => NodeKind::Password,
            NodeId::Session(..) => NodeKind::Session,
            NodeId::OnBehalf(..) => NodeKind::OnBehalf,
        },
        label: label_node(node),
        depth: place.depth,
        parent: place.parent,
        asked: part.asked.contains(&place.node),
        arn: node.who.arn.clone(),
        account: node.who.account.clone(),
        source_identity: node.who.source_identity.clone(),
        on_behalf_of: node.who.on_behalf_of.clone(),
        in_scope_of: node.who.scope.clone(),
        keys: key_rows(node, is_made),
        began: time_of(node).filter(|_| is_made || matches!(node.id, NodeId::Session(..))),
        first_used: node.usage.first.as_ref().map(|it| it.0),
        last_used: node.usage.last.as_ref().map(|it| it.0),
        events,
        failed,
        without_key: if node.keys.is_empty() { 0 } else { node.without_key },
        calls,
        addresses: node.usage.addresses.iter().cloned().collect(),
        console: node.usage.console,
        taken_away: Vec::new(),
        at: None,
        missing: node.missing.iter().cloned().collect(),
        links: Vec::new(),
    }
}

fn key_rows(node: &CredentialNode, is_made: bool) -> Vec<KeyRow> {
    let certainty = |made: bool| if made || !is_made { Certainty::Proven } else { Certainty::Inferred };
    let mut keys: Vec<KeyRow> = node
        .keys
        .iter()
        .map(|(key, of)| KeyRow {
            access_key_id: key.clone(),
            expiration: of.expires,
            certainty: certainty(!of.made_by.is_empty()),
            events: of.events,
        })
        .collect();
    if let NodeId::Key(key) = &node.id {
        let events = node.usage.count().0;
        let access_key_id = key.clone();
        keys.push(KeyRow { access_key_id, expiration: None, certainty: Certainty::Proven, events });
    }
    keys
}

fn link_rows(
    node: &CredentialNode,
    first: Option<usize>,
    numbers: &HashMap<usize, usize>,
    labels: &dyn Fn(usize) -> String,
) -> Vec<LinkRow> {
    let row = |at: usize| {
        let link = &node.parents[at];
        LinkRow {
            from: numbers.get(&link.from).copied(),
            from_label: labels(link.from),
            how: link.how,
            certainty: link.certainty,
            why: link.why.clone(),
            event_time: link.time,
            event_name: link.call.clone(),
            event_ids: link.events.iter().filter(|id| !id.is_empty()).cloned().collect(),
        }
    };
    // The one that it stands below comes first.
    let rest = (0..node.parents.len()).filter(|at| Some(*at) != first);
    first.into_iter().chain(rest).map(row).collect()
}

/// What a person would call a node.
pub(in crate::answer) fn label_node(node: &CredentialNode) -> String {
    let who = &node.who;
    match &node.id {
        NodeId::Person(id) => match (&who.kind, &who.principal_id) {
            (CallerKind::AwsService, _) => format!("service {}", who.name),
            (CallerKind::AwsAccount, Some(id)) => {
                format!("{id} of account {}", who.account.as_deref().unwrap_or("unknown"))
            }
            (CallerKind::SamlUser | CallerKind::WebIdentityUser, _) => who.who.clone(),
            _ if who.who.is_empty() => id.clone(),
            _ => who.who.trim().to_owned(),
        },
        NodeId::Key(key) => match node.user.as_ref().or(Some(&who.name)).filter(|name| !name.is_empty()) {
            Some(user) => format!("access key {key} of {user}"),
            None => format!("access key {key}"),
        },
        NodeId::Password(_, user) => format!("password of {}", node.user.as_ref().unwrap_or(user)),
        NodeId::OnBehalf(arn, service) => format!("{service} for {}", last_segment(arn)),
        NodeId::Session(arn, _, by) => match role_and_session(arn) {
            Some((role, session)) => format!("role {role} (session {session})"),
            None if arn.contains(":federated-user/") => format!("federated user {}", last_segment(arn)),
            None if *by == SessionStart::Console => format!("console session of {}", last_segment(arn)),
            None => format!("session of {}", last_segment(arn)),
        },
    }
}

fn last_segment(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}
