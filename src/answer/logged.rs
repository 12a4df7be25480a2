//! Since when, and whether at all, calls on the data of a resource are logged: objects of a bucket, invocations of a
//! function. Such calls are data events, and only there where a trail was told to log them.
//!
//! Learned from the data events that are there, and from what trails were told. Nothing here says that there was no
//! call.

use super::fold::{EventContext, Fold, FoldNeeds, Interest};
use super::logging_change::is_switch;
use super::selectors::{Selector, Share, combine_shares};
use super::{Coverage, LoggingChange, Skipped};
use crate::catalog::Catalog;
use crate::event::{Event, EventCategory, Outcome, Time};
use crate::resource::{Match, Reference};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked: calls on the data of this resource.
#[derive(Debug)]
pub struct LoggedBy {
    /// What is asked for.
    reference: Reference,
    /// What holds it: the bucket of an object.
    holder: Reference,
    /// What tells which resources calls act on.
    pub catalog: Catalog,
}

/// What an archive tells of the logging of data events.
#[derive(Debug, Default)]
pub struct Logged {
    /// The first and the last data event on the resource, by account and region.
    seen: BTreeMap<(String, String), (Time, Time)>,
    /// The regions that any event on the resource was recorded in.
    regions: BTreeSet<String>,
    switches: Vec<LoggingChange>,
}

/// A span in which a trail was told to log calls on the data of the resource, or not to log them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedSpan {
    /// The account of the trail.
    pub account: String,
    /// The trail.
    pub trail: String,
    /// From when.
    pub from: Option<Time>,
    /// Until when; `None` where no event ends it.
    pub to: Option<Time>,
    /// The call that began it, or ended the logging.
    pub by: String,
    /// Who called.
    pub who: String,
    /// What is logged, where it is not all, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
}

/// Data events on the resource that are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedEvents {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The first.
    pub first_event_time: Time,
    /// The last.
    pub last_event_time: Time,
}

/// Since when calls on the data of a resource are logged, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataEvents {
    /// The resource whose data it is.
    pub of: String,
    /// What trails were told.
    pub logged_by: Vec<LoggedSpan>,
    /// What is there.
    pub seen: Vec<LoggedEvents>,
    /// Which trails were told to log no such calls any more, where there were such calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<LoggedSpan>,
    /// The earliest moment that such calls are known to be logged at; `None` where nothing tells that they are.
    pub since: Option<Time>,
    /// The latest such moment, where the trails that are known were told to stop.
    pub until: Option<Time>,
}

impl LoggedBy {
    /// Asks for the data of a resource; `None` of one whose use is no data event.
    pub fn new(reference: &Reference) -> Option<Self> {
        if !reference.has_data() {
            return None;
        }
        let holder = match reference.bucket() {
            Some(bucket) => Reference::parse(&format!("s3://{bucket}/")).ok()?,
            None => reference.clone(),
        };
        Some(Self { reference: reference.clone(), holder, catalog: Catalog::default() })
    }

    /// Says what is known, for programs.
    pub fn known(&self, logged: &Logged) -> DataEvents {
        let seen: Vec<LoggedEvents> = logged.seen.iter().map(to_logged_events).collect();
        let SelectorSpans { logged: logged_by, mut ended } =
            find_resource_spans(&self.reference, &logged.regions, &logged.switches);
        let begin =
            logged_by.iter().filter_map(|it| it.from).chain(seen.iter().map(|it| it.first_event_time));
        let since = begin.min();
        // Of a trail that did not log before there is nothing to tell.
        ended.retain(|it| since.is_some_and(|since| it.from.is_none_or(|from| since < from)));
        let is_told = !logged_by.is_empty() || ended.iter().any(|it| it.to.is_none());
        let is_over = is_told && logged_by.iter().all(|it| it.to.is_some());
        let ends = logged_by.iter().filter_map(|it| it.to).chain(seen.iter().map(|it| it.last_event_time));
        let until = ends.max().filter(|_| is_over);
        DataEvents { of: self.of(), since, until, logged_by, seen, ended }
    }

    /// What the data is of: `objects of x`, or the data of what was typed.
    fn of(&self) -> String {
        match self.reference.bucket() {
            Some(bucket) => format!("objects of `{bucket}`"),
            None => format!("the data of `{}`", self.reference.text()),
        }
    }
}

fn to_logged_events(((account, region), (first, last)): (&(String, String), &(Time, Time))) -> LoggedEvents {
    let (account, region) = (account.clone(), region.clone());
    LoggedEvents { account, region, first_event_time: *first, last_event_time: *last }
}

/// Says in words what is known of the logging of data events; `known` is missing where nothing was read for it.
pub fn data_event_hints(
    reference: &Reference,
    known: Option<&DataEvents>,
    coverage: &Coverage,
) -> Vec<String> {
    let of = known.map_or_else(
        || {
            let of_objects = reference.is_object();
            if of_objects { "objects".to_owned() } else { format!("the data of `{}`", reference.text()) }
        },
        |known| known.of.clone(),
    );
    let mut hints = Vec::new();
    let (logged_by, seen) = known.map_or((&[][..], &[][..]), |it| (&it.logged_by, &it.seen));
    for it in logged_by {
        let only = it.only.as_deref().map(|only| format!(" ({only})")).unwrap_or_default();
        let until = it.to.map_or_else(|| "on".to_owned(), |to| format!("to {to}"));
        let from = it.from.map_or("a time that cannot be read".to_owned(), |from| from.to_string());
        let LoggedSpan { trail, by, who, .. } = it;
        hints.push(format!(
            "calls on {of} are logged from {from} {until}{only}: trail {trail}, {by} by {who}"
        ));
    }
    for it in seen {
        let LoggedEvents { account, region, first_event_time: first, last_event_time: last } = it;
        hints.push(format!("calls on {of} are in these logs from {first} to {last}, {account} {region}"));
    }
    for it in known.into_iter().flat_map(|it| &it.ended).take(MOST_ENDED) {
        let until = it.to.map(|to| format!(" until {to}")).unwrap_or_default();
        let from = it.from.map_or("a time that cannot be read".to_owned(), |from| from.to_string());
        let LoggedSpan { trail, by, who, .. } = it;
        hints.push(format!("from {from}{until} trail {trail} does not log calls on {of}: {by} by {who}"));
    }
    match known.and_then(|it| it.since) {
        Some(since) => {
            let until = known.and_then(|it| it.until).map(|it| format!(", and after {it},")).unwrap_or_default();
            hints.push(format!("before {since}{until} nothing tells that calls on {of} were logged: that none is shown does not mean that there was none"));
        }
        None if coverage.data_events == 0 && coverage.beside.aggregated > 0 => hints.push(format!(
            "data events are in these files as {} aggregated records alone, which count calls and tell none: calls on {of} cannot be seen in them",
            coverage.beside.aggregated
        )),
        None if coverage.data_events == 0 => {
            hints.push(format!("no data event was logged in these files, so calls on {of} cannot be seen in them"));
        }
        None if known.is_some() => hints.push(format!(
            "none of the {} data events in these files is on {of}, and no call tells that they are logged: calls on them cannot be seen",
            coverage.data_events
        )),
        None => {}
    }
    if let Some(files) = coverage.files_skipped.get(&Skipped::Aggregated).filter(|files| **files > 0) {
        hints.push(format!(
            "{files} files of aggregated events were left out: they count calls on {of} and name none"
        ));
    }
    hints
}

/// So many trails that ended are told of.
const MOST_ENDED: usize = 3;

/// The spans in which trails were told to log calls on the data of a resource, which is in one of these regions, if
/// any is known.
fn find_resource_spans(
    reference: &Reference,
    regions: &BTreeSet<String>,
    switches: &[LoggingChange],
) -> SelectorSpans {
    collect_selector_spans(switches, &|it, logs_all_regions, selectors| {
        let at_home = BTreeSet::from([it.home.clone()]);
        let own = reference.region().map(|region| BTreeSet::from([region.to_owned()]));
        let regions = own.as_ref().unwrap_or(if regions.is_empty() { &at_home } else { regions });
        let in_reach = regions.iter().filter(|region| logs_all_regions != Some(false) || **region == it.home);
        let arns = in_reach.flat_map(|region| reference.data_arns(region, &it.account));
        let shares = arns.map(|(kind, arn, is_whole)| combine_shares(selectors, kind, &arn, is_whole));
        Some(shares.max().unwrap_or(Share::Nothing))
    })
}

/// Returns the spans in which trails were told to log data events, with what they were told.
pub(super) fn logged_data_spans(switches: &[LoggingChange]) -> Vec<LoggedSpan> {
    let spans = collect_selector_spans(switches, &|_, _, selectors| {
        let told: Vec<String> = selectors.iter().filter_map(Selector::describe).collect();
        Some(if told.is_empty() { Share::Nothing } else { Share::Part(told.join("; ")) })
    });
    spans.logged
}

/// What selectors let through of what is asked for, on a trail that is known to log all regions, or its own alone.
type LetThrough<'l> = &'l dyn Fn(&LoggingChange, Option<bool>, &[Selector]) -> Option<Share>;

/// What trails were told to log, and not to log.
#[derive(Default)]
struct SelectorSpans {
    logged: Vec<LoggedSpan>,
    ended: Vec<LoggedSpan>,
}

/// The spans in which trails logged something, and what, by what selectors let through of it.
fn collect_selector_spans(switches: &[LoggingChange], let_through: LetThrough<'_>) -> SelectorSpans {
    let mut spans = SelectorSpans::default();
    let mut known: BTreeMap<(&str, &str, &str), SelectorTrail> = BTreeMap::new();
    for it in switches.iter().filter(|it| it.outcome == Outcome::Succeeded) {
        let trail = known.entry((&it.account, &it.home, &it.trail)).or_default();
        let before = trail.logs_nothing();
        trail.take(it, let_through);
        let now = trail.share.clone().filter(|share| *share != Share::Nothing && !trail.is_off);
        spans.go_on(it, trail, before, now.as_ref());
    }
    spans
}

/// What is known of a trail at a moment.
#[derive(Default)]
struct SelectorTrail {
    share: Option<Share>,
    is_off: bool,
    logs_all_regions: Option<bool>,
    selectors: Option<Vec<Selector>>,
    /// The span that is not over.
    open: Option<usize>,
    /// The span in which it does not log that is not over.
    ended: Option<usize>,
}

impl SelectorTrail {
    fn take(&mut self, it: &LoggingChange, let_through: LetThrough<'_>) {
        match it.event_name.as_str() {
            "StopLogging" | "StopEventDataStoreIngestion" => self.is_off = true,
            "StartLogging" | "StartEventDataStoreIngestion" | "RestoreEventDataStore" => self.is_off = false,
            "CreateTrail" | "DeleteTrail" | "DeleteEventDataStore" => {
                // A new trail logs no data events unless it is told to.
                *self = Self {
                    is_off: true,
                    share: Some(Share::Nothing),
                    open: self.open,
                    ended: self.ended,
                    ..Self::default()
                };
            }
            _ => {}
        }
        self.logs_all_regions = it.setup.logs_all_regions().or(self.logs_all_regions);
        if it.setup.selectors.is_some() {
            self.selectors.clone_from(&it.setup.selectors);
        }
        if let Some(selectors) = &self.selectors {
            self.share = let_through(it, self.logs_all_regions, selectors);
        }
    }

    /// Whether nothing of what is asked for is logged, as far as is known.
    fn logs_nothing(&self) -> bool {
        self.is_off || self.share == Some(Share::Nothing)
    }
}

impl SelectorSpans {
    /// Begins and ends spans by what a trail logs after a call, and whether that was nothing before.
    fn go_on(&mut self, it: &LoggingChange, trail: &mut SelectorTrail, before: bool, now: Option<&Share>) {
        let (account, name, by, who) =
            (it.account.clone(), it.trail.clone(), it.event_name.clone(), it.who.clone());
        match trail.ended {
            Some(at) if !trail.logs_nothing() => {
                self.ended[at].to = it.event_time;
                trail.ended = None;
            }
            // What is told to have been logged says until when, and a trail that is made ends nothing.
            None if trail.logs_nothing()
                && !before
                && trail.open.is_none()
                && !it.event_name.starts_with("Create") =>
            {
                trail.ended = Some(self.ended.len());
                let (account, trail, by, who) = (account.clone(), name.clone(), by.clone(), who.clone());
                self.ended.push(LoggedSpan {
                    account,
                    trail,
                    from: it.event_time,
                    to: None,
                    by,
                    who,
                    only: None,
                });
            }
            _ => {}
        }
        let only = match now {
            Some(Share::Part(words)) => Some(words.clone()),
            _ => None,
        };
        let same = trail.open.is_some_and(|at| now.is_some() && self.logged[at].only == only);
        if same {
            return;
        }
        if let Some(at) = trail.open.take() {
            self.logged[at].to = it.event_time;
        }
        if now.is_some() {
            trail.open = Some(self.logged.len());
            self.logged.push(LoggedSpan {
                account,
                trail: name,
                from: it.event_time,
                to: None,
                by,
                who,
                only,
            });
        }
    }
}

impl Fold for LoggedBy {
    type Accumulator = Logged;
    type Answer = Logged;

    fn needs(&self) -> FoldNeeds<'_> {
        // Of the events no number is told, so that copies do no harm.
        FoldNeeds {
            everything: self.holder.literals().is_empty(),
            references: vec![&self.holder],
            merges_copies: true,
            ..FoldNeeds::default()
        }
    }

    fn call_interest(&self, source: &str, name: &str) -> Interest {
        if is_switch(source, name) { Interest::Always } else { Interest::Never }
    }

    fn event(&self, logged: &mut Logged, event: &Event<'_>, context: &EventContext<'_>) {
        if is_switch(event.source(), event.name()) {
            logged.switches.push(LoggingChange::new(event, context));
        }
        let acts = self.catalog.acts(event);
        if !acts.list.iter().any(|act| self.holder.matches(&act.resource) == Match::Yes) {
            return;
        }
        let region = event.text("awsRegion").unwrap_or_default().to_owned();
        if let (EventCategory::Data, Some(time)) = (event.category(), event.time()) {
            let account = event.recipient_account().unwrap_or_default().into_owned();
            logged.add((account, region.clone()), (time, time));
        }
        logged.regions.insert(region);
    }

    fn merge(&self, into: &mut Logged, part: Logged) {
        part.seen.into_iter().for_each(|(place, ends)| into.add(place, ends));
        into.regions.extend(part.regions);
        into.switches.extend(part.switches);
    }

    fn finish(&self, mut part: Logged, _coverage: &mut Coverage) -> Logged {
        LoggingChange::settle(&mut part.switches);
        part
    }
}

impl Logged {
    fn add(&mut self, place: (String, String), ends: (Time, Time)) {
        let known = self.seen.entry(place).or_insert(ends);
        *known = (known.0.min(ends.0), known.1.max(ends.1));
    }
}
