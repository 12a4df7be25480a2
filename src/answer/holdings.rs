//! The fold behind `coverage`: what an archive holds of each account, region and
//! span of time, and the calls that change what is logged.

use super::fold::{Fold, Needs, Plain, Told};
use super::{Coverage, Evidence};
use crate::event::{Event, Outcome, Time, member, scalar, text, truth};
use crate::query::utf8;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// An account, a region, and the beginning of a span in seconds since 1970.
pub(crate) type Cell = (String, String, i64);

/// What is asked: counts by spans of this many seconds.
#[derive(Clone, Copy, Debug)]
pub struct HoldingsBy {
    /// The length of a span.
    pub seconds: i64,
}

/// What a span holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Log files with an event of the span, also one that stands in another file as well.
    pub files: u64,
    /// Its events.
    pub events: u64,
}

/// A call that changes what is logged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Switch {
    /// When, in UTC.
    pub event_time: Option<Time>,
    /// The account.
    pub account: String,
    /// The region it was called in.
    pub region: String,
    /// The call.
    pub event_name: String,
    /// The trail, by its name.
    pub trail: String,
    /// Who called.
    pub who: String,
    /// Whether it had an effect.
    pub outcome: Outcome,
    /// Whether the trail logs calls that change something after it, where the call says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs_writes: Option<bool>,
    /// The id of the event.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// Where the record was found.
    pub evidence: Evidence,
}

/// What an archive holds.
#[derive(Debug, Default)]
pub struct Holdings {
    /// By account, region and span.
    pub cells: BTreeMap<Cell, Held>,
    /// The calls that change what is logged, in order of time.
    pub switches: Vec<Switch>,
}

/// What one thread gathers.
#[derive(Debug, Default)]
pub struct Part {
    held: Holdings,
    /// The cells that the file at hand has counted for.
    of_file: HashSet<Cell>,
}

impl Part {
    fn count(&mut self, account: &str, region: &str, time: Option<Time>, seconds: i64) {
        let Some(time) = time.map(|time| time.utc().timestamp()) else { return };
        let cell = (account.to_owned(), region.to_owned(), time - time.rem_euclid(seconds));
        let held = self.held.cells.entry(cell.clone()).or_default();
        held.events += 1;
        held.files += u64::from(self.of_file.insert(cell));
    }
}

/// Returns whether a call changes what is logged.
pub(super) fn is_switch(source: &str, name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "StopLogging",
        "StartLogging",
        "DeleteTrail",
        "CreateTrail",
        "UpdateTrail",
        "PutEventSelectors",
        "PutInsightSelectors",
    ];
    source == "cloudtrail.amazonaws.com" && NAMES.contains(&name)
}

impl Switch {
    /// Reads a call that changes what is logged.
    pub(super) fn new(event: &Event<'_>, told: &Told<'_>) -> Self {
        let named = |path: &str| event.at(path).and_then(text);
        let paths =
            ["requestParameters.name", "requestParameters.trailName", "requestParameters.trailNameOrArn"];
        let trail = paths.into_iter().find_map(named).unwrap_or_default();
        Self {
            event_time: event.time(),
            account: event.recipient_account().unwrap_or_default().into_owned(),
            region: event.text("awsRegion").unwrap_or_default().to_owned(),
            event_name: event.name().to_owned(),
            trail: trail.rsplit('/').next().unwrap_or_default().to_owned(),
            who: event.actor().who(),
            outcome: event.outcome(),
            logs_writes: (event.name() == "PutEventSelectors").then(|| logs_writes(event)).flatten(),
            event_id: event.text("eventID").unwrap_or_default().to_owned(),
            evidence: told.evidence(),
        }
    }

    /// Returns the same without where it was found, which copies do not have in common.
    fn fact(&self) -> impl Ord + '_ {
        let Self { event_time, account, region, event_name, trail, who, event_id, .. } = self;
        (event_time, account, region, event_name, trail, who, event_id, self.outcome, self.logs_writes)
    }

    /// Puts calls in order, each once.
    pub(super) fn settle(switches: &mut Vec<Self>) {
        switches.sort();
        switches.dedup_by(|a, b| a.fact() == b.fact());
    }
}

/// Whether selectors let management events of calls that change something through.
fn logs_writes(event: &Event<'_>) -> Option<bool> {
    let list = |name: &str| {
        let lists = ["requestParameters", "responseElements"].map(|it| event.at(&format!("{it}.{name}")));
        lists.into_iter().flatten().find_map(|it| it.as_array().filter(|it| !it.is_empty()))
    };
    if let Some(all) = list("eventSelectors") {
        return Some(all.iter().any(|it| {
            let management = member(it, "includeManagementEvents").and_then(truth);
            let kind = member(it, "readWriteType").and_then(text);
            management != Some(false) && kind != Some("ReadOnly")
        }));
    }
    let all = list("advancedEventSelectors")?;
    Some(all.iter().any(|it| {
        let fields = member(it, "fieldSelectors").and_then(|it| it.as_array());
        let is = |field: &str, value: &str| {
            fields.iter().flat_map(|it| it.iter()).any(|it| {
                let equals = member(it, "equals").and_then(|it| it.as_array());
                let mut values = equals.iter().flat_map(|it| it.iter()).filter_map(scalar);
                member(it, "field").and_then(text) == Some(field)
                    && values.any(|it| it.eq_ignore_ascii_case(value))
            })
        };
        is("eventCategory", "Management") && !is("readOnly", "true")
    }))
}

impl Fold for HoldingsBy {
    type Part = Part;
    type Answer = Holdings;

    fn needs(&self) -> Needs<'_> {
        Needs { subtracts: true, ..Needs::everything() }
    }

    fn plain(&self, part: &mut Part, plain: &Plain<'_>) -> bool {
        let glance = &plain.glance;
        let (Some(account), Some(region), Some(time)) =
            (utf8(glance.account), utf8(glance.region), glance.time())
        else {
            return false;
        };
        match (utf8(glance.source), utf8(glance.name)) {
            (Some(source), Some(name)) if !is_switch(source, name) => {}
            _ => return false,
        }
        part.count(account, region, Some(time), self.seconds);
        true
    }

    fn event(&self, part: &mut Part, event: &Event<'_>, told: &Told<'_>) {
        let account = event.recipient_account().unwrap_or_default().into_owned();
        let region = event.text("awsRegion").unwrap_or_default();
        part.count(&account, region, event.time(), self.seconds);
        if is_switch(event.source(), event.name()) {
            part.held.switches.push(Switch::new(event, told));
        }
    }

    fn begin(&self, part: &mut Part) {
        part.of_file.clear();
    }

    fn merge(&self, into: &mut Part, part: Part) {
        for (cell, held) in part.held.cells {
            let sum = into.held.cells.entry(cell).or_default();
            sum.events += held.events;
            sum.files += held.files;
        }
        into.held.switches.extend(part.held.switches);
    }

    /// A file that holds nothing but copies holds events all the same.
    fn subtract(&self, from: &mut Part, copies: Part) {
        for (cell, held) in copies.held.cells {
            if let Some(sum) = from.held.cells.get_mut(&cell) {
                sum.events = sum.events.saturating_sub(held.events);
            }
        }
    }

    fn finish(&self, part: Part, _coverage: &mut Coverage) -> Holdings {
        let mut held = part.held;
        Switch::settle(&mut held.switches);
        held
    }
}

/// A span in which a trail did not log, or not what changes something, as its events tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Off {
    /// The account.
    pub account: String,
    /// The trail.
    pub trail: String,
    /// The call that switched it off.
    pub by: String,
    /// Who called.
    pub who: String,
    /// From when.
    pub from: Option<Time>,
    /// Until when; `None` where no event switches it on again.
    pub to: Option<Time>,
}

impl Holdings {
    /// Returns the spans in which trails were off.
    pub fn off(&self) -> Vec<Off> {
        off(&self.switches)
    }
}

/// Returns the spans in which trails were off, of calls in order of time.
pub(super) fn off(switches: &[Switch]) -> Vec<Off> {
    let done = |it: &&Switch| it.outcome == Outcome::Succeeded;
    let is_off = |it: &&Switch| match it.event_name.as_str() {
        "StopLogging" | "DeleteTrail" => true,
        _ => it.logs_writes == Some(false),
    };
    let off = |it: &Switch| {
        let on = |later: &&Switch| {
            let is_on = match it.logs_writes {
                Some(_) => later.logs_writes == Some(true),
                None => later.event_name == "StartLogging",
            };
            is_on
                && (&later.account, &later.trail) == (&it.account, &it.trail)
                && later.event_time > it.event_time
        };
        Off {
            account: it.account.clone(),
            trail: it.trail.clone(),
            by: it.event_name.clone(),
            who: it.who.clone(),
            from: it.event_time,
            to: switches.iter().filter(done).find(on).and_then(|it| it.event_time),
        }
    };
    switches.iter().filter(done).filter(is_off).map(off).collect()
}
