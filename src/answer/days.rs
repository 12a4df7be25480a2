//! On which days an archive has events of each account and region.
//!
//! Kept for every answer, so it has to be cheap: records come in runs of the same account, region and day.

use crate::event::Time;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// What is held of one account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The earliest event.
    pub first: Time,
    /// The latest event.
    pub last: Time,
    /// The days with an event, in UTC.
    pub days: BTreeSet<NaiveDate>,
}

/// An account and a region; empty where a record does not tell.
type Place = (Box<str>, Box<str>);

/// What is held of each account and region.
#[derive(Clone, Debug, Default)]
pub struct Days {
    places: HashMap<Place, Held>,
    /// What the last records have in common is added here.
    run: Option<Run>,
}

#[derive(Clone, Debug)]
struct Run {
    place: Place,
    is_plain: bool,
    day: NaiveDate,
    first: Time,
    last: Time,
}

impl Days {
    /// Takes note of an event; `same` says that account and region, where it has both, are those of the
    /// last event that had them.
    pub(super) fn add(&mut self, account: Option<&[u8]>, region: Option<&[u8]>, time: Time, same: bool) {
        let day = time.utc().naive_utc().date();
        if let Some(run) = &mut self.run
            && same
            && run.is_plain
            && run.day == day
        {
            run.first = run.first.min(time);
            run.last = run.last.max(time);
            return;
        }
        self.settle();
        let text = |bytes| str::from_utf8(bytes?).ok();
        let (account, region) = (text(account), text(region));
        // Of others nothing can be compared.
        let is_plain = account.is_some() && region.is_some();
        let place = (account.unwrap_or_default().into(), region.unwrap_or_default().into());
        self.run = Some(Run { place, is_plain, day, first: time, last: time });
    }

    /// Takes note of the first and the last event of a file that has no other days than theirs.
    pub fn span(&mut self, account: &str, region: &str, first: Time, last: Time) {
        let place = || (Some(account.as_bytes()), Some(region.as_bytes()));
        self.add(place().0, place().1, first, false);
        self.add(place().0, place().1, last, true);
    }

    /// Ends a run: what comes next is not of the place of the event before.
    pub(super) fn part(&mut self) {
        self.settle();
    }

    fn settle(&mut self) {
        let Some(Run { place, day, first, last, .. }) = self.run.take() else { return };
        let new = || Held { first, last, days: BTreeSet::new() };
        let held = self.places.entry(place).or_insert_with(new);
        held.first = held.first.min(first);
        held.last = held.last.max(last);
        held.days.insert(day);
    }

    /// Adds what another thread met.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        for (place, more) in other.places {
            match self.places.get_mut(&place) {
                Some(held) => {
                    held.first = held.first.min(more.first);
                    held.last = held.last.max(more.last);
                    held.days.extend(more.days);
                }
                None => {
                    self.places.insert(place, more);
                }
            }
        }
    }

    /// Returns what is held of an account and region.
    pub fn held(&self, account: &str, region: &str) -> Option<Held> {
        let mut all = self.clone();
        all.settle();
        all.places.remove(&(account.into(), region.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Coverage;
    use crate::event::Category;
    use proptest::prelude::*;

    fn time(hours: i64) -> Time {
        chrono::DateTime::from_timestamp(1_700_000_000 + hours * 3600, 0).unwrap().into()
    }

    proptest! {
        /// By runs and threads, or one by one: the days are the same. Places and times may be missing.
        #[test]
        fn runs_lose_nothing(
            events in prop::collection::vec((0..3_u8, 0..3_u8, prop::option::weighted(0.9, 0..200_i64)), 0..40),
            cut in 0..40_usize,
        ) {
            let fill = |events: &[(u8, u8, Option<i64>)]| {
                let mut coverage = Coverage::default();
                for (account, region, at) in events {
                    let text = |it: &'static [&'static [u8]; 2], at: &u8| it.get(usize::from(*at)).copied();
                    let (account, region) = (text(&[b"a", b"b"], account), text(&[b"r", b"\xff"], region));
                    coverage.event(account, region, at.map(time), Category::Management);
                }
                coverage
            };
            let cut = cut.min(events.len());
            let mut all = fill(&events[cut..]);
            all.merge(fill(&events[..cut]));
            for (account, account_text) in [(0, "a"), (1, "b"), (2, "")] {
                for (regions, region_text) in [(vec![0], "r"), (vec![1, 2], "")] {
                    let of: Vec<Time> = events
                        .iter()
                        .filter(|it| it.0 == account && regions.contains(&it.1))
                        .filter_map(|it| it.2.map(time))
                        .collect();
                    let want = of.iter().min().map(|first| Held {
                        first: *first,
                        last: *of.iter().max().unwrap(),
                        days: of.iter().map(|it| it.utc().date_naive()).collect(),
                    });
                    prop_assert_eq!(all.days.held(account_text, region_text), want);
                }
            }
        }
    }
}
