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
            // Once, however many calls led from one to the other.
            if children[link.from].last() != Some(&at) {
                children[link.from].push(at);
            }
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
    let mut rank: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    order.iter().enumerate().for_each(|(place, at)| rank[*at] = Some(place));
    // When each began, found once: it takes as long as a node has links, and many may hang below it.
    let times: Vec<Option<Time>> = graph.nodes.iter().map(time_of).collect();
    let mut primary: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    order.iter().for_each(|at| primary[*at] = choose_parent(&graph.nodes[*at], times[*at], &times, &rank));
    let mut places: Vec<TreePlace> = Vec::with_capacity(order.len());
    let mut placed = vec![false; graph.nodes.len()];
    let roots = order.iter().filter(|at| primary[**at].is_none());
    // What is left after the roots is below a circle, which has none: its earliest stands for it.
    for root in roots.chain(&order) {
        if placed[*root] {
            continue;
        }
        let mut open = vec![TreePlace { node: *root, depth: 0, parent: None, link: None }];
        while let Some(place) = open.pop() {
            if std::mem::replace(&mut placed[place.node], true) {
                continue;
            }
            let parent = places.len();
            places.push(place);
            let mut below: Vec<usize> = children[place.node]
                .iter()
                .copied()
                .filter(|at| rank[*at].is_some() && !placed[*at])
                .filter(|at| {
                    primary[*at].is_some_and(|link| graph.nodes[*at].parents[link].from == place.node)
                })
                .collect();
            below.sort_unstable_by_key(|at| std::cmp::Reverse(rank[*at]));
            open.extend(below.into_iter().map(|node| TreePlace {
                node,
                depth: place.depth + 1,
                parent: Some(parent),
                link: primary[node],
            }));
        }
    }
    places
}

/// Under which of its parents a node stands: the surest, and what made it before whom it belongs to.
fn choose_parent(
    node: &CredentialNode,
    began: Option<Time>,
    times: &[Option<Time>],
    rank: &[Option<usize>],
) -> Option<usize> {
    let links = node.parents.iter().enumerate().filter(|(_, link)| rank[link.from].is_some());
    let best = links.min_by_key(|(_, link)| {
        let belongs = matches!(link.how, IssuedBy::Owns | IssuedBy::SamePerson | IssuedBy::SameSession);
        // A call that came back to where it started is no place to stand.
        let is_later = times[link.from] > began;
        (is_later, link.certainty, belongs, link.time, rank[link.from])
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
