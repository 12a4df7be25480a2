//! In which state the files were whose records a question was told of, so that what is proven of a file later is
//! proven of what was read.

use crate::input::FileState;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The state of each file, as it was before it was read; none where two readings met different ones.
#[derive(Debug, Default)]
pub struct ReadStates(Mutex<HashMap<Arc<str>, Option<FileState>>>);

impl ReadStates {
    /// Notes what was found before files were read.
    pub(super) fn add(&self, states: Vec<(Arc<str>, FileState)>) {
        let mut known = self.lock();
        for (file, state) in states {
            let before = known.entry(file).or_insert(Some(state));
            if *before != Some(state) {
                *before = None;
            }
        }
    }

    /// Returns the state in which a file was read, always the same one.
    pub fn of(&self, file: &str) -> Option<FileState> {
        self.lock().get(file).copied().flatten()
    }

    /// Returns whether records of a file were read, in whatever state.
    pub(super) fn has(&self, file: &str) -> bool {
        self.lock().contains_key(file)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Option<FileState>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
