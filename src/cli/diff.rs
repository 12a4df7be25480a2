//! `diff`: what differs in a resource between two moments.

use super::args::FilterArgs;
use super::provenance_args::ProvenanceArgs;
use super::resource_args::{ResourceArgs, begin_messages};
use super::state::parse_moment;
use super::{remarks, resource_args};
use crate::answer::GapsFor;
use crate::error::{Error, Status};
use crate::ops::{history, log_gaps};
use crate::query::parse_instant;
use crate::render::{DIFF_FIELDS, DiffView, Provenance};
use crate::timeline::{SettingChange, State, Timeline, diff_states};
use clap::Args;
use std::collections::HashMap;

/// The arguments of `diff`.
#[derive(Args, Debug)]
pub(super) struct DiffArgs {
    /// The first moment, in UTC: `2024-03-01 15:42`, `2 days ago`
    #[arg(long, visible_alias = "since", value_name = "TIME", allow_hyphen_values = true)]
    from: String,
    /// The second moment [default: after the last event]
    #[arg(long, visible_alias = "until", value_name = "TIME", allow_hyphen_values = true)]
    to: Option<String>,
    #[command(flatten)]
    one: ResourceArgs,
    #[command(flatten)]
    behind: ProvenanceArgs,
}

pub(super) fn run(args: &DiffArgs) -> Result<Status, Error> {
    let ResourceArgs { reference, rules, .. } = &args.one;
    let filter = FilterArgs::default();
    let ask = args.one.ask("diff", &filter).with_proof(&args.behind.verify);
    let mut session = resource_args::open_session(&ask, rules)?;
    session.expect_fields(DIFF_FIELDS)?;
    let (from, to) =
        (parse_instant(&args.from, session.now)?, parse_moment(args.to.as_deref(), session.now)?);
    if to.is_some_and(|to| to < from) {
        return Err(Error::new("`--from` is later than `--to`").hint("exchange the two"));
    }
    args.behind.refuse_pipe(&session)?;
    let wish = args.behind.history_options(to);
    let mut found = history::resolve_history(&mut session.search, Some(reference), wish)?;
    args.behind.tell(&mut session, &mut found.asked.answer, &mut found.asked.troubles)?;
    let mut before: HashMap<(String, String), State> = HashMap::new();
    for timeline in found.timelines_with_later(Some(from)) {
        before.insert((timeline.resource.kind.to_string(), timeline.resource.id.clone()), timeline.state);
    }
    let (mut all, mut existed) = (Vec::new(), Vec::new());
    let timelines = found.timelines(to);
    let mut words = begin_messages(&found, format!("difference in `{reference}`"));
    if timelines.is_empty() {
        words.sought = format!("event of `{reference}`");
    }
    words.nothing =
        remarks::before_all(&found, Some(from), reference).map(|it| format!("no difference is known: {it}"));
    remarks::note_mentions(&mut session, &mut found, &timelines, to, &mut words)?;
    remarks::note_unnamed_calls(&session, &found, &mut words);
    let asked = GapsFor { since: Some(from), until: to, ..GapsFor::default() };
    let holes = log_gaps::of_timelines(&session.search, &found, &timelines, asked)?;
    for timeline in timelines {
        let key = (timeline.resource.kind.to_string(), timeline.resource.id.clone());
        let first = before.remove(&key).unwrap_or_default();
        existed.push(first.exists);
        let changes = diff_states(&first, &timeline.state);
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
    words.hints.extend(
        [Some(from), to].into_iter().filter_map(|at| remarks::outside_logs_hint(at, &found.asked.coverage)),
    );
    if view.holes.iter().flatten().any(|it| !it.is_none()) {
        let hint = "the logs between the two moments have holes, or may have: `state --at` tells each";
        words.hints.push(hint.to_owned());
    }
    session.show(&found.asked, &view, &words)
}
