//! The command line: one file a command, its doc comments being the help.

#![allow(clippy::duplicated_attributes, reason = "`rare` in two `mut_arg` is one attribute twice to it")]

mod actor;
pub mod args;
mod ask;
mod commands;
mod coverage;
mod diff;
mod docs;
mod events;
mod examples;
mod graph;
mod help;
mod index;
mod inventory;
mod languages;
mod logins;
mod mistakes;
mod names;
mod near_misses;
mod new;
mod not_logged;
mod provenance_args;
mod remarks;
mod resource_args;
mod revert;
mod state;
mod stats;
mod timeline;
mod trace;
mod validate;
mod verify;
mod who;

use crate::error::{Error, Status};
use crate::ui::{Color, Ui, print_help};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use commands::Command;
pub use help::command_group;
use std::ffi::OsString;
use std::process::ExitCode;

/// What the help and the man page say first.
const ABOUT: &str = "\
Answer forensic questions from AWS CloudTrail log archives, offline: who created, changed, deleted
or read a resource, and who tried.

Reads directories, files and packages (zip, tar) of CloudTrail logs, compressed or not, in any of
the forms that AWS delivers or exports, and tells with every answer what was searched for it:
\"nobody did it\" and \"the logs do not reach that far\" are different answers. The answer goes to
stdout, everything else to stderr. The archive is never written to.

An answer takes into account every name of a resource that the logs teach (id, name, ARN, address,
alias), what ended with something else, what errors and AWS Config prove, and copies of an event in
several files and accounts. It cannot know what no record holds: what AWS leaves out or empties is
unknown, calls that name nothing are counted beside the answer, what services delete by themselves
is not logged, and of two calls in one second nothing tells which came first.";

/// Answer forensic questions from AWS CloudTrail log archives, offline
#[derive(Parser, Debug)]
#[command(name = "trailscan", version, max_term_width = 100, arg_required_else_help = true)]
#[command(long_about = ABOUT)]
#[command(override_usage = "trailscan COMMAND [OPTIONS] [RESOURCE] [PATH]...")]
#[command(
    after_help = "Times are UTC. Exit status: 0 answered, 1 no match, 2 refused, 3 partly unread.",
    after_long_help = "All times are UTC.\n\
    Exit status: 0 answered, 1 nothing matched, 2 could not be carried out,\n\
    3 answered, but something could not be read."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Runs the program with these arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let ui = Ui { quiet: false, color: Color::Never, columns: None };
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let status = match help::parse(&arguments) {
        Ok(cli) => cli.command.run(&ui),
        Err(asked) => answer_arguments(&asked, &arguments),
    };
    let status = status.unwrap_or_else(|error| {
        ui.error(&error);
        Status::Refused
    });
    status.into()
}

/// Answers what was asked of the arguments themselves: help and version go to stdout. Where nothing at all was asked
/// the help goes to stderr, as a mistake does.
fn answer_arguments(asked: &clap::Error, arguments: &[OsString]) -> Result<Status, Error> {
    match asked.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => print_help(asked).map(|()| Status::Answered),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => print_help(asked).map(|()| Status::Refused),
        _ => Err(mistakes::explain(asked, arguments, &Cli::command())),
    }
}
