//! What `-h` and `--help` show: `-h` one screen with what a command is mostly asked with, `--help` everything.
//!
//! clap would set the help of each option below its name as soon as `-h` hides some. Both are shown in its short layout
//! instead, by parsing the arguments with a program of which everything is shown.

use super::Cli;
use super::commands::GROUPS;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::fmt::Write;

/// What `-h` of a command ends in.
const MORE: &str = "`--help` has all options and examples";

/// What the program says of its help.
const OF_PROGRAM: &str = "Print this; `trailscan COMMAND -h` what a command takes";

/// Reads the arguments, the first of which is the name of the program.
///
/// # Errors
/// When they ask for help, or are wrong.
pub(super) fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut program = with_usual_options(grouped(Cli::command()));
    let parsed = program.try_get_matches_from_mut(arguments);
    let parsed = parsed.and_then(|mut matches| {
        Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut program))
    });
    match parsed {
        // It is for clap to say which of two flags counts, or whether one is the value of another: this program
        // answers to `--help` alone.
        Err(help) if help.kind() == ErrorKind::DisplayHelp => {
            let all = with_all_options(grouped(Cli::command())).try_get_matches_from(arguments);
            Err(all.err().filter(|all| all.kind() == ErrorKind::DisplayHelp).unwrap_or(help))
        }
        other => other,
    }
}

/// Makes `-h` of every command show its usual options under one heading.
fn with_usual_options(program: Command) -> Command {
    let help = help_flag().short('h').action(ArgAction::Help);
    let program = program.disable_help_flag(true).arg(help.clone().help(OF_PROGRAM));
    program.mut_subcommands(|command| {
        let command = command.mut_args(|option| {
            // The others keep their headings, which show nothing then.
            if option.is_hide_short_help_set() { option } else { option.help_heading(None::<&str>) }
        });
        command.arg(help.clone().hide_short_help(true)).after_help(MORE)
    })
}

/// Makes `--help` show all that there is, in the layout of `-h`.
fn with_all_options(program: Command) -> Command {
    let program = show_all(program.disable_help_flag(true));
    let help = help_flag().action(ArgAction::HelpShort);
    let program = program.arg(help.clone().help(OF_PROGRAM));
    program.mut_subcommands(|command| {
        show_all(command).arg(help.clone().help("Print this; with `-h` the usual options alone"))
    })
}

fn help_flag() -> Arg {
    Arg::new("help").long("help").help_heading(None::<&str>)
}

/// Shows of a command what is long where there is something short as well.
fn show_all(command: Command) -> Command {
    let about = command.get_long_about().or(command.get_about()).cloned().unwrap_or_default();
    let after = command.get_after_long_help().or(command.get_after_help()).cloned().unwrap_or_default();
    let command = command.mut_args(|option| {
        let help = whole_help(&option);
        let option = option.hide_short_help(false).help(help).long_help(None::<&str>);
        let takes_values = option.get_action().takes_values();
        if takes_values { option.hide_possible_values(true).hide_default_value(true) } else { option }
    });
    let command = command.about(about).long_about(None::<&str>);
    command.after_help(after).after_long_help(None::<&str>)
}

/// The help of an option: its paragraphs, the first of which is what `-h` shows of it, what it is without being given,
/// and what each of its values means.
fn whole_help(option: &Arg) -> String {
    let help = option.get_long_help().or(option.get_help()).map(ToString::to_string);
    let mut help = help.unwrap_or_default().replace("\n\n", ". ");
    if !option.get_action().takes_values() {
        return help;
    }
    let default = option.get_default_values().first().filter(|_| !option.is_hide_default_value_set());
    if let Some(default) = default {
        help.push_str(&format!(" [default: {}]", default.to_string_lossy()));
    }
    let values = option.get_possible_values();
    let shown = values.iter().filter(|it| !it.is_hide_set() && !option.is_hide_possible_values_set());
    for value in shown {
        let meaning = value.get_help().map(|it| format!(": {it}")).unwrap_or_default();
        help.push_str(&format!("\n- {}{meaning}", value.get_name()));
    }
    help
}

/// Makes the program list its commands in groups, which clap does not have. The names and what is said of them are
/// those of the commands.
fn grouped(program: Command) -> Command {
    let styles = program.get_styles();
    let (header, name_style) = (*styles.get_header(), *styles.get_literal());
    let commands: Vec<&Command> = program.get_subcommands().collect();
    let width = commands.iter().map(|it| it.get_name().len()).max().unwrap_or_default();
    let mut list = String::new();
    // Writing to a `String` cannot fail.
    for (heading, has) in GROUPS {
        let _ = writeln!(list, "{header}{heading}:{header:#}");
        for command in commands.iter().filter(|it| has(it.get_name())) {
            let (name, about) = (command.get_name(), command.get_about().unwrap_or_default());
            let _ = writeln!(list, "  {name_style}{name:width$}{name_style:#}  {about}");
        }
        list.push('\n');
    }
    let template = format!(
        "{{about-with-newline}}{{usage-heading}} {{usage}}\n\n{list}{header}Options:{header:#}\n{{options}}{{after-help}}"
    );
    program.help_template(template)
}

/// Returns the heading below which the help lists the command of this name.
pub fn command_group(name: &str) -> Option<&'static str> {
    GROUPS.iter().find(|(_, has)| has(name)).map(|(heading, _)| *heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_one_group_and_one_line() {
        let program = Cli::command();
        for command in program.get_subcommands() {
            let name = command.get_name();
            assert_eq!(GROUPS.iter().filter(|(_, has)| has(name)).count(), 1, "{name}");
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            // Two columns, the longest name, two more; and braces would be a tag of clap's template.
            assert!(
                !about.is_empty() && about.chars().count() <= 80 - 15,
                "{name}: {}",
                about.chars().count()
            );
            assert!(!about.contains(['{', '}']), "{name}");
        }
        assert_eq!(command_group("who"), Some("Ask"));
        assert_eq!(command_group("no-such-command"), None);
    }

    fn shown(arguments: &str) -> String {
        let arguments: Vec<OsString> = arguments.split(' ').map(OsString::from).collect();
        let error = parse(&arguments).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{error}");
        error.to_string()
    }

    #[test]
    fn short_help_is_short_and_long_help_is_whole() {
        for short in
            ["trailscan who -h", "trailscan who -qh", "trailscan who -h --help", "trailscan who x -h"]
        {
            let text = shown(short);
            assert!(text.trim_end().ends_with(MORE), "{short}: {text}");
            assert!(text.contains("--since") && !text.contains("--max-record"), "{short}: {text}");
        }
        for long in ["trailscan who --help", "trailscan help who", "trailscan who --help -h"] {
            let text = shown(long);
            assert!(text.contains("--max-record") && text.contains("Examples:"), "{long}: {text}");
            assert!(!text.contains(MORE), "{long}: {text}");
        }
        assert!(shown("trailscan --help").contains("\nTimelines:\n  timeline     Show each change"));
    }
}
