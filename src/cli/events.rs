//! `events`: the events that match the filters.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::{self, Ask};
use crate::answer::Question;
use crate::error::{Error, Status};
use clap::Args;

/// The arguments of `events`.
#[derive(Args, Debug)]
pub(super) struct EventsArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &EventsArgs) -> Result<Status, Error> {
    let ask = Ask {
        command: "events",
        sought: "event that passes the filters".to_owned(),
        filter: &args.filter,
        output: &args.output,
        input: &args.input,
    };
    let question = Question {
        reference: None,
        actions: Vec::new(),
        related: false,
        follows: false,
        key: None,
        raw: false,
    };
    ask::run(&ask, question)
}
