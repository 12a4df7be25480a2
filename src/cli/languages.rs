//! `--where`, `--pattern` and `--filter`: conditions in the languages that people have filters in.

use crate::error::Error;
use crate::input;
use crate::query::{Condition, Conditions, EventPattern, FilterPattern, packed_filters};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use std::path::{Path, PathBuf};

/// Conditions in a filter language
#[derive(Args, Clone, Debug, Default)]
pub(super) struct LanguageArgs {
    /// A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`
    #[arg(long = "where", value_name = "PATTERN", allow_hyphen_values = true, hide_short_help = true)]
    filter_pattern: Vec<String>,
    /// An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record
    #[arg(long = "pattern", value_name = "FILE", hide_short_help = true)]
    event_pattern: Vec<PathBuf>,
    /// A filter of the CIS AWS Foundations Benchmark
    #[arg(long = "filter", value_name = "NAME", value_parser = packed_filter_names(), hide_short_help = true)]
    packed_filter: Vec<String>,
}

impl LanguageArgs {
    /// Compiles the conditions.
    ///
    /// # Errors
    /// When a file cannot be read or a pattern is none.
    pub(super) fn compile(&self) -> Result<Conditions, Error> {
        let typed =
            self.filter_pattern.iter().map(|text| parse_filter(text, "--where")).collect::<Result<_, _>>()?;
        let events =
            self.event_pattern.iter().map(|file| read_event_pattern(file)).collect::<Result<_, _>>()?;
        let chosen = packed_filters().filter(|packed| {
            let is = |name: &String| name == packed.name || Some(name.as_str()) == packed.old_name;
            self.packed_filter.iter().any(is)
        });
        let chosen =
            chosen.map(|packed| parse_filter(packed.pattern, packed.name)).collect::<Result<_, _>>()?;
        Ok(Conditions::new([typed, events, chosen]))
    }
}

fn parse_filter(text: &str, given: &str) -> Result<Condition, Error> {
    FilterPattern::parse(text).map(Condition::Filter).map_err(|error| error.about(&format!("`{given}`")))
}

/// The most that is read of a file; the largest pattern has 4096 characters.
const LARGEST: u64 = 1 << 20;

/// Reads an event pattern: what starts as JSON is no name of a file.
fn read_event_pattern(file: &Path) -> Result<Condition, Error> {
    let (text, name) = match file.to_str().filter(|text| text.trim_start().starts_with('{')) {
        Some(text) => (text.to_owned(), "`--pattern`".to_owned()),
        None => {
            let bytes = input::read_named_file(file, LARGEST).map_err(|error| {
                Error::new(format!(
                    "cannot read `--pattern {}`: {}",
                    file.display(),
                    input::describe_io_error(&error)
                ))
                .hint("name a JSON file, or write the pattern itself: `{\"source\": [\"aws.iam\"]}`")
            })?;
            let bytes = bytes.ok_or_else(|| {
                Error::new(format!("`--pattern {}` is larger than any event pattern", file.display()))
                    .hint("name a JSON file that holds an EventBridge event pattern")
            })?;
            let text = String::from_utf8(bytes).map_err(|_| {
                Error::new(format!("`--pattern {}` is not UTF-8", file.display()))
                    .hint("name a JSON file that holds an EventBridge event pattern")
            })?;
            (text, format!("`{}`", file.display()))
        }
    };
    EventPattern::parse(&text).map(Condition::Event).map_err(|error| error.about(&name))
}

fn packed_filter_names() -> PossibleValuesParser {
    let value = |packed: crate::query::PackedFilter| {
        PossibleValue::new(packed.name).aliases(packed.old_name).help(packed.title)
    };
    PossibleValuesParser::new(packed_filters().map(value))
}
