//! What the commands that unfold the history of resources have in common.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::{Messages, Request, Session, add_troubles, has_logs};
use super::{config, names};
use crate::answer::{History, HistoryQuery, RowQuery};
use crate::catalog::Catalog;
use crate::error::{Error, Trouble};
use crate::event::Time;
use crate::query::{Filter, Globs};
use crate::resource::{Match, NamedResource, Reference, Resource};
use crate::scan::ask::Answered;
use crate::timeline::Timeline;
use clap::Args;
use std::path::{Path, PathBuf};

/// What is known beside the program's own tables
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Knowledge")]
pub(super) struct RulesArgs {
    /// More rules for what calls change: TOML files in the form of the program's own
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Files of AWS Config (histories, snapshots, messages, `get-resource-config-history`) that fill in and check the states; those among the logs are found
    #[arg(long, value_name = "PATH")]
    config: Vec<PathBuf>,
}

impl RulesArgs {
    /// Reads the rules, before anything else is read: the program's own, and those that were named.
    ///
    /// # Errors
    /// When a file cannot be read, or is no table.
    pub(super) fn read(&self) -> Result<Catalog, Error> {
        let Some(dir) = &self.rules else { return Ok(Catalog::default()) };
        let cannot = |path: &Path, error: String| {
            Error::new(format!("cannot read the rules in `{}`: {error}", path.display())).hint(
                "a file of rules looks like `source = \"iam.amazonaws.com\"`, then `[calls]` and `[effects]`",
            )
        };
        let entries = std::fs::read_dir(dir).map_err(|error| cannot(dir, error.to_string()))?;
        let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|path| path.extension().is_some_and(|it| it == "toml"));
        files.sort();
        let mut tables = Vec::new();
        for path in &files {
            let text = std::fs::read_to_string(path).map_err(|error| cannot(path, error.to_string()))?;
            tables.push((path.display().to_string(), text));
        }
        if tables.is_empty() {
            return Err(cannot(dir, "no file ends in `.toml`".to_owned()));
        }
        Catalog::with_rules(&tables).map_err(|error| cannot(dir, error))
    }
}

/// A resource, and where it is looked for
#[derive(Args, Debug)]
pub(super) struct ResourceArgs {
    /// The resource: an ARN, a typed name (`bucket/payroll`, `role/admin`), an id (`sg-…`), or a plain name
    #[arg(value_name = "REFERENCE")]
    pub(super) reference: String,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    pub(super) rules: RulesArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl ResourceArgs {
    /// Makes the request of a command.
    pub(super) fn ask<'a>(&'a self, command: &'static str, filter: &'a FilterArgs) -> Request<'a> {
        Request { command, filter, output: &self.output, input: &self.input }
    }
}

/// What was found of a resource, or of all.
pub(super) struct ResolvedHistory {
    pub(super) asked: Answered<History>,
    /// The resource under all its names; none where all are asked for.
    pub(super) resource: Option<NamedResource>,
    /// What has to be said of the files of AWS Config.
    pub(super) lines: Vec<String>,
    /// What has to be said of names.
    pub(super) hints: Vec<String>,
}

/// What is to be unfolded.
#[derive(Clone, Default)]
pub(super) struct HistoryOptions {
    /// The types that are asked for where no resource is.
    pub(super) kinds: Globs,
    pub(super) related: bool,
    pub(super) rows: bool,
    /// Who stands behind the callers.
    pub(super) origins: bool,
    /// What is missing from the logs.
    pub(super) holes: bool,
    /// Nothing but what there is, who made it and what it names.
    pub(super) slim: bool,
    /// Calls that may have acted on the resource without naming it, up to a moment.
    pub(super) unnamed: Option<HistoryEnd>,
}

/// Up to when; to the last event when no moment is given.
pub(super) type HistoryEnd = Option<Time>;

/// Reads what events say of a resource, under all the names that it turns out to have.
pub(super) fn resolve_history(
    session: &mut Session<'_>,
    reference: Option<&str>,
    options: HistoryOptions,
    rules: &RulesArgs,
) -> Result<ResolvedHistory, Error> {
    // What was before `--since` made the resource what it was then: filters choose what is shown.
    let shown: Filter = std::mem::take(&mut session.filter);
    let shown = session.filters().then_some(&shown);
    let resource = reference.map(Reference::parse).transpose()?.map(NamedResource::new);
    resolve_shown_history(session, resource, shown, options, rules)
}

/// Unfolds whether and since when a resource is there, for an answer of rows. Filters choose what is shown.
pub(super) fn existence(
    session: &mut Session<'_>,
    resource: &NamedResource,
    origins: bool,
    troubles: &mut Vec<Trouble>,
) -> Result<ResolvedHistory, Error> {
    let shown: Filter = std::mem::take(&mut session.filter);
    let wish = HistoryOptions { rows: true, origins, slim: true, ..HistoryOptions::default() };
    let filter = session.filters().then_some(&shown);
    let found = resolve_shown_history(session, Some(resource.clone()), filter, wish, &RulesArgs::default());
    session.filter = shown;
    let mut found = found?;
    add_troubles(troubles, &mut found.asked.troubles);
    Ok(found)
}

fn resolve_shown_history(
    session: &mut Session<'_>,
    mut resource: Option<NamedResource>,
    shown: Option<&Filter>,
    options: HistoryOptions,
    rules: &RulesArgs,
) -> Result<ResolvedHistory, Error> {
    let raw = session.wants_raw();
    let (mut hints, mut lines) = (Vec::new(), Vec::new());
    let mut owners: Vec<Reference> = Vec::new();
    let asked = names::until_all_are_known(|round| {
        let mut asked = session.fold(&HistoryQuery {
            resource: resource.clone(),
            owners: owners.clone(),
            kinds: &options.kinds,
            shown,
            related: options.related,
            rows: options.rows,
            raw,
            origins: options.origins,
            holes: options.holes,
            slim: options.slim,
            unnamed: options.unnamed.and_then(|until| {
                let changes = RowQuery::of_changes(resource.clone()?);
                Some((RowQuery { catalog: session.catalog.clone(), ..changes }, until))
            }),
            catalog: session.catalog.clone(),
        })?;
        let Answered { config: met, coverage, troubles, .. } = &mut asked;
        let baseline = config::baseline(session, &rules.config, met, coverage, troubles)?;
        if !has_logs(coverage) && baseline.files.is_empty() {
            return Err(session.nothing_usable(coverage, troubles));
        }
        let wanted = |it: &Resource| resource.as_ref().is_none_or(|named| named.matches(it) == Match::Yes);
        lines = baseline.words(&|step| wanted(&step.resource));
        for (file, items) in baseline.files {
            let is_owner = |it: &Resource| owners.iter().any(|owner| owner.matches(it) == Match::Yes);
            asked.answer.observe(items, &file, &|it| wanted(it) || is_owner(it));
        }
        let is_new = resource.as_mut().is_some_and(|named| asked.answer.sightings().teach(named));
        if is_new && session.is_read_once() {
            hints.extend(resource.as_ref().map(names::hint_for_pipe));
        }
        // Whatever it is part of may have ended it, in events that do not name it.
        let more = resource.as_ref().map(|named| asked.answer.owners_of(named, &owners)).unwrap_or_default();
        if session.is_read_once() {
            hints.extend(more.iter().map(|owner| {
                format!("a pipe can be read once only: whether `{}`, which it cannot outlive, was deleted was not looked for", owner.text())
            }));
        }
        let is_new = is_new || !more.is_empty();
        owners.extend(more);
        Ok((asked, is_new && !session.is_read_once() && round < names::ROUNDS))
    })?;
    Ok(ResolvedHistory { asked, resource, lines, hints })
}

impl ResolvedHistory {
    /// Begins what has to be said of the answer.
    pub(super) fn words(&self, sought: String) -> Messages {
        let names = self.resource.as_ref().map(names::also_known).unwrap_or_default();
        Messages {
            sought,
            lines: self.lines.clone(),
            hints: self.hints.clone(),
            names,
            ..Messages::default()
        }
    }

    /// Returns the timelines of what was asked for, up to a moment; also of what has no event until then,
    /// for what comes later proves some of what was before.
    pub(super) fn timelines_with_later(&self, until: Option<Time>) -> Vec<Timeline> {
        match &self.resource {
            Some(named) => self.asked.answer.timelines_of(named, until).0,
            None => self.asked.answer.timelines(until),
        }
    }

    /// Returns the timelines of what was asked for, up to a moment.
    pub(super) fn timelines(&self, until: Option<Time>) -> Vec<Timeline> {
        let mut timelines = self.timelines_with_later(until);
        // Of what was not there yet it is told that it came later.
        timelines.retain(|it| !it.entries.is_empty() || it.state.unborn.is_some());
        timelines
    }
}

/// Prepares to read.
pub(super) fn open<'a>(request: &'a Request<'a>, rules: &RulesArgs) -> Result<Session<'a>, Error> {
    let mut reading = Session::open_with(request, rules.read()?)?;
    reading.config = Some(!rules.config.is_empty());
    Ok(reading)
}
