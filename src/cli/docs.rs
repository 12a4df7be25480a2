//! `man` and `completions`: the files in `man/` and `completions/`, which a test makes from the arguments.

use crate::error::{Error, Status};
use crate::ui::Ui;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

// `PAGES`: the files in `man/`, which the build finds.
include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The arguments of `man`.
#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// The command whose page is printed [default: the page of trailscan]
    #[arg(value_name = "COMMAND", value_parser = command_pages(), hide_possible_values = true)]
    command: Option<String>,
}

/// The names of the commands that have a page.
fn command_pages() -> PossibleValuesParser {
    PossibleValuesParser::new(PAGES.iter().filter_map(|(name, _)| name.strip_prefix("trailscan-")))
}

/// The arguments of `completions`.
#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: ShellArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ShellArg {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

impl ShellArg {
    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("../../completions/trailscan.bash"),
            Self::Elvish => include_str!("../../completions/trailscan.elv"),
            Self::Fish => include_str!("../../completions/trailscan.fish"),
            Self::PowerShell => include_str!("../../completions/_trailscan.ps1"),
            Self::Zsh => include_str!("../../completions/_trailscan"),
        }
    }
}

pub(super) fn run_man(args: &ManArgs, ui: &Ui) -> Result<Status, Error> {
    let name = args.command.as_ref().map_or("trailscan".to_owned(), |command| format!("trailscan-{command}"));
    let page = PAGES.iter().find(|(page, _)| *page == name).map_or("", |(_, text)| *text);
    ui.answer(|out| out.write_all(page.as_bytes())).map(|()| Status::Answered)
}

pub(super) fn run_completions(args: &CompletionsArgs, ui: &Ui) -> Result<Status, Error> {
    ui.answer(|out| out.write_all(args.shell.script().as_bytes())).map(|()| Status::Answered)
}
