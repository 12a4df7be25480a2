//! The callers that were met last, by the texts of their identities: equal texts are equal callers, and need
//! not be parsed again.

use crate::answer::intern::IdHasher;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// How many texts of callers a thread remembers.
const CALLERS: usize = 1 << 14;

#[derive(Default)]
pub(super) struct CallerCounts {
    known: Vec<CallerId>,
    /// Where they stand, by a sample of the text.
    places: HashMap<u64, usize, BuildHasherDefault<IdHasher>>,
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
    pub(super) fn find(&self, identity: &[u8]) -> Option<usize> {
        let at = *self.places.get(&sample(identity))?;
        (*self.known[at].text == *identity).then_some(at)
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
        self.places.insert(sample(identity), self.known.len());
        self.known.push(CallerId { text: identity.into(), number, key });
        self.known.len() - 1
    }
}

/// A number that different texts mostly differ in: texts of callers differ in names, keys and times.
fn sample(text: &[u8]) -> u64 {
    let mut hash = text.len() as u64;
    let (words, rest) = text.as_chunks::<8>();
    for word in words.iter().step_by(3) {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    rest.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
