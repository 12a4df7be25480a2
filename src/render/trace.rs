//! A trace as a tree for people.
//!
//! One credential a branch: what it is, how it came about and how sure that is, what was done with
//! it, and what the archive does not tell. See `write_dot` for the same as a graph.

use super::dot::write_dot;
use super::view::{TableSection, View};
use super::{OutputStyle, nest_values};
use crate::answer::trace::{
    CallRow, Certainty, IssuedBy, KeyRow, KeyStatus, LinkRow, NodeKind, NodeRow, Trace,
};
use crate::event::Time;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io;
use std::io::Write;

/// The columns of CSV, and what `--fields` may name.
pub const TRACE_FIELDS: &[&str] = &[
    "node",
    "parent",
    "depth",
    "kind",
    "label",
    "asked",
    "arn",
    "account",
    "accessKeyIds",
    "expiration",
    "began",
    "firstUsed",
    "lastUsed",
    "events",
    "failed",
    "sourceIPAddresses",
    "at",
    "how",
    "certainty",
    "why",
    "eventIDs",
    "missing",
];

/// A trace, and the moment that was asked for.
pub struct TraceView<'t> {
    /// The tree.
    pub trace: &'t Trace,
    /// The moment.
    pub at: Option<Time>,
}

impl View for TraceView<'_> {
    fn len(&self) -> usize {
        self.trace.nodes.len()
    }

    /// The node and the link that it stands below, in one line.
    fn item(&self, index: usize) -> Value {
        let node = &self.trace.nodes[index];
        let link = node.links.first();
        let keys: Vec<&str> = node.keys.iter().map(|key| key.access_key_id.as_str()).collect();
        let values = [
            json!(node.node),
            json!(node.parent),
            json!(node.depth),
            json!(node.kind),
            json!(node.label),
            json!(node.asked),
            json!(node.arn),
            json!(node.account),
            json!(keys.join(" ")),
            json!(node.keys.iter().filter_map(|key| key.expiration).max()),
            json!(node.began),
            json!(node.first_used),
            json!(node.last_used),
            json!(node.events),
            json!(node.failed),
            json!(node.addresses.join(" ")),
            json!(node.at),
            json!(link.map(|link| link.how)),
            json!(link.map(|link| link.certainty)),
            json!(link.and_then(|link| link.why.as_deref())),
            json!(link.map(|link| link.event_ids.join(" "))),
            json!(node.missing.join("; ")),
        ];
        nest_values(TRACE_FIELDS.iter().map(|field| (*field).to_owned()).zip(values))
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        TRACE_FIELDS.iter().copied().map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        let mut shown = order.to_vec();
        shown.sort_unstable();
        let lines = tree_lines(self.trace, &shown, self.at, style.wide);
        vec![TableSection { lines, ..TableSection::default() }]
    }

    fn document(&self) -> Option<Value> {
        let mut whole = serde_json::to_value(self.trace).unwrap_or_default();
        if let (Some(whole), Some(at)) = (whole.as_object_mut(), self.at) {
            whole.insert("at".to_owned(), json!(at));
        }
        Some(whole)
    }

    fn dot(&self, out: &mut dyn Write) -> Option<io::Result<()>> {
        Some(write_dot(out, self.trace))
    }
}

/// How many calls, keys and addresses are named where not all are asked for.
const NAMED: usize = 6;

/// Branches deeper than this are no longer indented.
const DEEPEST: usize = 24;

/// The lines of the tree, as far as its nodes are shown; `at` is the moment that was asked for.
fn tree_lines(trace: &Trace, shown: &[usize], at: Option<Time>, wide: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for asked in &trace.asked_events {
        let time = asked.event_time.map_or_else(String::new, |time| format!(" at {time}"));
        let node = asked.node.and_then(|node| trace.nodes.get(node)).map_or("unknown", |node| &node.label);
        lines.push(format!("event {}: {}{time}, by {node}", asked.event_id, asked.event_name));
    }
    let last = last_children(&trace.nodes);
    for node in shown.iter().map(|index| &trace.nodes[*index]) {
        let (head, below) = line_prefixes(&trace.nodes, &last, node.node);
        let mark = if node.asked { "  <== traced" } else { "" };
        lines.push(format!("{head}{}{}{mark}", node.label, status_text(node, at)));
        lines.extend(detail_lines(node, wide).into_iter().map(|line| format!("{below}{line}")));
    }
    lines
}

/// Which nodes are the last below their parents.
fn last_children(nodes: &[NodeRow]) -> Vec<bool> {
    let mut later = vec![false; nodes.len()];
    let mut last = vec![true; nodes.len()];
    for node in nodes.iter().rev() {
        if let Some(later) = node.parent.and_then(|parent| later.get_mut(parent)) {
            last[node.node] = !*later;
            *later = true;
        }
    }
    last
}

/// What stands before the first line of a node, and before the others.
fn line_prefixes(nodes: &[NodeRow], last: &[bool], node: usize) -> (String, String) {
    let mut rails = Vec::new();
    let mut above = nodes[node].parent;
    while let Some(at) = above.filter(|at| nodes[*at].parent.is_some() && rails.len() < DEEPEST) {
        rails.push(if last[at] { "   " } else { "│  " });
        above = nodes[at].parent;
    }
    let rails: String = rails.into_iter().rev().collect();
    let deep = nodes[node].depth.saturating_sub(DEEPEST + 1);
    let deep = if deep > 0 { format!("({} levels deep) ", nodes[node].depth) } else { String::new() };
    let has_children = nodes.get(node + 1).is_some_and(|next| next.parent == Some(node));
    let own = if has_children { "│  " } else { "   " };
    match nodes[node].parent {
        None => (String::new(), own.to_owned()),
        Some(_) => {
            let (branch, rail) = if last[node] { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            (format!("{rails}{branch}{deep}"), format!("{rails}{rail}{own}"))
        }
    }
}

fn status_text(node: &NodeRow, at: Option<Time>) -> Cow<'static, str> {
    let Some((status, at)) = node.at.zip(at) else { return Cow::Borrowed("") };
    let words = match status {
        KeyStatus::Valid => "VALID",
        KeyStatus::Expired => "expired",
        KeyStatus::NotTakenAway => "NOT TAKEN AWAY in these logs",
        KeyStatus::TakenAway => "taken away",
        KeyStatus::NotYet => "not yet made",
        KeyStatus::Unknown => "unknown whether valid",
    };
    Cow::Owned(format!("  [{words} at {at}]"))
}

fn detail_lines(node: &NodeRow, wide: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, link) in node.links.iter().enumerate() {
        // Whose it is stands in the label.
        if index > 0 && link.how == IssuedBy::Owns {
            continue;
        }
        let stands = index == 0 && node.parent.is_some() && link.from == node.parent;
        lines.push(if stands {
            describe_link(link)
        } else {
            format!("{} of {}", describe_link(link), link.from_label)
        });
    }
    lines.extend(node.missing.iter().map(|what| format!("missing: {what}")));
    let more = [("source identity", &node.source_identity), ("issued to", &node.in_scope_of)];
    lines.extend(more.iter().filter_map(|(word, value)| Some(format!("{word} {}", value.as_ref()?))));
    lines.extend(keys_line(node, wide));
    lines.extend(usage_lines(node, wide));
    for taking in &node.taken_away {
        let time = taking.event_time.map_or_else(String::new, |time| format!(" at {time}"));
        let word = if taking.back { "given back" } else { "taken away" };
        lines
            .push(format!("{word}: {}{time} by {}, event {}", taking.event_name, taking.by, taking.event_id));
    }
    lines
}

/// How a node came from another, and what says so.
pub(super) fn describe_link(link: &LinkRow) -> String {
    let what = match (&link.event_name, link.how) {
        (Some(call), IssuedBy::Owns) => format!("belongs, by {call}"),
        (Some(call), _) => call.clone(),
        (None, how) => describe_issuance(how).to_owned(),
    };
    let time = link.event_time.map_or_else(String::new, |time| format!(" {time}"));
    let by = match link.event_ids.as_slice() {
        [] => String::new(),
        [one] => format!(" event {one}"),
        [one, rest @ ..] => format!(" event {one} and {} more", rest.len()),
    };
    let why = link.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    match link.certainty {
        Certainty::Proven => {
            format!("{what}{time}, proven by{}{why}", if by.is_empty() { " its events" } else { &by })
        }
        Certainty::Inferred => {
            format!(
                "{what}{time}, inferred{}{why}",
                if by.is_empty() { String::new() } else { format!(" from{by}") }
            )
        }
        Certainty::Unknown => format!("{what}{time}, unknown{why}"),
    }
}

fn describe_issuance(how: IssuedBy) -> &'static str {
    match how {
        IssuedBy::Assumed => "role assumed",
        IssuedBy::SessionToken => "session token",
        IssuedBy::Federated => "federated",
        IssuedBy::Issued => "issued",
        IssuedBy::SignedIn => "signed in",
        IssuedBy::Switched => "role switched to",
        IssuedBy::IdentityCenter => "Identity Center",
        IssuedBy::KeyCreated => "key made",
        IssuedBy::PasswordSet => "password set",
        IssuedBy::Owns => "belongs",
        IssuedBy::OnBehalf => "called in the name",
        IssuedBy::SamePerson => "the same person",
        IssuedBy::SameSession => "perhaps the same session",
    }
}

fn keys_line(node: &NodeRow, wide: bool) -> Option<String> {
    // A long-lived key is named in the first line.
    if node.keys.is_empty() || node.kind == NodeKind::AccessKey {
        return None;
    }
    let key = |key: &KeyRow| {
        let until = key.expiration.map_or_else(String::new, |time| format!(" until {time}"));
        let sure = if key.certainty == Certainty::Inferred { ", inferred" } else { "" };
        let events =
            if key.events == 0 { ", no event".to_owned() } else { format!(", {}", events_text(key.events)) };
        format!("{} ({}{events}{sure})", key.access_key_id, until.trim_start()).replace("(, ", "(")
    };
    let shown = if wide { usize::MAX } else { NAMED };
    Some(format!("keys {}", join_first(node.keys.iter().map(key), node.keys.len(), shown)))
}

fn usage_lines(node: &NodeRow, wide: bool) -> Vec<String> {
    if node.events == 0 {
        return Vec::new();
    }
    let shown = if wide { usize::MAX } else { NAMED };
    let failed = if node.failed > 0 { format!(" ({} failed)", node.failed) } else { String::new() };
    let span = match (node.first_used, node.last_used) {
        (Some(first), Some(last)) if first == last => format!(" at {first}"),
        (Some(first), Some(last)) => format!(" {first} to {last}"),
        _ => String::new(),
    };
    let from = match node.addresses.len() {
        0 => String::new(),
        many => format!(", from {}", join_first(node.addresses.iter().cloned(), many, shown)),
    };
    let call = |row: &CallRow| {
        let via = row.call.invoked_by.as_ref().map_or_else(String::new, |by| format!(" through {by}"));
        let failed = if row.failed > 0 { format!(" ({} failed)", row.failed) } else { String::new() };
        format!("{} {}{via}{failed}", row.call.event_name, row.events)
    };
    let calls = join_first(node.calls.iter().map(call), node.calls.len(), shown);
    let mut lines = vec![format!("{}{failed}{span}{from}", events_text(node.events)), calls];
    if node.without_key > 0 {
        let many = events_text(node.without_key);
        lines.push(format!("{many} without a key, inferred by the name and the beginning of the session"));
    }
    lines
}

fn join_first(items: impl Iterator<Item = String>, many: usize, shown: usize) -> String {
    let mut list = items.take(shown).collect::<Vec<_>>().join(", ");
    if many > shown {
        list.push_str(&format!(", and {} more", many - shown));
    }
    list
}

fn events_text(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}
