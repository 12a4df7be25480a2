//! `stats`: events counted by fields and over time.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::{Messages, Request, Session};
use super::who::shared_actions_note;
use crate::answer::{GroupBy, Stats, StatsColumns, StatsTable};
use crate::error::{Error, Status};
use crate::query::parse_span;
use crate::text::count_noun;
use clap::Args;

/// The arguments of `stats`.
#[derive(Args, Debug)]
pub(super) struct StatsArgs {
    /// Count by these: `eventName`, `actor`, `resource`, `outcome`, `errorCode`
    ///
    /// Or by any path of a record, as `requestParameters.bucketName`. Several are parted by commas.
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    by: Vec<String>,
    /// Show how the events lie in time, in steps of this length: `15m`, `1h`, `1d`
    #[arg(long, value_name = "SPAN")]
    every: Option<String>,
    /// Show only the N largest groups (with `--reverse` the smallest)
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with = "limit")]
    top: Option<usize>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(args: &StatsArgs) -> Result<Status, Error> {
    let by = args.by.iter().map(|text| GroupBy::parse(text)).collect::<Result<Vec<_>, _>>()?;
    check_columns(&by)?;
    let every = args.every.as_deref().map(|text| parse_span("--every", text)).transpose()?;
    let shown =
        |field: &str| args.output.fields.is_empty() || args.output.fields.iter().any(|it| it == field);
    let wanted = StatsColumns {
        failed: shown("failed") || shown("histogram"),
        actors: shown("actors"),
        addresses: shown("addresses"),
    };
    let mut stats = Stats { by, every: every.map(|it| it.num_seconds()), wanted, ..Stats::default() };
    let mut output = args.output.clone();
    output.limit = args.top.or(output.limit);
    let ask = Request::new("stats", &args.filter, &output, &args.input);
    let session = Session::open(&ask)?;
    stats.catalog = session.search.catalog().clone();
    let columns: Vec<String> = stats.by.iter().flat_map(GroupBy::columns).cloned().collect();
    let is_timeline = stats.by.is_empty() && stats.every.is_some();
    let fields = match is_timeline {
        true => StatsTable::fields_of(&["time".to_owned()], false),
        false => StatsTable::fields_of(&columns, stats.every.is_some()),
    };
    session.expect_fields(&fields)?;
    let asked = session.search.fold(&stats)?;
    let words = stats_messages(&asked.answer);
    session.show(&asked, &asked.answer, &words)
}

/// Two columns cannot stand in the same place of an item.
fn check_columns(by: &[GroupBy]) -> Result<(), Error> {
    let columns: Vec<&str> = by.iter().flat_map(GroupBy::columns).map(String::as_str).collect();
    for (number, one) in columns.iter().enumerate() {
        let other = columns[..number].iter().find(|other| {
            let (short, long) = if one.len() < other.len() { (*one, **other) } else { (**other, *one) };
            long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if let Some(other) = other {
            return Err(
                Error::new(format!("`--by` has both `{other}` and `{one}`")).hint("leave one of them out")
            );
        }
    }
    Ok(())
}

fn stats_messages(table: &StatsTable) -> Messages {
    let mut words = Messages { sought: "event that passes the filters".to_owned(), ..Messages::default() };
    let rows = if table.columns.is_empty() { 0 } else { table.groups.len() as u64 };
    if rows > 0 {
        words.lines.push(format!("{} in {}", count_noun(table.events, "event"), count_noun(rows, "group")));
    }
    words.lines.extend(shared_actions_note(table.shared));
    let sum: u64 = table.groups.iter().map(|group| group.tally.count).sum();
    if sum > table.events {
        words.hints.push("an event with several values is counted once for each of them".to_owned());
    }
    if table.crowded > 0 {
        words.hints.push(format!(
            "{} with thousands of combinations of values: not all of those are counted",
            count_noun(table.crowded, "event")
        ));
    }
    if table.has_gaps {
        words.hints.push("steps without an event are left out, for there are too many".to_owned());
    }
    for (number, column) in table.columns.iter().enumerate() {
        let is_empty = table.groups.iter().all(|group| group.key.get(number).is_none_or(Option::is_none));
        if is_empty && !table.groups.is_empty() {
            words.hints.push(format!(
                "no event that was counted has a value at `{column}`: names are CloudTrail's own, case counts"
            ));
        }
    }
    words
}
