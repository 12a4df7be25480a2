//! What trails are known not to have logged of what is asked for, told beside the answer: an empty answer, or one that
//! ends, may be one for which nothing was logged.

use super::ask::{Messages, Session};
use crate::answer::{
    Coverage, GapCalls, GapsFor, History, LogGaps, LoggingChange, LoggingOutage, Switches, Unlogged,
};
use crate::aws::{home_region, partition_of};
use crate::error::{Error, Trouble};
use crate::event::Time;
use crate::query::Filter;
use crate::render;
use crate::resource::type_named;
use crate::scan::ask::Answered;
use crate::timeline::{Step, StepOutcome, Timeline};
use std::collections::BTreeSet;

/// So many are told of.
const TOLD: usize = 3;

/// What is asked for, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct LoggedSubject {
    /// The accounts and regions that it is known to be in; none where nothing tells.
    pub(super) places: BTreeSet<(String, String)>,
    /// The account and the region that were typed.
    pub(super) typed: (Option<String>, Option<String>),
    /// The types that it may be of; none where nothing tells.
    pub(super) kinds: Vec<String>,
    /// Whether calls on its data are asked for, and no management events.
    pub(super) is_data: bool,
    /// Events on it: what logged them was not off.
    pub(super) events: Vec<Time>,
    pub(super) deeds: GapCalls,
}

/// Says what is missing of a subject.
pub(super) fn note_not_logged(
    messages: &mut Messages,
    session: &Session<'_>,
    logs: (&Coverage, &[LoggingChange]),
    subject: &LoggedSubject,
) {
    let (coverage, switches) = logs;
    if switches.is_empty() {
        return;
    }
    let places = subject.places(coverage);
    let asked = GapsFor {
        since: session.search.filter.since,
        until: session.search.filter.until,
        deeds: subject.deeds,
    };
    let mut all: Vec<LoggingOutage> = Vec::new();
    for (account, region) in &places {
        let holes = LogGaps::new((account.as_str(), region.as_str()), coverage, switches, asked);
        let about = |kind: &String| holes.clone().about(kind, !is_global(kind), &subject.events).trails_off;
        let found: Vec<LoggingOutage> = match subject.kinds.as_slice() {
            [] => holes.trails_off,
            kinds => kinds.iter().flat_map(about).collect(),
        };
        for off in found {
            if !all.contains(&off) {
                all.push(off);
            }
        }
    }
    all.retain(|it| {
        let is_of_data =
            matches!(it.unlogged, Unlogged::Everything | Unlogged::OldBucket(_) | Unlogged::OtherRegions);
        !subject.is_data || is_of_data
    });
    all.sort_by(|a, b| (a.from, &a.account, &a.trail).cmp(&(b.from, &b.account, &b.trail)));
    if all.is_empty() {
        return;
    }
    let account = match places.iter().map(|it| it.0.as_str()).collect::<BTreeSet<_>>().len() {
        1 => places.iter().next().map_or("", |it| it.0.as_str()),
        _ => "",
    };
    messages.hints.extend(all.iter().take(TOLD).map(|it| render::trail_off(it, account)));
    if let Some(more) = all.len().checked_sub(TOLD).filter(|more| *more > 0) {
        messages.hints.push(format!(
            "{more} more spans in which trails did not log all: `trailscan coverage{}` lists them",
            session.paths_typed()
        ));
    }
    messages.beside.push(("holes", serde_json::to_value(all).unwrap_or_default()));
}

/// Says what is missing of the resources whose timelines are shown.
pub(super) fn note_not_logged_of_timelines(
    messages: &mut Messages,
    session: &Session<'_>,
    found: &Answered<History>,
    timelines: &[Timeline],
) {
    let logged = || {
        let entries = timelines.iter().flat_map(|it| it.entries.iter().map(move |entry| (it, &entry.step)));
        entries.filter(|(_, step)| step.kind != StepOutcome::ConfigItem)
    };
    let place = |(timeline, step): (&Timeline, &Step)| {
        let region = timeline.resource.region.as_deref().or(step.origin.region.as_deref());
        Some((step.origin.account.clone()?, region?.to_owned()))
    };
    let subject = LoggedSubject {
        places: logged().filter_map(place).collect(),
        kinds: timelines.iter().map(|it| it.resource.kind.to_string()).collect(),
        events: logged().filter_map(|(_, step)| step.origin.time).collect(),
        ..LoggedSubject::default()
    };
    note_not_logged(messages, session, (&found.coverage, found.answer.switches()), &subject);
}

impl LoggedSubject {
    /// The places whose logs tell of it: where nothing tells which, all that there are.
    fn places(&self, coverage: &Coverage) -> BTreeSet<(String, String)> {
        let (account, region) = &self.typed;
        let is_typed = |(of, at): &(&str, &str)| {
            account.as_deref().is_none_or(|it| it == *of) && region.as_deref().is_none_or(|it| it == *at)
        };
        let all = coverage
            .days
            .places()
            .into_iter()
            .filter(|(account, region)| !account.is_empty() && !region.is_empty());
        if !self.places.is_empty() {
            return self.places.clone();
        }
        match self.kinds.first().filter(|_| self.kinds.iter().all(|kind| is_global(kind))) {
            Some(kind) => {
                let service = kind.split("::").nth(1).unwrap_or_default();
                let home = |(of, at): (&str, &str)| {
                    (of.to_owned(), home_region(partition_of(at), service).to_owned())
                };
                all.filter(|(of, _)| account.as_deref().is_none_or(|it| it == *of)).map(home).collect()
            }
            None => all.filter(is_typed).map(|(of, at)| (of.to_owned(), at.to_owned())).collect(),
        }
    }
}

/// Whether resources of a type are in no region, and calls on them recorded as those of global services.
fn is_global(kind: &str) -> bool {
    kind != "AWS::S3::Bucket" && type_named(kind).is_some_and(|it| it.global)
}

/// Reads the calls that change what is logged, whoever made them and when: a trail that was made before `--since` counts.
/// Nothing of a pipe, which is gone.
pub(super) fn read_switches(
    session: &mut Session<'_>,
    troubles: &mut Vec<Trouble>,
) -> Result<Option<(Vec<LoggingChange>, Coverage)>, Error> {
    if session.search.is_read_once() {
        return Ok(None);
    }
    let found = session.search.fold_beside(Filter::default(), &Switches, troubles)?;
    Ok(Some((found.answer, found.coverage)))
}
