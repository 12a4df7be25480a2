//! Counts the records of a stream in its coverage.
//!
//! Every record of an archive is counted, so it has to cost next to nothing. Records come in runs of the same
//! account, region, kind and day: as long as one lasts, nothing is looked up and no time is understood.

use crate::answer::Coverage;
use crate::decode::outline::Field;
use crate::decode::{FixedFields, Record};
use crate::event::{Clock, Day, EventCategory, Time};

/// What was counted of a stream.
#[derive(Default)]
pub(super) struct RecordCounter {
    coverage: Coverage,
    run: Option<SameDayRun>,
    /// Buffers of an account and a region, to be used again.
    spare: (Vec<u8>, Vec<u8>),
}

/// Records that differ by nothing but the time of the day.
struct SameDayRun {
    account: Vec<u8>,
    region: Vec<u8>,
    category: EventCategory,
    day: Day,
    first: Clock,
    last: Clock,
    events: u64,
}

impl RecordCounter {
    /// Counts a record.
    pub(super) fn record(&mut self, record: &Record<'_>) {
        if let Some(fixed) = &record.fixed {
            return self.count_fixed(fixed);
        }
        let (text, outline) = (record.text, record.outline());
        let plain = |field| outline.plain(text, field).unwrap_or_default().as_bytes();
        let category = match outline.plain(text, Field::EventCategory) {
            Some(name) => parse_category(name.as_bytes()),
            None => match outline.value(text, Field::ManagementEvent) {
                Some((_, b'f')) => EventCategory::Data,
                _ => EventCategory::Management,
            },
        };
        let (account, region) = (plain(Field::RecipientAccountId), plain(Field::AwsRegion));
        self.one(account, region, category, plain(Field::EventTime));
    }

    /// Counts a record that was seen.
    #[inline]
    pub(super) fn count_fixed(&mut self, fixed: &FixedFields<'_>) {
        self.one(fixed.account(), fixed.region(), parse_category(fixed.category()), fixed.time());
    }

    #[inline]
    fn one(&mut self, account: &[u8], region: &[u8], category: EventCategory, time: &[u8]) {
        let written = Time::take_apart(time);
        if let (Some(run), Some((day, clock))) = (&mut self.run, written)
            && run.day == day
            && run.category == category
            && run.account == account
            && run.region == region
        {
            run.first = run.first.min(clock);
            run.last = run.last.max(clock);
            run.events += 1;
            return;
        }
        self.settle();
        match written {
            Some((day, clock)) if day.at(clock).is_some() => {
                let (mut own_account, mut own_region) = std::mem::take(&mut self.spare);
                own_account.extend_from_slice(account);
                own_region.extend_from_slice(region);
                let (account, region) = (own_account, own_region);
                self.run =
                    Some(SameDayRun { account, region, category, day, first: clock, last: clock, events: 1 });
            }
            _ => {
                let span = Time::parse_bytes(time).map(|time| (time, time));
                self.coverage.count(1, text_or_empty(account), text_or_empty(region), category, span);
            }
        }
    }

    /// Ends a run.
    fn settle(&mut self) {
        let Some(SameDayRun { mut account, mut region, category, day, first, last, events }) =
            self.run.take()
        else {
            return;
        };
        let span = day.at(first).zip(day.at(last));
        self.coverage.count(events, text_or_empty(&account), text_or_empty(&region), category, span);
        account.clear();
        region.clear();
        self.spare = (account, region);
    }

    /// Returns what was counted.
    pub(super) fn finish(mut self) -> Coverage {
        self.settle();
        self.coverage
    }
}

/// Returns a name; of what is no text there is none.
fn text_or_empty(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}

fn parse_category(name: &[u8]) -> EventCategory {
    match name {
        b"Data" => EventCategory::Data,
        b"NetworkActivity" => EventCategory::NetworkActivity,
        _ => EventCategory::Management,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However records follow each other, runs count the same as each record by itself.
        #[test]
        fn runs_change_nothing(
            records in prop::collection::vec((0_usize..4, 0_usize..3, 0_usize..2, 0_usize..8), 0..40)
        ) {
            let accounts: [&[u8]; 4] = [b"111122223333", b"444455556666", b"", b"\xff"];
            let regions: [&[u8]; 3] = [b"us-east-1", b"eu-west-1", b""];
            let categories = [EventCategory::Management, EventCategory::Data];
            let times = [
                "2024-02-28T23:59:59Z", "2024-02-29T00:00:00Z", "2024-02-29T23:59:59Z", "2024-02-30T00:00:00Z",
                "2024-02-29T24:00:00Z", "2024-02-29T12:00:00.500Z", "yesterday", "2024-02-29T10:20:30+02:00",
            ];
            let (mut count, mut naive) = (RecordCounter::default(), Coverage::default());
            for (account, region, category, time) in records {
                let (account, region, category) = (accounts[account], regions[region], categories[category]);
                count.one(account, region, category, times[time].as_bytes());
                let span = Time::parse(times[time]).map(|time| (time, time));
                naive.count(1, text_or_empty(account), text_or_empty(region), category, span);
            }
            let counted = count.finish();
            prop_assert_eq!(serde_json::to_string(&counted).unwrap(), serde_json::to_string(&naive).unwrap());
            for account in accounts.map(text_or_empty) {
                for region in regions.map(text_or_empty) {
                    prop_assert_eq!(counted.days.held(account, region), naive.days.held(account, region));
                }
            }
        }
    }
}
