//! Calls that change what is logged: trails and event data stores that are made, stopped, started, narrowed or deleted.

use super::Evidence;
use super::fold::EventContext;
use super::selectors::{Selector, SelectorKind};
use super::trails::TrailSetup;
use crate::event::{Event, Outcome, Time, nonempty_text};
use serde::Serialize;

/// A call that changes what is logged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggingChange {
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
    /// Where the trail has its home: two regions may have trails of one name.
    #[serde(skip)]
    pub(super) home: String,
    /// Who called.
    pub who: String,
    /// Whether it had an effect.
    pub outcome: Outcome,
    /// Whether the trail logs calls that change something after it, where the call says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs_writes: Option<bool>,
    /// What it makes of the trail.
    #[serde(skip)]
    pub(super) setup: TrailSetup,
    /// The id of the event.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// Where the record was found.
    pub evidence: Evidence,
}

impl LoggingChange {
    /// Reads a call that changes what is logged.
    pub(super) fn new(event: &Event<'_>, context: &EventContext<'_>) -> Self {
        let named = |path: &str| event.at(path).and_then(nonempty_text);
        // The ARN of a store ends in an id, by which later calls name it.
        let paths = [
            "responseElements.eventDataStoreArn",
            "requestParameters.eventDataStore",
            "requestParameters.name",
            "requestParameters.trailName",
            "requestParameters.trailNameOrArn",
        ];
        let trail = paths.into_iter().find_map(named).unwrap_or_default();
        let region = event.text("awsRegion").unwrap_or_default();
        let home = trail.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(2)).unwrap_or(region);
        let setup = TrailSetup::of(event);
        let writes = |it: &Selector| it.kind == SelectorKind::Management && it.writes;
        let logs_writes = setup.selectors.as_ref().map(|all| all.iter().any(writes));
        Self {
            event_time: event.time(),
            account: event.recipient_account().unwrap_or_default().into_owned(),
            region: region.to_owned(),
            home: home.to_owned(),
            event_name: event.name().to_owned(),
            trail: trail.rsplit('/').next().unwrap_or_default().to_owned(),
            who: event.actor().who(),
            outcome: event.outcome(),
            logs_writes: logs_writes.filter(|_| event.name() == "PutEventSelectors"),
            setup,
            event_id: event.text("eventID").unwrap_or_default().to_owned(),
            evidence: context.evidence(),
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

/// Returns whether a call changes what is logged.
pub(super) fn is_switch(source: &str, name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "StopLogging",
        "StartLogging",
        "DeleteTrail",
        "CreateTrail",
        "UpdateTrail",
        "PutEventSelectors",
        "PutInsightSelectors",
        "CreateEventDataStore",
        "UpdateEventDataStore",
        "DeleteEventDataStore",
        "RestoreEventDataStore",
        "StartEventDataStoreIngestion",
        "StopEventDataStoreIngestion",
    ];
    source == "cloudtrail.amazonaws.com" && NAMES.contains(&name)
}
