//! `validate`: whether the files are as CloudTrail delivered them.

use super::args;
use super::args::{ColorArg, LinkArgs, input_paths, usual};
use crate::container::{Limits, MAX_RECORD};
use crate::error::{Error, Kind, Status, Trouble};
use crate::event::Time;
use crate::integrity::{
    LeftOutFiles, Reason, TimeWindow, TrustOptions, ValidationOutcome, ValidationSummary, Verdict,
};
use crate::query::parse_instant;
use crate::render::{OutputFormat, ValidationView};
use crate::scan::validate::{ValidationRequest, validate};
use crate::text::count_noun;
use crate::ui::Ui;
use crate::{input, scan};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// What signatures are checked with
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Proof")]
pub(super) struct TrustArgs {
    /// The public keys that `aws cloudtrail list-public-keys` prints
    ///
    /// Repeat it for several regions: each has keys of its own.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    public_keys: Vec<PathBuf>,
    /// The S3 metadata of digests, with the newest one's signature
    ///
    /// A JSON object with what `aws s3api head-object` prints for each key.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    metadata: Vec<PathBuf>,
}

impl TrustArgs {
    /// Returns whether nothing was given.
    pub(super) fn is_empty(&self) -> bool {
        self.public_keys.is_empty() && self.metadata.is_empty()
    }

    /// Returns whether no file of keys was given.
    pub(super) fn has_no_keys(&self) -> bool {
        self.public_keys.is_empty()
    }

    /// Reads the files; what could not be used of them are the troubles.
    pub(super) fn read(&self) -> Result<(TrustOptions, Vec<Trouble>), Error> {
        let (mut trust, mut troubles) = (TrustOptions::default(), Vec::new());
        let too_large = |path: &Path| {
            let cause = "it is larger than any file of keys or metadata";
            Trouble::new(path.to_string_lossy(), Kind::TooLarge, cause)
        };
        for path in &self.public_keys {
            let Some(file) = read_file(path)? else {
                troubles.push(too_large(path));
                continue;
            };
            let refused = trust.keys.add(&file).map_err(|cause| {
                Error::new(format!("cannot use the keys in `{}`: {cause}", path.display()))
                    .hint("expected what `aws cloudtrail list-public-keys` prints")
            })?;
            let trouble = |cause| Trouble::new(path.to_string_lossy(), Kind::Key, cause);
            troubles.extend(refused.into_iter().map(trouble));
        }
        for path in &self.metadata {
            let Some(file) = read_file(path)? else {
                troubles.push(too_large(path));
                continue;
            };
            trust.heads.add(&file).map_err(|cause| {
                Error::new(format!("cannot use the metadata in `{}`: {cause}", path.display()))
                    .hint("expected a JSON object with what `aws s3api head-object` prints for each key")
            })?;
        }
        Ok((trust, troubles))
    }
}

/// Reads a file of keys or metadata; `None` when it is larger than the largest record.
fn read_file(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    input::read_named_file(path, MAX_RECORD as u64).map_err(|error| {
        Error::new(format!("cannot read `{}`: {}", path.display(), input::describe_io_error(&error)))
    })
}

/// The arguments of `validate`.
#[derive(Args, Debug)]
#[command(mut_arg("public_keys", usual), mut_arg("metadata", usual))]
pub(super) struct ValidateArgs {
    /// Directories or files to validate
    ///
    /// Without one it is $TRAILSCAN_PATH, else the current directory.
    #[arg(value_name = "PATH", help_heading = None::<&str>)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    trust: TrustArgs,
    /// The bucket that the digests have to be of: others are called moved
    #[arg(long, value_name = "NAME", help_heading = "Proof", hide_short_help = true)]
    bucket: Option<String>,
    /// Call everything proven although the newest digest of a chain has its signature in S3 only, if it goes on from a
    /// proven one
    #[arg(long, help_heading = "Proof", hide_short_help = true)]
    accept_unverified_head: bool,
    /// Only files delivered from this UTC time on: `2024-03-01 15:42`
    ///
    /// Written as in the other commands: `2 days ago`, `yesterday 15:42`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, help_heading = "Filters")]
    since: Option<String>,
    /// Only files delivered up to this UTC time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, help_heading = "Filters")]
    until: Option<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = ReportFormatArg::Table, value_name = "FORM", help_heading = "Output", hide_short_help = true)]
    format: ReportFormatArg,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format", help_heading = "Output")]
    json: bool,
    /// List every file in the table
    #[arg(long, help_heading = "Output")]
    verbose: bool,
    /// Show each row of a table on one line, however long
    #[arg(long, help_heading = "Output", hide_short_help = true)]
    wide: bool,
    /// Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]
    #[arg(long, value_name = "COLUMNS", conflicts_with = "wide", value_parser = args::parse_width, help_heading = "Output", hide_short_help = true)]
    width: Option<u16>,
    /// Leave out hints on stderr (what cannot be read is said all the same)
    #[arg(long, short, help_heading = "Output", hide_short_help = true)]
    quiet: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN", help_heading = "Output", hide_short_help = true)]
    color: ColorArg,
    /// How many threads work; no more than 64, or four a processor [default: one a processor]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Reading",
        hide_short_help = true
    )]
    threads: usize,
    /// The most that one file may inflate to
    #[arg(long, value_name = "SIZE", default_value = "16GiB", value_parser = args::parse_size, help_heading = "Reading", hide_short_help = true)]
    max_inflated: u64,
    #[command(flatten)]
    links: LinkArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormatArg {
    /// For people
    Table,
    /// One document: files, chains and gaps, troubles
    Json,
    /// One file a line
    Jsonl,
    /// RFC 4180, with formulas guarded
    Csv,
}

pub(super) fn run(args: &ValidateArgs) -> Result<Status, Error> {
    let format = match args.format {
        _ if args.json => OutputFormat::Json,
        ReportFormatArg::Table => OutputFormat::Table,
        ReportFormatArg::Json => OutputFormat::Json,
        ReportFormatArg::Jsonl => OutputFormat::Jsonl,
        ReportFormatArg::Csv => OutputFormat::Csv,
    };
    let window = parse_window(args)?;
    let (mut trust, mut troubles) = args.trust.read()?;
    trust.bucket = args.bucket.clone();
    let ui = Ui { quiet: args.quiet, color: args.color.here(), columns: args.width };
    let paths = input_paths(&args.paths);
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Error::new("cannot validate `-`: what comes from stdin has no name to look for")
            .hint("name the directory that holds `AWSLogs/`"));
    }
    let found = scan::find_sources_with(&paths, args.links.follow(), args.threads)?;
    let bytes = found.sources.iter().map(|source| source.size()).sum();
    let bar = ui.progress_of_files(found.sources.len() as u64, bytes);
    let limits = Limits { inflated: args.max_inflated, ..Limits::default() };
    let request = ValidationRequest { trust: &trust, window, limits, threads: args.threads };
    let (report, unread) = validate(found.sources, &request, &bar)?;
    drop(bar);
    troubles.extend(found.troubles);
    troubles.extend(unread);
    troubles.sort();
    let mut summary = ValidationSummary::new(&report, args.accept_unverified_head);
    // What could not be looked at is not proven, and no form of the answer says so.
    if summary.outcome == ValidationOutcome::Proven && !troubles.is_empty() {
        summary.outcome = ValidationOutcome::Open;
    }
    if summary.lines.is_empty() {
        ui.troubles(&troubles);
        return Err(nothing_found_error(&paths, &window));
    }
    let validation =
        ValidationView { report: &report, summary: &summary, troubles: &troubles, verbose: args.verbose };
    let style = ui.style(args.wide);
    ui.answer(|out| validation.write(out, format, style))?;
    ui.troubles(&troubles);
    summary_lines(&summary, &trust, report.left_out).iter().for_each(|line| ui.say(line));
    Ok(match summary.outcome {
        ValidationOutcome::Wrong => Status::Nothing,
        ValidationOutcome::Open => Status::Partial,
        ValidationOutcome::Proven => Status::Answered,
    })
}

fn parse_window(args: &ValidateArgs) -> Result<TimeWindow, Error> {
    let now = Time::from(chrono::Utc::now());
    let time = |text: &Option<String>| {
        text.as_deref().map(|text| parse_instant(text, now).map(|it| it.utc().timestamp())).transpose()
    };
    let window = TimeWindow { since: time(&args.since)?, until: time(&args.until)? };
    match (window.since, window.until) {
        (Some(since), Some(until)) if since > until => {
            Err(Error::new("`--since` is later than `--until`").hint("exchange the two"))
        }
        _ => Ok(window),
    }
}

fn nothing_found_error(paths: &[PathBuf], window: &TimeWindow) -> Error {
    let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    let span = if window.since.or(window.until).is_some() { " in this time" } else { "" };
    Error::new(format!("no digest and no log file in {}{span}", names.join(", ")))
        .hint("name the directory that holds `AWSLogs/`; files are known by CloudTrail's names")
}

/// The whole in a few sentences, and what would prove more.
fn summary_lines(summary: &ValidationSummary, trust: &TrustOptions, left_out: LeftOutFiles) -> Vec<String> {
    let mut lines = Vec::new();
    let (digests, logs) =
        Verdict::ALL.iter().map(|it| summary.count(*it)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let counts: Vec<String> = Verdict::ALL
        .iter()
        .map(|verdict| (summary.count(*verdict), verdict.word()))
        .filter(|((digests, logs), _)| digests + logs > 0)
        .map(|((digests, logs), word)| format!("{} {word}", digests + logs))
        .collect();
    let (digests, logs) = (count_noun(digests, "digest"), count_noun(logs, "log file"));
    lines.push(format!("trailscan: {digests} and {logs}: {}", counts.join(", ")));
    let covered = summary.lines.iter().filter_map(|line| line.covered).map(|it| it.1).max();
    if let Some(until) = covered.and_then(|it| chrono::DateTime::from_timestamp(it, 0)) {
        let until = Time::from(until);
        lines.push(format!(
            "trailscan: covered until {until}; that newer digests were not cut off cannot be known from the files"
        ));
    }
    if left_out.all > 0 {
        let files = count_noun(left_out.all, "file");
        lines.push(format!("trailscan: left out {files} without a record of CloudTrail"));
    }
    if left_out.config > 0 {
        let files = count_noun(left_out.config, "file");
        lines.push(format!(
            "trailscan: {files} of AWS Config among them: no digest lists them, so what states take from them is not proven"
        ));
    }
    if summary.refused_heads > 0 {
        let digests = count_noun(summary.refused_heads, "digest");
        lines.push(format!(
            "trailscan: {digests} without a signature not accepted: only the newest of a chain is, where it goes on from a proven one for an hour and lists logs of that hour"
        ));
    }
    if trust.keys.is_empty() {
        lines.push(
            "hint: no signature was checked: give the keys that `aws cloudtrail list-public-keys` prints with `--public-keys`"
                .to_owned(),
        );
    }
    if summary.outcome == ValidationOutcome::Open && trust.heads.is_empty() && !trust.keys.is_empty() {
        lines.push(format!("hint: the newest digest of a chain: {}", Reason::NoSignature.advice()));
    }
    lines
}
