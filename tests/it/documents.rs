//! README.md and `docs/`: their command lines do what stands below them, their links lead somewhere.
//!
//! In a `console` block a line that begins with `$ ` is a command; what follows it, or stands in the `text` block that
//! comes next, is what it prints. With a line of the program's messages in it (`trailscan: …`, `hint: …`) that is both
//! of its streams, else its answer alone; a line `…` stands for any lines. `UPDATE_DOCS=1` writes what is printed now.

use crate::world::PROGRAM;
use clap::CommandFactory;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use trailscan::cli::Cli;

/// What a command that is run begins with. It runs in the root of the repository, with a home of its own.
const RUN: [&str; 2] = ["trailscan ", "mkdir -p ~/"];
/// What stands before a command that is run, and is not run itself: it builds what is tested.
const BUILD: &str = "cargo install --locked --path . && ";
/// What a command that is not run begins with: it needs AWS, or is the one that runs these tests.
const NOT_RUN: [&str; 3] = ["aws ", "for kind in CloudTrail CloudTrail-Digest; do", "cargo test --locked"];
/// The programs that answers may be piped into: every system has them.
const FILTERS: [&str; 7] = ["cut", "grep", "head", "sort", "tail", "uniq", "wc"];
/// What stands for lines that are left out.
const CUT: &str = "…";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents for users, by their names in the repository.
fn documents() -> Vec<String> {
    let files =
        fs::read_dir(root().join("docs")).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut all: Vec<String> =
        files.filter(|it| it.ends_with(".md")).map(|it| format!("docs/{it}")).collect();
    all.push("README.md".to_owned());
    all.sort();
    all
}

fn text_of(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"))
}

/// A command in a document, and the lines of the document that say what it prints.
struct Shown {
    line: usize,
    command: String,
    output: Range<usize>,
}

/// Finds the commands of a document.
fn shown(lines: &[&str]) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    // The kind of block that a line is in, and whether a `text` block still belongs to the last command.
    let (mut block, mut is_open) = (None, false);
    for (line, text) in lines.iter().enumerate() {
        match (text.strip_prefix("```"), block) {
            (Some(kind), None) => {
                block = Some(kind);
                is_open &= kind == "text";
                if let Some(last) = all.last_mut().filter(|_| is_open) {
                    last.output = line + 1..line + 1;
                }
            }
            (Some(_), Some(kind)) => {
                is_open = kind == "console" && all.last().is_some_and(|it| it.output.is_empty());
                block = None;
            }
            (None, Some("console")) if text.starts_with("$ ") => {
                all.push(Shown { line, command: text[2..].to_owned(), output: line + 1..line + 1 });
            }
            (None, Some("console")) => all.last_mut().expect("a command stands first").output.end = line + 1,
            (None, Some("text")) if is_open => all.last_mut().unwrap().output.end = line + 1,
            _ => {}
        }
    }
    all
}

/// Returns what of a command is run; `None` where nothing is.
fn runnable(command: &str) -> Option<&str> {
    let command = command.strip_prefix(BUILD).unwrap_or(command);
    if NOT_RUN.iter().any(|it| command.starts_with(it)) {
        return None;
    }
    assert!(RUN.iter().any(|it| command.starts_with(it)), "is this to be run? `{command}`");
    // A pipe outside of quotes; what is in them is the program's.
    let bare: String = command.split('\'').step_by(2).collect();
    for filter in bare.split('|').skip(1) {
        let name = filter.split_whitespace().next().unwrap_or_default();
        assert!(FILTERS.contains(&name), "`{name}` may not be there: `{command}`");
    }
    Some(command)
}

fn run(command: &str, home: &Path, with_messages: bool) -> (String, i32) {
    let programs = Path::new(PROGRAM).parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&path))).unwrap();
    let script = if with_messages { format!("exec 2>&1\n{command}") } else { command.to_owned() };
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).current_dir(root()).env_clear().env("PATH", path).env("HOME", home);
    let output = shell.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap_or_else(|_| panic!("not UTF-8: `{command}`"));
    (stdout, output.status.code().unwrap())
}

/// Whether lines are as a document shows them.
fn is_as_shown(printed: &[&str], shown: &[&str]) -> bool {
    let parts: Vec<&[&str]> = shown.split(|line| line.trim() == CUT).collect();
    let [first, middle @ .., last] = parts.as_slice() else { return printed == shown };
    let Some(mut printed) = printed.strip_prefix(*first) else { return false };
    for part in middle {
        let at = (0..=printed.len()).find(|at| printed[*at..].starts_with(part));
        let Some(at) = at else { return false };
        printed = &printed[at + part.len()..];
    }
    printed.ends_with(last)
}

/// What is printed, with as many lines as a document shows before and behind its one cut.
fn cut_as_shown<'p>(printed: &[&'p str], shown: &[&'p str]) -> Vec<&'p str> {
    let cuts: Vec<usize> = (0..shown.len()).filter(|at| shown[*at].trim() == CUT).collect();
    match cuts.as_slice() {
        [] => printed.to_vec(),
        [at] if printed.len() >= shown.len() => {
            let last = &printed[printed.len() - (shown.len() - at - 1)..];
            [&printed[..*at], &[shown[*at]], last].concat()
        }
        _ => shown.to_vec(),
    }
}

/// Runs the commands of a document; returns what is not as it says, and the document as it would be.
fn check(document: &str) -> (Vec<String>, String) {
    let text = text_of(document);
    let lines: Vec<&str> = text.lines().collect();
    let (home, mut wrong, mut made, mut done) =
        (tempfile::tempdir().unwrap(), Vec::new(), Vec::<String>::new(), 0);
    for it in shown(&lines) {
        let Some(command) = runnable(&it.command) else { continue };
        let shown = &lines[it.output.clone()];
        let is_message = |line: &&str| line.starts_with("trailscan: ") || line.starts_with("hint: ");
        let (printed, status) = run(command, home.path(), shown.iter().any(is_message));
        let printed: Vec<&str> = printed.lines().collect();
        let is_refused = shown.first().is_some_and(|it| it.starts_with("trailscan: error"));
        if (status == 2) != is_refused || status > 3 {
            wrong.push(format!("{document}:{}: exit {status}: {command}", it.line + 1));
        } else if !shown.is_empty() && !is_as_shown(&printed, shown) {
            wrong.push(format!("{document}:{}: {command}\n{}", it.line + 1, printed.join("\n")));
        }
        made.extend(lines[done..it.output.start].iter().map(ToString::to_string));
        let new = if shown.is_empty() { Vec::new() } else { cut_as_shown(&printed, shown) };
        made.extend(new.into_iter().map(str::to_owned));
        done = it.output.end;
    }
    made.extend(lines[done..].iter().map(ToString::to_string));
    (wrong, made.join("\n") + "\n")
}

#[test]
fn every_command_prints_what_stands_below_it() {
    let all: Vec<(String, (Vec<String>, String))> =
        documents().into_par_iter().map(|name| (name.clone(), check(&name))).collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        all.iter().for_each(|(name, (_, made))| fs::write(root().join(name), made).unwrap());
        return;
    }
    let wrong: Vec<&str> = all.iter().flat_map(|(_, (wrong, _))| wrong).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "run `UPDATE_DOCS=1 cargo test documents`, and read what it changed:\n{}",
        wrong.join("\n\n")
    );
}

#[test]
fn every_command_stands_in_a_line_that_is_run() {
    let mut told = BTreeSet::new();
    for document in documents() {
        let text = text_of(&document);
        let lines: Vec<&str> = text.lines().collect();
        let commands = shown(&lines).into_iter().filter_map(|it| runnable(&it.command).map(str::to_owned));
        told.extend(commands.filter_map(|it| it.split(' ').nth(1).map(str::to_owned)));
    }
    let program = Cli::command();
    let names = program.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "help");
    let missing: Vec<&str> = names.filter(|name| !told.contains(*name)).collect();
    assert!(missing.is_empty(), "no document runs {missing:?}");
}

#[test]
fn the_readme_is_short_and_names_the_command_that_runs_the_tests() {
    let readme = text_of("README.md");
    assert!(readme.lines().count() <= 200, "{} lines", readme.lines().count());
    let tests: Vec<&str> = readme.lines().filter(|line| line.starts_with("$ cargo test")).collect();
    assert_eq!(tests, ["$ cargo test --locked"]);
}

/// The place of a heading as GitHub names it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = text_of(&document);
        let at = root().join(&document);
        for target in text.split("](").skip(1).filter_map(|it| it.split(')').next()) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path: PathBuf = if file.is_empty() { at.clone() } else { at.parent().unwrap().join(file) };
            let exists = path.exists() && (heading.is_empty() || has_heading(&path, heading));
            if !exists && !target.contains("://") {
                wrong.push(format!("{document}: {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere: {wrong:#?}");
}

fn has_heading(path: &Path, heading: &str) -> bool {
    let text = fs::read_to_string(path).unwrap();
    let mut is_code = false;
    text.lines().any(|line| {
        is_code ^= line.starts_with("```");
        !is_code && line.starts_with('#') && anchor(line.trim_start_matches('#')) == heading
    })
}

#[test]
fn a_cut_stands_for_any_lines() {
    let printed = ["a", "b", "c", "d"];
    let good: [&[&str]; 6] = [
        &["a", "b", "c", "d"],
        &["a", CUT],
        &[CUT, "d"],
        &["a", " …", "d"],
        &["a", CUT, "c", CUT],
        &["a", "b", CUT, "c", "d"],
    ];
    for shown in good {
        assert!(is_as_shown(&printed, shown), "{shown:?}");
    }
    let bad: [&[&str]; 5] =
        [&["a"], &["b", CUT], &[CUT, "c"], &["a", CUT, "x", CUT], &["a", "b", "c", CUT, "c", "d"]];
    for shown in bad {
        assert!(!is_as_shown(&printed, shown), "{shown:?}");
    }
    assert_eq!(cut_as_shown(&printed, &["x", CUT, "y"]), ["a", CUT, "d"]);
    assert_eq!(cut_as_shown(&printed, &["x"]), printed);
}
