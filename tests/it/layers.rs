//! The walls between the modules, as `ARCHITECTURE.md` has them.

use std::path::{Path, PathBuf};

/// Each layer with those it may use. Data flows down this list.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("threads", &["error"]),
    ("input", &["error", "threads"]),
    ("decode", &["error", "input"]),
    ("integrity", &["error", "input", "decode"]),
    ("event", &["error"]),
    ("resource", &["error", "event"]),
    ("catalog", &["error", "event", "resource"]),
    ("timeline", &["error", "event", "resource", "catalog"]),
    ("query", &["error", "event", "resource", "catalog"]),
    ("answer", &["error", "event", "resource", "catalog", "query", "timeline"]),
    (
        "scan",
        &[
            "error",
            "threads",
            "input",
            "decode",
            "integrity",
            "event",
            "resource",
            "catalog",
            "query",
            "answer",
        ],
    ),
    (
        "index",
        &["error", "threads", "input", "decode", "event", "resource", "catalog", "query", "answer", "scan"],
    ),
    ("render", &["error", "threads", "integrity", "event", "resource", "catalog", "answer", "timeline"]),
    ("ui", &["error", "render", "scan"]),
    (
        "cli",
        &[
            "error",
            "input",
            "decode",
            "integrity",
            "event",
            "resource",
            "catalog",
            "timeline",
            "query",
            "answer",
            "scan",
            "index",
            "render",
            "ui",
        ],
    ),
];

/// What reads the world around the process, and who may.
const WORLD: &[(&str, &[&str])] = &[
    ("Utc::now", &["cli"]),
    ("SystemTime::now", &[]),
    ("Instant::now", &["ui"]),
    ("env::var", &["cli"]),
    ("std::env::", &["cli"]),
    ("stdout()", &["ui"]),
    ("stderr()", &["ui"]),
    ("is_terminal", &["ui"]),
    ("thread::", &["threads", "scan"]),
    ("rayon::", &["threads", "scan"]),
];

fn sources() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open = vec![src.clone()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let inside = path.strip_prefix(&src).unwrap().to_owned();
                let layer =
                    inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((layer, inside, text));
            }
        }
    }
    found.retain(|(layer, ..)| layer != "lib" && layer != "main");
    assert!(found.len() > 40, "the sources are not where they are looked for");
    found
}

/// The code of a file: no comments (doc examples may use anything) and no tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_string_lossy();
    name == "tests" || name.ends_with("_tests") || name == "testing"
}

#[test]
fn no_layer_uses_a_later_one() {
    for (layer, path, text) in sources() {
        let allowed =
            LAYERS.iter().find(|(name, _)| *name == layer).unwrap_or_else(|| panic!("{layer} is no layer")).1;
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            assert!(
                used == layer || allowed.contains(&used.as_str()),
                "{}: `{layer}` must not use `crate::{used}` (may use {allowed:?})",
                path.display(),
            );
        }
    }
}

#[test]
fn only_the_shell_knows_the_world() {
    for (layer, path, text) in sources() {
        if is_test(&path) {
            continue;
        }
        let code = code(&text);
        for (call, allowed) in WORLD {
            assert!(
                allowed.contains(&layer.as_str()) || !code.contains(call),
                "{}: `{call}` belongs to {allowed:?}",
                path.display(),
            );
        }
    }
}
