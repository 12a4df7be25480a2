//! `man/` and `completions/` are what the program prints; `UPDATE_DOCS=1` rewrites them.

use clap_complete::Shell;
use std::path::Path;
use trailscan::cli::docs::{completions, man_page};

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

#[test]
fn the_man_page_is_current() {
    check("man/trailscan.1", &man_page());
}

#[test]
fn the_completions_are_current() {
    for (shell, file) in SHELLS {
        check(&format!("completions/{file}"), &completions(shell));
    }
}
