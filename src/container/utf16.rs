//! UTF-16, as Windows PowerShell writes what a command prints (`>`, `Out-File`).

use super::bytes::SourceBytes;
use super::inflate::{InflateFault, InflateStep};

/// How much is read at a time.
const CHUNK: usize = 64 << 10;

/// Tells UTF-16 by its mark, or by how JSON begins in it; true where the first byte of a unit is the upper one.
pub(crate) fn detect_byte_order(head: &[u8]) -> Option<bool> {
    match head {
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] | [b'{' | b'[' | b'"', 0, 1..=255, 0, ..] => Some(false),
        [0xfe, 0xff, ..] | [0, b'{' | b'[' | b'"', 0, 1..=255, ..] => Some(true),
        _ => None,
    }
}

/// Makes UTF-8 of it; half a pair becomes U+FFFD.
pub(crate) struct Utf16Reader {
    upper_first: bool,
    /// What was read of a unit or pair that is not whole.
    rest: Vec<u8>,
    begun: bool,
}

impl Utf16Reader {
    pub(crate) fn new(upper_first: bool) -> Self {
        Self { upper_first, rest: Vec::new(), begun: false }
    }

    /// Reads some, and appends it.
    pub(crate) fn step(
        &mut self,
        bytes: &mut SourceBytes<'_>,
        buf: &mut Vec<u8>,
        max: usize,
    ) -> Result<InflateStep, InflateFault> {
        let is_end = !bytes.fill(&mut self.rest, CHUNK.min(max.max(4)));
        let pairs = self.rest.chunks_exact(2);
        let unit = |pair: &[u8]| match self.upper_first {
            true => u16::from_be_bytes([pair[0], pair[1]]),
            false => u16::from_le_bytes([pair[0], pair[1]]),
        };
        let mut units: Vec<u16> = pairs.map(unit).collect();
        if !is_end && units.last().is_some_and(|last| matches!(last, 0xd800..0xdc00)) {
            units.pop();
        }
        let used = units.len() * 2;
        let mark = usize::from(!self.begun && units.first() == Some(&0xfeff));
        self.begun |= !units.is_empty();
        for char in char::decode_utf16(units[mark..].iter().copied()) {
            let char = char.unwrap_or(char::REPLACEMENT_CHARACTER);
            buf.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.rest.drain(..used);
        match (is_end, self.rest.is_empty()) {
            (false, _) => Ok(InflateStep::More),
            (true, true) => Ok(InflateStep::End),
            (true, false) => Err(InflateFault::Early),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8], max: usize) -> (Vec<u8>, bool) {
        let mut utf16 = Utf16Reader::new(detect_byte_order(bytes).unwrap());
        let (mut bytes, mut text) = (SourceBytes::read(bytes), Vec::new());
        loop {
            match utf16.step(&mut bytes, &mut text, max) {
                Ok(InflateStep::More) => {}
                Ok(InflateStep::End) => return (text, true),
                Err(_) => return (text, false),
            }
        }
    }

    proptest! {
        #[test]
        fn text_comes_back(text in "\\{.{0,80}", max in 1_usize..40, upper_first: bool, mark: bool) {
            let text = if mark { format!("\u{feff}{text}") } else { format!("{{ {text}") };
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if upper_first { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            let want = text.trim_start_matches('\u{feff}').as_bytes().to_vec();
            prop_assert_eq!(read(&bytes, max), (want, true));
            prop_assert!(!read(&bytes[..bytes.len() - 1], max).1);
        }
    }

    #[test]
    fn other_bytes_are_not_taken_for_it() {
        for head in
            [&b"{\"Records\""[..], b"\x1f\x8b", b"", b"{", b"\0\0\0\0", b"\xff\xfe\0\0", b"\xef\xbb\xbf{"]
        {
            assert_eq!(detect_byte_order(head), None, "{head:?}");
        }
    }
}
