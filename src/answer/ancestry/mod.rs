//! What leads from each credential up to the person at the start, found once for all of them.
//!
//! A session assumes the next role, and that session the next: who signed the last link of a chain of n is the
//! same person as for all before it. So every node is gone up from once, and what is known of the node
//! above it is what its own way ends in; to follow the whole chain for each caller would cost the square of it.

use super::trace::caller::CallerKind;
use super::trace::grant::IssuedBy;
use super::trace::graph::{Certainty, CredentialGraph, CredentialLink, CredentialNode, NodeId};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The way from a node up to where its chain ends.
#[derive(Clone, Debug)]
pub(super) struct Lineage {
    /// The node at which it ends.
    pub(super) end: usize,
    /// The least of all links.
    pub(super) certainty: Certainty,
    /// Why it is not proven; shared by all nodes of which the same is true.
    pub(super) because: Arc<BTreeSet<Arc<str>>>,
    /// How many credentials lie between the node and the end.
    pub(super) steps: usize,
    /// The long-lived key that stands highest.
    key: Option<usize>,
}

/// The ways up from all nodes of a graph.
pub(super) struct Ancestry {
    lineages: Vec<Lineage>,
    links: Vec<IdentityLinks>,
    /// Who made a long-lived key, where that is not its owner.
    makers: HashMap<usize, usize>,
    /// How many nodes and links were looked at, which is what the time hangs on.
    #[cfg(test)]
    pub(super) looks: usize,
}

/// What is asked of the links of a node to who acted; of each node once.
struct IdentityLinks {
    /// The nodes that they lead to.
    from: Vec<usize>,
    /// Equal for nodes whose links lead to the same nodes; `None` where there are none.
    set: Option<usize>,
    /// Where the surest of them leads.
    surest: Option<usize>,
    /// Why they are not proven.
    doubts: BTreeSet<Arc<str>>,
    /// Whether a call in the archive made the node.
    is_made: bool,
}

/// One step up from a node: what it adds, and where it leads, unless the chain ends here.
struct StepUp {
    next: Option<usize>,
    certainty: Certainty,
    because: BTreeSet<Arc<str>>,
}

impl Ancestry {
    pub(super) fn of(graph: &CredentialGraph) -> Self {
        let mut sets: HashMap<Vec<usize>, usize> = HashMap::new();
        let links = graph.nodes.iter().map(|node| {
            let mut links = IdentityLinks::of(graph, node);
            links.set = (!links.from.is_empty()).then(|| {
                let number = sets.len();
                *sets.entry(links.from.clone()).or_insert(number)
            });
            links
        });
        let links: Vec<IdentityLinks> = links.collect();
        #[cfg(test)]
        let looks = graph.nodes.iter().map(|node| node.parents.len()).sum();
        let mut ancestry = Self {
            lineages: Vec::new(),
            links,
            makers: HashMap::new(),
            #[cfg(test)]
            looks,
        };
        let keys = (0..graph.nodes.len()).filter(|at| matches!(graph.nodes[*at].id, NodeId::Key(_)));
        ancestry.makers = keys.filter_map(|key| Some((key, ancestry.find_maker(graph, key)?))).collect();
        ancestry.follow_all(graph);
        ancestry
    }

    pub(super) fn lineage(&self, at: usize) -> &Lineage {
        &self.lineages[at]
    }

    /// Whether a call in the archive made the node.
    pub(super) fn is_made(&self, at: usize) -> bool {
        self.links[at].is_made
    }

    /// Goes up from every node until something is met from which the way is known. Nothing here recurses: how
    /// deep a chain is, is for whoever wrote the logs to say.
    fn follow_all(&mut self, graph: &CredentialGraph) {
        let mut known: Vec<Option<Lineage>> = vec![None; graph.nodes.len()];
        // Where a node stands on the way that is being gone.
        let mut places: Vec<Option<usize>> = vec![None; graph.nodes.len()];
        for start in 0..graph.nodes.len() {
            let mut path: Vec<(usize, StepUp)> = Vec::new();
            let mut at = start;
            while known[at].is_none() && places[at].is_none() {
                places[at] = Some(path.len());
                let step = self.step_up(graph, at);
                let next = step.next;
                path.push((at, step));
                let Some(next) = next else { break };
                at = next;
            }
            if let (None, Some(first)) = (&known[at], places[at])
                && path.last().is_some_and(|(_, step)| step.next.is_some())
            {
                let circle = path.split_off(first);
                go_round(graph, &circle, &mut known);
            }
            for (at, step) in path.into_iter().rev() {
                let above = step.next.and_then(|next| known[next].as_ref());
                known[at] = Some(Lineage::of(graph, at, step, above));
            }
        }
        self.lineages = known.into_iter().flatten().collect();
    }

    fn step_up(&mut self, graph: &CredentialGraph, at: usize) -> StepUp {
        #[cfg(test)]
        {
            self.looks += 1 + self.links[at].from.len();
        }
        let node = &graph.nodes[at];
        let IdentityLinks { from, doubts, .. } = &self.links[at];
        let Some(next) = from.first() else { return end_of_chain(node) };
        let mut because = doubts.clone();
        if from.len() > 1 && !self.is_one_person(from) {
            because.insert(format!("{} explanations are possible", from.len()).into());
            return StepUp { next: None, certainty: Certainty::Unknown, because };
        }
        let certainty = if because.is_empty() { Certainty::Proven } else { Certainty::Inferred };
        StepUp { next: Some(*next), certainty, because }
    }

    /// Whether several ways lead to one person in the end: sessions that the same credential began.
    fn is_one_person(&self, from: &[usize]) -> bool {
        let mut above = from.iter().map(|at| self.links[*at].set);
        let first = above.next().flatten();
        first.is_some() && above.all(|other| other == first)
    }

    /// Who made the long-lived key of a way, where that is another than the one who holds it.
    pub(super) fn key_maker(&self, lineage: &Lineage) -> Option<usize> {
        self.makers.get(&lineage.key?).copied()
    }

    fn find_maker(&self, graph: &CredentialGraph, key: usize) -> Option<usize> {
        let node = &graph.nodes[key];
        let made = node.parents.iter().find(|link| link.how == IssuedBy::KeyCreated)?;
        let owner = node.parents.iter().find(|link| link.how == IssuedBy::Owns).map(|link| link.from);
        let maker = &graph.nodes[made.from];
        let person = self.links[made.from].surest;
        let is_other = owner.is_none() || (owner != Some(made.from) && owner != person);
        is_other.then(|| person.filter(|_| !matches!(maker.id, NodeId::Person(_))).unwrap_or(made.from))
    }
}

impl IdentityLinks {
    /// The links that lead to who acted: not to who made the key or set the password; inferred ones
    /// only where none is proven.
    fn of(graph: &CredentialGraph, node: &CredentialNode) -> Self {
        let is_identity = |link: &&CredentialLink| {
            !matches!(link.how, IssuedBy::KeyCreated | IssuedBy::PasswordSet)
                && !matches!(graph.nodes[link.from].id, NodeId::Password(..))
        };
        let links = || node.parents.iter().filter(is_identity);
        let is_proven = links().any(|link| link.certainty == Certainty::Proven);
        let links = || links().filter(|link| !is_proven || link.certainty == Certainty::Proven);
        let mut from: Vec<usize> = links().map(|link| link.from).collect();
        let surest = from.first().copied();
        from.sort_unstable();
        from.dedup();
        let doubts = links().filter(|link| link.certainty == Certainty::Inferred);
        let doubts = doubts.map(|link| link.why.as_deref().unwrap_or("a link is inferred").into());
        Self {
            from,
            set: None,
            surest,
            doubts: doubts.collect(),
            is_made: node.parents.iter().any(|link| link.call.is_some()),
        }
    }
}

/// What is said of the node at which a chain ends.
fn end_of_chain(node: &CredentialNode) -> StepUp {
    let is_source = node.who.kind == CallerKind::SourceIdentity;
    let is_person = matches!(node.id, NodeId::Person(_))
        && !is_source
        && !matches!(node.who.kind, CallerKind::AwsAccount | CallerKind::AssumedRole);
    let is_known = is_person || is_source;
    let missing = node.missing.iter().filter(|_| !is_person);
    StepUp {
        next: None,
        certainty: if is_known { Certainty::Proven } else { Certainty::Unknown },
        because: missing.map(|it| it.as_str().into()).collect(),
    }
}

impl Lineage {
    /// The way from a node, by the way from the one above it.
    fn of(graph: &CredentialGraph, at: usize, step: StepUp, above: Option<&Self>) -> Self {
        let is_key = matches!(graph.nodes[at].id, NodeId::Key(_));
        let Some(above) = above else {
            return Self {
                end: at,
                certainty: step.certainty,
                because: Arc::new(step.because),
                steps: 0,
                key: is_key.then_some(at),
            };
        };
        let mut because = Arc::clone(&above.because);
        // Mostly nothing new is said on the way, and nothing is copied.
        if !step.because.is_subset(&because) {
            Arc::make_mut(&mut because).extend(step.because);
        }
        Self {
            end: above.end,
            certainty: above.certainty.max(step.certainty),
            because,
            steps: above.steps + usize::from(is_credential(graph, at)),
            key: above.key.or(is_key.then_some(at)),
        }
    }
}

fn is_credential(graph: &CredentialGraph, at: usize) -> bool {
    !matches!(graph.nodes[at].id, NodeId::Person(_))
}

/// A chain that leads back to itself: whoever stands in it is followed once round, to the one before.
fn go_round(graph: &CredentialGraph, circle: &[(usize, StepUp)], known: &mut [Option<Lineage>]) {
    let mut because: BTreeSet<Arc<str>> =
        circle.iter().flat_map(|(_, step)| step.because.iter().cloned()).collect();
    because.insert("the chain leads back to itself".into());
    let because = Arc::new(because);
    let credentials = circle.iter().filter(|(at, _)| is_credential(graph, *at)).count();
    let is_key = |at: &usize| matches!(graph.nodes[*at].id, NodeId::Key(_));
    let highest = circle.iter().map(|(at, _)| *at).rfind(is_key);
    // The highest key of those that come before: they are met last.
    let mut before = None;
    let mut end = circle.last().map(|(at, _)| *at);
    for (at, _) in circle {
        let last = end.unwrap_or(*at);
        known[*at] = Some(Lineage {
            end: last,
            certainty: Certainty::Unknown,
            because: Arc::clone(&because),
            steps: credentials - usize::from(is_credential(graph, last)),
            key: before.or(highest),
        });
        before = Some(*at).filter(is_key).or(before);
        end = Some(*at);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
