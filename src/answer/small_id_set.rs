//! Sets of numbers, of which there may be millions.

use crate::hash::Seeded;
use std::collections::HashSet;

/// A set of numbers. Most hold a few only.
#[derive(Debug, Default)]
pub(super) enum SmallIdSet {
    #[default]
    Empty,
    One(u32),
    Few(Vec<u32>),
    #[allow(clippy::box_collection, reason = "the seed makes the table large")]
    /// Boxed, as the seed of the table would make every set larger.
    Many(Box<HashSet<u32, Seeded>>),
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
            Self::Few(few) => *self = Self::Many(Box::new(few.iter().copied().chain([number]).collect())),
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

#[cfg(test)]
mod tests {
    use super::*;

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
