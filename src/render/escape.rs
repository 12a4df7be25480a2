//! Cells of CSV: harmless to the terminal that shows them and to the spreadsheet that opens them. Attackers write
//! user agents, names and keys.

use crate::text::escape_for_terminal;
use std::borrow::Cow;

/// Returns a CSV cell after RFC 4180 that no spreadsheet takes for a formula.
pub(super) fn csv_cell(text: &str) -> Cow<'_, str> {
    let shown = escape_for_terminal(text);
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    let quotes = |byte: u8| matches!(byte, b'"' | b',' | b'\n' | b'\r' | b';');
    if guard.is_empty() && !shown.bytes().any(quotes) && shown.trim() == shown {
        return shown;
    }
    format!("\"{guard}{}\"", shown.replace('"', "\"\"")).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::is_active;
    use proptest::prelude::*;

    #[test]
    fn what_acts_is_written_out() {
        for (text, want) in [
            ("plain äö 名", "plain äö 名"),
            ("\x1b]52;c;ZXZpbA==\x07", "\\u{1b}]52;c;ZXZpbA==\\u{7}"),
            ("a\rb\nc\td", "a\\rb\\nc\\td"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("abc\u{202e}fdp.exe", "abc\\u{202e}fdp.exe"),
            ("z\u{200b}w", "z\\u{200b}w"),
        ] {
            assert_eq!(escape_for_terminal(text), want);
        }
    }

    #[test]
    fn formulas_are_guarded() {
        for (text, want) in [
            ("plain", "plain"),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("+1", "\"'+1\""),
            ("\t=1", "\"'\\t=1\""),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            (" =1", "\" =1\""),
        ] {
            assert_eq!(csv_cell(text), want);
        }
    }

    proptest! {
        #[test]
        fn nothing_active_is_left(text in any::<String>()) {
            prop_assert!(!escape_for_terminal(&text).contains(is_active));
            prop_assert!(!csv_cell(&text).contains(is_active));
        }
    }
}
