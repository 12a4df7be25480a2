//! Questions about text that several layers ask, each answered once: which characters act on a terminal, and which
//! part of a text stands as it is in JSON.
//!
//! Both are matters of safety: the first keeps text that attackers wrote from moving a cursor, the second keeps a
//! search for bytes from missing what is written with escapes.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns whether a character does something other than being shown.
pub(crate) fn is_active(character: char) -> bool {
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

/// Returns whether a text is printable ASCII, as nearly all is: to see that takes no look at each character.
pub(crate) fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns the text with every active character written out, as `\u{1b}`.
pub(crate) fn escape_for_terminal(text: &str) -> Cow<'_, str> {
    if is_printable_ascii(text) || !text.contains(is_active) {
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

/// Returns whether no writer of JSON puts an escape in a character's place, nor does percent-encoding.
pub(crate) fn is_literal_in_json(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-')
}

/// Returns the longest piece of a text whose characters all pass; empty where none does. Of pieces of one length it
/// is the last.
pub(crate) fn longest_run(text: &str, passes: impl Fn(char) -> bool) -> &str {
    text.split(|character| !passes(character)).max_by_key(|run| run.len()).unwrap_or_default()
}

/// How many values one JSON text may have that is made into a tree. CloudTrail's and AWS Config's have some hundreds;
/// the digest of the largest account, or a page of query results, some hundred thousands.
const MOST_VALUES: usize = 2 << 20;

/// Returns whether a JSON text may have so many values that it must not be made into a tree: one takes some 70 bytes
/// there, and two in the text (`[[],[],…]`), so that a small file could fill the memory. Texts within it count as well,
/// for they may be JSON.
pub(crate) fn has_too_many_values(json: &[u8]) -> bool {
    let begins_value = |byte: &&u8| matches!(byte, b',' | b':' | b'[' | b'{' | b'\\');
    json.len() > MOST_VALUES && json.iter().filter(begins_value).count() > MOST_VALUES
}

/// Counts in words: `1 event`, `2 events`.
pub(crate) fn count_noun(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_characters_are_written_out() {
        assert_eq!(escape_for_terminal("a\u{1b}[31m\n\u{202e}ü"), "a\\u{1b}[31m\\n\\u{202e}ü");
        assert!(matches!(escape_for_terminal("Grüße"), Cow::Borrowed("Grüße")));
    }

    #[test]
    fn values_are_counted_before_they_take_memory() {
        let lists = |many: usize| format!("[{}]", "[],".repeat(many)).into_bytes();
        assert!(!has_too_many_values(&lists(1000)));
        assert!(!has_too_many_values(&vec![b'x'; 4 * MOST_VALUES]));
        assert!(has_too_many_values(&lists(MOST_VALUES / 2 + 1)));
    }

    #[test]
    fn longest_run_is_what_stands_as_it_is() {
        assert_eq!(longest_run("a/bcd\"ef_gh", is_literal_in_json), "ef_gh");
        assert_eq!(longest_run("bob@corp", is_literal_in_json), "corp");
        assert_eq!(longest_run("\"", is_literal_in_json), "");
    }
}
