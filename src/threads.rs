//! Work on many items at once, where each is done by itself.

use crate::error::Error;
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator,
};

/// Threads to work with: as many as asked for, 0 for one a processor.
pub struct Threads(rayon::ThreadPool);

impl Threads {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system has none.
    pub fn new(count: usize) -> Result<Self, Error> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
        pool.map(Self)
            .map_err(|error| Error::new(format!("cannot start threads: {error}")).hint("try `--threads 1`"))
    }

    /// Does `work` once in each thread.
    pub fn broadcast<T: Send>(&self, work: impl Fn() -> T + Sync) -> Vec<T> {
        self.0.broadcast(|_| work())
    }

    /// Does `work` with each of `items`.
    pub fn each<T: Send>(&self, items: &mut [T], work: impl Fn(&mut T) + Sync + Send) {
        self.0.install(|| items.par_iter_mut().with_min_len(64).for_each(work));
    }

    /// Does `work` for each of `count` items and returns what it gave, in the order of the items.
    /// What `start` gives is used again for many items of one thread: buffers.
    pub fn map<B, T: Send>(
        &self,
        count: usize,
        start: impl Fn() -> B + Sync + Send,
        work: impl Fn(&mut B, usize) -> T + Sync + Send,
    ) -> Vec<T> {
        self.0.install(|| (0..count).into_par_iter().map_init(start, work).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        for threads in [1, 3] {
            let doubled = Threads::new(threads).unwrap().map(1000, || 2, |factor, item| item * *factor);
            let mut numbers = vec![3; 1000];
            Threads::new(threads).unwrap().each(&mut numbers, |number| *number += 1);
            assert_eq!(numbers, [4; 1000]);
            assert!(doubled.into_iter().enumerate().all(|(item, twice)| twice == item * 2));
        }
    }
}
