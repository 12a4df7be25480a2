//! What was written, counted as it is written, and the answers that follow from it.
//!
//! An event that is delivered twice is two records and one event; both are counted.

use crate::actors::{Actor, PLANTED_ROLE, PLANTED_SESSION};
use crate::kinds::Kind;
use crate::plan::Slot;
use crate::story::Answer;
use crate::words;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How many events, and in how many records.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    events: u64,
    records: u64,
}

impl Count {
    fn one(again: bool) -> Self {
        Self { events: u64::from(!again), records: 1 }
    }

    fn add(&mut self, other: Self) {
        self.events += other.events;
        self.records += other.records;
    }
}

/// Counts by some name.
type Counts = BTreeMap<&'static str, Count>;

/// An event name, and the error code of a failure.
type Names = (&'static str, Option<&'static str>);

/// One planted event as the answer names it.
#[derive(Debug)]
struct Row {
    answer: Answer,
    event_id: String,
    value: Value,
    paths: Vec<String>,
}

/// What one file holds, or all of them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    account: &'static str,
    region: &'static str,
    path: String,
    all: Count,
    deletes: Count,
    failed: Count,
    actor: Count,
    by_name: Counts,
    by_error: Counts,
    by_type: Counts,
    by_account: Counts,
    by_region: Counts,
    rows: Vec<Row>,
    sizes: Vec<u64>,
    times: Option<(i64, i64)>,
    /// Traps.
    pub(crate) traps: u64,
    /// Sign-ins with a wrong password, which have an error message but no error code.
    pub(crate) refused_sign_ins: u64,
    /// Bytes of JSON.
    pub(crate) inflated: u64,
    /// Bytes of gzip.
    pub(crate) gz: u64,
    /// Whether the next record is a copy of one that another file holds.
    pub(crate) again: bool,
}

impl Tally {
    /// Starts to count a file.
    pub(crate) fn new(slot: &Slot, seed: u64) -> Self {
        let path = slot.path(seed).to_string_lossy().into_owned();
        Self { account: slot.account, region: slot.region, path, ..Self::default() }
    }

    /// Counts one record.
    pub(crate) fn count(&mut self, kind: &Kind, actor: &Actor, error: Option<&'static str>, time: i64) {
        let one = Count::one(self.again);
        self.all.add(one);
        if kind.name.starts_with("Delete") {
            self.deletes.add(one);
        }
        if let Some(code) = error {
            self.failed.add(one);
            self.by_error.entry(code).or_default().add(one);
        }
        if actor.arn.ends_with(PLANTED_SESSION) && actor.arn.contains(PLANTED_ROLE) {
            self.actor.add(one);
        }
        self.by_name.entry(kind.name).or_default().add(one);
        self.by_type.entry(actor.kind).or_default().add(one);
        self.by_account.entry(self.account).or_default().add(one);
        self.by_region.entry(self.region).or_default().add(one);
        let (first, last) = self.times.unwrap_or((time, time));
        self.times = Some((first.min(time), last.max(time)));
    }

    /// Keeps a planted event for the answers.
    pub(crate) fn plant(&mut self, answer: Answer, event_id: String, names: Names, time: i64, actor: &Actor) {
        let value = json!({
            "eventID": event_id,
            "eventTime": spelled(time),
            "eventName": names.0,
            "errorCode": names.1,
            "actor": actor.arn,
            "sourceIPAddress": actor.address,
        });
        self.rows.push(Row { answer, event_id, value, paths: vec![self.path.clone()] });
    }

    /// Adds what another file holds.
    pub(crate) fn add(&mut self, file: Self) {
        for (sum, one) in [
            (&mut self.all, file.all),
            (&mut self.deletes, file.deletes),
            (&mut self.failed, file.failed),
            (&mut self.actor, file.actor),
        ] {
            sum.add(one);
        }
        for (sums, ones) in [
            (&mut self.by_name, file.by_name),
            (&mut self.by_error, file.by_error),
            (&mut self.by_type, file.by_type),
            (&mut self.by_account, file.by_account),
            (&mut self.by_region, file.by_region),
        ] {
            ones.into_iter().for_each(|(name, one)| sums.entry(name).or_default().add(one));
        }
        for row in file.rows {
            match self.rows.iter_mut().find(|known| known.event_id == row.event_id) {
                Some(known) => known.paths.extend(row.paths),
                None => self.rows.push(row),
            }
        }
        self.times = match (self.times, file.times) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        self.sizes.push(file.inflated);
        self.traps += file.traps;
        self.refused_sign_ins += file.refused_sign_ins;
        self.inflated += file.inflated;
        self.gz += file.gz;
    }

    /// Returns how many files were added.
    pub(crate) fn files(&self) -> u64 {
        self.sizes.len() as u64
    }

    /// Returns the median size of the files, in bytes of JSON.
    fn median(&self) -> u64 {
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied().unwrap_or_default()
    }

    /// Says in a line what was written.
    pub(crate) fn summary(&self) -> String {
        format!(
            "{} files, {} records, {:.1} MB of gzip, {:.1} MB of JSON ({:.1} : 1), {} bytes a record, median file {} bytes",
            self.files(),
            self.all.records,
            self.gz as f64 / 1e6,
            self.inflated as f64 / 1e6,
            self.inflated as f64 / self.gz.max(1) as f64,
            self.inflated / self.all.records.max(1),
            self.median(),
        )
    }

    /// Returns the answers as JSON.
    pub(crate) fn expected(&self, seed: u64) -> Value {
        let (first, last) = self.times.unwrap_or_default();
        let twice = self.rows.iter().filter(|row| row.paths.len() > 1);
        json!({
            "files": self.files(),
            "events": self.all.events,
            "records": self.all.records,
            "gzBytes": self.gz,
            "inflatedBytes": self.inflated,
            "medianInflatedBytes": self.median(),
            "seed": seed,
            "firstEventTime": spelled(first),
            "lastEventTime": spelled(last),
            "deleteEvents": self.deletes.events,
            "deleteRecords": self.deletes.records,
            "failed": self.failed.events,
            "failedRecords": self.failed.records,
            "refusedSignIns": self.refused_sign_ins,
            "traps": self.traps,
            "actor": format!("{PLANTED_ROLE}/{PLANTED_SESSION}"),
            "actorEvents": self.actor.events,
            "actorRecords": self.actor.records,
            "bucket": "planted-payroll",
            "bucketEvents": self.answer(|row| row.answer == Answer::Bucket),
            "whoDeleted": self.answer(|row| row.answer == Answer::Bucket && row.value["eventName"] == "DeleteBucket"),
            "securityGroup": "sg-0planted0000000001",
            "securityGroupEvents": self.answer(|row| row.answer == Answer::Group),
            "deliveredTwice": twice.map(|row| json!({"eventID": row.event_id, "files": row.paths})).collect::<Vec<_>>(),
            "byEventName": events(&self.by_name),
            "recordsByEventName": records(&self.by_name),
            "byErrorCode": events(&self.by_error),
            "byIdentityType": events(&self.by_type),
            "byAccount": events(&self.by_account),
            "byRegion": events(&self.by_region),
        })
    }

    /// Returns the planted events that answer something, in the order they happened.
    fn answer(&self, wanted: impl Fn(&Row) -> bool) -> Vec<&Value> {
        let mut rows: Vec<_> = self.rows.iter().filter(|row| wanted(row)).map(|row| &row.value).collect();
        rows.sort_by_key(|row| row["eventTime"].as_str());
        rows
    }
}

fn events(counts: &Counts) -> Map<String, Value> {
    counts.iter().map(|(name, count)| ((*name).to_owned(), count.events.into())).collect()
}

fn records(counts: &Counts) -> Map<String, Value> {
    counts.iter().map(|(name, count)| ((*name).to_owned(), count.records.into())).collect()
}

fn spelled(time: i64) -> String {
    let mut out = String::new();
    words::time(&mut out, time);
    out
}
