//! What was searched for an answer: files, events, accounts, regions, time span.
//!
//! An empty answer means something only together with this.

use super::days::EventDays;
use crate::event::{EventCategory, Time};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Why a file was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Skipped {
    /// Its key says that it was delivered before `--since` or too long after `--until`.
    OutsideTime,
    /// Its key names another account.
    OtherAccount,
    /// Its key names another region.
    OtherRegion,
    /// It is a digest file of log file integrity validation.
    Digest,
    /// It holds CloudTrail Insights only.
    Insight,
    /// It holds aggregated events only.
    Aggregated,
    /// It is a history or snapshot of AWS Config.
    Config,
    /// It holds what AWS Config tells of compliance or of deliveries, and no item.
    ConfigNews,
    /// It holds events of other services that only look like records.
    ServiceEvents,
    /// It was delivered by another service.
    OtherService,
    /// It is something else, and its name does not promise a log.
    NotCloudTrail,
    /// It is no file: a device, a socket, a pipe.
    SpecialFile,
    /// It is a link to what is read by another name.
    ReadByAnotherName,
}

impl Skipped {
    /// Returns the reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::OutsideTime => "delivered outside the time asked for",
            Self::OtherAccount => "of other accounts",
            Self::OtherRegion => "of other regions",
            Self::Digest => "digest files",
            Self::Insight => "Insights",
            Self::Aggregated => "aggregated events",
            Self::Config => "AWS Config files",
            Self::ConfigNews => "notifications of AWS Config without an item",
            Self::ServiceEvents => "events of other services (S3, Kinesis, SQS, …), not CloudTrail",
            Self::OtherService => "of other services",
            Self::NotCloudTrail => "not CloudTrail",
            Self::SpecialFile => "special files",
            Self::ReadByAnotherName => "links to what was read by another name",
        }
    }
}

/// What stands beside records in the files that hold them, and is no call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BesideEvents {
    /// Insights, which are statistics about calls.
    pub insights: u64,
    /// Aggregated events, which sum up data events of five minutes.
    pub aggregated: u64,
    /// Items and notifications of AWS Config.
    pub config: u64,
    /// Anything else.
    pub others: u64,
}

impl BesideEvents {
    fn merge(&mut self, other: Self) {
        self.insights += other.insights;
        self.aggregated += other.aggregated;
        self.config += other.config;
        self.others += other.others;
    }

    /// Returns whether there was nothing.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Says what there was; `None` when there was nothing.
    pub fn words(&self) -> Option<String> {
        let kinds = [
            (self.insights, "of Insights"),
            (self.aggregated, "aggregated"),
            (self.config, "of AWS Config"),
            (self.others, "of other kinds"),
        ];
        let kinds: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, kind)| format!("{count} {kind}"))
            .collect();
        (!kinds.is_empty()).then(|| format!("left out records that are no calls: {}", kinds.join(", ")))
    }
}

/// So many names are kept of files that are not CloudTrail.
const STRANGERS: usize = 8;

/// What was searched.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Files, and members of packages, of which every record was read.
    pub files_read: u64,
    /// Files of which a part could be used.
    pub files_in_part: u64,
    /// Files of which nothing could be used.
    pub files_unreadable: u64,
    /// Files left out, by reason.
    pub files_skipped: BTreeMap<Skipped, u64>,
    /// The first names of those that are not CloudTrail: whoever named them may have meant them to be read.
    pub strangers: BTreeSet<Box<str>>,
    /// Records read.
    pub events: u64,
    /// Of these, data events.
    pub data_events: u64,
    /// Of these, network activity events.
    pub network_events: u64,
    /// Insight records, which are no calls.
    pub insights: u64,
    /// What stood beside records in files that were read.
    pub beside: BesideEvents,
    /// The accounts that events were recorded for.
    pub accounts: BTreeSet<Box<str>>,
    /// The regions that events were recorded in.
    pub regions: BTreeSet<Box<str>>,
    /// The earliest event.
    pub first: Option<Time>,
    /// The latest event.
    pub last: Option<Time>,
    /// Records whose time cannot be understood.
    pub undated: u64,
    /// Rows that stand for more than one delivery of the same record: deliveries beyond the first.
    pub duplicates: u64,
    /// Records, of those that are shown or counted, that say that they correct an earlier event; neither is left out.
    pub corrections: u64,
    /// The days with events, for each account and region. Files that an index knows are in it where a fold
    /// asks for that ([`super::FoldNeeds::days`]).
    pub days: EventDays,
    /// How many rows have each verdict, when files were verified; those left out count as well.
    pub verdicts: BTreeMap<&'static str, u64>,
}

impl Coverage {
    /// Counts records of one account, region, kind and day, from the earliest to the latest of them; an account
    /// or region that they do not tell is empty.
    pub fn count(
        &mut self,
        number: u64,
        account: &str,
        region: &str,
        category: EventCategory,
        span: Option<(Time, Time)>,
    ) {
        self.events += number;
        match category {
            EventCategory::Management => {}
            EventCategory::Data => self.data_events += number,
            EventCategory::NetworkActivity => self.network_events += number,
        }
        for (texts, text) in [(&mut self.accounts, account), (&mut self.regions, region)] {
            if !text.is_empty() && !texts.contains(text) {
                texts.insert(text.into());
            }
        }
        match span {
            Some((first, last)) => {
                self.span(first, last);
                self.days.add(account, region, first, last);
            }
            None => self.undated += number,
        }
    }

    fn span(&mut self, first: Time, last: Time) {
        self.first = Some(self.first.map_or(first, |it| it.min(first)));
        self.last = Some(self.last.map_or(last, |it| it.max(last)));
    }

    /// Counts files that were left out.
    pub fn skip(&mut self, reason: Skipped, files: u64) {
        if files > 0 {
            *self.files_skipped.entry(reason).or_default() += files;
        }
    }

    /// Counts a file that was left out, and keeps its name where that has to be told.
    pub fn skip_file(&mut self, reason: Skipped, file: &str) {
        self.skip(reason, 1);
        if reason == Skipped::NotCloudTrail {
            self.strangers.insert(file.into());
            self.forget_strangers();
        }
    }

    fn forget_strangers(&mut self) {
        while self.strangers.len() > STRANGERS {
            self.strangers.pop_last();
        }
    }

    /// Takes back that a file was left out: it was of use after all, or could not be read.
    pub fn unskip(&mut self, reason: Skipped, file: &str) {
        self.strangers.remove(file);
        if let Some(files) = self.files_skipped.get_mut(&reason) {
            *files = files.saturating_sub(1);
        }
        self.files_skipped.retain(|_, files| *files > 0);
    }

    /// Adds what another thread read.
    pub fn merge(&mut self, other: Self) {
        self.files_read += other.files_read;
        self.files_in_part += other.files_in_part;
        self.files_unreadable += other.files_unreadable;
        for (reason, count) in other.files_skipped {
            self.skip(reason, count);
        }
        self.strangers.extend(other.strangers);
        self.forget_strangers();
        self.events += other.events;
        self.data_events += other.data_events;
        self.network_events += other.network_events;
        self.insights += other.insights;
        self.beside.merge(other.beside);
        self.accounts.extend(other.accounts);
        self.regions.extend(other.regions);
        if let (Some(first), Some(last)) = (other.first, other.last) {
            self.span(first, last);
        }
        self.days.merge(other.days);
        self.undated += other.undated;
        self.duplicates += other.duplicates;
        self.corrections += other.corrections;
    }

    /// Returns whether anything of CloudTrail was searched.
    pub fn has_logs(&self) -> bool {
        self.files_read + self.files_in_part + self.unopened() > 0
    }

    /// Returns how many log files were left out unopened, for their keys say that they cannot matter.
    pub fn unopened(&self) -> u64 {
        let reasons = [Skipped::OutsideTime, Skipped::OtherAccount, Skipped::OtherRegion];
        reasons.iter().filter_map(|reason| self.files_skipped.get(reason)).sum()
    }

    /// Returns how many files were left out.
    pub fn skipped(&self) -> u64 {
        self.files_skipped.values().sum()
    }
}

impl Serialize for Coverage {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Files<'c> {
            read: u64,
            in_part: u64,
            unreadable: u64,
            skipped: u64,
            skipped_by: &'c BTreeMap<Skipped, u64>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Form<'c> {
            files: Files<'c>,
            events: u64,
            data_events: u64,
            network_activity_events: u64,
            insights: u64,
            #[serde(skip_serializing_if = "BesideEvents::is_none")]
            beside_events: BesideEvents,
            accounts: &'c BTreeSet<Box<str>>,
            regions: &'c BTreeSet<Box<str>>,
            first_event_time: Option<Time>,
            last_event_time: Option<Time>,
            undated: u64,
            duplicates: u64,
            corrections: u64,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            rows_by_verdict: &'c BTreeMap<&'static str, u64>,
        }
        let files = Files {
            read: self.files_read,
            in_part: self.files_in_part,
            unreadable: self.files_unreadable,
            skipped: self.skipped(),
            skipped_by: &self.files_skipped,
        };
        Form {
            files,
            events: self.events,
            data_events: self.data_events,
            network_activity_events: self.network_events,
            insights: self.insights,
            beside_events: self.beside,
            accounts: &self.accounts,
            regions: &self.regions,
            first_event_time: self.first,
            last_event_time: self.last,
            undated: self.undated,
            duplicates: self.duplicates,
            corrections: self.corrections,
            rows_by_verdict: &self.verdicts,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_do_not_depend_on_the_order_of_merging() {
        let coverage = |accounts: &[&str]| {
            let mut coverage = Coverage::default();
            for account in accounts {
                coverage.count(1, account, "", EventCategory::Management, None);
            }
            coverage
        };
        let mut one = coverage(&["a", "a", "b"]);
        one.merge(coverage(&["b", "c"]));
        let mut other = coverage(&["b", "c"]);
        other.merge(coverage(&["a", "a", "b"]));
        assert_eq!(one.accounts, ["a", "b", "c"].map(Box::from).into());
        assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
        assert_eq!(one.events, 5);
        assert_eq!(one.undated, 5);
    }
}
