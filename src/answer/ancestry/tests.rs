//! The ways up against walks from each caller by itself, and how much work is done.

use super::super::origin::Origin;
use super::super::trace::answer::label_node;
use super::super::trace::caller::Caller;
use super::super::trace::facts::CredentialFacts;
use super::super::trace::graph::SessionStart;
use super::super::trace::tests::{any_event, fold};
use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_way_is_that_of_a_walk_by_itself(events in prop::collection::vec(any_event(), 0..20)) {
        let facts = fold(&events, None);
        let graph = CredentialGraph::of(&facts);
        let ancestry = Ancestry::of(&graph);
        for start in 0..graph.nodes.len() {
            let walk =
                AncestrySearch { graph: &graph, certainty: Certainty::Proven, because: BTreeSet::new() };
            let lineage = ancestry.lineage(start);
            prop_assert_eq!(lineage.to_origin(&graph, &ancestry), walk.up(start));
            let is_made = graph.nodes[start].parents.iter().any(|link| link.call.is_some());
            prop_assert_eq!(ancestry.is_made(start), is_made);
        }
    }

    /// Links as no events make them: circles of keys, sessions and persons, and ways into them.
    #[test]
    fn every_way_through_any_links_is_that_of_a_walk(
        links in prop::collection::vec((0..8_usize, 0..8_usize, 0..3_u8, 0..3_u8, any::<bool>()), 0..14),
    ) {
        let mut graph = CredentialGraph::default();
        for at in 0..8 {
            let id = match at {
                0 | 1 => NodeId::Person(format!("p{at}")),
                2 | 3 => NodeId::Key(format!("k{at}")),
                _ => NodeId::Session(format!("s{at}"), None, SessionStart::Unknown),
            };
            graph.node(id, Caller::default);
            graph.nodes[at].missing.extend((at % 3 == 0).then(|| format!("missing {at}")));
        }
        for (to, from, certainty, how, is_told) in links {
            let link = CredentialLink {
                certainty: [Certainty::Proven, Certainty::Proven, Certainty::Inferred][usize::from(certainty)],
                how: [IssuedBy::Owns, IssuedBy::KeyCreated, IssuedBy::Assumed][usize::from(how)],
                time: None,
                from,
                why: is_told.then(|| format!("why {from}")),
                call: None,
                events: BTreeSet::new(),
            };
            graph.link(to, link);
        }
        graph.nodes.iter_mut().for_each(|node| node.parents.sort_unstable());
        let ancestry = Ancestry::of(&graph);
        for start in 0..8 {
            let walk =
                AncestrySearch { graph: &graph, certainty: Certainty::Proven, because: BTreeSet::new() };
            prop_assert_eq!(ancestry.lineage(start).to_origin(&graph, &ancestry), walk.up(start));
        }
    }
}

impl Lineage {
    fn to_origin(&self, graph: &CredentialGraph, ancestry: &Ancestry) -> Origin {
        let because = self.because.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("; ");
        let end = &graph.nodes[self.end];
        Origin {
            who: label_node(end),
            arn: end.who.arn.clone(),
            certainty: self.certainty,
            because: (!because.is_empty()).then_some(because),
            steps: self.steps,
            key_made_by: ancestry.key_maker(self).map(|at| label_node(&graph.nodes[at])),
        }
    }
}

/// Sessions, each of which assumed the next, and made one more call.
fn chain(number: usize) -> CredentialFacts {
    let session = |at: usize| {
        json!({"type": "AssumedRole", "arn": format!("arn:aws:sts::111111111111:assumed-role/R/s{at}"),
            "accountId": "111111111111", "accessKeyId": format!("ASIA{at:016}")})
    };
    let assume = |at: usize| {
        json!({"eventID": format!("e{at}"), "eventTime": "2024-05-01T12:00:00Z", "eventName": "AssumeRole",
            "eventSource": "sts.amazonaws.com", "userIdentity": session(at),
            "requestParameters": {"roleArn": "arn:aws:iam::111111111111:role/R", "roleSessionName": format!("s{}", at + 1)},
            "responseElements": {"credentials": {"accessKeyId": format!("ASIA{:016}", at + 1)},
                "assumedRoleUser": {"arn": format!("arn:aws:sts::111111111111:assumed-role/R/s{}", at + 1)}}})
    };
    fold(&(0..number).map(assume).collect::<Vec<Value>>(), None)
}

#[test]
fn the_work_grows_with_the_links_of_a_chain() {
    let work = |number: usize| {
        let graph = CredentialGraph::of(&chain(number));
        let ancestry = Ancestry::of(&graph);
        let deepest = graph.nodes.iter().enumerate().map(|(at, _)| ancestry.lineage(at).steps).max();
        assert_eq!(deepest, Some(number));
        ancestry.looks
    };
    let (once, twice) = (work(200), work(400));
    assert!(twice as f64 <= 2.2 * once as f64, "{once} and {twice}");
}
