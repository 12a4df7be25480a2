//! Times, ages, spans and name patterns, as people type them: no text breaks them, a time is the one that it is shown
//! as, and a pattern passes what it says. The first line is a time, the second a pattern, the third a name.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::event::Time;
use trailscan::query::{Globs, parse_instant, parse_span};

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let [moment, pattern, name] = [(); 3].map(|()| lines.next().unwrap_or_default());
    check_moment(moment);
    check_pattern(pattern, name);
});

fn check_moment(text: &str) {
    if let Some(time) = Time::parse(text) {
        assert_eq!(Time::parse(&time.to_string()), Some(time), "`{text}`");
        assert!(Time::parse_bytes(text.as_bytes()).is_none_or(|other| other == time), "`{text}`");
    }
    let Some(now) = Time::parse("2026-03-10T12:00:00Z") else { return };
    if let Ok(instant) = parse_instant(text, now) {
        assert_eq!(Time::parse(&instant.to_string()), Some(instant), "`{text}`");
        assert!(Time::parse(text).is_none_or(|time| time == instant), "`{text}`");
    }
    assert!(
        parse_span("--step", text).is_ok_and(|span| span > Default::default())
            || parse_span("--step", text).is_err()
    );
}

fn check_pattern(pattern: &str, name: &str) {
    let Ok(globs) = Globs::new("--event", &[pattern.to_owned()]) else { return };
    let passes = globs.pass([name]);
    let lower = name.to_lowercase();
    if let (true, Some(literals)) = (passes, globs.literals()) {
        assert!(literals.iter().any(|it| lower.contains(&it.to_lowercase())), "`{pattern}` and `{name}`");
    }
    // `**` is about directories.
    let is_simple = pattern.is_ascii() && name.is_ascii() && !pattern.contains(['[', '{', '\\', '!']);
    if is_simple && !pattern.contains("**") && !name.contains('\n') {
        let expected = matches(pattern.to_lowercase().as_bytes(), lower.as_bytes());
        assert_eq!(passes, expected, "`{pattern}` and `{name}`");
    }
    if !pattern.starts_with('!') && !pattern.is_empty() {
        let inverse = Globs::new("--event", &[format!("!{pattern}")]);
        assert!(inverse.is_ok_and(|it| it.pass([name]) != passes), "`!{pattern}` and `{name}`");
    }
}

/// The same without a library.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    // What is reachable in the name, one sign of the pattern after the other: no pattern takes long.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for sign in pattern {
        let mut next = vec![false; name.len() + 1];
        for at in 0..=name.len() {
            match sign {
                b'*' => next[at] = reached[at] || at > 0 && next[at - 1],
                b'?' => next[at] = at > 0 && reached[at - 1],
                sign => next[at] = at > 0 && reached[at - 1] && name[at - 1] == *sign,
            }
        }
        reached = next;
    }
    reached[name.len()]
}
