//! Which calls a job cares for, as far as they were met: it is asked once for each.

use super::Job;
use super::dedup::hash_id;
use crate::answer::Interest;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What calls of one name are to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallInterest {
    /// Whether they may match at all.
    pub may_match: bool,
    /// Whether they matter though they name nothing that is looked for.
    pub concern: Interest,
}

/// A call that was met: its source, its name, and what it is to the job.
type MetCall = (Box<[u8]>, Box<[u8]>, CallInterest);

/// The calls that were met, by a hash of their names.
#[derive(Default)]
pub(super) struct CallCache(HashMap<u64, Vec<MetCall>, BuildHasherDefault<CachedCall>>);

impl CallCache {
    /// Returns what a call is to the job. What is no text may be anything.
    pub(super) fn call_interest(&mut self, source: &[u8], name: &[u8], job: &impl Job) -> CallInterest {
        let met = self.0.entry(hash_id(name)).or_default();
        if let Some((.., care)) = met.iter().find(|(one, other, _)| **one == *source && **other == *name) {
            return *care;
        }
        let care = match (str::from_utf8(source), str::from_utf8(name)) {
            (Ok(source), Ok(name)) => job.call_interest(source, name),
            _ => CallInterest { may_match: true, concern: Interest::Always },
        };
        met.push((source.into(), name.into(), care));
        care
    }
}

/// Hashes what is a hash already.
#[derive(Default)]
struct CachedCall(u64);

impl Hasher for CachedCall {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash_id(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
