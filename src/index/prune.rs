//! Leaves out the files that a question need not open, and counts what is in them.

use super::file_summary::SummaryView;
use super::open::Index;
use super::places::{account_names, region_names};
use super::pruner::Pruner;
use crate::answer::{AnyFold, Coverage};
use crate::error::Error;
use crate::event::Time;
use crate::input::Source;
use crate::query::Filter;
use crate::threads::Threads;
use chrono::DateTime;
use std::borrow::Cow;

/// What an index spares a question.
pub struct Pruned<'s> {
    /// The files that have to be read.
    pub sources: Cow<'s, [Source]>,
    /// What would have been counted in the others.
    pub coverage: Coverage,
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// How many files are sifted at once by one thread.
const FILES: usize = 2048;

/// Leaves out the files that cannot matter to a fold, with as many threads as asked for. `is_refused` tells of a
/// file whether it is left out anyway, by its key.
///
/// # Errors
/// When the threads cannot be started.
pub fn prune_sources<'s>(
    indexes: &[Index],
    sources: &'s [Source],
    filter: &Filter,
    fold: &dyn AnyFold,
    is_refused: &(dyn Fn(&Source) -> bool + Sync),
    threads: usize,
) -> Result<Pruned<'s>, Error> {
    if indexes.is_empty() {
        return Ok(Pruned { sources: Cow::Borrowed(sources), coverage: Coverage::default() });
    }
    let sieves: Vec<_> =
        indexes.iter().map(|index| (index, Pruner::new(filter, fold, &index.store))).collect();
    let parts: Vec<&[Source]> = sources.chunks(FILES).collect();
    let sifted = Threads::new(threads)?.map(parts.len(), Vec::new, |calls, part| {
        let mut known: Vec<KnownFiles> = indexes.iter().map(KnownFiles::new).collect();
        let mut read = Vec::new();
        for source in parts[part] {
            let found = sieves.iter().enumerate().find_map(|(number, (index, sieve))| {
                Some((number, sieve, index.store.get(index.spot.key(source)?)?))
            });
            match found {
                Some((number, sieve, view)) if !sieve.needs(&view, calls) && !is_refused(source) => {
                    known[number].add(&view);
                }
                _ => read.push(source.clone()),
            }
        }
        (read, known)
    });
    let (mut read, mut coverage) = (Vec::new(), Coverage::default());
    for (more, known) in sifted {
        read.extend(more);
        known.into_iter().for_each(|known| coverage.merge(known.coverage()));
    }
    Ok(Pruned { sources: Cow::Owned(read), coverage })
}

/// What was counted in the files that one index knows.
struct KnownFiles<'i> {
    index: &'i Index,
    coverage: Coverage,
    places: Vec<bool>,
    /// The first and the last event.
    span: Option<(i64, i64)>,
    /// The last files that have one place and the same days, as nearly all that stand together.
    run: Option<SamePlaceFiles>,
}

/// Files of one place.
struct SamePlaceFiles {
    place: u32,
    /// The first and the last event.
    span: (i64, i64),
}

impl SamePlaceFiles {
    fn days(&self) -> (i64, i64) {
        (self.span.0.div_euclid(DAY), self.span.1.div_euclid(DAY))
    }
}

impl<'i> KnownFiles<'i> {
    fn new(index: &'i Index) -> Self {
        let places = vec![false; index.store.places.len()];
        Self { index, coverage: Coverage::default(), places, span: None, run: None }
    }

    fn add(&mut self, view: &SummaryView<'_>) {
        let [data_events, network_events, insights, undated] = view.rare;
        self.coverage.files_read += 1;
        self.coverage.events += view.events;
        self.coverage.data_events += data_events;
        self.coverage.network_events += network_events;
        self.coverage.insights += insights;
        self.coverage.undated += undated;
        if let Some(place) = self.places.get_mut(view.place as usize) {
            *place = true;
        }
        let Some(span) = view.span else { return };
        self.span = Some(self.span.map_or(span, |all| join_spans(all, span)));
        let more = SamePlaceFiles { place: view.place, span };
        match &mut self.run {
            Some(run) if run.place == more.place && run.days() == more.days() => {
                run.span = join_spans(run.span, span);
            }
            _ => {
                self.finish_run();
                self.run = Some(more);
            }
        }
    }

    /// Adds the days of files of one account and region; of others the sieve knows better.
    fn finish_run(&mut self) {
        let Some(SamePlaceFiles { place, span }) = self.run.take() else { return };
        let Some(text) = self.index.store.places.get(place as usize) else { return };
        if let (Some(account), Some(region), Some((first, last))) =
            (account_names(text).next(), region_names(text).next(), span_times(span))
        {
            self.coverage.days.span(account, region, first, last);
        }
    }

    fn coverage(mut self) -> Coverage {
        self.finish_run();
        (self.coverage.first, self.coverage.last) = self.span.and_then(span_times).unzip();
        for (text, _) in self.index.store.places.iter().zip(&self.places).filter(|(_, is)| **is) {
            for account in account_names(text) {
                self.coverage.accounts.insert(account.into());
            }
            for region in region_names(text) {
                self.coverage.regions.insert(region.into());
            }
        }
        self.coverage
    }
}

/// Returns the least span that holds both.
fn join_spans(one: (i64, i64), other: (i64, i64)) -> (i64, i64) {
    (one.0.min(other.0), one.1.max(other.1))
}

fn span_times((first, last): (i64, i64)) -> Option<(Time, Time)> {
    let time = |seconds| DateTime::from_timestamp(seconds, 0).map(Time::from);
    time(first).zip(time(last))
}
