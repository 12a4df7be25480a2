//! `timeline`: each change of a resource, what it changed, and who made it.

use super::args::{FilterArgs, InputArgs, OutputArgs, rare};
use super::ask::Request;
use super::provenance_args::ProvenanceArgs;
use super::resource_args::{RulesArgs, begin_messages};
use super::{not_logged, remarks, resource_args};
use crate::answer::{ChangeFilter, Coverage};
use crate::error::{Error, Status};
use crate::ops::history;
use crate::ops::history::HistoryOptions;
use crate::render;
use crate::render::{ROW_FIELDS, TIMELINE_FIELDS, TRACED_FIELDS, TimelineView};
use clap::Args;

/// The arguments of `timeline`.
#[derive(Args, Debug)]
#[command(mut_arg("event", rare), mut_arg("actor", rare), mut_arg("aws_config", rare))]
pub(super) struct TimelineArgs {
    /// The resource: `bucket/payroll`, `role/Admin`, an id (`sg-…`), an ARN, or a plain name
    #[arg(value_name = "RESOURCE")]
    reference: String,
    /// Only changes of this setting: `ingress`, `tags`, `metadataOptions.httpTokens`
    #[arg(long, value_name = "SETTING")]
    field: Vec<String>,
    /// Only changes that brought or removed this value: `0.0.0.0/0`
    #[arg(long, value_name = "VALUE")]
    value: Vec<String>,
    /// Show the calls that only use it as well
    #[arg(long)]
    related: bool,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    behind: ProvenanceArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(args: &TimelineArgs) -> Result<Status, Error> {
    let behind = &args.behind;
    let traced = if behind.trace { TRACED_FIELDS } else { &[] };
    let fields: Vec<&str> = ROW_FIELDS.iter().chain(traced).chain(TIMELINE_FIELDS).copied().collect();
    render::check_fields(&args.output.fields, &fields)?;
    let ask = Request::new("timeline", &args.filter, &args.output, &args.input)
        .with_proof(&behind.verify)
        .about(&args.reference);
    let mut session = resource_args::open_session(&ask, &args.rules)?;
    behind.refuse_pipe(&session)?;
    let wish = HistoryOptions {
        related: args.related,
        rows: true,
        origins: behind.trace,
        holes: true,
        unnamed: Some(None),
        ..HistoryOptions::default()
    };
    let mut found = history::resolve_history(&mut session.search, Some(&args.reference), wish)?;
    let asked = &mut found.asked;
    behind.tell(&mut session, &mut asked.answer, &mut asked.troubles)?;
    let timelines = found.timelines(None);
    let mut words = begin_messages(&found, format!("change of `{}`", args.reference));
    remarks::note_mentions(&mut session, &mut found, &timelines, None, &mut words)?;
    remarks::note_unnamed_calls(&session, &found, &mut words);
    let narrow = ChangeFilter { fields: args.field.clone(), values: args.value.clone() };
    let mut view = TimelineView::new(&found.asked.answer, &timelines, &narrow);
    let mut counted = Coverage::default();
    let proven = behind.verify.said(view.rows().map(|row| row.verdict), &mut counted);
    view.keep(&|row| behind.verify.keeps(row));
    found.asked.coverage.verdicts = counted.verdicts;
    words.lines.extend(proven);
    not_logged::note_not_logged_of_timelines(&mut words, &session, &found.asked, &timelines);
    let unseen = timelines.iter().filter(|it| it.state.created.is_none()).count();
    if unseen > 0 {
        words.hints.push(
            "its creation is not in these logs: what was set before their first event is unknown".to_owned(),
        );
    }
    session.show(&found.asked, &view, &words)
}
