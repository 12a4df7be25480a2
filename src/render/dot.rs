//! A trace as a Graphviz graph, and how every text in such a graph is quoted.
//!
//! Every text stands in quotes with quotes and backslashes escaped: names are an attacker's, and
//! must stay labels.

use super::trace::describe_link;
use crate::answer::trace::{Certainty, KeyStatus, NodeKind, NodeRow, Trace};
use crate::text::escape_for_terminal;
use std::io;
use std::io::Write;

/// Writes the graph.
pub(super) fn write_dot(out: &mut dyn Write, trace: &Trace) -> io::Result<()> {
    writeln!(out, "digraph trace {{\n  rankdir=LR;\n  node [fontname=\"Helvetica\", shape=box];")?;
    for node in &trace.nodes {
        let number = node.node;
        let pen = if node.asked { ", penwidth=3" } else { "" };
        let fill = match node.at {
            Some(KeyStatus::Valid | KeyStatus::NotTakenAway) => ", style=filled, fillcolor=\"#ffd0d0\"",
            Some(KeyStatus::Unknown) => ", style=filled, fillcolor=\"#fff0c0\"",
            _ => "",
        };
        writeln!(
            out,
            "  n{number} [label={}, shape={}{pen}{fill}];",
            quote_lines(&node_lines(node)),
            node_shape(node.kind)
        )?;
        let mut drawn = false;
        for link in &node.links {
            let Some(from) = link.from else { continue };
            drawn = true;
            let style = if link.certainty == Certainty::Proven { "solid" } else { "dashed" };
            writeln!(
                out,
                "  n{from} -> n{number} [label={}, style={style}];",
                quote_lines(&[describe_link(link)])
            )?;
        }
        if !drawn && !node.missing.is_empty() {
            let what: Vec<String> = node.missing.iter().map(|what| format!("missing: {what}")).collect();
            writeln!(out, "  m{number} [label={}, shape=plaintext];", quote_lines(&what))?;
            writeln!(out, "  m{number} -> n{number} [style=dotted];")?;
        }
    }
    writeln!(out, "}}")
}

fn node_shape(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Person => "ellipse",
        NodeKind::AccessKey | NodeKind::Password => "hexagon",
        NodeKind::Session => "box",
        NodeKind::OnBehalf => "component",
    }
}

fn node_lines(node: &NodeRow) -> Vec<String> {
    let mut lines = vec![node.label.clone()];
    lines.extend(node.account.as_ref().map(|account| format!("account {account}")));
    if node.events > 0 {
        lines.push(format!("events: {} ({} failed)", node.events, node.failed));
    }
    if let Some(expires) = node.keys.iter().filter_map(|key| key.expiration).max() {
        lines.push(format!("until {expires}"));
    }
    lines
}

/// A quoted string of DOT, its lines centred.
pub(super) fn quote_lines(lines: &[String]) -> String {
    let escaped =
        lines.iter().map(|line| escape_for_terminal(line).replace('\\', "\\\\").replace('"', "\\\""));
    format!("\"{}\"", escaped.collect::<Vec<_>>().join("\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stay_labels() {
        let name = "x\"]; evil [label=\"\\N\n<b>".to_owned();
        assert_eq!(quote_lines(&[name]), r#""x\"]; evil [label=\"\\N\\n<b>""#);
    }

    proptest! {
        #[test]
        fn a_label_ends_where_it_should(text in any::<String>()) {
            let quoted = quote_lines(std::slice::from_ref(&text));
            let inside = &quoted[1..quoted.len() - 1];
            let mut escaped = false;
            for character in inside.chars() {
                prop_assert!(escaped || character != '"');
                escaped = !escaped && character == '\\';
            }
            prop_assert!(!escaped);
        }
    }
}
