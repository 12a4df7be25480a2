//! The one way in which commands read an archive: find, scan, fold, show.
//!
//! A command says what is folded ([`Search::fold`]; as often as it likes), how the answer shows itself and
//! what is to be said of it ([`Session::show`]). Coverage, troubles, indexes, the forms of
//! output and the exit status are the same for all of them.

use super::args::{FilterArgs, InputArgs, OutputArgs, input_paths};
use super::index;
use super::names::AlsoKnown;
use super::near_misses;
use super::verify::VerifyArgs;
use crate::answer::{Coverage, Skipped};
use crate::catalog::Catalog;
use crate::error::{Error, Status, Trouble};
use crate::event::Time;
use crate::ops::{Archive, ArchiveOptions, Observer, Search};
use crate::query::{Filter, LATE};
use crate::render;
use crate::render::{OutputFormat, Report, View};
use crate::scan::ask::{Answered, ScanStats};
use crate::scan::{Progress, ReadStates};
use crate::text::count_noun;
use crate::timeline::quote_for_shell;
use crate::ui::Ui;
use clap::Args;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The commands whose answer is a graph.
const DRAWN: [&str; 2] = ["graph", "trace"];

/// A request, as typed.
pub(super) struct Request<'a> {
    pub(super) command: &'static str,
    pub(super) filter: &'a FilterArgs,
    pub(super) output: &'a OutputArgs,
    pub(super) input: &'a InputArgs,
    /// Whether it is to be proven what the answer rests on: then every file is opened, whatever an index says.
    pub(super) wants_proof: bool,
    /// The resource or the caller that is asked for.
    pub(super) asked: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// Makes a request that wants no proof.
    pub(super) fn new(
        command: &'static str,
        filter: &'a FilterArgs,
        output: &'a OutputArgs,
        input: &'a InputArgs,
    ) -> Self {
        Self { command, filter, output, input, wants_proof: false, asked: None }
    }

    /// Makes the request one about a resource or a caller.
    pub(super) fn about(self, asked: &'a str) -> Self {
        Self { asked: Some(asked), ..self }
    }

    /// Makes the request want the proof that is asked for.
    pub(super) fn with_proof(self, verify: &VerifyArgs) -> Self {
        Self { wants_proof: verify.is_asked(), ..self }
    }
}

/// What is read, which events count, and the form of the answer: what most commands take, and no more.
#[derive(Args, Debug)]
pub(super) struct AskArgs {
    #[command(flatten)]
    pub(super) filter: FilterArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
}

impl AskArgs {
    /// Makes the request of a command.
    pub(super) fn ask(&self, command: &'static str) -> Request<'_> {
        Request::new(command, &self.filter, &self.output, &self.input)
    }
}

/// A request on its way to an answer.
pub(super) struct Session<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) ui: Ui,
    format: OutputFormat,
    /// The archive, the filters, and how it is read; a command may narrow the filters.
    pub(super) search: Search,
    /// When the command was given.
    pub(super) now: Time,
}

/// What a command has to say of its answer.
#[derive(Default)]
pub(super) struct Messages {
    /// What was looked for, for the sentence about an empty answer: `event that passes the filters`.
    pub(super) sought: String,
    /// Another sentence about an empty answer, where that one would say too much.
    pub(super) nothing: Option<String>,
    /// Sentences about the answer, without the name of the program.
    pub(super) lines: Vec<String>,
    /// What the answer cannot know.
    pub(super) hints: Vec<String>,
    /// What the resource that was asked for is called otherwise.
    pub(super) names: AlsoKnown,
    /// The same for programs: members that stand beside the answer in a document.
    pub(super) beside: Vec<(&'static str, serde_json::Value)>,
}

impl<'a> Session<'a> {
    /// Prepares to read: compiles what was typed, and finds the files.
    ///
    /// # Errors
    /// When an argument cannot be understood or a path is not there.
    pub(super) fn open(request: &'a Request<'a>) -> Result<Self, Error> {
        Self::open_with(request, Catalog::default(), &[])
    }

    /// Prepares to read with rules of one's own, and these files of AWS Config beside the logs.
    ///
    /// # Errors
    /// When an argument cannot be understood or a path is not there.
    pub(super) fn open_with(
        request: &'a Request<'a>,
        catalog: Catalog,
        config: &[PathBuf],
    ) -> Result<Self, Error> {
        let format = request.output.format()?;
        if format == OutputFormat::Dot && !DRAWN.contains(&request.command) {
            return Err(Error::new(format!(
                "`{}` has no `--format dot`: its answer is no graph",
                request.command
            ))
            .hint("use `--format table`, `json`, `jsonl` or `csv`"));
        }
        let now = Time::from(chrono::Utc::now());
        let filter = request.filter.compile(now, &catalog)?;
        let (ui, input) = (open_ui(request.output), request.input);
        let watching = ShownScan { ui, explain: input.explain };
        let options = ArchiveOptions {
            threads: input.threads,
            limits: input.limits(),
            links: input.links.follow(),
            index_dir: index::directory_for(input).filter(|_| !request.wants_proof),
            catalog,
            config: config.to_vec(),
        };
        let archive = Archive::open_with(input_paths(&input.paths), options)
            .map_err(|error| near_misses::explain_path(error, request))?;
        let mut search = Search::new(&archive, filter, Arc::new(watching));
        search.wants_raw = format == OutputFormat::Raw;
        // In which state the files are when they are read: that is what will be proven.
        search.states = request.wants_proof.then(ReadStates::default);
        Ok(Self { request, ui, format, search, now })
    }

    /// Returns the paths that were typed as they are typed again, with a space before each: what follows a command
    /// that is named in a hint. Nothing where none were typed, and of a pipe, which is gone.
    pub(super) fn paths_typed(&self) -> String {
        if self.search.is_read_once() {
            return String::new();
        }
        let typed = self.request.input.paths.iter();
        typed.map(|path| format!(" {}", quote_for_shell(&path.to_string_lossy()))).collect()
    }

    /// Refuses to trace what cannot be read twice.
    ///
    /// # Errors
    /// When the archive, or a part of it, is a pipe.
    pub(super) fn refuse_pipe(&self) -> Result<(), Error> {
        if !self.search.is_read_once() {
            return Ok(());
        }
        Err(Error::new("`--trace` reads the archive twice, which a pipe does not allow")
            .hint("save the logs to a file first"))
    }

    /// Refuses what an answer without rows of events does not have.
    ///
    /// # Errors
    /// When the records themselves are asked for, or a field that an item does not have.
    pub(super) fn expect_fields(&self, fields: &[impl AsRef<str>]) -> Result<(), Error> {
        if self.search.wants_raw {
            let command = self.request.command;
            return Err(Error::new(format!(
                "`{command}` has no `--format raw`: its answer is no list of events"
            ))
            .hint("use `trailscan events` with the same filters to get the records"));
        }
        render::check_fields(&self.request.output.fields, fields)
    }

    /// Shows the answer, says what it rests on, and returns the status.
    ///
    /// # Errors
    /// When the answer cannot be written.
    pub(super) fn show<A>(
        &self,
        asked: &Answered<A>,
        view: &dyn View,
        messages: &Messages,
    ) -> Result<Status, Error> {
        let Answered { coverage, troubles, .. } = asked;
        let mut hints = self.hints(coverage, messages);
        if coverage.files_skipped.contains_key(&Skipped::OutsideTime) {
            hints.extend(self.search.sample_names().words());
        }
        let is_missing = view.is_empty() && messages.nothing.is_none() && !self.request.output.quiet;
        if is_missing && near_misses::has_names(self.request) {
            let sampled = self.search.sample_met_names();
            let near =
                sampled.map(|it| near_misses::find_near_misses(self.request, &it, &self.paths_typed()));
            hints.extend(near.into_iter().flatten());
        }
        let Self { ui, request: Request { command, output, .. }, .. } = self;
        let report = Report {
            command,
            view,
            coverage,
            troubles,
            hints: &hints,
            names: &messages.names.items,
            beside: &messages.beside,
            fields: &output.fields,
            limit: output.limit,
            reverse: output.reverse,
            threads: self.request.input.threads,
        };
        let style = ui.style(output.wide);
        ui.answer(|out| render::write_report(out, &report, self.format, style))?;
        ui.troubles(troubles);
        self.search.archive().notes().iter().for_each(|note| ui.say(&format!("trailscan: {note}")));
        for line in self.summary(coverage, view, messages) {
            ui.say(&format!("trailscan: {line}"));
        }
        for hint in &hints {
            ui.say(&format!("hint: {hint}"));
        }
        Ok(match (troubles.is_empty(), view.is_empty()) {
            (false, _) => Status::Partial,
            (true, false) => Status::Answered,
            (true, true) => Status::Nothing,
        })
    }

    /// What an answer cannot know: what was asked for by name and is not in the archive, and the command's own.
    fn hints(&self, coverage: &Coverage, messages: &Messages) -> Vec<String> {
        let filter = self.request.filter;
        let asked =
            [("account", &filter.account, &coverage.accounts), ("region", &filter.region, &coverage.regions)];
        let missing = asked.into_iter().flat_map(|(word, asked, seen)| {
            let names = asked.iter().filter(|name| is_literal(name) && !seen.contains::<str>(name));
            names.map(move |name| {
                format!("{word} `{name}` has no event in these logs: the answer says nothing about it")
            })
        });
        missing.chain(messages.hints.iter().cloned()).collect()
    }

    /// What was searched, in plain words, and what an empty answer means.
    fn summary(&self, coverage: &Coverage, view: &dyn View, messages: &Messages) -> Vec<String> {
        let mut lines = Vec::new();
        if view.is_empty() {
            let usual = || format!("nothing found: no {} in what was searched", messages.sought);
            lines.push(messages.nothing.clone().unwrap_or_else(usual));
        }
        lines.extend(messages.names.line.clone());
        lines.extend(messages.lines.iter().cloned());
        if let Some(limit) = self.request.output.limit.filter(|limit| *limit < view.len()) {
            lines.push(format!("{limit} of {} rows shown", view.len()));
        }
        lines.push(format!("searched {}", describe_searched(coverage)));
        lines.extend(describe_left_out(coverage, &self.search.filter));
        lines.extend(coverage.beside.words());
        if coverage.undated > 0 && (self.search.filter.since.is_some() || self.search.filter.until.is_some())
        {
            lines.push(format!("left out {} without a readable time", count_noun(coverage.undated, "event")));
        }
        if coverage.corrections > 0 {
            let records = count_noun(coverage.corrections, "record");
            let claim = if coverage.corrections == 1 { "claims" } else { "claim" };
            lines.push(format!(
                "{records} {claim} to correct an earlier event (`addendum`): both are shown and counted"
            ));
        }
        lines
    }
}

pub(super) fn open_ui(output: &OutputArgs) -> Ui {
    Ui { quiet: output.quiet, color: output.color.here(), columns: output.width }
}

/// Whether a filter is a plain name: only then it can be said to be missing.
pub(super) fn is_literal(pattern: &str) -> bool {
    !pattern.starts_with('!') && !pattern.contains(['*', '?', '[', '{', '\\'])
}

/// Which files were left out, and why.
fn describe_left_out(coverage: &Coverage, filter: &Filter) -> Vec<String> {
    let line = |(reason, files): (&Skipped, &u64)| {
        let late = match reason {
            Skipped::OutsideTime if filter.until.is_some() => {
                format!(" (deliveries up to {} days late were read)", LATE.num_days())
            }
            _ => String::new(),
        };
        let names = if *reason == Skipped::NotCloudTrail {
            describe_non_logs(coverage, *files)
        } else {
            String::new()
        };
        format!("left out {}: {}{late}{names}", count_noun(*files, "file"), reason.words())
    };
    coverage.files_skipped.iter().map(line).collect()
}

/// Names some of the files that are not CloudTrail.
fn describe_non_logs(coverage: &Coverage, files: u64) -> String {
    const SHOWN: usize = 3;
    let names: Vec<String> = coverage.strangers.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match files.saturating_sub(names.len() as u64) {
        _ if names.is_empty() => String::new(),
        0 => format!(" ({})", names.join(", ")),
        more => format!(" ({} and {more} more)", names.join(", ")),
    }
}

/// Shows on the terminal how a scan gets on.
struct ShownScan {
    ui: Ui,
    explain: bool,
}

impl Observer for ShownScan {
    fn begin(&self, bytes: u64) -> Box<dyn Progress + '_> {
        Box::new(self.ui.progress(bytes))
    }

    fn finish(&self, literals: &str, stats: ScanStats, coverage: &Coverage) {
        if self.explain {
            explain_scan(&self.ui, literals, stats, coverage);
        }
    }

    fn refuse(&self, coverage: &Coverage, troubles: &[Trouble], filter: &Filter) {
        self.ui.troubles(troubles);
        let lines = describe_left_out(coverage, filter);
        lines.iter().for_each(|line| self.ui.say(&format!("trailscan: {line}")));
    }
}

/// Says what the stages of the scan let through.
fn explain_scan(ui: &Ui, literals: &str, stats: ScanStats, coverage: &Coverage) {
    let ScanStats { files_by_index: known, files_counted_only: counted, .. } = stats;
    let walked = (coverage.files_read + coverage.files_in_part).saturating_sub(counted + known);
    let literals = if literals.is_empty() { "none" } else { literals };
    ui.say(&format!("explain: bytes that have to occur: {literals}"));
    ui.say(&format!(
        "explain: files: {} left out, {known} settled by the index, {counted} only counted, {walked} walked",
        coverage.skipped()
    ));
    ui.say(&format!(
        "explain: records: {} looked at, {} left by their plain fields, {} parsed, {} passed",
        stats.records_seen, stats.records_prefiltered, stats.records_parsed, stats.records_matched
    ));
}

fn describe_searched(coverage: &Coverage) -> String {
    let files = count_noun(coverage.files_read + coverage.files_in_part, "file");
    let events = count_noun(coverage.events, "event");
    let list = |what: &str, names: &BTreeSet<Box<str>>| match (names.len(), names.first()) {
        (1, Some(name)) => format!(", {what} {name}"),
        (0, _) => String::new(),
        (2..=5, _) => format!(", {what}s {}", names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ")),
        (many, _) => format!(", {many} {what}s"),
    };
    let accounts = list("account", &coverage.accounts);
    let regions = list("region", &coverage.regions);
    let span = match (coverage.first, coverage.last) {
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    format!("{files}, {events}{accounts}{regions}{span}")
}
