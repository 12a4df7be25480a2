//! Texts that are met often, as numbers; and sets of such numbers.

use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Texts, each with a number in the order of their first use.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// Hashed quickly, and with a seed: the texts are written by whoever made the calls.
    numbers: HashMap<Box<[u8]>, u32, RandomState>,
    /// The text of the last use: records of a file come in runs.
    last: (Vec<u8>, u32),
}

impl Interner {
    /// Returns the number of a text.
    pub(super) fn number(&mut self, text: &[u8]) -> u32 {
        if !self.numbers.is_empty() && self.last.0 == text {
            return self.last.1;
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = match self.numbers.get(text) {
            Some(number) => *number,
            None => {
                self.numbers.insert(text.into(), next);
                next
            }
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(text);
        self.last.1 = number;
        number
    }

    /// Adds the texts of another, and returns their numbers here by those there.
    pub(super) fn merge(&mut self, other: Self) -> Vec<u32> {
        let mut numbers = vec![0; other.numbers.len()];
        for (text, there) in other.numbers {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            numbers[there as usize] = *self.numbers.entry(text).or_insert(next);
        }
        numbers
    }

    /// Returns the texts by their numbers.
    pub(super) fn into_texts(self) -> Vec<Box<[u8]>> {
        let mut texts = vec![Box::default(); self.numbers.len()];
        for (text, number) in self.numbers {
            texts[number as usize] = text;
        }
        texts
    }

    /// Returns how many texts there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

/// A set of numbers. Most hold a few only, and there may be millions of sets.
#[derive(Debug, Default)]
pub(super) enum SmallIdSet {
    #[default]
    Empty,
    One(u32),
    Few(Vec<u32>),
    Many(HashSet<u32, BuildHasherDefault<IdHasher>>),
}

impl SmallIdSet {
    /// Above this many a set is hashed.
    const FEW: usize = 16;

    pub(super) fn add(&mut self, number: u32) {
        match self {
            Self::Empty => *self = Self::One(number),
            Self::One(one) if *one == number => {}
            Self::One(one) => *self = Self::Few(vec![*one, number]),
            Self::Few(few) if few.contains(&number) => {}
            Self::Few(few) if few.len() < Self::FEW => few.push(number),
            Self::Few(few) => *self = Self::Many(few.iter().copied().chain([number]).collect()),
            Self::Many(many) => {
                many.insert(number);
            }
        }
    }

    /// Adds another set, whose numbers mean what `numbers` says.
    pub(super) fn merge(&mut self, other: Self, numbers: &[u32]) {
        match other {
            Self::Empty => {}
            Self::One(one) => self.add(numbers[one as usize]),
            Self::Few(few) => few.iter().for_each(|number| self.add(numbers[*number as usize])),
            Self::Many(many) => many.iter().for_each(|number| self.add(numbers[*number as usize])),
        }
    }

    /// Adds another set of the same numbers.
    pub(super) fn extend(&mut self, other: Self) {
        match other {
            Self::Empty => {}
            Self::One(one) => self.add(one),
            Self::Few(few) => few.into_iter().for_each(|number| self.add(number)),
            Self::Many(many) => many.into_iter().for_each(|number| self.add(number)),
        }
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::One(_) => 1,
            Self::Few(few) => few.len() as u64,
            Self::Many(many) => many.len() as u64,
        }
    }
}

/// Hashes numbers, and quickly: those of texts nobody outside chooses.
#[derive(Debug, Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_the_same_after_merging() {
        let (mut one, mut other) = (Interner::default(), Interner::default());
        assert_eq!([&b"a"[..], b"b", b"a", b"", b""].map(|it| one.number(it)), [0, 1, 0, 2, 2]);
        assert_eq!([&b"c"[..], b"b", b""].map(|it| other.number(it)), [0, 1, 2]);
        let numbers = one.merge(other);
        assert_eq!((numbers[1], numbers[2]), (1, 2));
        assert_eq!(numbers[0], 3);
        let texts = one.into_texts();
        assert_eq!(texts.iter().map(AsRef::as_ref).collect::<Vec<_>>(), [&b"a"[..], b"b", b"", b"c"]);
    }

    #[test]
    fn sets_count_each_number_once_whatever_their_size() {
        for size in [0, 1, 2, 15, 16, 17, 18, 1000_u32] {
            let (mut set, mut other) = (SmallIdSet::default(), SmallIdSet::default());
            (0..size).chain(0..size).for_each(|number| set.add(number));
            assert_eq!(set.len(), u64::from(size));
            (0..size).for_each(|number| other.add(number));
            let shifted: Vec<u32> = (0..size).map(|number| number + 1).collect();
            set.merge(other, &shifted);
            assert_eq!(set.len(), u64::from(size + u32::from(size > 0)));
        }
    }
}
