//! Work on many items at once, where each is done by itself.

use crate::error::Error;
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator,
};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many threads wait for disks and networks at once, and how much each must have to do: to start one takes time.
const WAITING: usize = 16;
const SHARE: usize = 8;

/// The most threads for each processor, and the least of that: more only wait for each other, and each takes memory.
const MOST_EACH: usize = 4;
const LEAST_MOST: usize = 64;

/// Threads to work with: as many as asked for, 0 for one a processor.
pub struct Threads(rayon::ThreadPool);

impl Threads {
    /// Starts the threads: 64, or four a processor, where more are asked for.
    ///
    /// # Errors
    /// When the system has none.
    pub fn new(count: usize) -> Result<Self, Error> {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let count = count.min((processors * MOST_EACH).max(LEAST_MOST));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
        pool.map(Self)
            .map_err(|error| Error::new(format!("cannot start threads: {error}")).hint("try `--threads 1`"))
    }

    /// Returns how many threads there are.
    pub fn count(&self) -> usize {
        self.0.current_num_threads()
    }

    /// Does `work` once in each thread, with its share of what `make` makes of each of `count` numbers. Unless there
    /// is one thread only, others make ahead of those that work: to make mostly is to wait.
    pub fn map_prefetched<I: Send, T: Send>(
        &self,
        count: usize,
        make: impl Fn(usize) -> I + Sync,
        work: impl Fn(&mut dyn Iterator<Item = I>) -> T + Sync,
    ) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|it| *it < count).map(&make);
        if self.count() == 1 {
            return self.broadcast(|| work(&mut std::iter::from_fn(take)));
        }
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(self.count() * 2);
            for _ in 0..WAITING.min(count / SHARE) {
                let sender = sender.clone();
                let supply = || {
                    let sender = sender;
                    while take().is_some_and(|it| sender.send(it).is_ok()) {}
                };
                // Of those that the system does not give, the others do the work.
                if thread::Builder::new().spawn_scoped(scope, supply).is_err() {
                    break;
                }
            }
            drop(sender);
            let receiver = Mutex::new(receiver);
            let given = || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
            self.broadcast(|| work(&mut std::iter::from_fn(|| given().or_else(take))))
        })
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

/// Returns whether the thread that asks is one of several of a pool.
pub fn are_several() -> bool {
    rayon::current_num_threads() > 1
}

/// Fills chunks in this thread, `ahead` of a second one that consumes them, and returns what that made of them.
///
/// `fill` returns false when there is no more. `consume` is given what adds the next chunk to its buffer, or returns
/// false at the end. Buffers go back and forth and are used again.
pub fn run_pipeline<T: Send>(
    ahead: usize,
    fill: &mut dyn FnMut(&mut Vec<u8>) -> bool,
    consume: impl FnOnce(&mut dyn FnMut(&mut Vec<u8>) -> bool) -> T + Send,
) -> T {
    let (full, chunks) = sync_channel::<Vec<u8>>(ahead);
    let (empty, spare) = channel();
    thread::scope(|scope| {
        let consumer = scope.spawn(move || {
            consume(&mut |buffer| {
                let Ok(chunk) = chunks.recv() else { return false };
                buffer.extend_from_slice(&chunk);
                // Whoever fills may be done and gone.
                let _ = empty.send(chunk);
                true
            })
        });
        loop {
            let mut chunk: Vec<u8> = spare.try_recv().unwrap_or_default();
            chunk.clear();
            if !fill(&mut chunk) || full.send(chunk).is_err() {
                break;
            }
        }
        drop(full);
        consumer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_supplied_once() {
        for threads in [1, 2, 5] {
            for count in [0, 1, 3, 20, 1000] {
                let pool = Threads::new(threads).unwrap();
                let parts =
                    pool.map_prefetched(count, |number| number * 2, |given| given.collect::<Vec<_>>());
                assert_eq!(parts.len(), threads);
                let mut all: Vec<usize> = parts.into_iter().flatten().collect();
                all.sort_unstable();
                assert_eq!(all, (0..count).map(|number| number * 2).collect::<Vec<_>>());
            }
        }
    }

    /// A number that was typed must not fill the memory with stacks and buffers.
    #[test]
    fn there_are_not_more_threads_than_are_of_use() {
        assert_eq!(Threads::new(3).unwrap().count(), 3);
        let most = Threads::new(usize::MAX).unwrap().count();
        assert!((LEAST_MOST..LEAST_MOST.max(4096)).contains(&most), "{most}");
    }

    /// Whoever makes items does not wait for ever for one who takes them.
    #[test]
    fn a_panic_ends_the_supply() {
        let fail = |given: &mut dyn Iterator<Item = usize>| {
            given.next();
            panic!("as it should");
        };
        let pool = Threads::new(2).unwrap();
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.map_prefetched(1000, |it| it, fail)
        }));
        assert!(ended.is_err());
    }

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
