//! Text that is almost JSON: what is JSON stays as it is, but for numbers and depths that no parser holds, and a string
//! of any bytes can be read afterwards.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::event::EventParser;
use trailscan::event::fuzzing::repair;

fuzz_target!(|bytes: &[u8]| {
    let repaired = repair(bytes);
    assert!(std::str::from_utf8(&repaired).is_ok());
    assert_eq!(repair(&repaired), repaired, "what is repaired needs no repair");
    if serde_json::from_slice::<serde_json::Value>(bytes).is_ok() {
        assert!(serde_json::from_slice::<serde_json::Value>(&repaired).is_ok(), "what is JSON stays JSON");
        assert!(repaired == bytes || may_be_beyond(bytes), "what is JSON needs no repair");
    }
    // Inside a string, no byte but a quote can hide the event: the `.` is what a backslash at the end escapes.
    let inside = bytes.iter().filter(|byte| **byte != b'"');
    let record: Vec<u8> = b"{\"userAgent\":\"".iter().chain(inside).chain(b".\"}").copied().collect();
    let read = EventParser::default().read(&record, |event| event.text("userAgent").is_some());
    assert_eq!(read, Ok(true), "{}", String::from_utf8_lossy(&record));
});

/// Whether a number in it may be beyond all types of numbers, or a value lie too deep: these become texts.
fn may_be_beyond(json: &[u8]) -> bool {
    let is_long = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    let has_exponent = |pair: &[u8]| pair[0].is_ascii_digit() && matches!(pair[1], b'e' | b'E');
    let opened = json.iter().filter(|byte| matches!(byte, b'[' | b'{')).count();
    json.windows(19).any(is_long) || json.windows(2).any(has_exponent) || opened > 256
}
