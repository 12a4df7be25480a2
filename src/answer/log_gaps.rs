//! What is missing from the logs of one account and region up to a moment, as far as the archive itself
//! tells: where its events begin and end, days without any, spans that no digest covers, files that are
//! listed and not there or cannot be read, and trails that were switched off.
//!
//! Digests and files are looked at by the command line; what they tell is put in there.

use super::days::PlaceDays;
use super::trails::{LoggingOutage, LoggingSpan, Trails, Unlogged, assemble_trails};
use super::{Coverage, LoggingChange};
use crate::event::Time;
use chrono::{Days, NaiveDate};
use serde::Serialize;

/// What is missing from the logs of an account and region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogGaps {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The first event of the place; `None` where there is none at all.
    pub logs_begin: Option<Time>,
    /// The last event of the place.
    pub logs_end: Option<Time>,
    /// The moments asked about that no log reaches: what was done until the first, or since the last event, is
    /// not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moments_outside: Vec<Time>,
    /// Days without any event: quiet ones, or holes.
    pub days_without_events: Vec<DaySpan>,
    /// How many digests there are of the place: without any nobody can say whether files are missing.
    pub digests: u64,
    /// Spans that no digest covers.
    pub gaps: Vec<UncoveredSpan>,
    /// Log files that digests list and that are not there.
    pub missing_files: Option<FileSpan>,
    /// Files that could not be read, or not as a whole.
    pub damaged_files: u64,
    /// Trails that were off.
    pub trails_off: Vec<LoggingOutage>,
}

/// Days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct DaySpan {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl DaySpan {
    /// Returns how many days it has.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

impl Serialize for DaySpan {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = [("from", self.from), ("to", self.to)].map(|(name, day)| (name, day.to_string()));
        serializer.collect_map(texts)
    }
}

/// A span that no digest of a trail covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UncoveredSpan {
    /// The trail.
    pub trail: String,
    /// From when.
    pub from: Option<Time>,
    /// Until when.
    pub to: Option<Time>,
    /// The word for why.
    pub cause: &'static str,
    /// Why, in words.
    #[serde(skip)]
    pub words: &'static str,
}

/// How many files, and when the first and the last were delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct FileSpan {
    pub files: u64,
    pub from: Option<Time>,
    pub to: Option<Time>,
}

/// The moments that are asked about.
#[derive(Clone, Copy, Debug, Default)]
pub struct GapsFor {
    /// From when; the first event when it is not given.
    pub since: Option<Time>,
    /// Until when; the last event when it is not given.
    pub until: Option<Time>,
    /// Which calls are asked for.
    pub deeds: GapCalls,
}

/// Which calls are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum GapCalls {
    #[default]
    Changes,
    Reads,
    All,
}

impl GapsFor {
    /// Returns whether anything of a span lies between; what has no end is not over.
    pub fn touches(self, from: Option<Time>, to: Option<Time>) -> bool {
        let late = from.zip(self.until).is_some_and(|(from, until)| from > until);
        let early = to.zip(self.since).is_some_and(|(to, since)| to < since);
        !late && !early
    }

    /// Returns the moments that lie before what begins then or after what ends then.
    fn outside(self, begin: Time, end: Time) -> Vec<Time> {
        [self.since, self.until].into_iter().flatten().filter(|at| *at < begin || *at > end).collect()
    }
}

impl LogGaps {
    /// Says what events tell of a place.
    pub fn new(place: (&str, &str), coverage: &Coverage, switches: &[LoggingChange], asked: GapsFor) -> Self {
        let (account, region) = place;
        let held = coverage.days.held(account, region);
        let Trails { off, runs } = assemble_trails(switches);
        let others = OtherPlaces { place, held, switches, runs: &runs, off: &off };
        // A trail of an organization logs for other accounts than its own.
        let is_hole = |it: &&LoggingOutage| {
            asked.touches(it.from, it.to) && may_miss_events_of(it, place, asked.deeds) && !others.logged(it)
        };
        let mut trails_off: Vec<LoggingOutage> = off.iter().filter(is_hole).cloned().collect();
        trails_off.sort_by_key(|it| (it.account != account, it.from));
        let day = |time: Option<Time>| time.map(|time| time.utc().date_naive());
        let days = held.map(|held| {
            let days: Vec<NaiveDate> = held.days.keys().copied().collect();
            find_empty_days(&days, day(asked.since), day(asked.until))
        });
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            logs_begin: held.map(|held| held.first),
            logs_end: held.map(|held| held.last),
            moments_outside: held.map(|held| asked.outside(held.first, held.last)).unwrap_or_default(),
            days_without_events: days.unwrap_or_default(),
            trails_off,
            ..Self::default()
        }
    }

    /// Returns whether nothing is known to be missing within the logs.
    pub fn is_none(&self) -> bool {
        self.days_without_events.is_empty()
            && self.gaps.is_empty()
            && self.missing_files.is_none()
            && self.damaged_files == 0
            && self.trails_off.is_empty()
    }
}

impl LogGaps {
    /// Leaves out what does not matter to a resource: other services than its own, global services where it has a
    /// region, and what an event of its own within the span refutes. `kind` is its type.
    #[must_use]
    pub fn about(mut self, kind: &str, has_region: bool, events: &[Time]) -> Self {
        let service = kind.split("::").nth(1).unwrap_or_default().to_ascii_lowercase();
        let is_of = |source: &String| source.split('.').next() == Some(service.as_str());
        self.trails_off.retain(|it| {
            let until = it.to.or_else(|| Some(it.from?.utc().checked_add_signed(SOON)?.into()));
            let inside = |time: &&Time| {
                it.from.is_none_or(|from| **time > from) && until.is_none_or(|until| **time < until)
            };
            let matters = match &it.unlogged {
                Unlogged::Services(sources) => sources.iter().any(is_of),
                Unlogged::GlobalServices => !has_region,
                _ => true,
            };
            // What passes a selector refutes nothing of what does not.
            let refutes = !matches!(it.unlogged, Unlogged::AllBut(_));
            matters && !(refutes && events.iter().any(|time| inside(&time)))
        });
        self
    }
}

/// Whether what a trail did not log may be missing of a place.
fn may_miss_events_of(off: &LoggingOutage, (account, region): (&str, &str), deeds: GapCalls) -> bool {
    let is_in_reach = !(off.single_region && off.account == account) || off.region == region;
    match off.unlogged {
        Unlogged::Reads => deeds != GapCalls::Changes && is_in_reach,
        Unlogged::Writes => deeds != GapCalls::Reads && is_in_reach,
        Unlogged::OtherRegions => off.region != region,
        Unlogged::Members => off.account != account,
        // No event is missing for these, or none that is known to be.
        Unlogged::Digests | Unlogged::OtherBucket(_) => false,
        _ => is_in_reach,
    }
}

/// What tells that others logged on while a trail did not.
struct OtherPlaces<'h> {
    place: (&'h str, &'h str),
    held: Option<&'h PlaceDays>,
    switches: &'h [LoggingChange],
    runs: &'h [LoggingSpan],
    off: &'h [LoggingOutage],
}

/// Events so much older than a trail were delivered by another: the first delivery takes minutes.
const OLDER: chrono::TimeDelta = chrono::TimeDelta::minutes(15);

/// Where nothing tells when a trail was on again, an event so soon after it went off was logged by another.
const SOON: chrono::TimeDelta = chrono::TimeDelta::hours(24);

impl OtherPlaces<'_> {
    /// Returns whether others logged at the place what a trail did not.
    fn logged(&self, off: &LoggingOutage) -> bool {
        self.was_there_before(off) || self.tells(off) || self.runs.iter().any(|run| self.covers(run, off))
    }

    /// Whether there are events of the place from before the trail was made.
    fn was_there_before(&self, off: &LoggingOutage) -> bool {
        let first = self.held.and_then(|held| held.first.utc().checked_add_signed(OLDER));
        off.created.zip(first).is_some_and(|(created, first)| first < created.utc())
    }

    /// Whether there are events that the trail did not log.
    fn tells(&self, off: &LoggingOutage) -> bool {
        use Unlogged::{Everything, ManagementEvents, Members, OldBucket, OtherRegions, Writes};
        let of_any = matches!(off.unlogged, Everything | OldBucket(_) | OtherRegions | Members);
        let met = self.held.filter(|_| of_any).and_then(|held| held.event_between(off.from, off.to));
        let by_event = met.is_some_and(|met| {
            let soon = off.from.and_then(|from| from.utc().checked_add_signed(SOON));
            off.to.is_some() || soon.is_none_or(|soon| met.utc() <= soon)
        });
        // A call on a trail changes something. Those on the trail itself may be told by what it still logs.
        let is_inside = |it: &&LoggingChange| {
            it.event_time > off.from
                && off.to.is_none_or(|to| it.event_time < Some(to))
                && (it.account.as_str(), it.region.as_str()) == self.place
                && (&it.home, &it.trail) != (&off.region, &off.trail)
        };
        let of_writes = matches!(off.unlogged, Everything | OldBucket(_) | ManagementEvents | Writes);
        by_event || (of_writes && self.switches.iter().any(|it| is_inside(&it)))
    }

    /// Whether another trail is known to have logged all of it.
    fn covers(&self, run: &LoggingSpan, off: &LoggingOutage) -> bool {
        let is_other = (&run.account, &run.region, &run.trail) != (&off.account, &off.region, &off.trail);
        let is_here =
            run.account == self.place.0 && (run.region == self.place.1 || run.multi_region == Some(true));
        let all_along = run.from <= off.from && (run.to.is_none() || off.to.is_some() && run.to >= off.to);
        let narrowed = || {
            let same = |it: &&LoggingOutage| {
                (&it.account, &it.region, &it.trail) == (&run.account, &run.region, &run.trail)
            };
            let touches = |it: &LoggingOutage| {
                (it.to.is_none() || it.to > off.from) && (off.to.is_none() || it.from < off.to)
            };
            let matters =
                |it: &&LoggingOutage| !matches!(it.unlogged, Unlogged::Digests | Unlogged::OtherBucket(_));
            self.off.iter().filter(same).filter(matters).any(touches)
        };
        is_other && is_here && all_along && !narrowed()
    }
}

/// The days between those with events, from the first on to `until`.
fn find_empty_days(days: &[NaiveDate], since: Option<NaiveDate>, until: Option<NaiveDate>) -> Vec<DaySpan> {
    let next = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
    let before = |day: NaiveDate| day.checked_sub_days(Days::new(1)).unwrap_or(day);
    let inner = days.windows(2).map(|it| DaySpan { from: next(it[0]), to: before(it[1]) });
    let behind = days.last().zip(until).map(|(last, until)| DaySpan { from: next(*last), to: until });
    let clip = |span: DaySpan| DaySpan {
        from: since.map_or(span.from, |since| span.from.max(since)),
        to: until.map_or(span.to, |until| span.to.min(until)),
    };
    inner.chain(behind).map(clip).filter(|span| span.from <= span.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::selectors::Selector;
    use crate::answer::trails::TrailSetup;
    use crate::event::{EventCategory, Outcome};

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn coverage(days: &[&str]) -> Coverage {
        let mut coverage = Coverage::default();
        for day in days {
            let at = time(&format!("{day}T10:00:00Z"));
            coverage.count(1, "111122223333", "us-east-1", EventCategory::Management, Some((at, at)));
        }
        coverage
    }

    fn spans(holes: &LogGaps) -> Vec<String> {
        holes.days_without_events.iter().map(|it| format!("{}/{}", it.from, it.days())).collect()
    }

    #[test]
    fn days_without_events_end_with_the_moment() {
        let coverage = coverage(&["2024-01-01", "2024-01-02", "2024-01-05", "2024-01-07", "2024-01-20"]);
        let place = ("111122223333", "us-east-1");
        let holes = |since: Option<&str>, until: Option<&str>| {
            let asked = GapsFor { since: since.map(time), until: until.map(time), ..GapsFor::default() };
            spans(&LogGaps::new(place, &coverage, &[], asked))
        };
        assert_eq!(holes(None, None), ["2024-01-03/2", "2024-01-06/1", "2024-01-08/12"]);
        assert_eq!(
            holes(None, Some("2024-01-09T00:00:00Z")),
            ["2024-01-03/2", "2024-01-06/1", "2024-01-08/2"]
        );
        assert_eq!(holes(None, Some("2024-01-05T00:00:00Z")), ["2024-01-03/2"]);
        assert_eq!(
            holes(Some("2024-01-06T12:00:00Z"), Some("2024-01-22T00:00:00Z")),
            ["2024-01-06/1", "2024-01-08/12", "2024-01-21/2"]
        );
        let other = LogGaps::new(("111122223333", "eu-west-1"), &coverage, &[], GapsFor::default());
        assert!(other.logs_begin.is_none() && other.is_none());
        let outside = |since: Option<&str>, until: &str| {
            let asked = GapsFor { since: since.map(time), until: Some(time(until)), ..GapsFor::default() };
            let holes = LogGaps::new(place, &coverage, &[], asked);
            holes.moments_outside.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(outside(None, "2024-01-02T10:00:00Z"), [""; 0]);
        assert_eq!(outside(None, "2024-01-01T09:00:00Z"), ["2024-01-01T09:00:00Z"]);
        assert_eq!(
            outside(Some("2020-01-01T00:00:00Z"), "2024-01-20T10:00:01Z"),
            ["2020-01-01T00:00:00Z", "2024-01-20T10:00:01Z"]
        );
    }

    fn switch(name: &str, at: &str, logs_writes: Option<bool>) -> LoggingChange {
        LoggingChange {
            event_time: Some(time(at)),
            account: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            home: "us-east-1".to_owned(),
            event_name: name.to_owned(),
            trail: "main".to_owned(),
            who: "mallory".to_owned(),
            outcome: Outcome::Succeeded,
            setup: TrailSetup {
                selectors: logs_writes.map(|writes| vec![Selector::management(true, writes)]),
                ..TrailSetup::default()
            },
            logs_writes,
            event_id: at.to_owned(),
            evidence: crate::answer::Evidence { file: "x".into(), record: 0, damaged: false, proof: None },
        }
    }

    /// A trail that logs reads alone is off as far as changes are asked for.
    #[test]
    fn trails_are_off_until_they_are_on_again() {
        let switches = [
            switch("PutEventSelectors", "2024-01-01T10:00:00Z", Some(false)),
            switch("StopLogging", "2024-01-02T10:00:00Z", None),
            switch("StartLogging", "2024-01-03T10:00:00Z", None),
            switch("PutEventSelectors", "2024-01-04T10:00:00Z", Some(true)),
            switch("StopLogging", "2024-01-05T10:00:00Z", None),
        ];
        let off = |since: Option<&str>, until: &str| {
            let asked = GapsFor { since: since.map(time), until: Some(time(until)), ..GapsFor::default() };
            let holes = LogGaps::new(("111122223333", "us-east-1"), &Coverage::default(), &switches, asked);
            let text = |it: &LoggingOutage| {
                let to = it.to.map_or("-".to_owned(), |it| it.to_string());
                format!("{} {to}", it.by)
            };
            holes.trails_off.iter().map(text).collect::<Vec<_>>()
        };
        assert_eq!(off(None, "2024-01-01T00:00:00Z"), [""; 0]);
        assert_eq!(
            off(None, "2024-01-02T11:00:00Z"),
            ["PutEventSelectors 2024-01-04T10:00:00Z", "StopLogging 2024-01-03T10:00:00Z"]
        );
        assert_eq!(off(Some("2024-01-04T12:00:00Z"), "2024-01-06T00:00:00Z"), ["StopLogging -"]);
    }
}
