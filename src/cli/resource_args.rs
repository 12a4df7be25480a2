//! What the commands about the history of resources take: a resource, and what is known beside the program's tables.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::{Messages, Request, Session};
use super::names::also_known;
use crate::catalog::Catalog;
use crate::error::Error;
use crate::input;
use crate::ops::history::ResolvedHistory;
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// The largest file of rules; the program's own have some kilobytes.
const LARGEST: u64 = 4 << 20;

/// What is known beside the program's own tables
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Knowledge")]
pub(super) struct RulesArgs {
    /// More rules for what calls change: TOML files in the form of the program's own
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    rules: Option<PathBuf>,
    /// Files of AWS Config that fill in and check the states
    ///
    /// Histories, snapshots, messages, what `get-resource-config-history` prints. Those among the logs are found.
    #[arg(long, value_name = "PATH", alias = "config")]
    aws_config: Vec<PathBuf>,
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
            let told = |error: io::Error| cannot(path, input::describe_io_error(&error));
            let file = input::read_found_file(path, LARGEST).map_err(told)?;
            let file = file.ok_or_else(|| cannot(path, "it is larger than any file of rules".to_owned()))?;
            let text = String::from_utf8(file).map_err(|_| cannot(path, "it is not UTF-8".to_owned()))?;
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
    /// The resource: `bucket/payroll`, `role/Admin`, an id (`sg-…`), an ARN, or a plain name
    #[arg(value_name = "RESOURCE")]
    pub(super) reference: String,
    #[command(flatten)]
    pub(super) rules: RulesArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

impl ResourceArgs {
    /// Makes the request of a command.
    pub(super) fn ask<'a>(&'a self, command: &'static str, filter: &'a FilterArgs) -> Request<'a> {
        Request::new(command, filter, &self.output, &self.input).about(&self.reference)
    }
}

/// Prepares to read.
pub(super) fn open_session<'a>(request: &'a Request<'a>, rules: &RulesArgs) -> Result<Session<'a>, Error> {
    let mut session = Session::open_with(request, rules.read()?, &rules.aws_config)?;
    session.search.reads_config = true;
    Ok(session)
}

/// Begins what has to be said of the answer.
pub(super) fn begin_messages(found: &ResolvedHistory, sought: String) -> Messages {
    let names = found.resource.as_ref().map(also_known).unwrap_or_default();
    Messages { sought, lines: found.lines.clone(), hints: found.hints.clone(), names, ..Messages::default() }
}
