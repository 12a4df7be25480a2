//! The person at the start of a chain of sessions.
//!
//! The chain ends where somebody signed with something of their own: a long-lived key, a sign-in, an
//! outside identity. Who made that key or set that password is not the one who made the call; it is
//! told beside.

use super::trace::answer::label_node;
use super::trace::caller::{Caller, CallerKind};
use super::trace::facts::CredentialFacts;
use super::trace::grant::IssuedBy;
use super::trace::graph::{Certainty, CredentialGraph, CredentialLink, NodeId};
use serde::Serialize;
use std::collections::BTreeSet;

/// Who stands at the start of a chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// The person, service or outside identity, as a person would say it; where the chain breaks off,
    /// what stands there.
    pub who: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// How sure that is: the least of all links.
    pub certainty: Certainty,
    /// Why it is not proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// How many credentials lie between the call and the person.
    pub steps: usize,
    /// Who made the long-lived key at the start, where that was somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_made_by: Option<String>,
}

/// The origins of callers.
pub struct Origins {
    graph: CredentialGraph,
}

impl CredentialFacts {
    /// Returns what is known of where callers come from.
    pub fn origins(&self) -> Origins {
        Origins { graph: CredentialGraph::of(self) }
    }
}

impl Origins {
    /// Returns who stands behind a caller that was taken note of.
    pub fn of(&self, caller: &Caller) -> Option<Origin> {
        let start = *self.graph.places.get(caller)?;
        let mut walk =
            AncestrySearch { graph: &self.graph, certainty: Certainty::Proven, because: BTreeSet::new() };
        let node = &self.graph.nodes[start];
        let is_made = node.parents.iter().any(|link| link.call.is_some());
        let by_key = caller.key.as_ref().and_then(|key| node.keys.get(key));
        if matches!(node.id, NodeId::Session(..)) && is_made && by_key.is_none_or(|of| of.made_by.is_empty())
        {
            walk.doubt("the session is told by its name and beginning, not by its key");
        }
        Some(walk.up(start))
    }
}

impl CredentialGraph {
    /// The links that lead to who acted: not to who made the key or set the password; inferred ones
    /// only where none is proven.
    fn identity_links(&self, at: usize) -> Vec<&CredentialLink> {
        let node = &self.nodes[at];
        let is_identity = |link: &&CredentialLink| {
            !matches!(link.how, IssuedBy::KeyCreated | IssuedBy::PasswordSet)
                && !matches!(self.nodes[link.from].id, NodeId::Password(..))
        };
        let links: Vec<&CredentialLink> = node.parents.iter().filter(is_identity).collect();
        let proven: Vec<&CredentialLink> =
            links.iter().copied().filter(|it| it.certainty == Certainty::Proven).collect();
        if proven.is_empty() { links } else { proven }
    }
}

struct AncestrySearch<'g> {
    graph: &'g CredentialGraph,
    certainty: Certainty,
    because: BTreeSet<String>,
}

impl AncestrySearch<'_> {
    fn doubt(&mut self, why: &str) {
        self.certainty = self.certainty.max(Certainty::Inferred);
        self.because.insert(why.to_owned());
    }

    fn up(mut self, start: usize) -> Origin {
        let (mut at, mut steps) = (start, 0);
        let mut seen = BTreeSet::from([start]);
        let mut key_made_by = None;
        loop {
            let node = &self.graph.nodes[at];
            if matches!(node.id, NodeId::Key(_)) {
                key_made_by = self.maker(at);
            }
            let graph = self.graph;
            let links = graph.identity_links(at);
            let from: BTreeSet<usize> = links.iter().map(|link| link.from).collect();
            if from.is_empty() {
                let is_person = matches!(node.id, NodeId::Person(_))
                    && !matches!(
                        node.who.kind,
                        CallerKind::AwsAccount | CallerKind::SourceIdentity | CallerKind::AssumedRole
                    );
                if !is_person && node.who.kind != CallerKind::SourceIdentity {
                    self.certainty = Certainty::Unknown;
                }
                self.because.extend(node.missing.iter().filter(|_| !is_person).cloned());
                break;
            }
            for link in &links {
                if link.certainty == Certainty::Inferred {
                    let why = link.why.clone().unwrap_or_else(|| "a link is inferred".to_owned());
                    self.doubt(&why);
                }
            }
            let next = from.first().copied().unwrap_or(at);
            if from.len() > 1 && !self.same_person(&from) {
                self.certainty = Certainty::Unknown;
                self.because.insert(format!("{} explanations are possible", from.len()));
                break;
            }
            if !seen.insert(next) {
                self.certainty = Certainty::Unknown;
                self.because.insert("the chain leads back to itself".to_owned());
                break;
            }
            steps += usize::from(!matches!(node.id, NodeId::Person(_)));
            at = next;
        }
        let node = &self.graph.nodes[at];
        Origin {
            who: label_node(node),
            arn: node.who.arn.clone(),
            certainty: self.certainty,
            because: (!self.because.is_empty())
                .then(|| self.because.into_iter().collect::<Vec<_>>().join("; ")),
            steps,
            key_made_by,
        }
    }

    /// Whether several ways lead to one person in the end: sessions that the same credential began.
    fn same_person(&self, from: &BTreeSet<usize>) -> bool {
        let above = |at: usize| {
            let links = self.graph.identity_links(at);
            links.iter().map(|link| link.from).collect::<BTreeSet<usize>>()
        };
        let mut all = from.iter().map(|at| above(*at));
        let first = all.next().unwrap_or_default();
        !first.is_empty() && all.all(|other| other == first)
    }

    /// Who made a long-lived key, where that is another than the one who holds it.
    fn maker(&self, at: usize) -> Option<String> {
        let node = &self.graph.nodes[at];
        let made = node.parents.iter().find(|link| link.how == IssuedBy::KeyCreated)?;
        let owner = node.parents.iter().find(|link| link.how == IssuedBy::Owns).map(|link| link.from);
        let maker = &self.graph.nodes[made.from];
        let person = self.graph.identity_links(made.from).first().map(|link| link.from);
        (owner.is_none() || (owner != Some(made.from) && owner != person)).then(|| {
            label_node(
                &self.graph.nodes
                    [person.filter(|_| !matches!(maker.id, NodeId::Person(_))).unwrap_or(made.from)],
            )
        })
    }
}
