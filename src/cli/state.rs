//! `state`: what a resource looked like at a moment, and what of that is known.

use super::args::FilterArgs;
use super::provenance_args::ProvenanceArgs;
use super::resource_args::{ResourceArgs, begin_messages};
use super::{remarks, resource_args};
use crate::answer::GapsFor;
use crate::error::{Error, Status};
use crate::event::Time;
use crate::ops::{history, log_gaps};
use crate::query::parse_instant;
use crate::render::{ITEM_FIELDS, Provenance, StateView};
use clap::Args;

/// The arguments of `state`.
#[derive(Args, Debug)]
pub(super) struct StateArgs {
    /// The moment, in UTC: `2024-03-01 15:42`, `2 days ago` [default: the end]
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
    let ask = args.one.ask("state", &filter).with_proof(&args.behind.verify);
    let mut session = resource_args::open_session(&ask, rules)?;
    session.expect_fields(ITEM_FIELDS)?;
    let at = parse_moment(args.at.as_deref(), session.now)?;
    args.behind.refuse_pipe(&session)?;
    let wish = args.behind.history_options(at);
    let mut found = history::resolve_history(&mut session.search, Some(reference), wish)?;
    args.behind.tell(&mut session, &mut found.asked.answer, &mut found.asked.troubles)?;
    let mut timelines = found.timelines(at);
    let mut words = begin_messages(&found, format!("event of `{reference}`"));
    words.nothing = remarks::before_all(&found, at, reference);
    remarks::note_mentions(&mut session, &mut found, &timelines, at, &mut words)?;
    remarks::note_unnamed_calls(&session, &found, &mut words);
    let asked = GapsFor { until: at, ..GapsFor::default() };
    let holes = log_gaps::of_timelines(&session.search, &found, &timelines, asked)?;
    let verify = &args.behind.verify;
    let about = Provenance::new(&found.asked.answer, verify.is_asked(), args.behind.trace);
    let values =
        || timelines.iter().flat_map(|it| it.state.cells()).filter_map(|(_, cell)| cell.by.as_deref());
    words.lines.extend(verify.said(values().map(|by| about.verdict(by)), &mut found.asked.coverage));
    timelines.iter_mut().for_each(|it| it.exclude_unverified(&|by| verify.keeps_verdict(about.verdict(by))));
    words.hints.extend(remarks::outside_logs_hint(at, &found.asked.coverage));
    let view = StateView { timelines, holes, at, about };
    session.show(&found.asked, &view, &words)
}

/// Reads a moment that was typed.
pub(super) fn parse_moment(text: Option<&str>, now: Time) -> Result<Option<Time>, Error> {
    text.map(|text| parse_instant(text, now)).transpose()
}
