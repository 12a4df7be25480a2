//! Which part of the graph answers the question: what was asked for, all that it came from, and all
//! that came out of it; and where each of these stands in the tree.
//!
//! Nothing here recurses: how deep a chain is, is for whoever wrote the logs to say.

use super::grant::IssuedBy;
use super::graph::{CredentialGraph, CredentialLink, CredentialNode, NodeId};
use super::target::TraceTarget;
use crate::event::Time;
use std::collections::{BTreeMap, BTreeSet};

/// One place in the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct TreePlace {
    pub(super) node: usize,
    pub(super) depth: usize,
    /// The place of its parent in the list.
    pub(super) parent: Option<usize>,
    /// Which of its parents that is.
    pub(super) link: Option<usize>,
}

/// The part of the graph that answers.
pub(super) struct TracedPart {
    /// Depth first, parents before children.
    pub(super) places: Vec<TreePlace>,
    pub(super) asked: BTreeSet<usize>,
    pub(super) found_as: BTreeMap<&'static str, Vec<usize>>,
}

impl TracedPart {
    /// `made` are the nodes that the events asked for made, `by` those that made these events.
    pub(super) fn of(graph: &CredentialGraph, wanted: &TraceTarget, made: &[usize], by: &[usize]) -> Self {
        let found_as = wanted.find(graph);
        let mut asked: BTreeSet<usize> = found_as.values().flatten().chain(made).copied().collect();
        let children = list_children(graph);
        let mut included = find_reachable(asked.iter().copied(), |at| children[at].clone());
        // How a user's keys and password came to be belongs to the user.
        let is_owned = |at: &&usize| {
            let node = &graph.nodes[**at];
            node.parents.iter().any(|link| link.how == IssuedBy::Owns && asked.contains(&link.from))
                && matches!(node.id, NodeId::Key(_) | NodeId::Password(..))
        };
        let owned = asked.iter().flat_map(|at| &children[*at]).filter(is_owned);
        let up = asked.iter().chain(owned).chain(by).copied();
        included.extend(find_reachable(up, |at| find_origins(&graph.nodes[at])));
        let places = place_nodes(graph, &included, &children);
        if asked.is_empty() {
            asked.extend(by);
        }
        Self { places, asked, found_as }
    }
}

/// Where a node came from. Whose a key is stands in its name: where it is known who made it, that leads on.
fn find_origins(node: &CredentialNode) -> Vec<usize> {
    let made = |link: &CredentialLink| matches!(link.how, IssuedBy::KeyCreated | IssuedBy::PasswordSet);
    let is_made = node.parents.iter().any(made);
    let links = node.parents.iter().filter(|link| !is_made || link.how != IssuedBy::Owns);
    links.map(|link| link.from).collect()
}

fn list_children(graph: &CredentialGraph) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); graph.nodes.len()];
    for (at, node) in graph.nodes.iter().enumerate() {
        for link in &node.parents {
            children[link.from].push(at);
        }
    }
    children
}

/// All that can be reached; every node once, so that a circle ends.
fn find_reachable(from: impl Iterator<Item = usize>, next: impl Fn(usize) -> Vec<usize>) -> BTreeSet<usize> {
    let mut seen: BTreeSet<usize> = from.collect();
    let mut open: Vec<usize> = seen.iter().copied().collect();
    while let Some(at) = open.pop() {
        for next in next(at) {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

fn place_nodes(
    graph: &CredentialGraph,
    included: &BTreeSet<usize>,
    children: &[Vec<usize>],
) -> Vec<TreePlace> {
    let mut order: Vec<usize> = included.iter().copied().collect();
    order.sort_by_cached_key(|at| sort_key(&graph.nodes[*at]));
    let rank: BTreeMap<usize, usize> = order.iter().enumerate().map(|(rank, at)| (*at, rank)).collect();
    let primary: BTreeMap<usize, Option<usize>> =
        order.iter().map(|at| (*at, choose_parent(graph, &graph.nodes[*at], included, &rank))).collect();
    let mut places: Vec<TreePlace> = Vec::with_capacity(order.len());
    let mut placed = BTreeSet::new();
    let roots = order.iter().filter(|at| primary[*at].is_none());
    // What is left after the roots is below a circle, which has none: its earliest stands for it.
    for root in roots.chain(&order) {
        if placed.contains(root) {
            continue;
        }
        let mut open = vec![TreePlace { node: *root, depth: 0, parent: None, link: None }];
        while let Some(place) = open.pop() {
            if !placed.insert(place.node) {
                continue;
            }
            let parent = places.len();
            places.push(place);
            let mut below: Vec<usize> = children[place.node]
                .iter()
                .copied()
                .filter(|at| included.contains(at) && !placed.contains(at))
                .filter(|at| {
                    primary[at].is_some_and(|link| graph.nodes[*at].parents[link].from == place.node)
                })
                .collect();
            below.sort_unstable_by_key(|at| std::cmp::Reverse(rank[at]));
            below.dedup();
            open.extend(below.into_iter().map(|node| TreePlace {
                node,
                depth: place.depth + 1,
                parent: Some(parent),
                link: primary[&node],
            }));
        }
    }
    places
}

/// Under which of its parents a node stands: the surest, and what made it before whom it belongs to.
fn choose_parent(
    graph: &CredentialGraph,
    node: &CredentialNode,
    included: &BTreeSet<usize>,
    rank: &BTreeMap<usize, usize>,
) -> Option<usize> {
    let links = node.parents.iter().enumerate().filter(|(_, link)| included.contains(&link.from));
    let best = links.min_by_key(|(_, link)| {
        let belongs = matches!(link.how, IssuedBy::Owns | IssuedBy::SamePerson | IssuedBy::SameSession);
        // A call that came back to where it started is no place to stand.
        let is_later = time_of(&graph.nodes[link.from]) > time_of(node);
        (is_later, link.certainty, belongs, link.time, rank.get(&link.from))
    });
    best.map(|(at, _)| at)
}

/// When a node began to be, as far as the archive tells.
pub(super) fn time_of(node: &CredentialNode) -> Option<Time> {
    let began = match &node.id {
        NodeId::Session(_, began, _) => *began,
        NodeId::Person(_) => return None,
        _ => node.parents.iter().filter(|link| link.call.is_some()).filter_map(|link| link.time).min(),
    };
    began.or(node.usage.first.as_ref().map(|(time, _)| *time))
}

/// What nodes are sorted by: no part of it depends on files or threads.
fn sort_key(node: &CredentialNode) -> (Option<Time>, Option<Time>, NodeId) {
    (time_of(node), node.usage.first.as_ref().map(|it| it.0), node.id.clone())
}
