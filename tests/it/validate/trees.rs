//! The four trees, whose makers say what has to be found.

use super::{files, gaps, report};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use trailscan::integrity::{HeadObjects, PublicKeys, TimeWindow, TrustOptions};

fn tree(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/digest").join(name)
}

fn check(name: &str) {
    let dir = tree(name);
    let expected: Value = serde_json::from_slice(&fs::read(dir.join("expected.json")).unwrap()).unwrap();
    let mut keys = PublicKeys::default();
    assert_eq!(keys.add(&fs::read(dir.join("public-keys.json")).unwrap()), Ok(Vec::new()));
    let mut heads = HeadObjects::default();
    heads.add(&fs::read(dir.join("head-objects.json")).unwrap()).unwrap();
    for (way, heads, gap_way) in [
        ("files_only", HeadObjects::default(), "gaps_files_only"),
        ("with_sidecar", heads, "gaps_with_sidecar"),
    ] {
        let trust = TrustOptions { keys: keys.clone(), heads, bucket: None };
        let report = report(&dir.join("trail"), &trust, TimeWindow::default());
        let wanted: Vec<(String, Value)> = expected["files"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, file)| {
                let mut wanted = file[way].clone();
                wanted["kind"] = file["kind"].clone();
                wanted["present"] = file["present"].clone();
                (key.clone(), wanted)
            })
            .collect();
        assert!(wanted.len() > 20);
        pretty_equal(&files(&report), &wanted, &format!("{name}, {way}"));
        assert_eq!(gaps(&report), expected[gap_way], "{name}, {way}");
    }
}

fn pretty_equal(found: &[(String, Value)], wanted: &[(String, Value)], what: &str) {
    for (key, file) in wanted {
        let other = found.iter().find(|(it, _)| it == key).map(|it| &it.1);
        assert_eq!(other, Some(file), "{what}: {key}");
    }
    assert_eq!(found.len(), wanted.len(), "{what}");
}

#[test]
fn nothing_wrong() {
    check("none");
}

#[test]
fn a_tampered_log() {
    check("log-tampered");
}

#[test]
fn a_deleted_digest() {
    check("digest-deleted");
}

#[test]
fn a_second_key() {
    check("key-rotation");
}
