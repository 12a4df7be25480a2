//! What is made and kept: `man/` and `completions/` are what the program prints, `docs/output.md` is what the schemas
//! in `docs/schema/` say. `UPDATE_DOCS=1` rewrites them.

mod command_page;
mod man_page;
mod output;
pub(crate) mod schema;

use clap::CommandFactory;
use clap_complete::Shell;
use std::path::Path;
use trailscan::cli::Cli;

const SHELLS: [(Shell, &str); 5] = [
    (Shell::Bash, "trailscan.bash"),
    (Shell::Zsh, "_trailscan"),
    (Shell::Fish, "trailscan.fish"),
    (Shell::PowerShell, "_trailscan.ps1"),
    (Shell::Elvish, "trailscan.elv"),
];

fn check(file: &str, made: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read(&path).unwrap_or_default();
    assert!(kept == made, "{file} is not current: run `UPDATE_DOCS=1 cargo test docs`");
}

/// Checks a part of a document that is made by `cargo test HOW`, between the marks that name it.
pub(crate) fn check_part(file: &str, name: &str, how: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let start = format!("<!-- {name}: made by `UPDATE_DOCS=1 cargo test {how}` -->\n");
    let end = format!("<!-- /{name} -->");
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("{file} has no {start}"));
    let (kept, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{file} has no {end}"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{start}{made}{end}{after}")).unwrap();
        return;
    }
    let differs =
        made.lines().zip(kept.lines().chain(std::iter::repeat(""))).find(|(made, kept)| made != kept);
    assert!(kept == made, "{file} is not current: run `UPDATE_DOCS=1 cargo test {how}`; {differs:?}");
}

/// A page for the program and one for each command, and no page of a command that is gone: the build takes in what
/// lies in `man/`.
#[test]
fn the_man_pages_are_current() {
    let program = Cli::command();
    let mut pages = vec![("trailscan".to_owned(), man_page::man_page())];
    for command in program.get_subcommands() {
        let name = command_page::page_name(command.get_name());
        pages.push((name, command_page::command_page(&program, command)));
    }
    for (name, page) in &pages {
        check(&format!("man/{name}.1"), page.as_bytes());
    }
    let kept = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("man")).unwrap();
    for file in kept.map(|it| it.unwrap().file_name().into_string().unwrap()) {
        assert!(
            pages.iter().any(|(name, _)| file == format!("{name}.1")),
            "man/{file} is of no command: remove it"
        );
    }
}

#[test]
fn the_completions_are_current() {
    for (shell, file) in SHELLS {
        let mut made = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "trailscan", &mut made);
        check(&format!("completions/{file}"), &made);
    }
}

/// One test, for the schemas are read by all of it.
#[test]
fn the_schemas_and_their_tables_are_current() {
    for name in schema::commands() {
        let made = serde_json::to_string_pretty(&schema::with_copies(schema::read(&name))).unwrap();
        check(&format!("docs/schema/{name}.json"), format!("{made}\n").as_bytes());
    }
    check_part("docs/output.md", "schemas", "docs", &output::markdown());
}
