//! What dependencies may be: of a licence and a source that `deny.toml` allows, and no newer than the Rust that we ask
//! for.

use serde_json::Value;
use std::process::Command;

const MANIFEST: &str = include_str!("../../Cargo.toml");
const DENY: &str = include_str!("../../deny.toml");

/// The packages of `Cargo.lock`, as cargo tells of them. Where those of other systems are not there and cannot be
/// fetched, those that this one needs.
fn packages() -> Vec<Value> {
    let told = |more: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--locked", "--format-version", "1"]).args(more);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
    };
    let host = Command::new(env!("CARGO")).arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut cargo = told(&[]);
    if !cargo.status.success() {
        cargo = told(&["--offline", "--filter-platform", host]);
    }
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let mut metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let Value::Array(packages) = metadata["packages"].take() else { panic!("cargo tells of no packages") };
    assert!(packages.len() > 80, "only {} packages", packages.len());
    packages
}

fn names(packages: &[Value], is_bad: impl Fn(&Value) -> bool) -> Vec<String> {
    let name = |it: &Value| format!("{} {}", it["name"], it["version"]).replace('"', "");
    packages.iter().filter(|it| is_bad(it)).map(name).collect()
}

/// `1.89` as numbers, to be compared.
fn version(text: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = text.split('.').map(|it| it.parse().unwrap()).collect();
    numbers.resize(3, 0);
    numbers
}

/// Returns whether one of the alternatives of a licence is allowed: `MIT OR (A AND B)`, as SPDX has it, or `MIT/A`.
fn is_allowed(licence: &str, allowed: &[&str]) -> bool {
    let spaced =
        licence.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "-WITH-");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, allowed) && words.next().is_none()
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn either(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut is = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        is |= both(words, allowed);
    }
    is
}

fn both(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut is = true;
    loop {
        is &= match words.next() {
            Some("(") => {
                let inner = either(words, allowed);
                words.next() == Some(")") && inner
            }
            licence => licence.is_some_and(|it| allowed.contains(&it)),
        };
        if words.next_if_eq(&"AND").is_none() {
            return is;
        }
    }
}

#[test]
fn licences_and_sources_are_those_that_we_allow() {
    let deny: toml::Table = DENY.parse().unwrap();
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().filter_map(|it| it.as_str()).collect();
    let packages = packages();
    let licence = |it: &Value| is_allowed(it["license"].as_str().unwrap_or_default(), &allowed);
    assert_eq!(names(&packages, |it| !licence(it)), [] as [String; 0]);
    // Our own have none. Nothing comes from a repository, and nothing from a registry but cargo's own.
    let is_foreign = |it: &Value| it["source"].as_str().is_some_and(|it| !it.starts_with("registry+"));
    assert_eq!(names(&packages, is_foreign), [] as [String; 0]);
    let mut sources: Vec<&Value> =
        packages.iter().map(|it| &it["source"]).filter(|it| !it.is_null()).collect();
    sources.dedup();
    assert_eq!(sources.len(), 1, "{sources:?}");
}

#[test]
fn no_dependency_asks_for_a_newer_rust_than_we_do() {
    let manifest: toml::Table = MANIFEST.parse().unwrap();
    let ours = version(manifest["package"]["rust-version"].as_str().unwrap());
    let is_newer = |it: &Value| it["rust_version"].as_str().is_some_and(|it| version(it) > ours);
    assert_eq!(names(&packages(), is_newer), [] as [String; 0]);
}

#[test]
fn licences_are_read_as_spdx_has_them() {
    for (licence, is) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("Unlicense/MIT", true),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("(MIT OR ISC) AND GPL-3.0", false),
        ("MIT OR ISC AND GPL-3.0", true),
        ("MIT WITH Exception", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(licence, &["MIT", "ISC"]), is, "{licence}");
    }
}
