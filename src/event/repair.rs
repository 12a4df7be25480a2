//! Makes text that is almost JSON into JSON, at the price of odd characters only.

/// Replaces bytes that are not UTF-8, halves of surrogate pairs and raw control
/// characters inside strings by U+FFFD.
pub(super) fn repair_record(record: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(record);
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut inside = false;
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let mut used = 1;
        match byte {
            b'"' => {
                inside = !inside;
                out.push(byte);
            }
            b'\\' if inside => {
                used = copy_escape(rest, &mut out);
            }
            0..0x20 if inside => out.extend_from_slice("\u{fffd}".as_bytes()),
            _ => out.push(byte),
        }
        rest = tail.get(used - 1..).unwrap_or_default();
    }
    out
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
