//! `revert`: the commands that would undo what was done.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::{Messages, Request};
use super::resource_args::RulesArgs;
use super::{remarks, resource_args};
use crate::error::{Error, Status};
use crate::ops::history;
use crate::ops::history::HistoryOptions;
use crate::query::parse_instant;
use crate::render::{REVERT_FIELDS, RevertView};
use crate::resource::Resource;
use crate::text::count_noun;
use crate::timeline::{Existence, Timeline, UndoCommand, find_relations, is_part, undo_changes, undo_event};
use clap::Args;
use std::collections::HashSet;
use std::path::PathBuf;

/// The arguments of `revert`.
#[derive(Args, Debug)]
pub(super) struct RevertArgs {
    /// The resource: `role/Admin`, an id (`sg-…`), an ARN, or a plain name; none with `--event`
    #[arg(value_name = "RESOURCE")]
    reference: Option<String>,
    /// Go back to what it was at this moment, in UTC: `2024-03-01 15:42`, `2 days ago`
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with = "event")]
    to: Option<String>,
    /// Take back what the event of this id changed
    #[arg(long, value_name = "ID")]
    event: Option<String>,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(args: &RevertArgs) -> Result<Status, Error> {
    let filter = FilterArgs::default();
    let mut input = args.input.clone();
    if args.event.is_some() {
        // With an event, everything that is typed is a path.
        let first = args.reference.iter().map(PathBuf::from);
        input.paths = first.chain(input.paths).collect();
    }
    let ask = Request::new("revert", &filter, &args.output, &input);
    let mut session = resource_args::open_session(&ask, &args.rules)?;
    session.expect_fields(REVERT_FIELDS)?;
    let mut words = Messages { sought: "change to undo".to_owned(), ..Messages::default() };
    let (view, asked) = match (&args.event, &args.to, &args.reference) {
        (Some(event), ..) => {
            let found = history::resolve_history(&mut session.search, None, HistoryOptions::default())?;
            let timelines = found.timelines(None);
            let mut view = by_event(&timelines, event);
            note_deleted_references(&mut view, &timelines);
            (view, found.asked)
        }
        (None, Some(to), Some(reference)) => {
            let to = parse_instant(to, session.now)?;
            let wish = HistoryOptions { unnamed: Some(None), ..HistoryOptions::default() };
            let found = history::resolve_history(&mut session.search, Some(reference), wish)?;
            words.nothing = remarks::before_all(&found, Some(to), reference);
            words.hints.extend(remarks::outside_logs_hint(Some(to), &found.asked.coverage));
            remarks::note_unnamed_calls(&session, &found, &mut words);
            let before = found.timelines_with_later(Some(to));
            let all = found.timelines(None).into_iter().map(|now| {
                let same = |then: &&Timeline| {
                    then.resource.kind == now.resource.kind && then.resource.id == now.resource.id
                };
                let mut then = before.iter().find(same).map(|then| then.state.clone()).unwrap_or_default();
                let unborn = now.state.created.as_ref().and_then(|it| it.time).is_some_and(|time| time > to);
                if then.exists == Existence::Unknown && unborn && now.state.incarnation == 1 {
                    then.exists = Existence::Gone;
                }
                let steps = undo_changes(&now.resource, &now.state, &then);
                (now.resource, steps)
            });
            let mut view = RevertView { all: all.filter(|(_, steps)| !steps.is_empty()).collect() };
            let has_commands =
                view.all.iter().flat_map(|(_, steps)| steps).any(|step| step.command.is_some());
            if has_commands && !session.search.is_read_once() {
                let wish = HistoryOptions { slim: true, ..HistoryOptions::default() };
                let others = history::resolve_history(&mut session.search, None, wish)?;
                let mut timelines = others.timelines(None);
                let own = found.timelines(None);
                timelines.retain(|it| {
                    !own.iter()
                        .any(|own| own.resource.kind == it.resource.kind && own.resource.id == it.resource.id)
                });
                timelines.extend(own);
                note_deleted_references(&mut view, &timelines);
            }
            (view, found.asked)
        }
        _ => {
            return Err(Error::new("`revert` lacks what to go back to")
                .hint("name a resource and `--to TIME`, or `--event ID` alone"));
        }
    };
    let refused = view.all.iter().flat_map(|(_, steps)| steps).filter(|step| step.command.is_none()).count();
    if refused > 0 {
        words.lines.push(format!(
            "no command for {}: the reason stands beside it",
            count_noun(refused as u64, "change")
        ));
    }
    words.hints.push("nothing was run; read the commands before you run any".to_owned());
    session.show(&asked, &view, &words)
}

/// Says beside the commands what they name that is gone by the same logs: it has to be made again before.
fn note_deleted_references(view: &mut RevertView, timelines: &[Timeline]) {
    let is = |it: &Timeline, kind: &str, id: &str| {
        it.resource.kind == kind && it.resource.identifiers().contains(&id)
    };
    for (resource, steps) in &mut view.all {
        let own = timelines.iter().find(|it| is(it, &resource.kind, &resource.id));
        let named = own.map(|it| find_relations(&it.resource, &it.state)).unwrap_or_default();
        for other in named {
            let found = timelines.iter().find(|it| is(it, &other.resource_type, &other.resource_id));
            let Some(gone) = found.filter(|it| it.state.exists == Existence::Gone) else { continue };
            let names_it = |step: &&mut UndoCommand| {
                step.command.as_ref().is_some_and(|command| command.contains(&other.resource_id))
            };
            let Some(step) = steps.iter_mut().find(names_it) else { continue };
            let by =
                gone.state.exists_by.as_deref().map(|by| format!(" ({})", by.event_name)).unwrap_or_default();
            let kind = other.resource_type.trim_start_matches("AWS::");
            let told = format!(
                "{kind} {} is gone by these logs{by}: without it the command fails",
                other.resource_id
            );
            step.note = Some(step.note.take().map_or(told.clone(), |note| format!("{note}; {told}")));
        }
    }
}

fn by_event(timelines: &[Timeline], event: &str) -> RevertView {
    let is_in = |timeline: &&Timeline| {
        timeline.entries.iter().any(|entry| entry.step.origin.event_id.as_deref() == Some(event))
    };
    let undone = |timeline: &Timeline| -> (_, Vec<UndoCommand>) {
        (timeline.resource.clone(), undo_event(timeline, event))
    };
    let all = timelines.iter().filter(is_in).map(undone).filter(|(_, steps)| !steps.is_empty());
    let mut all: Vec<(Resource, Vec<UndoCommand>)> = all.collect();
    // A policy or a rule that goes with its user or group has no way back of its own.
    let any = all.iter().any(|(_, steps)| steps.iter().any(|step| step.command.is_some()));
    all.retain(|(resource, _)| !(any && is_part(resource)));
    // What a call does to a user and to a group is undone once.
    let mut given = HashSet::new();
    for (_, steps) in &mut all {
        steps.retain(|step| step.command.as_ref().is_none_or(|command| given.insert(command.clone())));
    }
    all.retain(|(_, steps)| !steps.is_empty());
    RevertView { all }
}
