//! What must occur in the bytes of every record that matches.
//!
//! A literal nominates records, it never decides: a tag or a user agent may
//! hold it as well. Only text that JSON never writes with an escape is used,
//! and case is ignored, as names of IAM are.

use super::Filter;
use crate::catalog::link_prefixes;
use crate::resource::Reference;
use fearless_simd::{Level, prelude::*, u8x32};

/// The literals of a request: of each set one has to occur. Without any, every record may match.
pub struct Literals(Vec<Vec<Literal>>);

/// Words that a caller's name is put together with, which need not stand in the record.
const MADE_UP: &str = "root unknown role session federated user issued by directory account identity center \
    a whose name aws withholds of via";

impl Literals {
    /// Compiles the literals of the filters: of each filter one has to occur.
    pub fn of_filter(filter: &Filter) -> Self {
        let actor = filter
            .actor
            .literals()
            .filter(|runs| runs.iter().all(|run| !MADE_UP.contains(&run.to_ascii_lowercase())));
        let filters = [
            filter.event.literals(),
            filter.user_agent.literals(),
            filter.access_key.literals(),
            filter.event_id.literals(),
            actor,
        ];
        let conditions = filter.conditions.literals();
        let filters = filters.into_iter().flatten().chain(conditions.iter().map(Vec::as_slice));
        Self(filters.map(literals).collect())
    }

    /// Compiles the literals of what is looked for, of which one has to occur: those of a resource, and words.
    /// Without any of them nothing is looked for, and occurs nowhere.
    pub fn of_sought(reference: Option<&Reference>, words: &[String]) -> Self {
        let mut texts = words.to_vec();
        if let Some(reference) = reference {
            texts.extend(reference.literals());
            // A call that takes a link away names the link only.
            texts.extend(link_prefixes(reference).into_iter().map(str::to_owned));
        }
        texts.sort_unstable();
        texts.dedup();
        Self(vec![literals(&texts)])
    }

    /// Returns them in words: `(a or b) and (c)`.
    pub fn words(&self) -> String {
        let text = |literal: &Literal| String::from_utf8_lossy(&literal.text).into_owned();
        let set = |set: &Vec<Literal>| format!("({})", set.iter().map(text).collect::<Vec<_>>().join(" or "));
        self.0.iter().filter(|set| !set.is_empty()).map(set).collect::<Vec<_>>().join(" and ")
    }

    /// Returns whether a record, or any of the records in these bytes, may match.
    pub fn occur_in(&self, bytes: &[u8]) -> bool {
        self.0.iter().all(|set| set.iter().any(|literal| literal.occurs_in(bytes)))
    }
}

fn literals(texts: &[String]) -> Vec<Literal> {
    texts.iter().map(|text| Literal::new(text)).collect()
}

/// One literal, searched by its two rarest bytes, 32 places at a time.
struct Literal {
    text: Vec<u8>,
    /// Where the rarest bytes stand in the text.
    rare: [usize; 2],
    /// What this processor can do.
    level: Level,
}

/// Bytes of CloudTrail logs from the most to the least frequent (counted over 254 MB); all
/// that are missing here are rarer still.
const FREQUENT: &[u8] = b"eatsnrio12dc3-mlup0v.byfw6g457h89kzx_qj@";

/// Lanes of one step.
const LANES: usize = 32;

impl Literal {
    fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase().into_bytes();
        let rank = |byte: u8| FREQUENT.iter().position(|it| *it == byte).unwrap_or(FREQUENT.len());
        let mut places: Vec<usize> = (0..text.len()).collect();
        places.sort_by_key(|at| std::cmp::Reverse(rank(text[*at])));
        // Two different bytes filter better than the same byte twice.
        let first = places.first().copied().unwrap_or_default();
        let second = places.iter().copied().find(|at| text[*at] != text[first]).unwrap_or(first);
        Self { text, rare: [first, second], level: Level::new() }
    }

    fn occurs_in(&self, record: &[u8]) -> bool {
        fearless_simd::dispatch!(self.level, simd => {
            simd.vectorize(#[inline(always)] move || self.search(simd, record))
        })
    }

    #[inline(always)]
    fn search<S: Simd>(&self, simd: S, record: &[u8]) -> bool {
        let Some(places) = (record.len() + 1).checked_sub(self.text.len()) else { return false };
        let byte = |at: usize| self.text.get(at).copied().unwrap_or_default() | 0x20;
        let first = u8x32::splat(simd, byte(self.rare[0]));
        let second = u8x32::splat(simd, byte(self.rare[1]));
        let fold = u8x32::splat(simd, 0x20);
        let (firsts, seconds) = (record.get(self.rare[0]..), record.get(self.rare[1]..));
        let (firsts, seconds) = (firsts.unwrap_or_default(), seconds.unwrap_or_default());
        let (firsts, seconds) = (firsts.as_chunks::<LANES>().0, seconds.as_chunks::<LANES>().0);
        let mut from = 0;
        for (at_first, at_second) in firsts.iter().zip(seconds) {
            // Folding by one bit takes a few other characters for letters; the comparison does not.
            let at_first = u8x32::from_slice(simd, at_first) | fold;
            let at_second = u8x32::from_slice(simd, at_second) | fold;
            let mut found = (at_first.simd_eq(first) & at_second.simd_eq(second)).to_bitmask();
            while found != 0 {
                if self.stands_at(record, from + found.trailing_zeros() as usize) {
                    return true;
                }
                found &= found - 1;
            }
            from += LANES;
        }
        (from..places).any(|at| self.stands_at(record, at))
    }

    fn stands_at(&self, record: &[u8], at: usize) -> bool {
        record.get(at..at + self.text.len()).is_some_and(|text| text.eq_ignore_ascii_case(&self.text))
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
            before in "[a-cA-C.-]{0,80}",
            after in "[a-cA-C.-]{0,80}",
            upper in any::<bool>(),
        ) {
            let inside = if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
            let record = format!("{before}{inside}{after}");
            prop_assert!(Literal::new(&text).occurs_in(record.as_bytes()));
        }

        #[test]
        fn and_nowhere_else(text in "[a-cA-C.-]{1,4}", record in "[a-cA-C.-]{0,120}") {
            let naive = record.to_ascii_lowercase().contains(&text.to_ascii_lowercase());
            prop_assert_eq!(Literal::new(&text).occurs_in(record.as_bytes()), naive);
        }
    }
}
