//! One command line or more for each kind of mistake, and what is said of it.

use super::*;
use crate::cli::Cli;
use crate::cli::help::parse;
use clap::CommandFactory;

/// The message and the hint about a command line whose arguments are parted by spaces.
fn said(line: &str) -> String {
    said_of(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
}

fn said_of(arguments: &[OsString]) -> String {
    let mistake = parse(arguments).unwrap_err();
    let error = explain(&mistake, arguments, &Cli::command());
    format!("{error}\n{}", error.hint_text().unwrap_or_default())
}

#[test]
fn unknown_option() {
    insta::assert_snapshot!(said("trailscan inventory --statsu gone"), @r#"
    `--statsu` is no option of `trailscan inventory`
    did you mean `--status`?
    "#);
    insta::assert_snapshot!(said("trailscan events --no-such-thing"), @r#"
    `--no-such-thing` is no option of `trailscan events`
    `trailscan events --help` lists all of them
    "#);
    insta::assert_snapshot!(said("trailscan --json who x"), @r#"
    `--json` stands before the command: expected `trailscan COMMAND [OPTIONS] [RESOURCE] [PATH]...`
    options stand behind the command: `trailscan COMMAND -h` lists them
    "#);
    insta::assert_snapshot!(said("trailscan events -x"), @r#"
    `-x` is no option of `trailscan events`
    `trailscan events --help` lists all of them
    "#);
}

#[test]
fn one_argument_too_many() {
    insta::assert_snapshot!(said("trailscan man who trace"), @r#"
    `trace` is one argument too many: expected `trailscan man [COMMAND]`
    `trailscan man -h` says what it takes
    "#);
}

#[test]
fn unknown_command() {
    insta::assert_snapshot!(said("trailscan whoo bucket/b"), @r#"
    `whoo` is no command: expected `trailscan COMMAND`
    did you mean `who`?
    "#);
    insta::assert_snapshot!(said("trailscan ./logs"), @r#"
    `./logs` is no command: expected `trailscan COMMAND`
    a command stands before the paths: `trailscan -h` lists the commands
    "#);
    insta::assert_snapshot!(said("trailscan help timline"), @r#"
    `timline` is no command: expected `trailscan COMMAND`
    `trailscan -h` lists the commands
    "#);
}

#[test]
fn missing_argument() {
    insta::assert_snapshot!(said("trailscan who-deleted"), @r#"
    `RESOURCE` is missing: expected `trailscan who-deleted RESOURCE [PATH]...`
    `trailscan who-deleted -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan diff role/Admin"), @r#"
    `--from TIME` is missing: expected `trailscan diff --from TIME RESOURCE [PATH]...`
    `trailscan diff -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan diff"), @r#"
    `--from TIME`, `RESOURCE` are missing: expected `trailscan diff --from TIME RESOURCE [PATH]...`
    `trailscan diff -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan completions"), @r#"
    `SHELL` is missing: expected `trailscan completions SHELL`
    `trailscan completions -h` says what it takes
    "#);
}

#[test]
fn missing_value() {
    insta::assert_snapshot!(said("trailscan events --since"), @r#"
    `--since` lacks its value: expected `--since TIME`
    `trailscan events -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan inventory --status"), @r#"
    `--status` lacks its value: expected one of `exists`, `deleted`, `unknown`
    `trailscan inventory -h` says what it takes
    "#);
}

#[test]
fn value_that_is_not_among_the_known_ones() {
    insta::assert_snapshot!(said("trailscan inventory --status gon"), @r#"
    `--status gon` is no status: expected one of `exists`, `deleted`, `unknown`
    `trailscan inventory -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan events --format yaml"), @r#"
    `--format yaml` is no format: expected one of `table`, `json`, `jsonl`, `csv`, `raw`, `dot`
    `trailscan events -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan events --filter cis:9"), @r#"
    `--filter cis:9` is no filter: expected one of `cis:4.1`, …, `cis:4.15`
    did you mean `cis:4.9`?
    "#);
    insta::assert_snapshot!(said("trailscan events --color sometimes"), @r#"
    `--color sometimes` is no choice: expected one of `auto`, `always`, `never`
    `trailscan events -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan completions tcsh"), @r#"
    `tcsh` is no shell: expected one of `bash`, `elvish`, `fish`, `powershell`, `zsh`
    did you mean `zsh`?
    "#);
}

#[test]
fn value_that_cannot_be_read() {
    insta::assert_snapshot!(said("trailscan events --limit many"), @r#"
    `--limit many` is no number: expected `0`, `1`, `2`, …
    `trailscan events -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan events --limit -1"), @r#"
    `--limit -1` is no number: expected `0`, `1`, `2`, …
    `trailscan events -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan events --limit 99999999999999999999999"), @r#"
    `--limit 99999999999999999999999` is too large a number
    `trailscan events -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan events --max-record 5parsecs"), @r#"
    `--max-record 5parsecs` is no size: expected a size as `64MiB` or `16GB`
    `trailscan events -h` says what it takes
    "#);
    insta::assert_snapshot!(said("trailscan events --max-record 99999999999TB"), @r#"
    `--max-record 99999999999TB` is no size: the size is too large
    `trailscan events -h` says what it takes
    "#);
}

#[test]
fn options_that_do_not_go_together() {
    insta::assert_snapshot!(said("trailscan revert role/Admin --to 2024-03-01 --event x"), @r#"
    `--to TIME` does not go with `--event ID`
    leave one out
    "#);
    insta::assert_snapshot!(said("trailscan events --denied --failed --succeeded"), @r#"
    `--denied` does not go with `--succeeded`
    leave one out
    "#);
    insta::assert_snapshot!(said("trailscan state x --at 1d --at 2d"), @r#"
    `--at TIME` is given twice: expected once
    leave one out
    "#);
    insta::assert_snapshot!(said("trailscan diff x --from 1d --since 2d"), @r#"
    `--from TIME` is given twice: expected once
    leave one out
    "#);
}

#[test]
fn value_too_many() {
    insta::assert_snapshot!(said("trailscan events --json=yes"), @r#"
    `--json=yes` has a value too many: `--json` takes none
    write `--json` alone
    "#);
}

#[cfg(unix)]
#[test]
fn argument_that_is_no_text() {
    use std::os::unix::ffi::OsStringExt;
    let broken = OsString::from_vec(b"alice\xff".to_vec());
    let arguments = ["trailscan", "events", "--actor"].map(OsString::from);
    insta::assert_snapshot!(said_of(&[&arguments[..], &[broken]].concat()), @r#"
    `alice�` is not UTF-8: expected that of everything but paths
    look for a wrong character in it, or a wrong setting of the terminal
    "#);
}
