//! The man page of a command, made from its arguments and its examples.

use clap::{Arg, Command};
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

const VERDICTS: &[(&str, &str)] = &[
    (
        "valid",
        "As CloudTrail delivered it: a digest by a signature or by its hash in a proven digest, a log by a proven digest.",
    ),
    (
        "invalid",
        "Changed since: signature, hash-chain, moved, format (digests); hash-mismatch, truncated, undecodable, trailing-data (logs).",
    ),
    (
        "missing",
        "Delivered and not there: hole (older digests are there), before-copy, other-bucket (digests); a log that a digest lists.",
    ),
    (
        "unverified",
        "Nothing proves it: no-signature, no-key, signature-mismatch, link-mismatch, orphan (digests); digest-unverified, digest-invalid, changed since it was read (logs).",
    ),
    ("unlisted", "Digests cover the time of a log, and none lists it."),
    (
        "uncovered",
        "No digest covers the time of a log: gap, before-first, after-last, folder-never-listed, no-digests, not-named, packed.",
    ),
    (
        "status",
        "0 all proven; 1 something is invalid, missing or unlisted, or one of two files is wrong; 3 nothing wrong was found and not everything could be proven. A plain copy ends in 3: the signature of the newest digest is in the S3 metadata only (--metadata, --accept-unverified-head).",
    ),
];

/// The name of the page of a command.
pub(super) fn page_name(command: &str) -> String {
    format!("trailscan-{command}")
}

/// Returns the page of a command.
pub(super) fn command_page(program: &Command, command: &Command) -> String {
    let name = command.get_name();
    let mut roff = Roff::new();
    title(&mut roff, &page_name(name), command);
    section(&mut roff, "SYNOPSIS");
    let mut call = vec![bold(format!("trailscan {name}"))];
    if command.get_arguments().any(|it| !it.is_positional() && !it.is_hide_set()) {
        call.push(roman(" [OPTIONS]"));
    }
    for argument in command.get_positionals() {
        call.extend([roman(" "), roman(argument_in_usage(argument))]);
    }
    roff.text(call);
    section(&mut roff, "DESCRIPTION");
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    for paragraph in about.split("\n\n") {
        roff.control("PP", []).text([roman(format!("{}.", paragraph.trim_end_matches('.')))]);
    }
    section(&mut roff, "ARGUMENTS");
    for argument in command.get_positionals() {
        term(&mut roff, vec![bold(argument_in_usage(argument))], &help(argument));
    }
    options(&mut roff, command);
    if name == "validate" {
        terms(&mut roff, "VERDICTS", VERDICTS);
    }
    examples(&mut roff, command);
    section(&mut roff, "SEE ALSO");
    let group = trailscan::cli::command_group(name);
    let is_near = |other: &&str| *other != name && trailscan::cli::command_group(other) == group;
    let near = program.get_subcommands().map(Command::get_name).filter(is_near);
    let mut pages = vec!["trailscan(1)".to_owned()];
    pages.extend(near.map(|other| format!("{}(1)", page_name(other))));
    roff.text([roman(format!(
        "{} for resources, times, forms of output, statuses, environment and limits",
        pages[0]
    ))]);
    if pages.len() > 1 {
        roff.control("PP", []).text([roman(pages[1..].join(", "))]);
    }
    roff.render()
}

/// What every page begins with.
pub(super) fn title(roff: &mut Roff, page: &str, command: &Command) {
    let version = concat!("trailscan ", env!("CARGO_PKG_VERSION"));
    // Without a date a page is the same whenever it is made; it has to stand there all the same.
    roff.control("TH", [page, "1", " ", version, "trailscan manual"]);
    section(roff, "NAME");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    roff.text([roman(format!("{page} - {about}"))]);
}

pub(super) fn section(roff: &mut Roff, title: &str) {
    roff.control("SH", [title]);
}

pub(super) fn term(roff: &mut Roff, name: Vec<Inline>, text: &str) {
    roff.control("TP", []).text(name).text([roman(text)]);
}

pub(super) fn terms(roff: &mut Roff, title: &str, terms: &[(&str, &str)]) {
    section(roff, title);
    for (name, text) in terms {
        term(roff, vec![bold(*name)], text);
    }
}

fn argument_in_usage(argument: &Arg) -> String {
    let name = argument.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    let name = name.unwrap_or_else(|| argument.get_id().as_str().to_uppercase());
    let dots = if matches!(argument.get_action(), clap::ArgAction::Append) { "..." } else { "" };
    if argument.is_required_set() { format!("{name}{dots}") } else { format!("[{name}]{dots}") }
}

/// The options of a command, under the headings that its help has; those of its own stand first.
fn options(roff: &mut Roff, command: &Command) {
    let is_option = |it: &&Arg| !it.is_positional() && !it.is_hide_set();
    let all: Vec<&Arg> = command.get_arguments().filter(is_option).collect();
    let mut headings: Vec<Option<&str>> = vec![None];
    for argument in &all {
        if !headings.contains(&argument.get_help_heading()) {
            headings.push(argument.get_help_heading());
        }
    }
    for heading in headings {
        let mut under = all.iter().filter(|it| it.get_help_heading() == heading).peekable();
        if under.peek().is_none() {
            continue;
        }
        let (title, note) = heading.map_or(("Options", None), |it| match it.split_once(" (") {
            Some((title, note)) => (title, Some(note.trim_end_matches(')'))),
            None => (it, None),
        });
        section(roff, &title.to_uppercase());
        if let Some(note) = note {
            roff.text([roman(format!("{}{}.", note[..1].to_uppercase(), &note[1..]))]);
        }
        for argument in under {
            term(roff, flag(argument), &help(argument));
        }
    }
}

/// The examples of its help: a line that says what is asked, and the command below it.
fn examples(roff: &mut Roff, command: &Command) {
    section(roff, "EXAMPLES");
    let text = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let mut what = "";
    for line in text.lines().skip(1) {
        match line.strip_prefix("    ") {
            Some(example) => {
                term(roff, vec![bold(example)], &format!("{}.", what.trim().trim_end_matches(':')))
            }
            None => what = line,
        }
    }
}

fn flag(argument: &Arg) -> Vec<Inline> {
    let mut name = Vec::new();
    if let Some(short) = argument.get_short() {
        name.extend([bold(format!("-{short}")), roman(", ")]);
    }
    name.push(bold(format!("--{}", argument.get_long().unwrap_or_default())));
    for alias in argument.get_visible_aliases().unwrap_or_default() {
        name.extend([roman(", "), bold(format!("--{alias}"))]);
    }
    if argument.get_action().takes_values() {
        for value in argument.get_value_names().unwrap_or_default() {
            name.extend([roman(" "), italic(value.as_str())]);
        }
    }
    name
}

fn help(argument: &Arg) -> String {
    let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string);
    let mut help = help.unwrap_or_default().replace("\n\n", ". ");
    let values: Vec<String> =
        argument.get_possible_values().iter().map(|it| it.get_name().to_owned()).collect();
    let is_shown = !values.is_empty() && !argument.is_hide_possible_values_set();
    if argument.get_action().takes_values() && is_shown {
        help.push_str(&format!(" (one of {})", values.join(", ")));
    }
    if let Some(value) =
        argument.get_default_values().first().filter(|_| !argument.is_hide_default_value_set())
    {
        help.push_str(&format!(" (default: {})", value.to_string_lossy()));
    }
    help
}
