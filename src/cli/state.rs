//! `state`, `diff`, `inventory`, `graph`: what resources looked like.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::Ask;
use super::history::{self, RulesArgs, Wish};
use super::holes;
use crate::answer::HolesAsked;
use crate::error::{Error, Status};
use crate::event::Time;
use crate::query::{Globs, instant};
use crate::render::{
    DIFF_FIELDS, DiffView, Edge, GRAPH_FIELDS, GraphView, INVENTORY_FIELDS, ITEM_FIELDS, InventoryView, Node,
    StateView,
};
use crate::timeline::{Existence, State, Timeline, difference, relations};
use clap::Args;
use std::collections::{BTreeSet, HashMap};

/// The arguments of `state`.
#[derive(Args, Debug)]
pub(super) struct StateArgs {
    /// The resource: an ARN, a typed name (`bucket/payroll`, `role/admin`), an id (`sg-…`), or a plain name
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &StateArgs) -> Result<Status, Error> {
    let filter = FilterArgs::default();
    let ask = Ask { command: "state", filter: &filter, output: &args.output, input: &args.input };
    let mut reading = history::open(&ask, &args.rules)?;
    reading.expect_fields(ITEM_FIELDS)?;
    let at = moment(args.at.as_deref(), reading.now)?;
    let wish = Wish { holes: true, ..Wish::default() };
    let found = history::unfold(&mut reading, Some(&args.reference), wish, &args.rules)?;
    let timelines = found.timelines(at);
    let asked = HolesAsked { since: None, until: at };
    let holes = holes::of_timelines(&reading, &found, &timelines, asked)?;
    let view = StateView { timelines, holes, at };
    let mut words = found.words(format!("event of `{}`", args.reference));
    words.hints.extend(beyond(at, found.asked.coverage.last));
    reading.show(&found.asked, &view, &words)
}

/// Says where a moment is behind the last event.
fn beyond(at: Option<Time>, last: Option<Time>) -> Option<String> {
    let (at, last) = (at?, last?);
    let text = format!("the logs end at {last}: what was done between then and {at} is not in them");
    (at > last).then_some(text)
}

fn moment(text: Option<&str>, now: Time) -> Result<Option<Time>, Error> {
    text.map(|text| instant(text, now)).transpose()
}

/// The arguments of `diff`.
#[derive(Args, Debug)]
pub(super) struct DiffArgs {
    /// The resource: an ARN, a typed name (`bucket/payroll`, `role/admin`), an id (`sg-…`), or a plain name
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// The first moment: `2024-03-01T15:42:00Z`, `2 days ago`
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: String,
    /// The second moment [default: after the last event]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<String>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run_diff(args: &DiffArgs) -> Result<Status, Error> {
    let filter = FilterArgs::default();
    let ask = Ask { command: "diff", filter: &filter, output: &args.output, input: &args.input };
    let mut reading = history::open(&ask, &args.rules)?;
    reading.expect_fields(DIFF_FIELDS)?;
    let (from, to) = (instant(&args.from, reading.now)?, moment(args.to.as_deref(), reading.now)?);
    if to.is_some_and(|to| to < from) {
        return Err(Error::new("`--from` is later than `--to`").hint("exchange the two"));
    }
    let wish = Wish { holes: true, ..Wish::default() };
    let found = history::unfold(&mut reading, Some(&args.reference), wish, &args.rules)?;
    let mut before: HashMap<(String, String), State> = HashMap::new();
    for timeline in found.timelines(Some(from)) {
        before.insert((timeline.resource.kind.to_string(), timeline.resource.id.clone()), timeline.state);
    }
    let (mut all, mut existed) = (Vec::new(), Vec::new());
    let timelines = found.timelines(to);
    let asked = HolesAsked { since: Some(from), until: to };
    let holes = holes::of_timelines(&reading, &found, &timelines, asked)?;
    for timeline in timelines {
        let key = (timeline.resource.kind.to_string(), timeline.resource.id.clone());
        let first = before.remove(&key).unwrap_or_default();
        // Before its creation was seen, it was not there.
        let unborn = timeline.state.created.as_ref().and_then(|it| it.time).is_some_and(|time| time > from);
        existed.push(match first.exists {
            Existence::Unknown if unborn && timeline.state.incarnation == 1 => Existence::Gone,
            other => other,
        });
        let changes = difference(&first, &timeline.state);
        all.push((timeline, changes));
    }
    let last = found.asked.coverage.last.unwrap_or(from);
    let view = DiffView { all, existed, holes, between: (from, to.unwrap_or(last)) };
    let mut words = found.words(format!("difference in `{}`", args.reference));
    words.hints.extend(beyond(to, found.asked.coverage.last));
    if view.holes.iter().flatten().any(|it| !it.is_none()) {
        let hint = "the logs between the two moments have holes, or may have: `state --at` tells each";
        words.hints.push(hint.to_owned());
    }
    reading.show(&found.asked, &view, &words)
}

/// The arguments of `inventory`.
#[derive(Args, Debug)]
pub(super) struct InventoryArgs {
    /// The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// Only resources of this type: `AWS::IAM::*`, `*SecurityGroup`
    #[arg(long = "type", value_name = "TYPE")]
    kind: Vec<String>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run_inventory(args: &InventoryArgs) -> Result<Status, Error> {
    let ask = Ask { command: "inventory", filter: &args.filter, output: &args.output, input: &args.input };
    let mut reading = history::open(&ask, &args.rules)?;
    reading.expect_fields(INVENTORY_FIELDS)?;
    let at = moment(args.at.as_deref(), reading.now)?;
    let kinds = Globs::new("--type", &args.kind)?;
    let found = history::unfold(&mut reading, None, Wish::default(), &args.rules)?;
    let history = &found.asked.answer;
    let mut timelines = found.timelines(at);
    timelines.retain(|it| {
        // What is only known from calls that failed may never have been there.
        let known = it.entries.iter().any(|entry| entry.is_change() || !entry.changes.is_empty());
        let shown = it.entries.iter().any(|entry| history.is_shown(&entry.step));
        known && shown && kinds.pass([it.resource.kind.as_ref()])
    });
    let view = InventoryView { timelines };
    let mut words = found.words("resource that was changed".to_owned());
    words.hints.extend(beyond(at, found.asked.coverage.last));
    reading.show(&found.asked, &view, &words)
}

/// The arguments of `graph`.
#[derive(Args, Debug)]
pub(super) struct GraphArgs {
    /// The resource: an ARN, a typed name (`bucket/payroll`, `role/admin`), an id (`sg-…`), or a plain name
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// How far to go
    #[arg(long, value_name = "N", default_value_t = 2)]
    depth: usize,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run_graph(args: &GraphArgs) -> Result<Status, Error> {
    let filter = FilterArgs::default();
    let ask = Ask { command: "graph", filter: &filter, output: &args.output, input: &args.input };
    let mut reading = history::open(&ask, &args.rules)?;
    reading.expect_fields(GRAPH_FIELDS)?;
    let at = moment(args.at.as_deref(), reading.now)?;
    let reference = crate::resource::Reference::parse(&args.reference)?;
    let found = history::unfold(&mut reading, None, Wish::default(), &args.rules)?;
    let timelines = found.timelines(at);
    let is_root = |it: &&Timeline| reference.matches(&it.resource) == crate::resource::Match::Yes;
    let roots: Vec<Node> = timelines.iter().filter(is_root).map(node).collect();
    let view = GraphView { edges: edges(&roots, &timelines, args.depth), roots };
    let mut words = found.words(format!("resource that hangs on `{}`", args.reference));
    words.hints.extend(beyond(at, found.asked.coverage.last));
    reading.show(&found.asked, &view, &words)
}

fn node(timeline: &Timeline) -> Node {
    Node { kind: timeline.resource.kind.to_string(), id: timeline.resource.id.clone() }
}

/// The edges that lead to or from the roots, step by step outwards.
fn edges(roots: &[Node], timelines: &[Timeline], depth: usize) -> Vec<Edge> {
    let all: Vec<Edge> = timelines
        .iter()
        .flat_map(|it| {
            let from = node(it);
            let edge = move |relation| Edge { distance: 0, from: from.clone(), relation };
            relations(&it.resource, &it.state).into_iter().map(edge)
        })
        .collect();
    let to = |edge: &Edge| Node {
        kind: edge.relation.resource_type.clone(),
        id: edge.relation.resource_id.clone(),
    };
    let mut near: BTreeSet<Node> = roots.iter().cloned().collect();
    let mut found: BTreeSet<Edge> = BTreeSet::new();
    let mut taken = vec![false; all.len()];
    for distance in 1..=depth {
        let mut next = BTreeSet::new();
        for (edge, taken) in all.iter().zip(&mut taken) {
            let other = to(edge);
            if *taken || !(near.contains(&edge.from) || near.contains(&other)) {
                continue;
            }
            *taken = true;
            next.extend([edge.from.clone(), other]);
            found.insert(Edge { distance, ..edge.clone() });
        }
        near.extend(next);
    }
    found.into_iter().collect()
}
