//! `graph`: what a resource depends on, and what depends on it.

use super::args::FilterArgs;
use super::args::{rare, usual};
use super::resource_args::{ResourceArgs, begin_messages};
use super::state::parse_moment;
use super::{remarks, resource_args};
use crate::answer::{GraphNode, InventoryRow, find_edges};
use crate::error::{Error, Status};
use crate::ops::history;
use crate::ops::history::HistoryOptions;
use crate::render::{GRAPH_FIELDS, GraphView};
use crate::resource::{Match, Reference};
use crate::timeline::Existence;
use clap::Args;

/// The arguments of `graph`.
#[derive(Args, Debug)]
#[command(mut_arg("format", usual), mut_arg("aws_config", rare))]
pub(super) struct GraphArgs {
    /// The moment, in UTC: `2024-03-01 15:42`, `2 days ago` [default: the end]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// How far to go
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 2)]
    depth: usize,
    #[command(flatten)]
    one: ResourceArgs,
}

pub(super) fn run(args: &GraphArgs) -> Result<Status, Error> {
    let rules = &args.one.rules;
    let filter = FilterArgs::default();
    let ask = args.one.ask("graph", &filter);
    let mut session = resource_args::open_session(&ask, rules)?;
    session.expect_fields(GRAPH_FIELDS)?;
    let at = parse_moment(args.at.as_deref(), session.now)?;
    let reference = Reference::parse(&args.one.reference)?;
    let wish = HistoryOptions { slim: true, ..HistoryOptions::default() };
    let mut found = history::resolve_history(&mut session.search, None, wish)?;
    let mut all = found.asked.answer.list(at);
    // Of several that had a name one after another, the last is what has it.
    all.retain(|it| it.is_last);
    let is_root = |it: &&InventoryRow| reference.matches(&it.resource) == Match::Yes;
    let roots: Vec<GraphNode> = all.iter().filter(is_root).map(GraphNode::of).collect();
    let is_gone = |it: &&InventoryRow| it.exists == Existence::Gone;
    let gone =
        all.iter().filter(is_gone).map(|it| (GraphNode::of(it), it.deleted.as_ref().and_then(|by| by.time)));
    let gone = gone.collect();
    let view = GraphView { edges: find_edges(&roots, &all, args.depth), roots, gone };
    let mut words = begin_messages(&found, format!("resource that hangs on `{}`", args.one.reference));
    words.hints.extend(remarks::outside_logs_hint(at, &found.asked.coverage));
    session.show(&found.asked, &view, &words)
}
