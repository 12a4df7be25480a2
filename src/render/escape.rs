//! Makes text from logs harmless: attackers write user agents, names and keys.
//!
//! What could move a cursor, set a title or a clipboard, or turn the direction
//! of writing is shown as `\u{1b}`, so that what is read is what stands there.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns whether a character does something other than being shown.
pub(super) fn is_active(character: char) -> bool {
    matches!(
        character,
        // C0, DEL and C1: escape sequences, cursor, title, clipboard.
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        // Zero width, direction marks, embeddings, overrides, isolates, invisible operators.
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        // Byte order mark, interlinear annotation.
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // Tags: a second, invisible text.
        | '\u{e0000}'..='\u{e007f}'
    )
}

/// Returns the text with every active character written out.
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            active if is_active(active) => {
                // Writing to a `String` cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(active));
            }
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

/// Returns whether a text is printable ASCII, as nearly all is: to see that takes no look at each character.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns a CSV cell after RFC 4180 that no spreadsheet takes for a formula.
pub(super) fn csv_cell(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
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
            assert_eq!(visible(text), want);
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
            prop_assert!(!visible(&text).contains(is_active));
            prop_assert!(!csv_cell(&text).contains(is_active));
        }
    }
}
