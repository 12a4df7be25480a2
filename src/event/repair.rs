//! Makes text that the parser refuses into JSON that it takes: text that is almost JSON, at the price of odd
//! characters only, and JSON with numbers or depths that are beyond it, which stand there as text then.

use serde_json::Number;

/// How deep values may lie in values. CloudTrail's lie ten deep; whoever walks over a record recurses.
pub(super) const DEEPEST: usize = 256;

/// Replaces bytes that are not UTF-8, halves of surrogate pairs and raw control characters inside strings by U+FFFD.
/// A number that no type of number holds becomes a text of the same digits, an object or array that lies too deep a
/// text of the same JSON.
pub(super) fn repair_record(record: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(record);
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text.as_bytes();
    let mut depth = 0_usize;
    // Where the text begins of what lies too deep.
    let mut deep = None;
    while let Some(&byte) = rest.first() {
        let used = match byte {
            b'"' => copy_string(rest, &mut out),
            b'-' | b'0'..=b'9' => copy_number(rest, deep.is_some(), &mut out),
            _ => {
                if matches!(byte, b'{' | b'[') {
                    if depth == DEEPEST {
                        deep = Some(out.len());
                    }
                    depth += 1;
                }
                out.push(byte);
                if matches!(byte, b'}' | b']') {
                    depth = depth.saturating_sub(1);
                    if depth == DEEPEST
                        && let Some(from) = deep.take()
                    {
                        quote_json(&mut out, from);
                    }
                }
                1
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// Makes a text of the JSON that stands behind `from`.
fn quote_json(out: &mut Vec<u8>, from: usize) {
    let json = String::from_utf8_lossy(&out[from..]).into_owned();
    out.truncate(from);
    // Writing a text to a vector cannot fail.
    let _ = serde_json::to_writer(out, &json);
}

/// Copies a string with its quotes, and returns how long it was.
fn copy_string(rest: &[u8], out: &mut Vec<u8>) -> usize {
    out.push(b'"');
    let mut used = 1;
    while let Some(&byte) = rest.get(used) {
        match byte {
            b'"' => {
                out.push(byte);
                return used + 1;
            }
            b'\\' => used += copy_escape(&rest[used..], out),
            _ => {
                match byte {
                    0..0x20 => out.extend_from_slice("\u{fffd}".as_bytes()),
                    _ => out.push(byte),
                }
                used += 1;
            }
        }
    }
    used
}

/// Copies a number, as a text where it is too large for any type of number, and returns how long it was.
fn copy_number(rest: &[u8], as_is: bool, out: &mut Vec<u8>) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
    let number = &rest[..length];
    if as_is || fits_number(number) || !is_number(number) {
        out.extend_from_slice(number);
    } else {
        out.push(b'"');
        out.extend_from_slice(number);
        out.push(b'"');
    }
    length
}

/// Whether a number can be held without another one taking its place.
fn fits_number(number: &[u8]) -> bool {
    let is_whole = number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
    match serde_json::from_slice::<Number>(number) {
        Ok(it) => !is_whole || it.is_i64() || it.is_u64() || number == b"-0",
        Err(_) => false,
    }
}

/// Whether it is a number by the rules of JSON, of whatever size.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with(b"0")) {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}

/// Copies one escape sequence, or U+FFFD in its place, and returns how long it was.
fn copy_escape(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let replace = |out: &mut Vec<u8>| out.extend_from_slice("\u{fffd}".as_bytes());
    let unit = |at: usize| {
        // Rust reads `+123` as a number too.
        let digits = rest.get(at..at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    match rest.get(1) {
        Some(b'u') => match unit(2) {
            Some(0xd800..0xdc00)
                if rest.get(6..8) == Some(b"\\u") && matches!(unit(8), Some(0xdc00..0xe000)) =>
            {
                out.extend_from_slice(&rest[..12]);
                12
            }
            Some(0xd800..0xe000) => {
                replace(out);
                6
            }
            Some(_) => {
                out.extend_from_slice(&rest[..6]);
                6
            }
            None => {
                replace(out);
                2
            }
        },
        Some(byte @ (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => {
            out.extend_from_slice(&[b'\\', *byte]);
            2
        }
        Some(_) | None => {
            replace(out);
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(text: &str) -> String {
        String::from_utf8(repair_record(text.as_bytes())).unwrap()
    }

    #[test]
    fn numbers_beyond_all_types_become_texts() {
        let big = "123456789012345678901234567890";
        for (text, want) in [
            ("[1e400,-1E+999,1.5,-0]", "[\"1e400\",\"-1E+999\",1.5,-0]".to_owned()),
            (&format!("{{\"a\":{big},\"b\":-{big}}}"), format!("{{\"a\":\"{big}\",\"b\":\"-{big}\"}}")),
            (
                "[18446744073709551615,-9223372036854775808]",
                "[18446744073709551615,-9223372036854775808]".to_owned(),
            ),
            ("[\"1e400\",\"\\\"1e400\"]", "[\"1e400\",\"\\\"1e400\"]".to_owned()),
            // What is no number stays none.
            ("[01,1.,1e,--1,1e400x,-]", "[01,1.,1e,--1,1e400x,-]".to_owned()),
        ] {
            assert_eq!(repaired(text), want);
        }
    }

    /// Whoever walks over what was parsed may recurse: what lies too deep is a text, and nothing of it is lost.
    #[test]
    fn what_lies_too_deep_becomes_a_text() {
        let nested = |depth: usize| format!("{}1e400{}", "[".repeat(depth), "]".repeat(depth));
        let shallow = format!("{{\"x\":{}}}", nested(DEEPEST - 1));
        assert_eq!(repaired(&shallow), shallow.replace("1e400", "\"1e400\""));
        for more in [0, 1, 100_000] {
            let text = format!("{{\"x\":{},\"y\":[\"\\\"]\"]}}", nested(DEEPEST + more));
            let inner = format!("\"{}\"", nested(more + 1));
            let want = format!(
                "{{\"x\":{}{inner}{},\"y\":[\"\\\"]\"]}}",
                "[".repeat(DEEPEST - 1),
                "]".repeat(DEEPEST - 1)
            );
            assert!(repaired(&text) == want, "{more}");
        }
        assert!(repaired(&format!("{{\"x\":{}", "[{\"a\":".repeat(1000))).ends_with("[{\"a\":"));
    }
}
