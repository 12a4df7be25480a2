//! The walls between the modules, as `ARCHITECTURE.md` has them.

use std::path::{Path, PathBuf};

/// Each layer with those it may use. Data flows down this list.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("text", &[]),
    ("hash", &[]),
    ("intern", &["hash"]),
    ("aws", &[]),
    ("threads", &["error"]),
    ("input", &["error", "aws", "threads"]),
    ("container", &["error", "text", "input"]),
    ("integrity", &["error", "text", "intern", "input", "container"]),
    ("event", &["error", "text", "aws"]),
    ("decode", &["error", "text", "input", "container", "event"]),
    ("resource", &["error", "text", "aws", "event"]),
    ("catalog", &["error", "hash", "aws", "event", "resource"]),
    ("timeline", &["error", "text", "aws", "event", "resource", "catalog"]),
    ("query", &["error", "text", "aws", "event", "resource", "catalog"]),
    (
        "answer",
        &["error", "text", "hash", "intern", "aws", "event", "resource", "catalog", "query", "timeline"],
    ),
    (
        "scan",
        &[
            "error",
            "hash",
            "threads",
            "input",
            "container",
            "integrity",
            "decode",
            "event",
            "resource",
            "catalog",
            "query",
            "answer",
        ],
    ),
    (
        "index",
        &[
            "error",
            "hash",
            "intern",
            "aws",
            "threads",
            "input",
            "container",
            "decode",
            "event",
            "resource",
            "catalog",
            "query",
            "answer",
            "scan",
        ],
    ),
    (
        "render",
        &["error", "text", "threads", "integrity", "event", "resource", "catalog", "timeline", "answer"],
    ),
    ("ui", &["error", "text", "scan", "render"]),
    (
        "ops",
        &[
            "error",
            "text",
            "aws",
            "input",
            "container",
            "integrity",
            "decode",
            "event",
            "resource",
            "catalog",
            "timeline",
            "query",
            "answer",
            "scan",
            "index",
        ],
    ),
    (
        "cli",
        &[
            "ops",
            "error",
            "text",
            "aws",
            "input",
            "container",
            "integrity",
            "decode",
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
    ("etcetera::", &["cli"]),
    ("stdout()", &["ui"]),
    ("stderr()", &["ui"]),
    ("is_terminal", &["ui"]),
    ("terminal_size", &["ui"]),
    ("thread::", &["threads"]),
    ("rayon::", &["threads"]),
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

/// The code of a file: no comments (doc examples may use anything) and no tests, wherever in the file they stand. An
/// item behind `#[cfg(test)]` ends where a line closes it at the depth at which it began, as rustfmt writes it.
fn code(text: &str) -> String {
    let mut kept = Vec::new();
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push(line);
            continue;
        }
        let depth = line.len() - line.trim_start().len();
        let is_of_item = |line: &&str| line.trim_start().starts_with("#[");
        let Some(first) = lines.by_ref().find(|line| !is_of_item(line)) else { break };
        if !first.ends_with([';', '}', ',']) {
            let closes = |line: &str| line.len() > depth && line[depth..].starts_with(['}', ')', ']']);
            lines.by_ref().find(|line| line[..depth.min(line.len())].trim().is_empty() && closes(line));
        }
    }
    kept.join("\n")
}

#[test]
fn code_goes_on_behind_tests() {
    let text =
        "a\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n    b\n    {\n    }\n}\nc\n#[cfg(test)]\nmod d;\ne\n// f";
    assert_eq!(code(text), "a\nc\ne");
    assert_eq!(
        code("impl X {\n    #[cfg(test)]\n    fn a() {\n        b();\n    }\n    c\n}"),
        "impl X {\n    c\n}"
    );
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
            // `crate::{a, b::c}` uses two.
            let list = used.strip_prefix('{').and_then(|list| list.split('}').next());
            for used in list.map_or(vec![used], |list| list.split(',').collect()) {
                let is_of_name = |it: &char| it.is_alphanumeric() || *it == '_';
                let used: String = used.trim().chars().take_while(is_of_name).collect();
                assert!(
                    used == layer || allowed.contains(&used.as_str()),
                    "{}: `{layer}` must not use `crate::{used}` (may use {allowed:?})",
                    path.display(),
                );
            }
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
