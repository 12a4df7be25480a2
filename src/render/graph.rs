//! `graph`: what a resource depends on, and what depends on it, as a tree, as edges and for Graphviz.

use super::OutputStyle;
use super::dot::quote_lines;
use super::view::{TableSection, View};
use crate::answer::{GraphEdge, GraphNode};
use crate::event::Time;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::io;
use std::io::Write;

/// What a resource depends on, and what depends on it.
pub struct GraphView {
    /// The resources that were asked for.
    pub roots: Vec<GraphNode>,
    /// The edges, nearest first.
    pub edges: Vec<GraphEdge>,
    /// What was not there any more at the moment that is asked about, and since when, where that is known.
    pub gone: HashMap<GraphNode, Option<Time>>,
}

/// The paths of an edge.
pub const GRAPH_FIELDS: &[&str] = &[
    "distance",
    "from.type",
    "from.id",
    "name",
    "resourceType",
    "resourceId",
    "fromDeleted",
    "fromDeletedAt",
    "deleted",
    "deletedAt",
];

/// Branches deeper than this are no longer indented.
const DEEPEST: usize = 24;

/// How a node hangs on the one above it in the tree.
struct GraphBranch {
    text: String,
    node: GraphNode,
}

impl GraphView {
    /// The edges at each resource, in their order.
    fn edges_by_end(&self) -> HashMap<GraphNode, Vec<&GraphEdge>> {
        let mut ends: HashMap<GraphNode, Vec<&GraphEdge>> = HashMap::new();
        for edge in &self.edges {
            let to = edge.to();
            if to != edge.from {
                ends.entry(to).or_default().push(edge);
            }
            ends.entry(edge.from.clone()).or_default().push(edge);
        }
        ends
    }

    /// Lays the tree out from a root: each resource hangs on the one that leads to it first.
    fn branches(
        &self,
        root: &GraphNode,
        ends: &HashMap<GraphNode, Vec<&GraphEdge>>,
    ) -> HashMap<GraphNode, Vec<GraphBranch>> {
        let mut branches: HashMap<GraphNode, Vec<GraphBranch>> = HashMap::new();
        let mut seen = HashSet::from([root.clone()]);
        let mut next = VecDeque::from([root.clone()]);
        while let Some(node) = next.pop_front() {
            let edges = ends.get(&node).into_iter().flatten();
            for branch in edges.filter_map(|edge| self.branch(edge, &node)) {
                if seen.insert(branch.node.clone()) {
                    next.push_back(branch.node.clone());
                    branches.entry(node.clone()).or_default().push(branch);
                }
            }
        }
        branches
    }

    /// What an edge leads to from one of its ends.
    fn branch(&self, edge: &GraphEdge, node: &GraphNode) -> Option<GraphBranch> {
        let to = edge.to();
        if edge.from == *node {
            let text = format!("→ {}: {}", edge.relation.name, self.named(&to));
            return Some(GraphBranch { text, node: to });
        }
        // `Is contained in Vpc` without the type, which is that of the line above.
        let belongs = edge.relation.name.rsplit_once(' ').map_or("", |(belongs, _)| belongs).to_lowercase();
        let text = format!("← {}: {belongs} it", self.named(&edge.from));
        (to == *node).then(|| GraphBranch { text, node: edge.from.clone() })
    }

    /// A resource in words; of one that is not there any more, since when.
    fn named(&self, node: &GraphNode) -> String {
        let kind = node.kind.strip_prefix("AWS::").unwrap_or(&node.kind);
        let gone = match self.gone.get(node) {
            None => String::new(),
            Some(None) => " (deleted)".to_owned(),
            Some(Some(time)) => format!(" (deleted {time})"),
        };
        format!("{kind} {}{gone}", node.id)
    }
}

/// The lines of a tree, which may be as deep as there are resources.
fn branch_lines(branches: &HashMap<GraphNode, Vec<GraphBranch>>, root: &GraphNode) -> Vec<String> {
    let of = |node: &GraphNode| branches.get(node).map(Vec::as_slice).unwrap_or_default().iter();
    let mut lines = Vec::new();
    let mut open = vec![of(root)];
    while let Some(last) = open.last_mut() {
        match last.next() {
            Some(branch) => {
                let depth = open.len() - 1;
                let deep = if depth > DEEPEST { format!("({depth} levels deep) ") } else { String::new() };
                lines.push(format!("{}{deep}{}", "  ".repeat(depth.min(DEEPEST)), branch.text));
                open.push(of(&branch.node));
            }
            None => _ = open.pop(),
        }
    }
    lines
}

impl View for GraphView {
    fn len(&self) -> usize {
        self.edges.len()
    }

    fn item(&self, index: usize) -> Value {
        let edge = &self.edges[index];
        let mut item = serde_json::to_value(edge).unwrap_or_default();
        if let Some(item) = item.as_object_mut() {
            for (name, node) in [("fromDeleted", &edge.from), ("deleted", &edge.to())] {
                item.insert(name.to_owned(), self.gone.contains_key(node).into());
                let time = self.gone.get(node).copied().flatten();
                item.insert(format!("{name}At"), json!(time));
            }
        }
        item
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        GRAPH_FIELDS.iter().copied().map(Cow::Borrowed).collect()
    }

    fn sections(&self, _order: &[usize], _style: OutputStyle) -> Vec<TableSection> {
        let ends = self.edges_by_end();
        let tree = |root: &GraphNode| {
            let lines = branch_lines(&self.branches(root, &ends), root);
            TableSection { title: Some(self.named(root)), lines, ..TableSection::default() }
        };
        self.roots.iter().map(tree).collect()
    }

    /// Graphviz: ids are quoted, as an attacker chooses names.
    fn dot(&self, out: &mut dyn Write) -> Option<io::Result<()>> {
        let quote = |text: String| quote_lines(&[text]);
        let node = |node: &GraphNode| quote(format!("{} {}", node.kind, node.id));
        let mut dot = "digraph resources {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
        for root in &self.roots {
            dot.push_str(&format!("  {} [style=bold];\n", node(root)));
        }
        let nodes: BTreeSet<GraphNode> =
            self.edges.iter().flat_map(|edge| [edge.from.clone(), edge.to()]).collect();
        for gone in nodes.iter().filter(|it| self.gone.contains_key(it)) {
            let label =
                quote(format!("{} {}", gone.kind, self.named(gone).split_once(' ').unwrap_or_default().1));
            dot.push_str(&format!("  {} [style=dashed, label={label}];\n", node(gone)));
        }
        for edge in &self.edges {
            let to = edge.to();
            dot.push_str(&format!(
                "  {} -> {} [label={}];\n",
                node(&edge.from),
                node(&to),
                quote(edge.relation.name.clone())
            ));
        }
        dot.push_str("}\n");
        Some(out.write_all(dot.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::ResourceRelation;

    /// What an attacker calls a resource stays a label, and nothing in it acts on the terminal that shows the graph.
    #[test]
    fn ids_stay_labels_as_in_a_trace() {
        let node = |id: &str| GraphNode { kind: "AWS::S3::Bucket".to_owned(), id: id.to_owned() };
        let from = node("x\"]; evil [label=\"\\N\n\u{1b}[2J\u{202e}");
        let to = node("b");
        let relation = ResourceRelation {
            name: "Is \u{200b}in".into(),
            resource_type: to.kind.clone(),
            resource_id: to.id.clone(),
        };
        let view = GraphView {
            roots: vec![from.clone()],
            edges: vec![GraphEdge { distance: 1, from: from.clone(), relation }],
            gone: HashMap::from([(from, None)]),
        };
        let mut out = Vec::new();
        view.dot(&mut out).unwrap().unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.chars().any(|it| it != '\n' && crate::text::is_active(it)), "{text:?}");
        assert!(
            text.contains(r#""AWS::S3::Bucket x\"]; evil [label=\"\\N\\n\\u{1b}[2J\\u{202e}""#),
            "{text}"
        );
        assert_eq!(text.matches("evil").count(), 4, "{text}");
    }
}
