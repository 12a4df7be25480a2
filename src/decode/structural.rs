//! Sixty-four bytes at a time: which are quotes, which lie inside a string,
//! which open or close an object or array.
//!
//! This is the bottom of the hot path. It knows the lexical rules of JSON
//! strings and nothing of records; `outline` walks what it finds.

use fearless_simd::prelude::*;
use fearless_simd::{Level, u8x32, u8x64};
use std::sync::LazyLock;

/// The bytes that one step looks at.
pub(crate) const BLOCK: usize = 64;

/// What this processor can do.
static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Returns what this processor can do. Code that calls [`BlockCarry::block`] runs in `Simd::vectorize`.
pub(crate) fn simd_level() -> Level {
    *LEVEL
}

/// What one block holds, one bit a byte, lowest bit first.
#[derive(Clone, Copy)]
pub(crate) struct StructuralBlock {
    /// Quotes that open or close a string.
    pub(crate) quotes: u64,
    /// Those of them that open one.
    pub(crate) starts: u64,
    /// `{` and `[` outside strings.
    pub(crate) open: u64,
    /// `}` and `]` outside strings.
    pub(crate) close: u64,
}

/// What one block hands to the next: an open string, a trailing backslash.
#[derive(Default)]
pub(crate) struct BlockCarry {
    in_string: u64,
    escape: u64,
}

impl BlockCarry {
    /// Reads the next bytes, a block of them or, at the end, fewer.
    #[inline(always)]
    pub(crate) fn chunk<S: Simd>(&mut self, simd: S, chunk: &[u8]) -> StructuralBlock {
        match <&[u8; BLOCK]>::try_from(chunk) {
            Ok(whole) => self.block(simd, whole),
            Err(_) => self.block(simd, &pad_block(chunk)),
        }
    }

    /// Reads the next block.
    #[inline(always)]
    pub(crate) fn block<S: Simd>(&mut self, simd: S, bytes: &[u8; BLOCK]) -> StructuralBlock {
        let bytes = u8x64::from_slice(simd, bytes);
        let backslash = equality_mask(simd, bytes, b'\\');
        let mut quotes = equality_mask(simd, bytes, b'"');
        if backslash | self.escape != 0 {
            quotes &= !self.escaped(backslash);
        }
        // A bit is set from an opening quote to the byte before the closing one.
        let inside = prefix_xor(quotes) ^ self.in_string;
        self.in_string = ((inside as i64) >> 63) as u64;
        // `[` and `{`, `]` and `}` differ in this one bit only.
        let folded = bytes | u8x64::splat(simd, 0x20);
        StructuralBlock {
            quotes,
            starts: quotes & inside,
            open: equality_mask(simd, folded, b'{') & !inside,
            close: equality_mask(simd, folded, b'}') & !inside,
        }
    }

    /// Returns whether a string is open.
    pub(crate) fn is_in_string(&self) -> bool {
        self.in_string != 0
    }

    /// Returns which bytes are escaped by the backslash before them.
    #[inline(always)]
    fn escaped(&mut self, backslash: u64) -> u64 {
        // A byte is escaped by a run of backslashes of odd length before it. Adding the starts of runs at odd places
        // to the runs carries each such run out to its end, so that one addition tells the parity of all runs.
        // After the odd-backslash-sequence arithmetic of the simdjson paper (Langdale, Lemire 2019, §3.1.1).
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslash = backslash & !self.escape;
        let follows = (backslash << 1) | self.escape;
        let odd_starts = backslash & !EVEN & !follows;
        let (even_sequences, overflow) = odd_starts.overflowing_add(backslash);
        self.escape = u64::from(overflow);
        let invert = even_sequences << 1;
        (EVEN ^ invert) & follows
    }
}

/// Returns a last, short block, filled up with spaces, which open and close nothing.
pub(crate) fn pad_block(chunk: &[u8]) -> [u8; BLOCK] {
    let mut padded = [b' '; BLOCK];
    padded[..chunk.len()].copy_from_slice(chunk);
    padded
}

/// Returns where the first quote or backslash is: names are short, and nearly all take one step. A text shorter than
/// the lanes goes to `memchr`: bytes behind its end must not be read.
#[inline(always)]
pub(crate) fn find_first_quote<S: Simd>(simd: S, text: &[u8]) -> Option<usize> {
    let found = match text.first_chunk::<LANES>() {
        Some(first) => quote_or_backslash_mask(simd, first),
        None => 0,
    };
    match found {
        0 => memchr::memchr2(b'"', b'\\', text),
        found => Some(found.trailing_zeros() as usize),
    }
}

/// How many bytes [`quote_or_backslash_mask`] looks at.
pub(crate) const LANES: usize = 32;

/// Returns which bytes are quotes or backslashes, the first one lowest.
#[inline(always)]
pub(crate) fn quote_or_backslash_mask<S: Simd>(simd: S, bytes: &[u8; LANES]) -> u32 {
    let bytes = u8x32::from_slice(simd, bytes);
    (bytes.simd_eq(u8x32::splat(simd, b'"')) | bytes.simd_eq(u8x32::splat(simd, b'\\'))).to_bitmask() as u32
}

#[inline(always)]
fn equality_mask<S: Simd>(simd: S, bytes: u8x64<S>, byte: u8) -> u64 {
    bytes.simd_eq(u8x64::splat(simd, byte)).to_bitmask()
}

/// Each bit becomes the parity of itself and all bits below: set between an opening quote and the closing one.
/// Six doublings do for 64 bits what a carry-less multiplication by all ones would, which not every processor has.
#[inline(always)]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, byte by byte.
    fn naive(text: &[u8]) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
        let (mut starts, mut open, mut close) = (vec![], vec![], vec![]);
        let (mut inside, mut escaped) = (false, false);
        for (at, byte) in text.iter().enumerate() {
            let was_escaped = std::mem::take(&mut escaped);
            match byte {
                b'\\' if !was_escaped => escaped = true,
                b'"' if !was_escaped => {
                    inside = !inside;
                    if inside {
                        starts.push(at);
                    }
                }
                b'{' | b'[' if !inside => open.push(at),
                b'}' | b']' if !inside => close.push(at),
                _ => {}
            }
        }
        (starts, open, close)
    }

    fn by_blocks(text: &[u8]) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
        let (mut starts, mut open, mut close) = (vec![], vec![], vec![]);
        let mut carry = BlockCarry::default();
        for (index, chunk) in text.chunks(BLOCK).enumerate() {
            let block = fearless_simd::dispatch!(simd_level(), simd => carry.chunk(simd, chunk));
            let bits = |mask: u64| {
                (0..64).filter(move |bit| mask >> bit & 1 == 1).map(move |bit| index * BLOCK + bit)
            };
            starts.extend(bits(block.starts));
            open.extend(bits(block.open));
            close.extend(bits(block.close));
        }
        (starts, open, close)
    }

    proptest! {
        #[test]
        fn blocks_agree_with_the_naive_reading(text in "[\\\\\"{}\\[\\]:, a;_]{0,400}") {
            prop_assert_eq!(by_blocks(text.as_bytes()), naive(text.as_bytes()));
        }
    }

    #[test]
    fn runs_of_backslashes_over_a_block_border() {
        for before in 58..70 {
            for run in 0..8 {
                let text = format!("\"{}{}\"{{\"", "x".repeat(before), "\\".repeat(run));
                assert_eq!(by_blocks(text.as_bytes()), naive(text.as_bytes()), "{before} {run}");
            }
        }
    }
}
