//! What trails and event data stores do not log, as the calls tell that set them up: spans in which one was off, or
//! was narrowed to some regions, services or calls.
//!
//! What a trail was before the first call that tells of it is unknown, and no hole. Whether another trail logged on
//! is judged in `holes`.

use super::LoggingChange;
use super::selectors::{Selector, SelectorKind};
use crate::event::{Event, Outcome, Time, bool_value, member_of, scalar_text};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What is not logged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Unlogged {
    /// Nothing is logged.
    Everything,
    /// No management events.
    ManagementEvents,
    /// No calls that change something.
    Writes,
    /// No calls that only read.
    Reads,
    /// Nothing of other regions than the trail's own.
    OtherRegions,
    /// No events of global services: IAM, STS, CloudFront.
    GlobalServices,
    /// No management events of these services.
    Services(Vec<String>),
    /// Only what the selectors say, in words.
    AllBut(String),
    /// Nothing is delivered to where it was before, but to this bucket.
    OldBucket(String),
    /// It was told to deliver to this bucket, and nothing tells whether it did so before.
    OtherBucket(String),
    /// Nothing of the other accounts of the organization.
    Members,
    /// No digests: nothing proves that the files are whole.
    Digests,
}

impl Unlogged {
    /// Returns what is not logged, of a trail of this region.
    pub fn what(&self, region: &str) -> String {
        match self {
            Self::Everything => "everything".to_owned(),
            Self::ManagementEvents => "management events".to_owned(),
            Self::Writes => "calls that change something".to_owned(),
            Self::Reads => "calls that only read".to_owned(),
            Self::OtherRegions => format!("all regions but {region}"),
            Self::GlobalServices => "global services (IAM, STS, CloudFront)".to_owned(),
            Self::Services(names) => format!("management events of {}", names.join(" ")),
            Self::AllBut(limits) => format!("management events but those where {limits}"),
            Self::OldBucket(bucket) => format!("delivered to bucket {bucket} from then on"),
            Self::OtherBucket(bucket) => format!("told to deliver to bucket {bucket}, perhaps another one"),
            Self::Members => "the other accounts of the organization".to_owned(),
            Self::Digests => "digests: validation of log files was switched off".to_owned(),
        }
    }

    /// Returns what is said of the trail.
    pub fn words(&self) -> String {
        match self {
            Self::Everything => "was off".to_owned(),
            Self::ManagementEvents => "logged no management events".to_owned(),
            Self::Writes => "logged no changes".to_owned(),
            Self::Reads => "logged no reads".to_owned(),
            Self::OtherRegions => "logged no other region".to_owned(),
            Self::GlobalServices => "logged no global services (IAM, STS, CloudFront)".to_owned(),
            Self::Services(names) => format!("logged no events of {}", names.join(" ")),
            Self::AllBut(limits) => format!("logged only management events where {limits}"),
            Self::OldBucket(bucket) => format!("delivered to bucket {bucket} instead"),
            Self::OtherBucket(bucket) => format!("was told to deliver to bucket {bucket}"),
            Self::Members => "logged no other account of its organization".to_owned(),
            Self::Digests => "wrote no digests".to_owned(),
        }
    }
}

/// A span in which a trail did not log, or not all, as its events tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggingOutage {
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
    /// The region that the trail is of.
    pub region: String,
    /// What was not logged.
    pub unlogged: Unlogged,
    /// Whether the trail is known to log its own region alone.
    #[serde(skip)]
    pub single_region: bool,
    /// When the trail was made, if these logs tell.
    #[serde(skip)]
    pub created: Option<Time>,
}

/// A span in which a trail logged, as the calls tell that made and started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LoggingSpan {
    pub(super) account: String,
    pub(super) trail: String,
    pub(super) region: String,
    pub(super) multi_region: Option<bool>,
    pub(super) from: Option<Time>,
    pub(super) to: Option<Time>,
}

/// What a call tells of the trail that it sets up.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TrailSetup {
    pub(super) multi_region: TrailFlag,
    pub(super) global_services: TrailFlag,
    pub(super) organization: TrailFlag,
    pub(super) validation: TrailFlag,
    pub(super) bucket: Option<String>,
    pub(super) selectors: Option<Vec<Selector>>,
}

/// A flag that is asked for, and what it is after the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TrailFlag {
    asked: Option<bool>,
    after: Option<bool>,
}

impl TrailSetup {
    /// Whether it logs all regions after the call, where that tells.
    pub(super) fn logs_all_regions(&self) -> Option<bool> {
        self.multi_region.asked.or(self.multi_region.after)
    }

    pub(super) fn of(event: &Event<'_>) -> Self {
        let part = |root: &str, name: &str| member_of(event.get(root)?, name);
        let flag = |names: [&str; 2]| {
            let of = |root: &str| names.iter().find_map(|name| bool_value(part(root, name)?));
            TrailFlag { asked: of("requestParameters"), after: of("responseElements") }
        };
        Self {
            multi_region: flag(["isMultiRegionTrail", "multiRegionEnabled"]),
            global_services: flag(["includeGlobalServiceEvents", ""]),
            organization: flag(["isOrganizationTrail", "organizationEnabled"]),
            validation: flag(["enableLogFileValidation", "logFileValidationEnabled"]),
            bucket: part("requestParameters", "s3BucketName").and_then(scalar_text).map(Cow::into_owned),
            selectors: Selector::all(event),
        }
    }
}

/// What a trail logged before.
#[derive(Debug)]
struct StateBefore {
    multi_region: Option<bool>,
    global_services: Option<bool>,
    organization: Option<bool>,
}

/// What is known of a trail at a moment.
#[derive(Debug, Default)]
struct TrailState {
    /// Whether any call was on one of that name before.
    is_met: bool,
    created: Option<Time>,
    multi_region: Option<bool>,
    global_services: Option<bool>,
    organization: Option<bool>,
    /// Of one that is just made anew: what it was before.
    was: Option<StateBefore>,
    bucket: Option<String>,
    /// What it does not log, with the places of the spans that say so.
    open: Vec<(Unlogged, usize)>,
    /// The run that is not over.
    run: Option<usize>,
}

/// What calls in order of time come to.
#[derive(Debug, Default)]
pub(super) struct Trails {
    pub(super) off: Vec<LoggingOutage>,
    pub(super) runs: Vec<LoggingSpan>,
}

/// Puts together what calls in order of time tell.
pub(super) fn assemble_trails(switches: &[LoggingChange]) -> Trails {
    let mut found = Trails::default();
    let mut known: BTreeMap<(&str, &str, &str), TrailState> = BTreeMap::new();
    for it in switches.iter().filter(|it| it.outcome == Outcome::Succeeded) {
        let trail = known.entry((&it.account, &it.home, &it.trail)).or_default();
        found.take(it, trail);
        trail.is_met = true;
    }
    found
}

impl Trails {
    fn take(&mut self, it: &LoggingChange, trail: &mut TrailState) {
        match it.event_name.as_str() {
            "StopLogging" | "DeleteTrail" | "StopEventDataStoreIngestion" | "DeleteEventDataStore" => {
                if let Some(run) = trail.run.take() {
                    self.runs[run].to = it.event_time;
                }
                self.open(it, trail, Unlogged::Everything);
            }
            "StartLogging" | "StartEventDataStoreIngestion" | "RestoreEventDataStore" => {
                self.close(it, trail, |what| *what == Unlogged::Everything);
                self.start(it, trail);
            }
            "CreateTrail" | "CreateEventDataStore" => {
                // One that was deleted and is made anew is measured by what it was before.
                *trail = TrailState {
                    created: if trail.is_met { trail.created } else { it.event_time },
                    open: std::mem::take(&mut trail.open),
                    was: trail.is_met.then_some(StateBefore {
                        multi_region: trail.multi_region,
                        global_services: trail.global_services,
                        organization: trail.organization,
                    }),
                    ..TrailState::default()
                };
                self.set_up(it, trail);
                // A trail begins to log when it is started, a store when it is made.
                if it.event_name == "CreateEventDataStore" {
                    self.close(it, trail, |what| *what == Unlogged::Everything);
                    self.start(it, trail);
                }
            }
            "UpdateTrail" | "UpdateEventDataStore" | "PutEventSelectors" => self.set_up(it, trail),
            _ => {}
        }
    }

    fn start(&mut self, it: &LoggingChange, trail: &mut TrailState) {
        if trail.run.is_none() {
            trail.run = Some(self.runs.len());
            self.runs.push(LoggingSpan {
                account: it.account.clone(),
                trail: it.trail.clone(),
                region: it.home.clone(),
                multi_region: trail.multi_region,
                from: it.event_time,
                to: None,
            });
        }
    }

    /// Takes what a call makes of a trail.
    fn set_up(&mut self, it: &LoggingChange, trail: &mut TrailState) {
        let setup = &it.setup;
        let is_new = it.event_name.starts_with("Create");
        // Of a trail that was made for the first time nothing was logged before.
        let is_first = is_new && trail.was.is_none();
        let was = trail.was.take().unwrap_or(StateBefore {
            multi_region: trail.multi_region,
            global_services: trail.global_services,
            organization: trail.organization,
        });
        let flags = [
            (setup.multi_region, was.multi_region, Unlogged::OtherRegions),
            (setup.global_services, was.global_services, Unlogged::GlobalServices),
            (setup.organization, was.organization, Unlogged::Members),
            (setup.validation, None, Unlogged::Digests),
        ];
        for (flag, before, what) in flags {
            match flag.asked.or(flag.after) {
                Some(true) => self.close(it, trail, |it| *it == what),
                // That it is so says nothing of since when, unless the call asks for it or it was known otherwise.
                Some(false)
                    if !is_first
                        && before != Some(false)
                        && (flag.asked.is_some() || before == Some(true)) =>
                {
                    self.close(it, trail, |it| *it == what);
                    self.open(it, trail, what);
                }
                _ => {}
            }
        }
        let after = |flag: TrailFlag, known: Option<bool>| flag.asked.or(flag.after).or(known);
        trail.multi_region = after(setup.multi_region, trail.multi_region);
        trail.global_services = after(setup.global_services, trail.global_services);
        trail.organization = after(setup.organization, trail.organization);
        if let Some(bucket) = setup.bucket.clone() {
            let is_moved = trail.bucket.as_ref().is_some_and(|old| *old != bucket);
            if is_moved || (trail.bucket.is_none() && !is_new) {
                let is_of_bucket =
                    |what: &Unlogged| matches!(what, Unlogged::OldBucket(_) | Unlogged::OtherBucket(_));
                self.close(it, trail, is_of_bucket);
                let what = if is_moved { Unlogged::OldBucket } else { Unlogged::OtherBucket };
                self.open(it, trail, what(bucket.clone()));
            }
            trail.bucket = Some(bucket);
        }
        if let Some(selectors) = setup.selectors.as_ref().filter(|_| !is_new) {
            self.select(it, trail, &find_unlogged(selectors));
        }
    }

    /// What selectors do not let through replaces what those before did not.
    fn select(&mut self, it: &LoggingChange, trail: &mut TrailState, now: &BTreeSet<Unlogged>) {
        let is_selected = |what: &Unlogged| {
            use Unlogged::{AllBut, ManagementEvents, Reads, Services, Writes};
            matches!(what, ManagementEvents | Writes | Reads | Services(_) | AllBut(_))
        };
        self.close(it, trail, |what| is_selected(what) && !now.contains(what));
        for what in now {
            if !trail.open.iter().any(|(open, _)| open == what) {
                self.open(it, trail, what.clone());
            }
        }
    }

    fn open(&mut self, it: &LoggingChange, trail: &mut TrailState, unlogged: Unlogged) {
        trail.open.push((unlogged.clone(), self.off.len()));
        self.off.push(LoggingOutage {
            account: it.account.clone(),
            trail: it.trail.clone(),
            by: it.event_name.clone(),
            who: it.who.clone(),
            from: it.event_time,
            to: None,
            region: it.home.clone(),
            unlogged,
            single_region: trail.multi_region == Some(false),
            created: trail.created,
        });
    }

    fn close(&mut self, it: &LoggingChange, trail: &mut TrailState, is_over: impl Fn(&Unlogged) -> bool) {
        trail.open.retain(|(what, at)| {
            let over = is_over(what);
            if over {
                self.off[*at].to = it.event_time;
            }
            !over
        });
    }
}

/// What selectors do not let through of management events.
fn find_unlogged(selectors: &[Selector]) -> BTreeSet<Unlogged> {
    let all: Vec<&Selector> = selectors.iter().filter(|it| it.kind == SelectorKind::Management).collect();
    let mut found = BTreeSet::new();
    let Some(first) = all.first() else {
        found.insert(Unlogged::ManagementEvents);
        return found;
    };
    if !all.iter().any(|it| it.writes) {
        found.insert(Unlogged::Writes);
    }
    if !all.iter().any(|it| it.reads) {
        found.insert(Unlogged::Reads);
    }
    let mut excluded = first.excluded.clone();
    excluded.retain(|source| all.iter().all(|it| it.excluded.contains(source)));
    excluded.sort();
    excluded.dedup();
    if !excluded.is_empty() {
        found.insert(Unlogged::Services(excluded));
    }
    if all.iter().all(|it| !it.limits.is_empty()) {
        let limits: Vec<String> = all.iter().map(|it| it.limits.join(" and ")).collect();
        found.insert(Unlogged::AllBut(limits.join(", or ")));
    }
    found
}
