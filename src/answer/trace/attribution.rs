//! Where the calls of a caller belong: with the key that signed them, the session they were made
//! in, or the person that made them without either.

use super::caller::{Caller, CallerKind};
use super::facts::{AskedEvent, CredentialUsage};
use super::grant::IssuedBy;
use super::graph::{Certainty, CredentialGraph, CredentialLink, NEAR, NodeId, SessionStart};
use crate::event::Time;
use std::collections::{BTreeSet, HashSet};

/// Puts callers in their places.
pub(super) struct Attribution<'g> {
    graph: &'g mut CredentialGraph,
    /// Sessions in which somebody called in person, by ARN and beginning.
    in_person: HashSet<(String, Option<Time>)>,
}

impl<'g> Attribution<'g> {
    pub(super) fn new(graph: &'g mut CredentialGraph, uses: &[(&Caller, &CredentialUsage)]) -> Self {
        let in_person = uses.iter().filter(|(caller, _)| !caller.is_forwarded() && !caller.has_long_key());
        let in_person =
            in_person.filter_map(|(caller, _)| Some((caller.arn.clone()?, caller.created))).collect();
        Self { graph, in_person }
    }

    /// Places every caller, and counts what it did there.
    pub(super) fn place(&mut self, uses: &[(&Caller, &CredentialUsage)], asked: &BTreeSet<AskedEvent>) {
        let asked = asked.iter().map(|asked| asked.caller.as_ref());
        for caller in uses.iter().map(|(caller, _)| *caller).chain(asked) {
            if !self.graph.places.contains_key(caller) {
                let at = self.place_of(caller);
                self.graph.places.insert(caller.clone(), at);
                self.learn(at, caller);
            }
        }
        for (caller, usage) in uses {
            let Some(at) = self.graph.places.get(*caller) else { continue };
            let node = &mut self.graph.nodes[*at];
            node.usage.merge(usage);
            if let Some(of) = caller.key.as_ref().and_then(|key| node.keys.get_mut(key)) {
                of.events += usage.count().0;
            }
            if caller.key.is_none() {
                node.without_key += usage.count().0;
            }
        }
    }

    fn place_of(&mut self, caller: &Caller) -> usize {
        let graph = &mut *self.graph;
        if let Some(key) = &caller.key {
            if let Some(at) = graph.by_key.get(key) {
                return *at;
            }
            if caller.has_long_key() {
                let at = graph.node(NodeId::Key(key.clone()), || caller.clone());
                graph.by_key.insert(key.clone(), at);
                return at;
            }
        }
        let in_session = caller.created.is_some()
            || matches!(caller.kind, CallerKind::AssumedRole | CallerKind::FederatedUser)
            || caller.key.is_some();
        let arn = match (&caller.arn, in_session) {
            (Some(arn), true) => arn.clone(),
            (None, true) if caller.key.is_some() => caller.key.clone().unwrap_or_default(),
            _ => return graph.person(caller),
        };
        let near = graph.sessions_near(&arn, caller.created, NEAR);
        if let [one] = *near {
            if let Some(key) = &caller.key {
                graph.nodes[one].keys.entry(key.clone()).or_default();
            }
            return one;
        }
        let is_user = matches!(caller.kind, CallerKind::IamUser | CallerKind::Root);
        if let (true, Some(service)) = (is_user && caller.is_forwarded(), &caller.invoked_by)
            && near.is_empty()
            && !self.in_person.contains(&(arn.clone(), caller.created))
        {
            return graph.node(NodeId::OnBehalf(arn, service.clone()), || caller.clone());
        }
        let id = NodeId::Session(arn, caller.created, SessionStart::Unknown);
        let is_new = !graph.index.contains_key(&id);
        let at = graph.node(id, || caller.clone());
        if let Some(key) = &caller.key {
            graph.nodes[at].keys.entry(key.clone()).or_default();
        }
        let many = near.len();
        // Whoever called in it first was linked to the same sessions.
        for from in near.iter().copied().filter(|_| is_new) {
            let why = format!("{many} sessions of this name began in the same second");
            graph.link(
                at,
                CredentialLink {
                    certainty: Certainty::Inferred,
                    how: IssuedBy::SameSession,
                    time: caller.created,
                    from,
                    why: Some(why),
                    call: None,
                    events: BTreeSet::new(),
                },
            );
        }
        at
    }

    /// Adds to a node what its callers tell of it.
    fn learn(&mut self, at: usize, caller: &Caller) {
        let node = &mut self.graph.nodes[at];
        node.principals.extend(caller.principal_id.clone());
        let mine = &mut node.who;
        let fill = |mine: &mut Option<String>, other: &Option<String>| {
            if mine.is_none() {
                mine.clone_from(other);
            }
        };
        if mine.kind == CallerKind::Unset {
            mine.kind.clone_from(&caller.kind);
            mine.name.clone_from(&caller.name);
            mine.who.clone_from(&caller.who);
        }
        for (mine, other) in [
            (&mut mine.arn, &caller.arn),
            (&mut mine.account, &caller.account),
            (&mut mine.issuer, &caller.issuer),
            (&mut mine.session, &caller.session),
            (&mut mine.source_identity, &caller.source_identity),
            (&mut mine.on_behalf_of, &caller.on_behalf_of),
            (&mut mine.scope, &caller.scope),
            (&mut mine.provider, &caller.provider),
        ] {
            fill(mine, other);
        }
        mine.on_instance |= caller.on_instance;
    }
}
