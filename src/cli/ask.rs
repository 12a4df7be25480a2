//! What `who`, `who-*` and `events` have in common: find, scan, answer.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::index;
use crate::answer::{Coverage, Found, Question, Skipped, advice};
use crate::error::{Error, Status};
use crate::event::Time;
use crate::index::{Sifted, sift};
use crate::input::{self, Source};
use crate::query::{Filter, LATE};
use crate::render::{self, Format, Report, Style};
use crate::scan::{self, ask::Effort};
use crate::ui::Ui;
use std::path::PathBuf;

/// A request, as typed.
pub(super) struct Ask<'a> {
    pub(super) command: &'static str,
    /// What the rows show, for the sentence about an empty answer.
    pub(super) sought: String,
    pub(super) filter: &'a FilterArgs,
    pub(super) output: &'a OutputArgs,
    pub(super) input: &'a InputArgs,
}

/// Carries out a request and returns its status.
pub(super) fn run(ask: &Ask<'_>, mut question: Question) -> Result<Status, Error> {
    let format = ask.output.format()?;
    let filter = ask.filter.compile(Time::from(chrono::Utc::now()))?;
    question.raw = format == Format::Raw;
    let ui = ui(ask.output);
    let paths = paths(&ask.input.paths);
    let found = input::find(&paths)?;
    let limits = ask.input.limits();
    let job = scan::ask::Ask::new(&filter, &question, &found.sources, limits);
    let (indexes, notes) = index::open(ask.input, &paths);
    let refused = |source: &Source| job.leaves_out(source);
    let Sifted { sources, coverage: known } = sift(&indexes, found.sources, &filter, &question, &refused);
    let bar = ui.progress(sources.iter().map(|source| source.size).sum());
    let mut scanned = scan::scan(&sources, &job, limits, ask.input.threads, &bar)?;
    drop(bar);
    scanned.coverage.merge(known);
    scanned.troubles.extend(found.troubles);
    scanned.troubles.sort();
    let mut coverage = scanned.coverage;
    coverage.skip(Skipped::SpecialFile, found.other.special);
    coverage.skip(Skipped::NotCloudTrail, found.other.metadata);
    coverage.skip(Skipped::ReadByAnotherName, found.other.linked);
    let effort = scanned.part.effort;
    let answer = scanned.part.rows.finish(&mut coverage);
    let hints = advice(&question, &answer, &coverage, &ask.filter.account, &ask.filter.region);
    let report = Report {
        command: ask.command,
        rows: &answer.rows,
        coverage: &coverage,
        troubles: &scanned.troubles,
        hints: &hints,
        fields: &ask.output.fields,
        limit: ask.output.limit,
        reverse: ask.output.reverse,
    };
    if coverage.files_read + coverage.files_in_part + coverage.unopened() == 0 {
        ui.troubles(&scanned.troubles);
        left_out(&coverage, &filter).iter().for_each(|line| ui.say(line));
        return Err(nothing_usable(&ask.input.paths));
    }
    let style = Style {
        color: ui.colors(),
        width: ui.width(),
        wide: ask.output.wide,
        terminal: ui.width().is_some(),
    };
    ui.answer(|out| render::write(out, &report, format, style))?;
    ui.troubles(&scanned.troubles);
    notes.iter().for_each(|note| ui.say(&format!("trailscan: {note}")));
    for line in summary(ask, &answer, &coverage, &filter) {
        ui.say(&line);
    }
    if ask.input.explain {
        explain(&ui, &job.literals().words(), scanned.surveyed, effort, &coverage);
    }
    for hint in &hints {
        ui.say(&format!("hint: {hint}"));
    }
    Ok(match (scanned.troubles.is_empty(), answer.rows.is_empty()) {
        (false, _) => Status::Partial,
        (true, false) => Status::Answered,
        (true, true) => Status::Nothing,
    })
}

pub(super) fn ui(output: &OutputArgs) -> Ui {
    // The convention of no-color.org: set and not empty.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Ui { quiet: output.quiet, color: output.color.color(no_color) }
}

/// The paths to read: as typed, else `$TRAILSCAN_PATH`, else the current directory.
pub(super) fn paths(typed: &[PathBuf]) -> Vec<PathBuf> {
    if !typed.is_empty() {
        return typed.to_vec();
    }
    match std::env::var_os("TRAILSCAN_PATH").filter(|value| !value.is_empty()) {
        Some(value) => std::env::split_paths(&value).collect(),
        None => vec![PathBuf::from(".")],
    }
}

fn nothing_usable(typed: &[PathBuf]) -> Error {
    let names: Vec<String> = paths(typed).iter().map(|path| format!("`{}`", path.display())).collect();
    Error::new(format!("no usable log file in {}", names.join(", ")))
        .hint("name the directory that holds `AWSLogs/`, or a log file")
}

/// What was searched, in plain words, and what an empty answer means.
fn summary(ask: &Ask<'_>, found: &Found, coverage: &Coverage, filter: &Filter) -> Vec<String> {
    let mut lines = Vec::new();
    let failed = found.rows.iter().filter(|row| row.outcome == crate::event::Outcome::Failed).count();
    let sought = &ask.sought;
    if found.rows.is_empty() {
        lines.push(format!("trailscan: nothing found: no {sought} in what was searched"));
    } else if failed == found.rows.len() && ask.command != "events" {
        lines.push(format!("trailscan: every try failed: no successful {sought} in what was searched"));
    }
    if let Some(limit) = ask.output.limit.filter(|limit| *limit < found.rows.len()) {
        lines.push(format!("trailscan: {limit} of {} rows shown", found.rows.len()));
    }
    lines.push(format!("trailscan: searched {}", searched(coverage)));
    lines.extend(left_out(coverage, filter));
    if coverage.undated > 0 && (filter.since.is_some() || filter.until.is_some()) {
        lines.push(format!(
            "trailscan: left out {} without a readable time",
            plural(coverage.undated, "event")
        ));
    }
    if coverage.corrected > 0 {
        lines.push(format!("trailscan: {} replaced by later corrections", plural(coverage.corrected, "row")));
    }
    lines
}

/// Which files were left out, and why.
fn left_out(coverage: &Coverage, filter: &Filter) -> Vec<String> {
    let line = |(reason, files): (&Skipped, &u64)| {
        let late = match reason {
            Skipped::OutsideTime if filter.until.is_some() => {
                format!(" (deliveries up to {} days late were read)", LATE.num_days())
            }
            _ => String::new(),
        };
        format!("trailscan: left out {}: {}{late}", plural(*files, "file"), reason.words())
    };
    coverage.files_skipped.iter().map(line).collect()
}

/// Says what the stages of the scan let through.
fn explain(ui: &Ui, literals: &str, surveyed: u64, effort: Effort, coverage: &Coverage) {
    let walked = (coverage.files_read + coverage.files_in_part).saturating_sub(surveyed);
    let literals = if literals.is_empty() { "none" } else { literals };
    let Effort { seen, glanced, parsed, passed } = effort;
    ui.say(&format!("explain: bytes that have to occur: {literals}"));
    ui.say(&format!(
        "explain: files: {} left out, {surveyed} only counted, {walked} walked",
        coverage.skipped()
    ));
    ui.say(&format!(
        "explain: records: {seen} looked at, {glanced} left by their plain fields, {parsed} parsed, {passed} passed"
    ));
}

fn searched(coverage: &Coverage) -> String {
    let files = plural(coverage.files_read + coverage.files_in_part, "file");
    let events = plural(coverage.events, "event");
    let list = |what: &str, names: Vec<&str>| match names.len() {
        0 => String::new(),
        1 => format!(", {what} {}", names[0]),
        2..=5 => format!(", {what}s {}", names.join(" ")),
        many => format!(", {many} {what}s"),
    };
    let accounts = list("account", coverage.accounts.texts());
    let regions = list("region", coverage.regions.texts());
    let span = match (coverage.first, coverage.last) {
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    format!("{files}, {events}{accounts}{regions}{span}")
}

fn plural(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
