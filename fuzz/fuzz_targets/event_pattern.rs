//! EventBridge event patterns: no text breaks the parser, and what it makes of it no record the evaluator. The first line
//! is the pattern, the rest a record.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::event::EventParser;
use trailscan::query::{Condition, Conditions, EventPattern, Filter};

fuzz_target!(|text: &str| {
    let (pattern, record) = text.split_once('\n').unwrap_or((text, "{}"));
    let Ok(pattern) = EventPattern::parse(pattern) else { return };
    let conditions = Conditions::new([vec![Condition::Event(pattern)]]);
    let filter = Filter { conditions, ..Filter::default() };
    let _ = EventParser::default().read(record.as_bytes(), |event| filter.matches(event));
    let _ = EventParser::default().read_within(b"{}", Some(record.as_bytes()), |event| filter.matches(event));
});
