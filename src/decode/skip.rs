//! Passes over what is larger than the limit, however it comes in pieces, without holding it.
//!
//! What is passed over is found by brackets and strings alone, a byte at a time: it happens once in a forged or broken
//! file, and what is seen must not depend on where the pieces end.

use super::records::WalkerPlace;

/// What is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oversized {
    /// A value: a document, or an element of an array.
    Value,
    /// A member of a document, with its key.
    Member,
    /// A line of text.
    Line,
}

/// The pass over one of them.
pub(super) struct OversizedPass {
    what: Oversized,
    depth: u64,
    in_string: bool,
    is_escaped: bool,
    /// Whether a value began that is no object, array or string.
    in_scalar: bool,
}

impl OversizedPass {
    pub(super) fn new(what: Oversized) -> Self {
        Self { what, depth: 0, in_string: false, is_escaped: false, in_scalar: false }
    }

    /// Goes on with the next bytes, and returns where it ends in them, if it does.
    pub(super) fn find_end(&mut self, bytes: &[u8]) -> Option<usize> {
        if self.what == Oversized::Line {
            return memchr::memchr(b'\n', bytes);
        }
        bytes.iter().enumerate().find_map(|(at, byte)| self.ends_with(*byte).map(|behind| at + behind))
    }

    /// Takes one byte: 1 when it is the last one, 0 when it stands behind the end.
    fn ends_with(&mut self, byte: u8) -> Option<usize> {
        let is_value = self.what == Oversized::Value;
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => {
                    self.in_string = false;
                    return (is_value && self.depth == 0).then_some(1);
                }
                _ => {}
            }
            return None;
        }
        match byte {
            b'"' if self.in_scalar && is_value => {}
            b'"' => self.in_string = true,
            b'{' | b'[' if self.in_scalar && is_value => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth == 0 => return Some(0),
            b'}' | b']' => {
                self.depth -= 1;
                return (is_value && self.depth == 0).then_some(1);
            }
            b',' if self.depth == 0 => return Some(0),
            _ if is_value && self.depth == 0 => {
                if byte.is_ascii_whitespace() {
                    return Some(0);
                }
                self.in_scalar = true;
            }
            _ => {}
        }
        None
    }

    /// Returns whether a walk that stands at this place is whole where the bytes end within what is passed over.
    pub(super) fn may_end(&self, place: WalkerPlace) -> bool {
        self.what == Oversized::Line && place == WalkerPlace::Top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found_wherever_the_pieces_end() {
        for (what, text, end) in [
            (Oversized::Value, r#"{"a":"}\"\\","b":[{}]},1"#, 22),
            (Oversized::Value, r#"[1,"]"],2"#, 7),
            (Oversized::Value, r#""a\"b",1"#, 6),
            (Oversized::Value, "12345 ,", 5),
            (Oversized::Value, "12345]", 5),
            (Oversized::Member, r#""a":[1,{"b":","}],"c":1"#, 17),
            (Oversized::Member, r#""a" : "x,y" }"#, 12),
            (Oversized::Line, "a\"b{\nc", 4),
        ] {
            for piece in 1..=text.len() {
                let mut pass = OversizedPass::new(what);
                let mut before = 0;
                let found = text.as_bytes().chunks(piece).find_map(|bytes| {
                    let found = pass.find_end(bytes).map(|at| before + at);
                    before += bytes.len();
                    found
                });
                assert_eq!(found, Some(end), "{text} in pieces of {piece}");
            }
        }
        assert_eq!(OversizedPass::new(Oversized::Value).find_end(b"{\"a\":\"}"), None);
    }
}
