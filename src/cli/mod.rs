//! The command line: one file a command, its doc comments being the help.

mod actor;
pub mod args;
mod ask;
mod coverage;
mod diff;
mod docs;
mod events;
mod graph;
mod index;
mod inventory;
mod languages;
mod logins;
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

use crate::catalog::Action;
use crate::error::Status;
use crate::ui::{Color, Ui, print_help};
use actor::ActorArgs;
use clap::{Parser, Subcommand};
use coverage::CoverageArgs;
use diff::DiffArgs;
use docs::CompletionsArgs;
use events::EventsArgs;
use graph::GraphArgs;
use index::IndexArgs;
use inventory::InventoryArgs;
use logins::LoginsArgs;
use new::NewArgs;
use revert::RevertArgs;
use state::StateArgs;
use stats::StatsArgs;
use std::ffi::OsString;
use std::process::ExitCode;
use timeline::TimelineArgs;
use trace::TraceArgs;
use validate::ValidateArgs;
use who::{WhoAllArgs, WhoArgs};

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
#[command(
    after_help = "Exit status: 0 answered, 1 nothing matched, 2 the request could not be carried out,\n\
    3 answered, but something could not be read."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Show who created, changed or deleted a resource, in time order
    Who(WhoAllArgs),
    /// Show who created a resource, and who tried
    WhoCreated(WhoArgs),
    /// Show who changed a resource, and who tried
    WhoChanged(WhoArgs),
    /// Show who deleted a resource, and who tried
    WhoDeleted(WhoArgs),
    /// Show who read a resource, and who tried
    WhoRead(WhoArgs),
    /// Show each change of a resource, what it changed, and who made it
    Timeline(TimelineArgs),
    /// Show what a resource looked like at a moment, and what of that is known
    State(StateArgs),
    /// Show what differs in a resource between two moments
    Diff(DiffArgs),
    /// List every resource that the logs know, but for the objects in buckets: existing, deleted or unknown
    Inventory(InventoryArgs),
    /// Show what a resource depends on, and what depends on it
    Graph(GraphArgs),
    /// Print the commands that would undo what was done to a resource; nothing is run
    Revert(RevertArgs),
    /// Show the events that match the filters
    Events(EventsArgs),
    /// Show what somebody did: calls, failures, resources, addresses, keys
    Actor(ActorArgs),
    /// Show sign-ins, switched roles, and changes of passwords and second factors
    Logins(LoginsArgs),
    /// Count events by fields and over time
    ///
    /// To tell callers and addresses apart takes longest; `--fields eventName,count` leaves that out.
    Stats(StatsArgs),
    /// Show what a time window has that the time before it never had
    New(NewArgs),
    /// Show where credentials came from and where they went, as a tree
    Trace(TraceArgs),
    /// Make the index of an archive, or bring it up to date: questions asked again open only the files they need
    Index(IndexArgs),
    /// Prove that the files are what CloudTrail delivered, by the digests that AWS signed
    Validate(ValidateArgs),
    /// Show what the archive holds of each account, region and day, and where it has holes
    Coverage(CoverageArgs),
    /// Print the man page
    Man,
    /// Print the completions for a shell
    Completions(CompletionsArgs),
}

/// Runs the program with these arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let ui = Ui { quiet: false, color: Color::Never, columns: None };
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with 0, mistakes to stderr with 2; a closed pipe is no error.
            return match print_help(&error) {
                Ok(()) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
                Err(refused) => {
                    ui.error(&refused);
                    Status::Refused.into()
                }
            };
        }
    };
    let status = match &cli.command {
        Command::Who(args) => who::run_all(args),
        Command::WhoCreated(args) => who::run(args, Action::Created),
        Command::WhoChanged(args) => who::run(args, Action::Changed),
        Command::WhoDeleted(args) => who::run(args, Action::Deleted),
        Command::WhoRead(args) => who::run(args, Action::Read),
        Command::Timeline(args) => timeline::run(args),
        Command::State(args) => state::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Inventory(args) => inventory::run(args),
        Command::Graph(args) => graph::run(args),
        Command::Revert(args) => revert::run(args),
        Command::Events(args) => events::run(args),
        Command::Actor(args) => actor::run(args),
        Command::Logins(args) => logins::run(args),
        Command::Stats(args) => stats::run(args),
        Command::New(args) => new::run(args),
        Command::Trace(args) => trace::run(args),
        Command::Index(args) => index::run(args),
        Command::Validate(args) => validate::run(args),
        Command::Coverage(args) => coverage::run(args),
        Command::Man => docs::run_man(&ui),
        Command::Completions(args) => docs::run_completions(args, &ui),
    };
    let status = status.unwrap_or_else(|error| {
        ui.error(&error);
        Status::Refused
    });
    status.into()
}
