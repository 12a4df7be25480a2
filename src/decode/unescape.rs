//! Takes the JSON escapes out of the inside of a string.
//!
//! Lenient where a parser must not be: an escape that is none, or half of a
//! surrogate pair, becomes U+FFFD, so that one odd character costs only itself.

/// Returns the text that the inside of a JSON string stands for, as UTF-8.
pub(crate) fn unescape_string(escaped: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        text.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let (plain, used) = match rest.first() {
            Some(b'n') => ('\n', 1),
            Some(b't') => ('\t', 1),
            Some(b'r') => ('\r', 1),
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{c}', 1),
            Some(byte @ (b'"' | b'\\' | b'/')) => (char::from(*byte), 1),
            Some(b'u') => unescape_unicode(rest),
            Some(_) => (char::REPLACEMENT_CHARACTER, 1),
            None => (char::REPLACEMENT_CHARACTER, 0),
        };
        text.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[used..];
    }
    text.extend_from_slice(rest);
    text
}

/// Reads `uXXXX` or a surrogate pair, and how many bytes it takes.
fn unescape_unicode(text: &[u8]) -> (char, usize) {
    const BAD: char = char::REPLACEMENT_CHARACTER;
    let Some(first) = read_code_unit(text, 1) else { return (BAD, 1) };
    match first {
        0xd800..0xdc00 => match (text.get(5..7), read_code_unit(text, 7)) {
            (Some(b"\\u"), Some(second @ 0xdc00..0xe000)) => {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                (char::from_u32(code).unwrap_or(BAD), 11)
            }
            _ => (BAD, 5),
        },
        _ => (char::from_u32(first).unwrap_or(BAD), 5),
    }
}

fn read_code_unit(text: &[u8], at: usize) -> Option<u32> {
    let digits = std::str::from_utf8(text.get(at..at + 4)?).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn odd_escapes_cost_themselves() {
        for (escaped, text) in [
            (r#"{\"a\":\"\\\"\"}"#, r#"{"a":"\""}"#),
            (r"\ud83d\ude00", "😀"),
            (r"\ud83dx", "\u{fffd}x"),
            (r"\udc00\u0041", "\u{fffd}A"),
            (r"\q\u12", "\u{fffd}\u{fffd}12"),
            ("end\\", "end\u{fffd}"),
        ] {
            assert_eq!(String::from_utf8_lossy(&unescape_string(escaped.as_bytes())), text, "{escaped}");
        }
    }

    proptest! {
        #[test]
        fn undoes_serde_json(text in ".*") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(unescape_string(&json.as_bytes()[1..json.len() - 1]), text.into_bytes());
        }
    }
}
