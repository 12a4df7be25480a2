//! The person at the start of a chain of sessions.
//!
//! The chain ends where somebody signed with something of their own: a long-lived key, a sign-in, an
//! outside identity. Who made that key or set that password is not the one who made the call; it is
//! told beside.

use super::ancestry::Ancestry;
use super::trace::answer::label_node;
use super::trace::caller::Caller;
use super::trace::facts::CredentialFacts;
use super::trace::graph::{Certainty, CredentialGraph, NodeId};
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
    ancestry: Ancestry,
}

impl CredentialFacts {
    /// Returns what is known of where callers come from.
    pub fn origins(&self) -> Origins {
        let graph = CredentialGraph::of(self);
        Origins { ancestry: Ancestry::of(&graph), graph }
    }
}

impl Origins {
    /// Returns who stands behind a caller that was taken note of.
    pub fn of(&self, caller: &Caller) -> Option<Origin> {
        let start = *self.graph.places.get(caller)?;
        let lineage = self.ancestry.lineage(start);
        let mut because: BTreeSet<&str> = lineage.because.iter().map(AsRef::as_ref).collect();
        let mut certainty = lineage.certainty;
        let node = &self.graph.nodes[start];
        let by_key = caller.key.as_ref().and_then(|key| node.keys.get(key));
        if matches!(node.id, NodeId::Session(..))
            && self.ancestry.is_made(start)
            && by_key.is_none_or(|of| of.made_by.is_empty())
        {
            certainty = certainty.max(Certainty::Inferred);
            because.insert("the session is told by its name and beginning, not by its key");
        }
        let end = &self.graph.nodes[lineage.end];
        Some(Origin {
            who: label_node(end),
            arn: end.who.arn.clone(),
            certainty,
            because: (!because.is_empty()).then(|| because.into_iter().collect::<Vec<_>>().join("; ")),
            steps: lineage.steps,
            key_made_by: self.ancestry.key_maker(lineage).map(|at| label_node(&self.graph.nodes[at])),
        })
    }
}
