//! Texts that are met often, as numbers in the order of their first use.

use crate::hash::Seeded;
use indexmap::IndexSet;
use std::borrow::Borrow;
use std::hash::Hash;

/// Texts, each once and with its number: `[u8]` or `str`.
#[derive(Debug)]
pub(crate) struct Interner<T: ?Sized + Hash + Eq> {
    texts: IndexSet<Box<T>, Seeded>,
    /// The number of the last use: records of a file come in runs.
    last: u32,
}

impl<T: ?Sized + Hash + Eq> Default for Interner<T> {
    fn default() -> Self {
        Self { texts: IndexSet::default(), last: 0 }
    }
}

impl<T: ?Sized + Hash + Eq> Interner<T>
where
    Box<T>: Borrow<T> + for<'t> From<&'t T>,
{
    /// Returns the number of a text.
    pub(crate) fn number(&mut self, text: &T) -> u32 {
        if self.text(self.last) != Some(text) {
            let at = match self.texts.get_index_of(text) {
                Some(at) => at,
                None => self.texts.insert_full(text.into()).0,
            };
            self.last = number_from_index(at);
        }
        self.last
    }

    /// Returns the text that has a number.
    pub(crate) fn text(&self, number: u32) -> Option<&T> {
        self.texts.get_index(number as usize).map(Borrow::borrow)
    }

    /// Adds the texts of another, and returns their numbers here by those there.
    pub(crate) fn merge(&mut self, other: Self) -> Vec<u32> {
        other.texts.into_iter().map(|text| number_from_index(self.texts.insert_full(text).0)).collect()
    }

    /// Returns the texts by their numbers.
    pub(crate) fn into_texts(self) -> Vec<Box<T>> {
        self.texts.into_iter().collect()
    }

    /// Returns how many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }
}

/// There are fewer texts than that: they would not fit into memory.
fn number_from_index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_the_same_after_merging() {
        let (mut one, mut other) = (Interner::<[u8]>::default(), Interner::default());
        assert_eq!([&b"a"[..], b"b", b"a", b"", b""].map(|it| one.number(it)), [0, 1, 0, 2, 2]);
        assert_eq!([&b"c"[..], b"b", b""].map(|it| other.number(it)), [0, 1, 2]);
        assert_eq!((other.text(0), other.text(3), other.len()), (Some(&b"c"[..]), None, 3));
        assert_eq!(one.merge(other), [3, 1, 2]);
        let texts = one.into_texts();
        assert_eq!(texts.iter().map(AsRef::as_ref).collect::<Vec<_>>(), [&b"a"[..], b"b", b"", b"c"]);
    }
}
