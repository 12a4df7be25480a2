//! Searches bytes for one literal, whatever its case.
//!
//! Two bytes of it that are rare in CloudTrail logs are looked for at once, in steps of 128 places. It knows
//! nothing of JSON; `literal` says which texts can be searched for.

use fearless_simd::{Level, mask8x32, prelude::*, u8x32};

/// One literal.
pub(super) struct Literal {
    pub(super) text: Vec<u8>,
    /// Where the rarest bytes stand in the text.
    rare: [usize; 2],
    /// What this processor can do.
    level: Level,
}

/// Bytes of CloudTrail logs from the most to the least frequent (counted over 254 MB); all
/// that are missing here are rarer still.
const FREQUENT: &[u8] = b"eatsnrio12dc3-mlup0v.byfw6g457h89kzx_qj@";

/// Places looked at together, and in one step.
const LANES: usize = 32;
const STEP: usize = 4 * LANES;

/// The bit in which small letters differ from large ones.
const FOLD: u8 = 0x20;

impl Literal {
    pub(super) fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase().into_bytes();
        let rank = |byte: u8| FREQUENT.iter().position(|it| *it == byte).unwrap_or(FREQUENT.len());
        let mut places: Vec<usize> = (0..text.len()).collect();
        places.sort_by_key(|at| std::cmp::Reverse(rank(text[*at])));
        // Two different bytes filter better than the same byte twice.
        let first = places.first().copied().unwrap_or_default();
        let second = places.iter().copied().find(|at| text[*at] != text[first]).unwrap_or(first);
        Self { text, rare: [first, second], level: Level::new() }
    }

    /// Returns whether the literal stands anywhere.
    pub(super) fn occurs_in(&self, bytes: &[u8]) -> bool {
        self.search(bytes, &mut |_| false)
    }

    /// Hands the places where it stands to `visit`, which says whether to go on. Returns whether there was one.
    pub(super) fn search(&self, bytes: &[u8], visit: &mut dyn FnMut(usize) -> bool) -> bool {
        fearless_simd::dispatch!(self.level, simd => {
            simd.vectorize(#[inline(always)] move || self.pass(simd, bytes, visit))
        })
    }

    #[inline(always)]
    fn pass<S: Simd>(&self, simd: S, bytes: &[u8], visit: &mut dyn FnMut(usize) -> bool) -> bool {
        let Some(places) = (bytes.len() + 1).checked_sub(self.text.len()) else { return false };
        let byte = |at: usize| self.text.get(at).copied().unwrap_or_default() | FOLD;
        let first = u8x32::splat(simd, byte(self.rare[0]));
        let second = u8x32::splat(simd, byte(self.rare[1]));
        let (fold, none) = (u8x32::splat(simd, FOLD), mask8x32::splat(simd, false));
        let (firsts, seconds) = (bytes.get(self.rare[0]..), bytes.get(self.rare[1]..));
        let (firsts, seconds) = (firsts.unwrap_or_default(), seconds.unwrap_or_default());
        let (firsts, seconds) = (firsts.as_chunks::<STEP>().0, seconds.as_chunks::<STEP>().0);
        let (mut from, mut is_found) = (0, false);
        for (at_first, at_second) in firsts.iter().zip(seconds) {
            let (one, other) = (at_first.as_chunks::<LANES>().0, at_second.as_chunks::<LANES>().0);
            let mut all = [none; 4];
            for ((all, one), other) in all.iter_mut().zip(one).zip(other) {
                // Folding by one bit takes a few other characters for letters; the comparison does not.
                let (one, other) =
                    (u8x32::from_slice(simd, one) | fold, u8x32::from_slice(simd, other) | fold);
                *all = one.simd_eq(first) & other.simd_eq(second);
            }
            if ((all[0] | all[1]) | (all[2] | all[3])).any_true() {
                for (part, lanes) in all.into_iter().enumerate() {
                    let mut found = lanes.to_bitmask();
                    while found != 0 {
                        let at = from + part * LANES + found.trailing_zeros() as usize;
                        found &= found - 1;
                        if self.stands_at(bytes, at) {
                            is_found = true;
                            if !visit(at) {
                                return true;
                            }
                        }
                    }
                }
            }
            from += STEP;
        }
        for at in from..places {
            if self.stands_at(bytes, at) {
                is_found = true;
                if !visit(at) {
                    return true;
                }
            }
        }
        is_found
    }

    fn stands_at(&self, bytes: &[u8], at: usize) -> bool {
        bytes.get(at..at + self.text.len()).is_some_and(|text| text.eq_ignore_ascii_case(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_literal_is_found_wherever_it_stands(
            text in "[a-zA-Z0-9._@-]{1,12}",
            before in "[a-cA-C.-]{0,300}",
            after in "[a-cA-C.-]{0,300}",
            upper in any::<bool>(),
        ) {
            let inside = if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
            let record = format!("{before}{inside}{after}");
            prop_assert!(Literal::new(&text).occurs_in(record.as_bytes()));
        }

        #[test]
        fn and_nowhere_else(text in "[a-cA-C.-]{1,4}", record in "[a-cA-C.-]{0,400}") {
            let naive = record.to_ascii_lowercase().contains(&text.to_ascii_lowercase());
            prop_assert_eq!(Literal::new(&text).occurs_in(record.as_bytes()), naive);
        }
    }
}
