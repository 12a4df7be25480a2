//! The commands, in the groups in which the help lists them. The doc comment of each is its help; that of a group is for
//! readers of this file, and its heading stands in [`GROUPS`].
//!
//! A command stands in the group whose type has it, so that none can be left out of the help or stand in it twice.

use super::actor::{self, ActorArgs};
use super::coverage::{self, CoverageArgs};
use super::diff::{self, DiffArgs};
use super::docs::{self, CompletionsArgs, ManArgs};
use super::events::{self, EventsArgs};
use super::examples;
use super::graph::{self, GraphArgs};
use super::index::{self, IndexArgs};
use super::inventory::{self, InventoryArgs};
use super::logins::{self, LoginsArgs};
use super::new::{self, NewArgs};
use super::revert::{self, RevertArgs};
use super::state::{self, StateArgs};
use super::stats::{self, StatsArgs};
use super::timeline::{self, TimelineArgs};
use super::trace::{self, TraceArgs};
use super::validate::{self, ValidateArgs};
use super::who::{self, WhoAllArgs, WhoArgs};
use crate::catalog::Action;
use crate::error::{Error, Status};
use crate::ui::Ui;
use clap::Subcommand;

/// Any command.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    #[command(flatten)]
    Ask(AskCommand),
    #[command(flatten)]
    Timelines(TimelineCommand),
    #[command(flatten)]
    People(PeopleCommand),
    #[command(flatten)]
    Archive(ArchiveCommand),
    #[command(flatten)]
    Other(OtherCommand),
}

/// A heading of the help, and whether the command of a name stands below it.
type Group = (&'static str, fn(&str) -> bool);

/// The groups, in the order of [`Command`].
pub(super) const GROUPS: [Group; 5] = [
    ("Ask", AskCommand::has_subcommand),
    ("Timelines", TimelineCommand::has_subcommand),
    ("People", PeopleCommand::has_subcommand),
    ("Archive", ArchiveCommand::has_subcommand),
    ("Other", OtherCommand::has_subcommand),
];

/// Who did it, and what happened.
#[derive(Subcommand, Debug)]
pub(super) enum AskCommand {
    /// Show who created, changed or deleted a resource, in time order
    #[command(after_long_help = examples::WHO)]
    Who(WhoAllArgs),
    /// Show who created a resource, and who tried
    #[command(after_long_help = examples::WHO_CREATED)]
    WhoCreated(WhoArgs),
    /// Show who changed a resource, and who tried
    #[command(after_long_help = examples::WHO_CHANGED)]
    WhoChanged(WhoArgs),
    /// Show who deleted a resource, and who tried
    #[command(after_long_help = examples::WHO_DELETED)]
    WhoDeleted(WhoArgs),
    /// Show who read a resource, and who tried
    #[command(after_long_help = examples::WHO_READ)]
    WhoRead(WhoArgs),
    /// Show the events that match the filters
    #[command(after_long_help = examples::EVENTS)]
    Events(EventsArgs),
    /// Count events by fields and over time
    ///
    /// To tell callers and addresses apart takes longest; `--fields eventName,count` leaves that out.
    #[command(after_long_help = examples::STATS)]
    Stats(StatsArgs),
    /// Show what a time window has that the time before it never had
    #[command(after_long_help = examples::NEW)]
    New(NewArgs),
}

/// What a resource was, is, and hangs together with.
#[derive(Subcommand, Debug)]
pub(super) enum TimelineCommand {
    /// Show each change of a resource, what changed, and who did it
    #[command(after_long_help = examples::TIMELINE)]
    Timeline(TimelineArgs),
    /// Show what a resource looked like at a moment, as far as known
    #[command(after_long_help = examples::STATE)]
    State(StateArgs),
    /// Show what differs in a resource between two moments
    #[command(after_long_help = examples::DIFF)]
    Diff(DiffArgs),
    /// List every resource in the logs: existing, deleted or unknown
    ///
    /// Objects in buckets are left out: ask for those with `who s3://BUCKET/`.
    #[command(after_long_help = examples::INVENTORY)]
    Inventory(InventoryArgs),
    /// Show what a resource depends on, and what depends on it
    #[command(after_long_help = examples::GRAPH)]
    Graph(GraphArgs),
    /// Print the commands that would undo changes; nothing is run
    #[command(after_long_help = examples::REVERT)]
    Revert(RevertArgs),
}

/// What somebody did, and who stands behind a key.
#[derive(Subcommand, Debug)]
pub(super) enum PeopleCommand {
    /// Show what somebody did: calls, failures, resources, keys
    #[command(after_long_help = examples::ACTOR)]
    Actor(ActorArgs),
    /// Show sign-ins, switched roles, changes of passwords and MFA
    #[command(after_long_help = examples::LOGINS)]
    Logins(LoginsArgs),
    /// Show where credentials came from and where they went, as a tree
    #[command(after_long_help = examples::TRACE)]
    Trace(TraceArgs),
}

/// What the archive itself is worth.
#[derive(Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum ArchiveCommand {
    /// Prove that the files are as CloudTrail delivered them
    ///
    /// By the digests that AWS signed: what is changed, missing or proven by nothing is told file by file.
    #[command(after_long_help = examples::VALIDATE)]
    Validate(ValidateArgs),
    /// Show which accounts, regions and days the logs hold, and holes
    #[command(after_long_help = examples::COVERAGE)]
    Coverage(CoverageArgs),
    /// Make or update the index that makes questions faster
    ///
    /// Questions asked again open only the files they need. The index lies outside of the archive.
    #[command(after_long_help = examples::INDEX)]
    Index(IndexArgs),
}

/// What the program says of itself.
#[derive(Subcommand, Debug)]
pub(super) enum OtherCommand {
    /// Print the man page, or that of a command
    #[command(after_long_help = examples::MAN)]
    Man(ManArgs),
    /// Print the completions for a shell
    #[command(after_long_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
}

impl Command {
    /// Carries out what was asked.
    pub(super) fn run(&self, ui: &Ui) -> Result<Status, Error> {
        match self {
            Self::Ask(AskCommand::Who(args)) => who::run_all(args),
            Self::Ask(AskCommand::WhoCreated(args)) => who::run(args, Action::Created),
            Self::Ask(AskCommand::WhoChanged(args)) => who::run(args, Action::Changed),
            Self::Ask(AskCommand::WhoDeleted(args)) => who::run(args, Action::Deleted),
            Self::Ask(AskCommand::WhoRead(args)) => who::run(args, Action::Read),
            Self::Ask(AskCommand::Events(args)) => events::run(args),
            Self::Ask(AskCommand::Stats(args)) => stats::run(args),
            Self::Ask(AskCommand::New(args)) => new::run(args),
            Self::Timelines(TimelineCommand::Timeline(args)) => timeline::run(args),
            Self::Timelines(TimelineCommand::State(args)) => state::run(args),
            Self::Timelines(TimelineCommand::Diff(args)) => diff::run(args),
            Self::Timelines(TimelineCommand::Inventory(args)) => inventory::run(args),
            Self::Timelines(TimelineCommand::Graph(args)) => graph::run(args),
            Self::Timelines(TimelineCommand::Revert(args)) => revert::run(args),
            Self::People(PeopleCommand::Actor(args)) => actor::run(args),
            Self::People(PeopleCommand::Logins(args)) => logins::run(args),
            Self::People(PeopleCommand::Trace(args)) => trace::run(args),
            Self::Archive(ArchiveCommand::Validate(args)) => validate::run(args),
            Self::Archive(ArchiveCommand::Coverage(args)) => coverage::run(args),
            Self::Archive(ArchiveCommand::Index(args)) => index::run(args),
            Self::Other(OtherCommand::Man(args)) => docs::run_man(args, ui),
            Self::Other(OtherCommand::Completions(args)) => docs::run_completions(args, ui),
        }
    }
}
