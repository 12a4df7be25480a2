//! Credentials: whatever is logged, the tree is one, and in whatever order it is logged it is the same. The first line
//! says what is traced, each line after it is a record.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use trailscan::Archive;
use trailscan::answer::trace::{Trace, TraceTarget};

fuzz_target!(|text: &str| {
    let (target, log) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(target) = TraceTarget::parse(target) else { return };
    let mut lines: Vec<&str> =
        log.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).collect();
    let Some(trace) = trace(&lines, &target) else { return };
    for (number, node) in trace.nodes.iter().enumerate() {
        assert_eq!(node.node, number);
        match node.parent {
            Some(parent) => assert!(parent < number && trace.nodes[parent].depth + 1 == node.depth),
            None => assert_eq!(node.depth, 0),
        }
        assert!(node.links.iter().filter_map(|link| link.from).all(|from| from < trace.nodes.len()));
    }
    lines.reverse();
    let Some(again) = self::trace(&lines, &target) else { panic!("nothing, read backwards") };
    assert_eq!(names(&trace), names(&again), "read forwards, and backwards");
});

fn names(trace: &Trace) -> Vec<(usize, &str)> {
    let mut names: Vec<_> = trace.nodes.iter().map(|node| (node.depth, node.label.as_str())).collect();
    names.sort_unstable();
    names
}

fn trace(lines: &[&str], target: &TraceTarget) -> Option<Trace> {
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let path = dir.join(format!("trailscan-trace-{}.json", std::process::id()));
    std::fs::write(&path, lines.join("\n")).ok()?;
    let archive = Archive::open([&path]);
    let answered = archive.and_then(|archive| archive.trace(target, None));
    let _ = std::fs::remove_file(&path);
    Some(answered.ok()?.answer)
}
