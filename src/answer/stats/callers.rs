//! The callers that were met last, by the texts of their identities: equal texts are equal callers, and need
//! not be parsed again.

use crate::hash::{Seeded, mix_word};
use std::collections::HashMap;

/// How many texts of callers a thread remembers.
const CALLERS: usize = 1 << 14;

#[derive(Default)]
pub(super) struct CallerCounts {
    known: Vec<CallerId>,
    /// Where they stand, by a sample of the text.
    places: HashMap<u64, usize, Seeded>,
    /// Where the one stands that was met last: calls of one caller come in runs.
    last: usize,
}

pub(super) struct CallerId {
    text: Box<[u8]>,
    /// Its number among the callers.
    pub(super) number: u32,
    /// Its part of a group's key.
    pub(super) key: Box<[u8]>,
}

impl CallerCounts {
    /// Returns where the caller stands whose text this is.
    pub(super) fn find(&mut self, identity: &[u8]) -> Option<usize> {
        let is_at = |at: usize| self.known.get(at).is_some_and(|known| *known.text == *identity);
        if !is_at(self.last) {
            self.last = self.places.get(&hash_sample(identity)).copied().filter(|at| is_at(*at))?;
        }
        Some(self.last)
    }

    /// Returns the caller that stands there.
    pub(super) fn at(&self, at: usize) -> &CallerId {
        &self.known[at]
    }

    /// Keeps a caller, and returns where it stands; before they are too many, all others are forgotten.
    pub(super) fn remember(&mut self, identity: &[u8], number: u32, key: Box<[u8]>) -> usize {
        if self.known.len() >= CALLERS {
            self.known.clear();
            self.places.clear();
        }
        self.places.insert(hash_sample(identity), self.known.len());
        self.known.push(CallerId { text: identity.into(), number, key });
        self.known.len() - 1
    }
}

/// A number that different texts mostly differ in: texts of callers differ in names, keys and times. Of two that do not
/// the one that was met last is remembered.
fn hash_sample(text: &[u8]) -> u64 {
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let sampled = words.iter().step_by(3).chain([&last]);
    sampled.fold(text.len() as u64, |hash, word| mix_word(hash ^ u64::from_le_bytes(*word)))
}
