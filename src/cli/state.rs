//! `state`, `diff`, `inventory`, `graph`: what resources looked like.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::Request;
use super::history::{HistoryOptions, ResourceArgs, RulesArgs};
use super::not_logged::LoggedSubject;
use super::provenance_args::ProvenanceArgs;
use super::verify::VerifyArgs;
use super::{history, holes, not_logged, remarks, verify};
use crate::answer::{GapsFor, InventoryRow};
use crate::error::{Error, Status};
use crate::event::Time;
use crate::query::{Globs, instant};
use crate::render::{
    DIFF_FIELDS, DiffView, GRAPH_FIELDS, GraphEdge, GraphNode, GraphView, INVENTORY_FIELDS, ITEM_FIELDS,
    InventoryView, Provenance, StateView,
};
use crate::resource::{Match, Reference};
use crate::timeline::{Existence, SettingChange, State, Timeline, difference};
use clap::Args;
use std::collections::{BTreeSet, HashMap};

/// The arguments of `state`.
#[derive(Args, Debug)]
pub(super) struct StateArgs {
    /// The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    one: ResourceArgs,
    #[command(flatten)]
    behind: ProvenanceArgs,
}

pub(super) fn run(args: &StateArgs) -> Result<Status, Error> {
    let ResourceArgs { reference, rules, .. } = &args.one;
    let filter = FilterArgs::default();
    let ask = args.one.ask("state", &filter);
    let mut reading = history::open(&ask, rules)?;
    reading.expect_fields(ITEM_FIELDS)?;
    let at = moment(args.at.as_deref(), reading.now)?;
    args.behind.refuse_pipe(&reading)?;
    let wish = args.behind.history_options(at);
    let mut found = history::resolve_history(&mut reading, Some(reference), wish, rules)?;
    args.behind.tell(&mut reading, &mut found.asked.answer, &mut found.asked.troubles)?;
    let mut timelines = found.timelines(at);
    let mut words = found.words(format!("event of `{reference}`"));
    words.nothing = remarks::before_all(&found, at, reference);
    remarks::mentions(&mut reading, &mut found, &timelines, at, &mut words)?;
    remarks::unnamed(&reading, &found, &mut words);
    let asked = GapsFor { until: at, ..GapsFor::default() };
    let holes = holes::of_timelines(&reading, &found, &timelines, asked)?;
    let verify = &args.behind.verify;
    let about = Provenance::new(&found.asked.answer, verify.is_asked(), args.behind.trace);
    let values =
        || timelines.iter().flat_map(|it| it.state.cells()).filter_map(|(_, cell)| cell.by.as_deref());
    words.lines.extend(verify.said(values().map(|by| about.verdict(by)), &mut found.asked.coverage));
    timelines.iter_mut().for_each(|it| it.exclude_unverified(&|by| verify.keeps_verdict(about.verdict(by))));
    words.hints.extend(remarks::outside(at, &found.asked.coverage));
    let view = StateView { timelines, holes, at, about };
    reading.show(&found.asked, &view, &words)
}

fn moment(text: Option<&str>, now: Time) -> Result<Option<Time>, Error> {
    text.map(|text| instant(text, now)).transpose()
}

/// The arguments of `diff`.
#[derive(Args, Debug)]
pub(super) struct DiffArgs {
    /// The first moment: `2024-03-01T15:42:00Z`, `2 days ago`
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: String,
    /// The second moment [default: after the last event]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<String>,
    #[command(flatten)]
    one: ResourceArgs,
    #[command(flatten)]
    behind: ProvenanceArgs,
}

pub(super) fn run_diff(args: &DiffArgs) -> Result<Status, Error> {
    let ResourceArgs { reference, rules, .. } = &args.one;
    let filter = FilterArgs::default();
    let ask = args.one.ask("diff", &filter);
    let mut reading = history::open(&ask, rules)?;
    reading.expect_fields(DIFF_FIELDS)?;
    let (from, to) = (instant(&args.from, reading.now)?, moment(args.to.as_deref(), reading.now)?);
    if to.is_some_and(|to| to < from) {
        return Err(Error::new("`--from` is later than `--to`").hint("exchange the two"));
    }
    args.behind.refuse_pipe(&reading)?;
    let wish = args.behind.history_options(to);
    let mut found = history::resolve_history(&mut reading, Some(reference), wish, rules)?;
    args.behind.tell(&mut reading, &mut found.asked.answer, &mut found.asked.troubles)?;
    let mut before: HashMap<(String, String), State> = HashMap::new();
    for timeline in found.timelines_with_later(Some(from)) {
        before.insert((timeline.resource.kind.to_string(), timeline.resource.id.clone()), timeline.state);
    }
    let (mut all, mut existed) = (Vec::new(), Vec::new());
    let timelines = found.timelines(to);
    let mut words = found.words(format!("difference in `{reference}`"));
    if timelines.is_empty() {
        words.sought = format!("event of `{reference}`");
    }
    words.nothing =
        remarks::before_all(&found, Some(from), reference).map(|it| format!("no difference is known: {it}"));
    remarks::mentions(&mut reading, &mut found, &timelines, to, &mut words)?;
    remarks::unnamed(&reading, &found, &mut words);
    let asked = GapsFor { since: Some(from), until: to, ..GapsFor::default() };
    let holes = holes::of_timelines(&reading, &found, &timelines, asked)?;
    for timeline in timelines {
        let key = (timeline.resource.kind.to_string(), timeline.resource.id.clone());
        let first = before.remove(&key).unwrap_or_default();
        existed.push(first.exists);
        let changes = difference(&first, &timeline.state);
        all.push((timeline, changes));
    }
    let verify = &args.behind.verify;
    let about = Provenance::new(&found.asked.answer, verify.is_asked(), args.behind.trace);
    let verdict = |timeline: &Timeline, change: &SettingChange| {
        timeline.state.cell(&change.path).by.and_then(|by| about.verdict(&by))
    };
    let verdicts = || all.iter().flat_map(|(it, changes)| changes.iter().map(|change| verdict(it, change)));
    words.lines.extend(verify.said(verdicts(), &mut found.asked.coverage));
    for (timeline, changes) in &mut all {
        changes.retain(|change| verify.keeps_verdict(verdict(timeline, change)));
    }
    let last = found.asked.coverage.last.unwrap_or(from);
    let view = DiffView { all, existed, holes, between: (from, to.unwrap_or(last)), about };
    words
        .hints
        .extend([Some(from), to].into_iter().filter_map(|at| remarks::outside(at, &found.asked.coverage)));
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
    verify: VerifyArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run_inventory(args: &InventoryArgs) -> Result<Status, Error> {
    let ask =
        Request { command: "inventory", filter: &args.filter, output: &args.output, input: &args.input };
    let mut reading = history::open(&ask, &args.rules)?;
    reading.expect_fields(INVENTORY_FIELDS)?;
    let at = moment(args.at.as_deref(), reading.now)?;
    let kinds = Globs::new("--type", &args.kind)?;
    let verify = &args.verify;
    let wish = HistoryOptions {
        kinds: kinds.clone(),
        slim: true,
        rows: verify.is_asked(),
        holes: true,
        ..HistoryOptions::default()
    };
    let mut found = history::resolve_history(&mut reading, None, wish, &args.rules)?;
    let mut words = found.words("resource that was changed".to_owned());
    let mut all = found.asked.answer.list(at);
    all.retain(|it| it.is_known && it.is_shown && kinds.pass(it.resource.type_names()));
    let mut named = found.asked.answer.rows_of(all.iter().flat_map(InventoryRow::events));
    verify.prove(&reading, &mut named, &mut found.asked.troubles)?;
    let about = Provenance::new(&found.asked.answer, verify.is_asked(), false);
    for it in &mut all {
        it.verdict = verify::least(it.events().map(|event| about.verdict(event)));
    }
    words.lines.extend(verify.said(all.iter().map(|it| it.verdict), &mut found.asked.coverage));
    all.retain(|it| verify.keeps_verdict(it.verdict));
    let logs = (&found.asked.coverage, found.asked.answer.switches());
    not_logged::note_not_logged(&mut words, &reading, logs, &LoggedSubject::default());
    let view = InventoryView { all, about };
    words.hints.extend(remarks::outside(at, &found.asked.coverage));
    reading.show(&found.asked, &view, &words)
}

/// The arguments of `graph`.
#[derive(Args, Debug)]
pub(super) struct GraphArgs {
    /// The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// How far to go
    #[arg(long, value_name = "N", default_value_t = 2)]
    depth: usize,
    #[command(flatten)]
    one: ResourceArgs,
}

pub(super) fn run_graph(args: &GraphArgs) -> Result<Status, Error> {
    let rules = &args.one.rules;
    let filter = FilterArgs::default();
    let ask = args.one.ask("graph", &filter);
    let mut reading = history::open(&ask, rules)?;
    reading.expect_fields(GRAPH_FIELDS)?;
    let at = moment(args.at.as_deref(), reading.now)?;
    let reference = Reference::parse(&args.one.reference)?;
    let wish = HistoryOptions { slim: true, ..HistoryOptions::default() };
    let mut found = history::resolve_history(&mut reading, None, wish, rules)?;
    let mut all = found.asked.answer.list(at);
    // Of several that had a name one after another, the last is what has it.
    all.retain(|it| it.is_last);
    let is_root = |it: &&InventoryRow| reference.matches(&it.resource) == Match::Yes;
    let roots: Vec<GraphNode> = all.iter().filter(is_root).map(node).collect();
    let is_gone = |it: &&InventoryRow| it.exists == Existence::Gone;
    let gone = all.iter().filter(is_gone).map(|it| (node(it), it.deleted.as_ref().and_then(|by| by.time)));
    let gone = gone.collect();
    let view = GraphView { edges: edges(&roots, &all, args.depth), roots, gone };
    let mut words = found.words(format!("resource that hangs on `{}`", args.one.reference));
    words.hints.extend(remarks::outside(at, &found.asked.coverage));
    reading.show(&found.asked, &view, &words)
}

fn node(listed: &InventoryRow) -> GraphNode {
    GraphNode { kind: listed.resource.kind.to_string(), id: listed.resource.id.clone() }
}

/// The edges that lead to or from the roots, step by step outwards.
fn edges(roots: &[GraphNode], listed: &[InventoryRow], depth: usize) -> Vec<GraphEdge> {
    let all: Vec<GraphEdge> = listed
        .iter()
        .flat_map(|it| {
            let from = node(it);
            let edge = move |relation: &_| GraphEdge {
                distance: 0,
                from: from.clone(),
                relation: Clone::clone(relation),
            };
            it.relations.iter().map(edge)
        })
        .collect();
    let mut near: BTreeSet<GraphNode> = roots.iter().cloned().collect();
    let mut found: BTreeSet<GraphEdge> = BTreeSet::new();
    let mut taken = vec![false; all.len()];
    for distance in 1..=depth {
        let mut next = BTreeSet::new();
        for (edge, taken) in all.iter().zip(&mut taken) {
            let other = edge.to();
            if *taken || !(near.contains(&edge.from) || near.contains(&other)) {
                continue;
            }
            *taken = true;
            next.extend([edge.from.clone(), other]);
            found.insert(GraphEdge { distance, ..edge.clone() });
        }
        near.extend(next);
    }
    found.into_iter().collect()
}
