//! What is missing from the logs behind a state: puts together what events, digests and files tell of the
//! accounts and regions of resources.
//!
//! Of the digests those of these places are read, and no log file again.

use super::archive::Search;
use super::history::ResolvedHistory;
use crate::answer::{FileSpan, GapsFor, LogGaps, UncoveredSpan};
use crate::aws::{home_region, partition_of};
use crate::error::{Error, Trouble};
use crate::event::Time;
use crate::input::{Folder, Key, Source};
use crate::integrity::{TimeWindow, TrustOptions, ValidationReport, Verdict};
use crate::query::LATE;
use crate::scan::ReadStates;
use crate::scan::validate::{ValidationRequest, verify_files};
use crate::timeline::{StepOutcome, Timeline};
use crate::{error, integrity};
use chrono::DateTime;
use std::collections::{BTreeMap, BTreeSet};

/// An account and a region.
type LogPlace = (String, String);

/// Looks for the holes in the logs of each timeline's places.
///
/// # Errors
/// When the threads cannot be started.
pub(crate) fn of_timelines(
    search: &Search,
    found: &ResolvedHistory,
    timelines: &[Timeline],
    asked: GapsFor,
) -> Result<Vec<Vec<LogGaps>>, Error> {
    let all: Vec<Vec<LogPlace>> =
        timelines.iter().map(|it| log_places(it, &found.asked.coverage.regions)).collect();
    let mut known: BTreeMap<LogPlace, LogGaps> = BTreeMap::new();
    for place in all.iter().flatten() {
        if !known.contains_key(place) {
            let holes = of_place(search, found, place, asked)?;
            known.insert(place.clone(), holes);
        }
    }
    let of = |(timeline, places): (&Timeline, Vec<LogPlace>)| {
        let logged = timeline.entries.iter().filter(|it| it.step.kind != StepOutcome::ConfigItem);
        let events: Vec<Time> = logged.filter_map(|it| it.step.origin.time).collect();
        let (kind, has_region) = (&timeline.resource.kind, timeline.resource.region.is_some());
        let holes = places.iter().filter_map(|place| known.get(place).cloned());
        holes.map(|holes| holes.about(kind, has_region, &events)).collect()
    };
    Ok(timelines.iter().zip(all).map(of).collect())
}

/// The places whose logs tell of a resource: its account and region; of one without a region, as of IAM, the
/// regions that its events were recorded in, or would have been.
fn log_places(timeline: &Timeline, logged_regions: &BTreeSet<Box<str>>) -> Vec<LogPlace> {
    let resource = &timeline.resource;
    let logged = || timeline.entries.iter().filter(|it| it.step.kind != StepOutcome::ConfigItem);
    let origins = || logged().map(|it| &it.step.origin);
    let accounts: BTreeSet<&str> = match resource.account.as_deref() {
        Some(account) => BTreeSet::from([account]),
        None => origins().filter_map(|it| it.account.as_deref()).collect(),
    };
    let of_account = |account: &str| -> Vec<LogPlace> {
        let seen = origins().filter(|it| it.account.as_deref() == Some(account));
        let mut regions: BTreeSet<&str> = match resource.region.as_deref() {
            Some(region) => BTreeSet::from([region]),
            None => seen.filter_map(|it| it.region.as_deref()).collect(),
        };
        if regions.is_empty() {
            // Known by AWS Config alone, which tells the region but of global types.
            let items = timeline.entries.iter().filter_map(|it| it.step.origin.region.as_deref());
            regions.extend(items);
        }
        if regions.is_empty() {
            let of_arn = resource.arn.as_deref().and_then(|arn| arn.split(':').nth(1));
            let of_logs = || logged_regions.iter().next().map(|region| partition_of(region));
            let partition = of_arn.or_else(of_logs).unwrap_or("aws");
            let service = resource.kind.split("::").nth(1).unwrap_or_default();
            regions.insert(home_region(partition, service));
        }
        regions.into_iter().map(|region| (account.to_owned(), region.to_owned())).collect()
    };
    accounts.into_iter().flat_map(of_account).collect()
}

fn of_place(
    search: &Search,
    found: &ResolvedHistory,
    place: &LogPlace,
    asked: GapsFor,
) -> Result<LogGaps, Error> {
    let history = &found.asked;
    let names = (place.0.as_str(), place.1.as_str());
    let mut holes = LogGaps::new(names, &history.coverage, history.answer.switches(), asked);
    holes.damaged_files =
        history.troubles.iter().filter(|it| may_hold_events_of(it, place, asked)).count() as u64;
    let is_here = |source: &&Source| {
        source.key().is_some_and(|key| {
            key.folder != Folder::Other && (key.account.as_str(), key.region.as_str()) == names
        })
    };
    let sources: Vec<Source> = search.sources().iter().filter(is_here).cloned().collect();
    if !sources.iter().any(|it| it.key().is_some_and(|key| key.folder == Folder::Digest)) {
        return Ok(holes);
    }
    let trust = TrustOptions::default();
    let request = ValidationRequest {
        trust: &trust,
        window: TimeWindow::default(),
        limits: search.limits(),
        threads: search.threads(),
    };
    let bar = search.begin(0);
    let report = verify_files(sources, &BTreeSet::new(), &ReadStates::default(), &request, &*bar)?;
    drop(bar);
    add_digest_gaps(&mut holes, &report, asked);
    Ok(holes)
}

/// Adds what digests tell.
fn add_digest_gaps(holes: &mut LogGaps, report: &ValidationReport, asked: GapsFor) {
    let time = |seconds: i64| DateTime::from_timestamp(seconds, 0).map(Time::from);
    holes.digests = report.digests() as u64;
    for (chain, _, gaps) in report.courses() {
        holes.gaps.extend(gaps.into_iter().map(|gap| UncoveredSpan {
            trail: chain.trail.clone(),
            from: time(gap.from),
            to: time(gap.to),
            cause: gap.cause.word(),
            words: gap.cause.words(),
        }));
    }
    holes.gaps.retain(|gap| asked.touches(gap.from, gap.to));
    holes.gaps.sort_by(|a, b| (a.from, a.to, &a.trail, a.cause).cmp(&(b.from, b.to, &b.trail, b.cause)));
    let mut missing = BTreeSet::new();
    report.rows(&mut |row| {
        if row.kind == integrity::ReportedKind::Log && row.judged.verdict == Verdict::Missing {
            let delivered = Key::parse(&row.key).and_then(|key| key.delivered).map(Time::from);
            if asked.touches(delivered.map(earliest_event_time), delivered) {
                missing.insert((delivered, row.key));
            }
        }
    });
    holes.missing_files = (!missing.is_empty()).then(|| FileSpan {
        files: missing.len() as u64,
        from: missing.iter().find_map(|it| it.0),
        to: missing.iter().next_back().and_then(|it| it.0),
    });
}

/// How far back the events of a file may reach that was delivered then: digests list what was delivered
/// within minutes.
fn earliest_event_time(delivered: Time) -> Time {
    const USUAL: chrono::TimeDelta = chrono::TimeDelta::minutes(20);
    delivered.utc().checked_sub_signed(USUAL).map_or(delivered, Time::from)
}

/// Whether a file that could not be read may have held events of the place: by its name, if that tells.
fn may_hold_events_of(trouble: &Trouble, place: &LogPlace, asked: GapsFor) -> bool {
    // Of these no event is lost.
    if matches!(
        trouble.kind,
        error::Kind::NotConfig | error::Kind::Key | error::Kind::TrailingData | error::Kind::Changed
    ) {
        return false;
    }
    let Some(key) = Key::parse(&trouble.file) else { return true };
    let delivered = key.delivered.map(Time::from);
    let earliest = delivered.and_then(|it| it.utc().checked_sub_signed(LATE)).map(Time::from);
    let is_log = !matches!(key.folder, Folder::Digest | Folder::Insight | Folder::Other);
    is_log && (&key.account, &key.region) == (&place.0, &place.1) && asked.touches(earliest, delivered)
}
