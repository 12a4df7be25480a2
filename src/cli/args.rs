//! Arguments that several commands share, as typed, and what they mean.

use super::ask::is_literal;
use super::languages::LanguageArgs;
use crate::catalog::{Action, Catalog};
use crate::container::Limits;
use crate::error::Error;
use crate::event::{Outcome, Time};
use crate::input::FollowLinks;
use crate::query::{Addresses, Filter, Globs, parse_instant};
use crate::render::OutputFormat;
use crate::ui::{Color, WIDTHS};
use clap::{Arg, Args, ValueEnum};
use std::ffi::OsStr;
use std::path::PathBuf;

/// The filters that every command which reads events takes
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filters (with * and ?; repeated = or, different = and, ! in front = not)")]
pub struct FilterArgs {
    /// Only events from this UTC time on: `2024-03-01 15:42`
    ///
    /// Also `2024-03-01`, `2024-03-01T15:42:00Z`, `15:42`, `yesterday 15:42`, `2 days ago`, `-90m`, seconds since 1970.
    /// A time in another zone says so: `2024-03-01T15:42:00+02:00`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only events up to this UTC time (a date: its 00:00)
    ///
    /// All of a day is until the next one: `--since 2024-03-01 --until 2024-03-02`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// The account that events were recorded for
    #[arg(long, value_name = "ACCOUNT", hide_short_help = true)]
    pub account: Vec<String>,
    /// The region that events were recorded in
    #[arg(long, value_name = "REGION", hide_short_help = true)]
    pub region: Vec<String>,
    /// The call: `DeleteBucket`, `Delete*`
    #[arg(long, value_name = "NAME")]
    event: Vec<String>,
    /// The service: `iam`, `s3`, `ec2.amazonaws.com`
    #[arg(long, value_name = "SERVICE", hide_short_help = true)]
    service: Vec<String>,
    /// The caller: name, role, session, ARN, unique id, service
    #[arg(long, value_name = "WHO")]
    actor: Vec<String>,
    /// The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`
    #[arg(long, value_name = "ADDRESS", hide_short_help = true)]
    ip: Vec<String>,
    /// The user agent: `*boto3*`
    #[arg(long, value_name = "PATTERN", hide_short_help = true)]
    user_agent: Vec<String>,
    /// The access key, as the one used or the one acted on
    #[arg(long, value_name = "KEY", hide_short_help = true)]
    access_key: Vec<String>,
    /// The error code: `AccessDenied`, `*NotFound*`
    #[arg(long, value_name = "CODE", hide_short_help = true)]
    error: Vec<String>,
    /// The id of the event
    #[arg(long, value_name = "ID", hide_short_help = true)]
    event_id: Vec<String>,
    /// Only calls refused for lack of permission
    #[arg(long, conflicts_with = "succeeded", hide_short_help = true)]
    denied: bool,
    /// Only calls that failed, for whatever reason
    #[arg(long, conflicts_with = "succeeded", hide_short_help = true)]
    failed: bool,
    /// Only calls that succeeded
    #[arg(long, hide_short_help = true)]
    succeeded: bool,
    /// Only calls that write
    #[arg(long, conflicts_with = "reads", hide_short_help = true)]
    writes: bool,
    /// Only calls that read
    #[arg(long, hide_short_help = true)]
    reads: bool,
    /// Only calls that do this to what they are about
    #[arg(long, value_enum, value_name = "ACTION", value_delimiter = ',', hide_short_help = true)]
    action: Vec<ActionArg>,
    /// Read every file, whatever time, account and region its name gives: for archives whose files were renamed
    #[arg(long, hide_short_help = true)]
    ignore_names: bool,
    #[command(flatten)]
    languages: LanguageArgs,
}

impl FilterArgs {
    /// Returns the plain names that were typed, with their options.
    pub(super) fn names_typed(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("--event", &self.event),
            ("--service", &self.service),
            ("--error", &self.error),
            ("--actor", &self.actor),
        ];
        let named =
            all.into_iter().flat_map(|(option, names)| names.iter().map(move |it| (option, it.as_str())));
        named.filter(|(_, name)| is_literal(name)).collect()
    }

    /// Compiles the filters; ages count back from `now`, and calls are judged by `catalog`.
    ///
    /// # Errors
    /// When a time or a pattern cannot be understood.
    pub fn compile(&self, now: Time, catalog: &Catalog) -> Result<Filter, Error> {
        let time = |text: &Option<String>| text.as_deref().map(|text| parse_instant(text, now)).transpose();
        let (since, until) = (time(&self.since)?, time(&self.until)?);
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            return Err(Error::new(format!("`--since {since}` is later than `--until {until}`"))
                .hint("exchange the two"));
        }
        let outcome = match (self.failed, self.succeeded) {
            (true, _) => Some(Outcome::Failed),
            (_, true) => Some(Outcome::Succeeded),
            _ => None,
        };
        Ok(Filter {
            catalog: catalog.clone(),
            since,
            until,
            account: Globs::new("--account", &self.account)?,
            region: Globs::new("--region", &self.region)?,
            event: Globs::new("--event", &self.event)?,
            service: Globs::new("--service", &self.service)?,
            actor: Globs::new("--actor", &self.actor)?,
            ip: Addresses::new(&self.ip)?,
            user_agent: Globs::new("--user-agent", &self.user_agent)?,
            access_key: Globs::new("--access-key", &self.access_key)?,
            error: Globs::new("--error", &self.error)?,
            event_id: Globs::new("--event-id", &self.event_id)?,
            denied: self.denied,
            outcome,
            writes: (self.writes || self.reads).then_some(self.writes),
            actions: self.action.iter().map(|it| it.action()).collect(),
            conditions: self.languages.compile()?,
            ignores_names: self.ignore_names,
        })
    }
}

/// What calls do to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ActionArg {
    /// Make it
    Created,
    /// Change it
    Changed,
    /// Delete it
    Deleted,
    /// Read it
    Read,
}

impl ActionArg {
    fn action(self) -> Action {
        match self {
            Self::Created => Action::Created,
            Self::Changed => Action::Changed,
            Self::Deleted => Action::Deleted,
            Self::Read => Action::Read,
        }
    }
}

/// The form of the answer
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = FormatArg::Table, value_name = "FORM", hide_short_help = true)]
    format: FormatArg,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Show only these fields, as `eventTime,actor.name,resource.id`
    #[arg(long, value_name = "FIELD", value_delimiter = ',', hide_short_help = true)]
    pub fields: Vec<String>,
    /// Show at most this many rows
    #[arg(long, value_name = "N", allow_negative_numbers = true, hide_short_help = true)]
    pub limit: Option<usize>,
    /// Show the latest first
    #[arg(long, hide_short_help = true)]
    pub reverse: bool,
    /// Show each row of a table on one line, however long, with more columns
    #[arg(long, hide_short_help = true)]
    pub wide: bool,
    /// Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]
    #[arg(long, value_name = "COLUMNS", conflicts_with = "wide", value_parser = parse_width, hide_short_help = true)]
    pub width: Option<u16>,
    /// Leave out coverage and hints on stderr (what cannot be read is said all the same)
    #[arg(long, short, hide_short_help = true)]
    pub quiet: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN", hide_short_help = true)]
    pub color: ColorArg,
}

impl OutputArgs {
    /// Returns the form asked for.
    ///
    /// # Errors
    /// When it does not go with `--fields`.
    pub fn format(&self) -> Result<OutputFormat, Error> {
        let format = if self.json { FormatArg::Json } else { self.format };
        if format == FormatArg::Raw && !self.fields.is_empty() {
            return Err(Error::new(
                "`--fields` does not go with `--format raw`: a record is given as it was logged",
            )
            .hint("use `--format jsonl` to choose fields"));
        }
        Ok(match format {
            FormatArg::Table => OutputFormat::Table,
            FormatArg::Json => OutputFormat::Json,
            FormatArg::Jsonl => OutputFormat::Jsonl,
            FormatArg::Csv => OutputFormat::Csv,
            FormatArg::Raw => OutputFormat::Raw,
            FormatArg::Dot => OutputFormat::Dot,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// For people
    Table,
    /// One document: answer, coverage, troubles
    Json,
    /// One row a line
    Jsonl,
    /// RFC 4180, with formulas guarded
    Csv,
    /// The CloudTrail records themselves, one a line
    Raw,
    /// A graph for Graphviz (`trace`, `graph`)
    Dot,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`
    Auto,
    /// Also where the output is no terminal
    Always,
    /// Never
    Never,
}

impl ColorArg {
    /// Returns what it means for this process.
    pub(super) fn here(self) -> Color {
        self.color(wants_no_color(
            std::env::var_os("NO_COLOR").as_deref(),
            std::env::var_os("TERM").as_deref(),
        ))
    }

    /// Returns what it means for the terminal; `no_color` says that the environment wants none.
    pub fn color(self, no_color: bool) -> Color {
        match self {
            ColorArg::Always => Color::Always,
            ColorArg::Never => Color::Never,
            ColorArg::Auto if no_color => Color::Never,
            ColorArg::Auto => Color::OnTerminal,
        }
    }
}

/// Whether the environment wants no colours: by the convention of no-color.org, set and not empty, or by a terminal
/// that shows escape sequences instead of obeying them.
fn wants_no_color(no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    no_color.is_some_and(|value| !value.is_empty()) || term.is_some_and(|value| value == "dumb")
}

/// Shows an option in `-h` as well, which lists what a command is mostly asked with.
pub(super) fn usual(option: Arg) -> Arg {
    option.hide_short_help(false)
}

/// Leaves an option to `--help`, which lists all.
pub(super) fn rare(option: Arg) -> Arg {
    option.hide_short_help(true)
}

/// What is read
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Reading")]
pub struct InputArgs {
    /// Directories, files or packages (zip, tar) to read, `-` for stdin
    ///
    /// Without one it is $TRAILSCAN_PATH, else the current directory.
    #[arg(value_name = "PATH", help_heading = None::<&str>)]
    pub paths: Vec<PathBuf>,
    /// Say on stderr what was looked for and what each stage let through
    #[arg(long, hide = true)]
    pub explain: bool,
    /// How many threads work; no more than 64, or four a processor [default: one a processor]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    pub threads: usize,
    /// The most that one file may inflate to, and that is read from a pipe
    #[arg(long, value_name = "SIZE", default_value = "16GiB", value_parser = parse_size, hide_short_help = true)]
    max_inflated: u64,
    /// The largest single record; a larger one is skipped and reported
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = parse_size, hide_short_help = true)]
    max_record: u64,
    #[command(flatten)]
    pub(super) links: LinkArgs,
    /// Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub index_dir: Option<PathBuf>,
    /// Read every file, whether there is an index or not
    #[arg(long, hide_short_help = true)]
    pub no_index: bool,
}

/// Which links are followed
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct LinkArgs {
    /// Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read
    #[arg(long, help_heading = "Reading", hide_short_help = true)]
    follow_links: bool,
}

impl LinkArgs {
    pub(super) fn follow(self) -> FollowLinks {
        if self.follow_links { FollowLinks::All } else { FollowLinks::Within }
    }
}

impl InputArgs {
    /// Returns whether files may hold at least as much as an index takes note of.
    pub fn reads_all(&self) -> bool {
        let (limits, usual) = (self.limits(), Limits::default());
        limits.inflated >= usual.inflated && limits.record >= usual.record
    }

    /// Returns how much a file may hold.
    pub fn limits(&self) -> Limits {
        Limits {
            inflated: self.max_inflated,
            record: usize::try_from(self.max_record).unwrap_or(usize::MAX),
            ..Limits::default()
        }
    }
}

/// Reads a size in bytes: `64MiB`, `16GB`, `1000`.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return Err("expected a size as `64MiB` or `16GB`".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "expected a size as `64MiB` or `16GB`".to_owned())?;
    number.checked_mul(unit).ok_or_else(|| "the size is too large".to_owned())
}

/// Reads how many columns a table is fitted into.
pub(super) fn parse_width(text: &str) -> Result<u16, String> {
    let (least, most) = (WIDTHS.start(), WIDTHS.end());
    let columns = text.parse().ok().filter(|columns| WIDTHS.contains(columns));
    columns.ok_or_else(|| format!("expected a number of columns from {least} to {most}"))
}

/// The paths to read: as typed, else `$TRAILSCAN_PATH`, else the current directory.
pub(super) fn input_paths(typed: &[PathBuf]) -> Vec<PathBuf> {
    if !typed.is_empty() {
        return typed.to_vec();
    }
    match std::env::var_os("TRAILSCAN_PATH").filter(|value| !value.is_empty()) {
        Some(value) => std::env::split_paths(&value).collect(),
        None => vec![PathBuf::from(".")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_can_refuse_colours() {
        let wants = |no_color: Option<&str>, term: Option<&str>| {
            wants_no_color(no_color.map(OsStr::new), term.map(OsStr::new))
        };
        for (no_color, term) in [(Some("1"), None), (None, Some("dumb")), (Some(""), Some("dumb"))] {
            assert!(wants(no_color, term), "{no_color:?} {term:?}");
        }
        for (no_color, term) in
            [(None, None), (Some(""), Some("xterm")), (None, Some("")), (None, Some("dumber"))]
        {
            assert!(!wants(no_color, term), "{no_color:?} {term:?}");
        }
        assert_eq!(ColorArg::Auto.color(true), Color::Never);
        assert_eq!(ColorArg::Always.color(true), Color::Always);
    }

    #[test]
    fn sizes() {
        for (text, want) in
            [("1000", Ok(1000)), ("64MiB", Ok(64 << 20)), ("2 GB", Ok(2_000_000_000)), ("1g", Ok(1 << 30))]
        {
            assert_eq!(parse_size(text), want, "{text}");
        }
        for text in ["", "MiB", "5 parsecs", "-1", "99999999999999999999", "99999999999T"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
