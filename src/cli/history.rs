//! What the commands that unfold the history of resources have in common.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::{Ask, Reading, Words};
use super::config;
use crate::answer::{Histories, History};
use crate::catalog;
use crate::error::Error;
use crate::query::{Filter, Globs};
use crate::resource::{Match, Reference, Resource};
use crate::scan::ask::Asked;
use crate::timeline::Timeline;
use clap::Args;
use std::path::{Path, PathBuf};

/// How often other names of a resource are looked for: an alias, its key, and what that is called.
const ROUNDS: usize = 3;

/// What is known beside the program's own tables
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Knowledge")]
pub(super) struct RulesArgs {
    /// More rules for what calls change: TOML files in the form of the program's own
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Files of AWS Config (histories, snapshots, `get-resource-config-history`) that fill in and check the states; those among the logs are found
    #[arg(long, value_name = "PATH")]
    config: Vec<PathBuf>,
}

impl RulesArgs {
    /// Reads the rules, before anything else is read.
    ///
    /// # Errors
    /// When a file cannot be read, or is no table.
    pub(super) fn read(&self) -> Result<(), Error> {
        let Some(dir) = &self.rules else { return Ok(()) };
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
        catalog::add_rules(&tables).map_err(|error| cannot(dir, error))
    }
}

/// A resource, and where it is looked for
#[derive(Args, Debug)]
pub(super) struct OneArgs {
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

impl OneArgs {
    /// Makes the request of a command.
    pub(super) fn ask<'a>(&'a self, command: &'static str, filter: &'a FilterArgs) -> Ask<'a> {
        Ask { command, filter, output: &self.output, input: &self.input }
    }
}

/// What was found of a resource, or of all.
pub(super) struct Unfolded {
    pub(super) asked: Asked<History>,
    pub(super) references: Vec<Reference>,
    /// What has to be said of the files of AWS Config.
    pub(super) lines: Vec<String>,
}

/// What is to be unfolded.
#[derive(Clone, Default)]
pub(super) struct Wish {
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
}

/// Reads what events say of a resource, under all the names that it turns out to have.
pub(super) fn unfold(
    reading: &mut Reading<'_>,
    reference: Option<&str>,
    wish: Wish,
    rules: &RulesArgs,
) -> Result<Unfolded, Error> {
    // What was before `--since` made the resource what it was then: filters choose what is shown.
    let shown: Filter = std::mem::take(&mut reading.filter);
    let shown = reading.filters().then_some(&shown);
    let mut references: Vec<Reference> = reference.map(Reference::parse).transpose()?.into_iter().collect();
    let raw = reading.wants_raw();
    let ask = |references: &[Reference]| {
        reading.fold(&Histories {
            references: references.to_vec(),
            kinds: &wish.kinds,
            shown,
            related: wish.related,
            rows: wish.rows,
            raw,
            origins: wish.origins,
            holes: wish.holes,
            slim: wish.slim,
        })
    };
    let mut asked = ask(&references)?;
    for _ in 0..ROUNDS {
        if references.is_empty() {
            break;
        }
        let more = asked.answer.other_names(&references);
        if more.is_empty() {
            break;
        }
        references.extend(more);
        asked = ask(&references)?;
    }
    let mut found = Unfolded { asked, references, lines: Vec::new() };
    let Asked { config: met, coverage, troubles, .. } = &mut found.asked;
    let baseline = config::baseline(reading, &rules.config, met, coverage, troubles)?;
    let references = &found.references;
    let wanted = |it: &Resource| {
        references.is_empty() || references.iter().any(|asked| asked.matches(it) == Match::Yes)
    };
    found.lines = baseline.words(&|step| wanted(&step.resource));
    for (file, items) in baseline.files {
        found.asked.answer.observe(items, &file, &wanted);
    }
    Ok(found)
}

impl Unfolded {
    /// Returns whether a resource is one of those that were asked for.
    pub(super) fn is_asked(&self, resource: &Resource) -> bool {
        self.references.is_empty() || self.references.iter().any(|it| it.matches(resource) == Match::Yes)
    }

    /// Begins what has to be said of the answer.
    pub(super) fn words(&self, sought: String) -> Words {
        Words { sought, lines: self.lines.clone(), hints: Vec::new() }
    }

    /// Returns the timelines of what was asked for, up to a moment.
    pub(super) fn timelines(&self, until: Option<crate::event::Time>) -> Vec<Timeline> {
        let mut timelines = self.asked.answer.timelines(until);
        timelines.retain(|timeline| self.is_asked(&timeline.resource) && !timeline.entries.is_empty());
        timelines
    }
}

/// Prepares to read.
pub(super) fn open<'a>(ask: &'a Ask<'a>, rules: &RulesArgs) -> Result<Reading<'a>, Error> {
    rules.read()?;
    Reading::open(ask)
}
