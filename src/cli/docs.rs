//! `man` and `completions`: the files in `man/` and `completions/`, which a test makes from the arguments.

use crate::error::{Error, Status};
use crate::ui::Ui;
use clap::{Args, ValueEnum};

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

pub(super) fn run_man(ui: &Ui) -> Result<Status, Error> {
    let page = include_str!("../../man/trailscan.1");
    ui.answer(|out| out.write_all(page.as_bytes())).map(|()| Status::Answered)
}

pub(super) fn run_completions(args: &CompletionsArgs, ui: &Ui) -> Result<Status, Error> {
    ui.answer(|out| out.write_all(args.shell.script().as_bytes())).map(|()| Status::Answered)
}
