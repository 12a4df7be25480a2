//! Which records of a file are looked at more closely.

use crate::decode::Record;
use crate::query::CandidatePlaces;

/// The records in which something stands that is looked for, asked for one after the other.
pub(super) struct Candidates<'p> {
    places: &'p CandidatePlaces,
    /// How many of the places lie behind.
    next: usize,
}

impl<'p> Candidates<'p> {
    pub(super) fn new(places: &'p CandidatePlaces) -> Self {
        Self { places, next: 0 }
    }

    /// Returns whether a record that was cut out of its file is one of them.
    pub(super) fn have(&mut self, record: &Record<'_>) -> bool {
        let CandidatePlaces::At(places) = self.places else {
            return *self.places == CandidatePlaces::Anywhere;
        };
        let to = record.offset + record.text.len() as u64;
        self.next += places[self.next..].iter().take_while(|at| u64::from(**at) < record.offset).count();
        places.get(self.next).is_some_and(|at| u64::from(*at) < to)
    }
}
