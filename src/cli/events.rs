//! `events`: the events that match the filters.

use super::args::{FilterArgs, InputArgs, OutputArgs, usual};
use super::ask::Request;
use super::verify::VerifyArgs;
use super::who;
use super::who::RowOrder;
use crate::answer::RowQuery;
use crate::error::{Error, Status};
use clap::Args;

/// The arguments of `events`.
#[derive(Args, Debug)]
#[command(mut_arg("denied", usual), mut_arg("format", usual))]
pub(super) struct EventsArgs {
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// How the rows of the table are put
    #[arg(long, value_enum, value_name = "ORDER", default_value_t = RowOrder::Time, help_heading = "Output", hide_short_help = true)]
    group: RowOrder,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(args: &EventsArgs) -> Result<Status, Error> {
    let ask = Request::new("events", &args.filter, &args.output, &args.input).with_proof(&args.verify);
    who::answer_rows(&ask, RowQuery::default(), "event that passes the filters", &args.verify, args.group)
}
