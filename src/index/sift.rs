//! Leaves out the files that a question need not open, and counts what is in them.

use super::facts::View;
use super::open::Index;
use super::places::{account_names, region_names};
use super::sieve::Sieve;
use crate::answer::{Coverage, Fold};
use crate::event::Time;
use crate::input::Source;
use crate::query::Filter;
use chrono::DateTime;
use std::borrow::Cow;

/// What an index spares a question.
pub struct Sifted<'s> {
    /// The files that have to be read.
    pub sources: Cow<'s, [Source]>,
    /// What would have been counted in the others.
    pub coverage: Coverage,
}

/// Leaves out the files that cannot matter to a fold. `is_refused` tells of a file whether it is left
/// out anyway, by its key.
pub fn sift<'s, F: Fold>(
    indexes: &[Index],
    sources: &'s [Source],
    filter: &Filter,
    fold: &F,
    is_refused: &dyn Fn(&Source) -> bool,
) -> Sifted<'s> {
    if indexes.is_empty() {
        return Sifted { sources: Cow::Borrowed(sources), coverage: Coverage::default() };
    }
    let sieves: Vec<_> =
        indexes.iter().map(|index| (index, Sieve::new(filter, fold, &index.store))).collect();
    let mut known: Vec<Known> = indexes.iter().map(Known::new).collect();
    let mut calls = Vec::new();
    let mut read = Vec::new();
    for source in sources {
        let found = sieves.iter().enumerate().find_map(|(number, (index, sieve))| {
            Some((number, sieve, index.store.get(index.spot.key(source)?)?))
        });
        match found {
            Some((number, sieve, view)) if !sieve.needs(&view, &mut calls) && !is_refused(source) => {
                known[number].add(&view);
            }
            _ => read.push(source.clone()),
        }
    }
    let mut coverage = Coverage::default();
    known.into_iter().for_each(|known| coverage.merge(known.coverage()));
    Sifted { sources: Cow::Owned(read), coverage }
}

/// What was counted in the files that one index knows.
struct Known<'i> {
    index: &'i Index,
    coverage: Coverage,
    places: Vec<bool>,
    span: Option<(i64, i64)>,
}

impl<'i> Known<'i> {
    fn new(index: &'i Index) -> Self {
        let places = vec![false; index.store.places.len()];
        Self { index, coverage: Coverage::default(), places, span: None }
    }

    fn add(&mut self, view: &View<'_>) {
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
        self.days(view);
        self.span = match (self.span, view.span) {
            (Some((first, last)), Some(more)) => Some((first.min(more.0), last.max(more.1))),
            (one, other) => one.or(other),
        };
    }

    /// Adds the days of a file of one account and region; of others the sieve knows better.
    fn days(&mut self, view: &View<'_>) {
        let Some(text) = self.index.store.places.get(view.place as usize) else { return };
        let time = |seconds| DateTime::from_timestamp(seconds, 0).map(Time::from);
        let span = view.span.and_then(|(first, last)| time(first).zip(time(last)));
        if let (Some(account), Some(region), Some((first, last))) =
            (account_names(text).next(), region_names(text).next(), span)
        {
            self.coverage.days.span(account, region, first, last);
        }
    }

    fn coverage(mut self) -> Coverage {
        let time = |seconds| DateTime::from_timestamp(seconds, 0).map(Time::from);
        (self.coverage.first, self.coverage.last) =
            self.span.map_or((None, None), |(first, last)| (time(first), time(last)));
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
