//! JSON with every character that acts on a terminal escaped, also those that
//! JSON itself lets stand.

use crate::text::{is_active, is_printable_ascii};
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};
use std::io;
use std::io::Write;

/// Compact JSON, pure in what reaches a terminal.
struct TerminalSafeJson;

impl Formatter for TerminalSafeJson {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_harmless(out, fragment)
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        serde_json::ser::CompactFormatter.write_char_escape(out, escape)
    }
}

/// Writes JSON text with active characters escaped: the same JSON, as they stand in strings only.
pub(super) fn write_harmless<W: ?Sized + Write>(out: &mut W, text: &str) -> io::Result<()> {
    if is_printable_ascii(text) {
        return out.write_all(text.as_bytes());
    }
    let mut rest = text;
    while let Some(at) = rest.find(is_active) {
        out.write_all(&rest.as_bytes()[..at])?;
        let mut characters = rest[at..].chars();
        if let Some(active) = characters.next() {
            for unit in active.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        rest = characters.as_str();
    }
    out.write_all(rest.as_bytes())
}

/// Writes a value on one line, without the line's end.
pub(super) fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    // A value is written in many small pieces: into memory they are cheap.
    let mut line = Vec::with_capacity(1024);
    put_value(&mut line, value)?;
    out.write_all(&line)
}

/// Adds a value to a line.
pub(super) fn put_value(line: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(line, TerminalSafeJson)).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_same_text_comes_back_and_nothing_acts(text in any::<String>()) {
            let mut out = Vec::new();
            write(&mut out, &text).unwrap();
            let json = String::from_utf8(out).unwrap();
            prop_assert!(!json.contains(is_active), "{}", json);
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
