//! The fold behind `coverage`: what an archive holds of each account, region and
//! span of time, and the calls that change what is logged.

use super::Coverage;
use super::fold::{EventContext, Fold, FoldNeeds, UnparsedEvent};
use super::logged::{LoggedSpan, logged_data_spans};
use super::logging_change::{LoggingChange, is_switch};
use super::trails::{LoggingOutage, assemble_trails};
use crate::catalog::Catalog;
use crate::event::{Event, EventCategory, Time, as_utf8};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// An account, a region, and the beginning of a span in seconds since 1970.
pub(crate) type CoverageCell = (String, String, i64);

/// What is asked: counts by spans of this many seconds.
#[derive(Clone, Debug)]
pub struct CoverageQuery {
    /// The length of a span.
    pub seconds: i64,
    /// What tells which resource a data event is on.
    pub catalog: Catalog,
}

/// What a span holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpanContent {
    /// Log files with an event of the span, also one that stands in another file as well.
    pub files: u64,
    /// Its events.
    pub events: u64,
}

/// What an archive holds.
#[derive(Debug, Default)]
pub struct ArchiveCoverage {
    /// By account, region and span.
    pub cells: BTreeMap<CoverageCell, SpanContent>,
    /// The calls that change what is logged, in order of time.
    pub switches: Vec<LoggingChange>,
    /// The data events, by the resource whose data it is: the bucket of an object.
    pub data: BTreeMap<DataResource, ResourceDataEvents>,
}

/// A resource that there are data events of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct DataResource {
    pub account: String,
    pub region: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
}

/// What is there of the data events of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceDataEvents {
    /// The first.
    pub first_event_time: Time,
    /// The last.
    pub last_event_time: Time,
    /// How many.
    pub events: u64,
}

impl DataResource {
    /// The resource whose data a call is on: the first that it acts on, and of an object its bucket.
    fn of(catalog: &Catalog, event: &Event<'_>) -> Self {
        let acts = catalog.acts(event);
        let (kind, id) = match acts.list.first().map(|act| &act.resource) {
            Some(it) if it.kind == "AWS::S3::Object" => {
                ("AWS::S3::Bucket".to_owned(), it.id.split('/').next().unwrap_or_default().to_owned())
            }
            Some(it) => (it.kind.clone().into_owned(), it.id.clone()),
            None => (event.source().to_owned(), String::new()),
        };
        let account = event.recipient_account().unwrap_or_default().into_owned();
        Self { account, region: event.text("awsRegion").unwrap_or_default().to_owned(), kind, id }
    }
}

impl ResourceDataEvents {
    fn add(&mut self, more: Self) {
        self.first_event_time = self.first_event_time.min(more.first_event_time);
        self.last_event_time = self.last_event_time.max(more.last_event_time);
        self.events += more.events;
    }
}

/// What one thread gathers.
#[derive(Debug, Default)]
pub struct CoverageState {
    held: ArchiveCoverage,
    /// The cells that the file at hand has counted for.
    of_file: HashSet<CoverageCell>,
}

impl CoverageState {
    /// Counts an event and its file; of a copy the file alone.
    fn count(&mut self, place: (&str, &str), time: Option<Time>, seconds: i64, events: u64) {
        let Some(time) = time.map(|time| time.utc().timestamp()) else { return };
        let (account, region) = place;
        let cell = (account.to_owned(), region.to_owned(), time - time.rem_euclid(seconds));
        let held = self.held.cells.entry(cell.clone()).or_default();
        held.events += events;
        held.files += u64::from(self.of_file.insert(cell));
    }
}

impl CoverageQuery {
    /// Takes note of where an event, or a copy of one, was found.
    fn place(&self, part: &mut CoverageState, event: &Event<'_>, context: &EventContext<'_>, events: u64) {
        let account = event.recipient_account().unwrap_or_default();
        let region = event.text("awsRegion").unwrap_or_default();
        part.count((&account, region), event.time(), self.seconds, events);
        if is_switch(event.source(), event.name()) {
            part.held.switches.push(LoggingChange::new(event, context));
        }
    }
}

impl Fold for CoverageQuery {
    type Accumulator = CoverageState;
    type Answer = ArchiveCoverage;

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds { subtracts: true, ..FoldNeeds::everything() }
    }

    fn fold_unparsed(&self, part: &mut CoverageState, unparsed: &UnparsedEvent<'_>) -> bool {
        let raw = &unparsed.raw;
        // Whose data it is stands in the record.
        if raw.is_data != Some(false) {
            return false;
        }
        let (Some(account), Some(region), Some(time)) =
            (as_utf8(raw.account), as_utf8(raw.region), raw.time())
        else {
            return false;
        };
        match (as_utf8(raw.source), as_utf8(raw.name)) {
            (Some(source), Some(name)) if !is_switch(source, name) => {}
            _ => return false,
        }
        part.count((account, region), Some(time), self.seconds, 1);
        true
    }

    fn event(&self, part: &mut CoverageState, event: &Event<'_>, context: &EventContext<'_>) {
        self.place(part, event, context, 1);
        if let (EventCategory::Data, Some(time)) = (event.category(), event.time()) {
            let one = ResourceDataEvents { first_event_time: time, last_event_time: time, events: 1 };
            part.held
                .data
                .entry(DataResource::of(&self.catalog, event))
                .and_modify(|held| held.add(one))
                .or_insert(one);
        }
    }

    /// A file that holds nothing but copies holds events all the same.
    fn copy(&self, part: &mut CoverageState, event: &Event<'_>, context: &EventContext<'_>) {
        self.place(part, event, context, 0);
    }

    fn begin(&self, part: &mut CoverageState) {
        part.of_file.clear();
    }

    fn merge(&self, into: &mut CoverageState, part: CoverageState) {
        for (cell, held) in part.held.cells {
            let sum = into.held.cells.entry(cell).or_default();
            sum.events += held.events;
            sum.files += held.files;
        }
        into.held.switches.extend(part.held.switches);
        for (of, more) in part.held.data {
            into.held.data.entry(of).and_modify(|held| held.add(more)).or_insert(more);
        }
    }

    /// A file that holds nothing but copies holds events all the same.
    fn subtract(&self, from: &mut CoverageState, copies: CoverageState) {
        for (cell, held) in copies.held.cells {
            if let Some(sum) = from.held.cells.get_mut(&cell) {
                sum.events = sum.events.saturating_sub(held.events);
            }
        }
        for (of, held) in copies.held.data {
            if let Some(sum) = from.held.data.get_mut(&of) {
                sum.events = sum.events.saturating_sub(held.events);
            }
        }
    }

    fn finish(&self, part: CoverageState, _coverage: &mut Coverage) -> ArchiveCoverage {
        let mut held = part.held;
        // A row of an export need not have the account of the record that it is a copy of.
        held.cells.retain(|_, cell| cell.events > 0);
        LoggingChange::settle(&mut held.switches);
        held
    }
}

impl ArchiveCoverage {
    /// Returns what trails did not log.
    pub fn off(&self) -> Vec<LoggingOutage> {
        assemble_trails(&self.switches).off
    }

    /// Returns the spans in which trails were told to log data events, and which ones.
    pub fn logged_data_spans(&self) -> Vec<LoggedSpan> {
        logged_data_spans(&self.switches)
    }
}
