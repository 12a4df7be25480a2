//! The neighbours of a resource: what it names, and what names it, step by step outwards.

use super::InventoryRow;
use crate::timeline::ResourceRelation;
use std::collections::{BTreeSet, HashMap, HashSet};

/// One edge of a graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphEdge {
    /// How far it is from the resource that was asked for.
    pub distance: usize,
    /// The resource that names the other.
    pub from: GraphNode,
    /// What it names, and how.
    #[serde(flatten)]
    pub relation: ResourceRelation,
}

/// One resource of a graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct GraphNode {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
}

impl GraphNode {
    /// Returns the node of a resource.
    pub fn of(row: &InventoryRow) -> Self {
        Self { kind: row.resource.kind.to_string(), id: row.resource.id.clone() }
    }
}

impl GraphEdge {
    /// What the edge leads to.
    pub fn to(&self) -> GraphNode {
        GraphNode { kind: self.relation.resource_type.clone(), id: self.relation.resource_id.clone() }
    }
}

/// The edges that lead to or from the roots, step by step outwards.
pub fn find_edges(roots: &[GraphNode], listed: &[InventoryRow], depth: usize) -> Vec<GraphEdge> {
    let all: Vec<GraphEdge> = listed
        .iter()
        .flat_map(|it| {
            let from = GraphNode::of(it);
            let edge = move |relation: &_| GraphEdge {
                distance: 0,
                from: from.clone(),
                relation: Clone::clone(relation),
            };
            it.relations.iter().map(edge)
        })
        .collect();
    let mut ends: HashMap<GraphNode, Vec<usize>> = HashMap::new();
    for (at, edge) in all.iter().enumerate() {
        ends.entry(edge.from.clone()).or_default().push(at);
        ends.entry(edge.to()).or_default().push(at);
    }
    let mut near: HashSet<GraphNode> = roots.iter().cloned().collect();
    let mut outermost: Vec<GraphNode> = roots.to_vec();
    let mut found: BTreeSet<GraphEdge> = BTreeSet::new();
    let mut taken = vec![false; all.len()];
    for distance in 1..=depth {
        let mut next = Vec::new();
        for at in outermost.iter().filter_map(|node| ends.get(node)).flatten() {
            if std::mem::replace(&mut taken[*at], true) {
                continue;
            }
            let edge = &all[*at];
            next.extend([edge.from.clone(), edge.to()].into_iter().filter(|node| !near.contains(node)));
            found.insert(GraphEdge { distance, ..edge.clone() });
        }
        if next.is_empty() {
            break;
        }
        near.extend(next.iter().cloned());
        outermost = next;
    }
    found.into_iter().collect()
}
