//! `graph`: what a resource depends on, and what depends on it, as a tree, as edges and for Graphviz.

use super::Style;
use super::view::{Section, View};
use crate::timeline::Relation;
use serde_json::Value;
use std::borrow::Cow;
use std::io::{self, Write};

/// One edge of a graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edge {
    /// How far it is from the resource that was asked for.
    pub distance: usize,
    /// The resource that names the other.
    pub from: Node,
    /// What it names, and how.
    #[serde(flatten)]
    pub relation: Relation,
}

/// One resource of a graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Node {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// What a resource depends on, and what depends on it.
pub struct GraphView {
    /// The resources that were asked for.
    pub roots: Vec<Node>,
    /// The edges, nearest first.
    pub edges: Vec<Edge>,
}

/// The paths of an edge.
pub const GRAPH_FIELDS: &[&str] = &["distance", "from.type", "from.id", "name", "resourceType", "resourceId"];

impl GraphView {
    fn tree(&self, node: &Node, depth: usize, seen: &mut Vec<Node>, lines: &mut Vec<String>) {
        let short = |kind: &str| kind.strip_prefix("AWS::").unwrap_or(kind).to_owned();
        if seen.contains(node) || depth > 8 {
            return;
        }
        seen.push(node.clone());
        let pad = "  ".repeat(depth);
        for edge in &self.edges {
            let to =
                Node { kind: edge.relation.resource_type.clone(), id: edge.relation.resource_id.clone() };
            let (other, line) = if edge.from == *node {
                let line = format!("{pad}→ {}: {} {}", edge.relation.name, short(&to.kind), to.id);
                (to, line)
            } else if to == *node {
                // `Is contained in Vpc` without the type, which is that of the line above.
                let belongs = edge.relation.name.rsplit_once(' ').map_or("", |(belongs, _)| belongs);
                let line = format!(
                    "{pad}← {} {}: {} it",
                    short(&edge.from.kind),
                    edge.from.id,
                    belongs.to_lowercase()
                );
                (edge.from.clone(), line)
            } else {
                continue;
            };
            if !seen.contains(&other) {
                lines.push(line);
                self.tree(&other, depth + 1, seen, lines);
            }
        }
    }
}

impl View for GraphView {
    fn len(&self) -> usize {
        self.edges.len()
    }

    fn item(&self, index: usize) -> Value {
        serde_json::to_value(&self.edges[index]).unwrap_or_default()
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        GRAPH_FIELDS.iter().copied().map(Cow::Borrowed).collect()
    }

    fn sections(&self, _order: &[usize], _style: Style) -> Vec<Section> {
        let tree = |root: &Node| {
            let mut lines = Vec::new();
            self.tree(root, 0, &mut Vec::new(), &mut lines);
            let title = format!("{} {}", root.kind.strip_prefix("AWS::").unwrap_or(&root.kind), root.id);
            Section { title: Some(title), lines, ..Section::default() }
        };
        self.roots.iter().map(tree).collect()
    }

    /// Graphviz: ids are quoted, as an attacker chooses names.
    fn dot(&self, out: &mut dyn Write) -> Option<io::Result<()>> {
        let quote = |text: &str| {
            let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
        };
        let node = |node: &Node| quote(&format!("{} {}", node.kind, node.id));
        let mut dot = "digraph resources {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
        for root in &self.roots {
            dot.push_str(&format!("  {} [style=bold];\n", node(root)));
        }
        for edge in &self.edges {
            let to =
                Node { kind: edge.relation.resource_type.clone(), id: edge.relation.resource_id.clone() };
            dot.push_str(&format!(
                "  {} -> {} [label={}];\n",
                node(&edge.from),
                node(&to),
                quote(&edge.relation.name)
            ));
        }
        dot.push_str("}\n");
        Some(out.write_all(dot.as_bytes()))
    }
}
