//! On which days an archive has events of each account and region.
//!
//! Kept for every answer. It is told of runs of records, not of each (`scan::count`).

use crate::event::Time;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// What is held of one account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceDays {
    /// The earliest event.
    pub first: Time,
    /// The latest event.
    pub last: Time,
    /// The days with an event, in UTC, with the first and the last event of each.
    pub days: BTreeMap<NaiveDate, (Time, Time)>,
}

impl PlaceDays {
    /// Takes note of the ends of what there is of a day.
    fn meet(&mut self, day: NaiveDate, (first, last): (Time, Time)) {
        let ends = self.days.entry(day).or_insert((first, last));
        *ends = (ends.0.min(first), ends.1.max(last));
    }

    /// Returns the first moment between two, both left out, of which an event is known.
    pub fn event_between(&self, from: Option<Time>, to: Option<Time>) -> Option<Time> {
        let inside = |time: &Time| from.is_none_or(|from| *time > from) && to.is_none_or(|to| *time < to);
        self.days.values().flat_map(|(first, last)| [*first, *last]).filter(inside).min()
    }
}

/// An account and a region; empty where a record does not tell.
type AccountRegion = (Box<str>, Box<str>);

/// What is held of each account and region.
#[derive(Clone, Debug, Default)]
pub struct EventDays(HashMap<AccountRegion, PlaceDays>);

impl EventDays {
    /// Takes note of events of one day, from the earliest to the latest of them.
    pub(super) fn add(&mut self, account: &str, region: &str, first: Time, last: Time) {
        let held = self.0.entry((account.into(), region.into())).or_insert_with(|| PlaceDays {
            first,
            last,
            days: BTreeMap::new(),
        });
        held.first = held.first.min(first);
        held.last = held.last.max(last);
        held.meet(utc_day(first), (first, last));
    }

    /// Takes note of the first and the last event of a file that has no other days than theirs.
    pub fn span(&mut self, account: &str, region: &str, first: Time, last: Time) {
        self.add(account, region, first, first);
        self.add(account, region, last, last);
    }

    /// Adds what another thread met.
    pub(super) fn merge(&mut self, other: Self) {
        for (place, more) in other.0 {
            match self.0.get_mut(&place) {
                Some(held) => {
                    held.first = held.first.min(more.first);
                    held.last = held.last.max(more.last);
                    more.days.into_iter().for_each(|(day, ends)| held.meet(day, ends));
                }
                None => {
                    self.0.insert(place, more);
                }
            }
        }
    }

    /// Returns the accounts and regions of which any event is held, in order.
    pub fn places(&self) -> Vec<(&str, &str)> {
        let mut places: Vec<(&str, &str)> = self.0.keys().map(|(a, b)| (a.as_ref(), b.as_ref())).collect();
        places.sort_unstable();
        places
    }

    /// Returns what is held of an account and region.
    pub fn held(&self, account: &str, region: &str) -> Option<&PlaceDays> {
        self.0.get(&(account.into(), region.into()))
    }
}

/// Returns the day of a moment, in UTC.
fn utc_day(time: Time) -> NaiveDate {
    time.utc().date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Coverage;
    use crate::event::EventCategory;
    use proptest::prelude::*;

    fn time(hours: i64) -> Time {
        chrono::DateTime::from_timestamp(1_700_000_000 + hours * 3600, 0).unwrap().into()
    }

    proptest! {
        /// By one thread or several: the days are the same. Places and times may be missing.
        #[test]
        fn merging_loses_nothing(
            events in prop::collection::vec((0..3_usize, 0..2_usize, prop::option::weighted(0.9, 0..200_i64)), 0..40),
            cut in 0..40_usize,
        ) {
            let (accounts, regions) = (["a", "b", ""], ["r", ""]);
            let fill = |events: &[(usize, usize, Option<i64>)]| {
                let mut coverage = Coverage::default();
                for (account, region, at) in events {
                    let span = at.map(|at| (time(at), time(at)));
                    coverage.count(1, accounts[*account], regions[*region], EventCategory::Management, span);
                }
                coverage
            };
            let cut = cut.min(events.len());
            let mut all = fill(&events[cut..]);
            all.merge(fill(&events[..cut]));
            for (account, account_text) in accounts.iter().enumerate() {
                for (region, region_text) in regions.iter().enumerate() {
                    let here = events.iter().filter(|it| (it.0, it.1) == (account, region));
                    let of: Vec<Time> = here.filter_map(|it| it.2.map(time)).collect();
                    let want = of.iter().min().map(|first| PlaceDays {
                        first: *first,
                        last: *of.iter().max().unwrap(),
                        days: of.iter().map(|it| it.utc().date_naive()).map(|date| {
                            let here = || of.iter().copied().filter(|it| it.utc().date_naive() == date);
                            (date, (here().min().unwrap(), here().max().unwrap()))
                        }).collect(),
                    });
                    prop_assert_eq!(all.days.held(account_text, region_text), want.as_ref());
                }
            }
        }
    }
}
