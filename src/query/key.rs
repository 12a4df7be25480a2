//! Which files cannot hold a match, by the key they were delivered under.
//!
//! What can be concluded from a key: a file holds events of its account only,
//! and none that happened after it was named. What cannot: an event may be
//! delivered days after it happened, and global services are recorded in
//! one region of the partition (`event`'s `global`) but delivered to any.

use super::Filter;
use super::need::KeyPart;
use crate::aws::global_regions;
use crate::event::{RawFields, Time};
use chrono::TimeDelta;

/// How late a delivery is allowed for, after `--until`.
pub const LATE: TimeDelta = TimeDelta::days(7);

/// How far events may be newer than the time in the name of their file: names are
/// rounded to five minutes, and deliveries were seen twenty minutes behind their name.
const EARLY: TimeDelta = TimeDelta::hours(1);

/// Returns whether a file that was named at this time may hold an event of that time, as all files do whose names are
/// CloudTrail's own: what [`Filter::may_hold`] concludes from names rests on it.
pub fn may_be_named(named: Time, event: Time) -> bool {
    let age = named.utc().signed_duration_since(event.utc());
    (-EARLY..=LATE).contains(&age)
}

/// What the key of a log file tells.
#[derive(Clone, Copy, Debug)]
pub struct DeliveredKey<'k> {
    /// The account.
    pub account: &'k str,
    /// The region.
    pub region: &'k str,
    /// The time in the name.
    pub time: Option<Time>,
}

/// Why a file was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkippedKey {
    /// Delivered before `--since`, or more than [`LATE`] after `--until`.
    Time,
    /// Of another account.
    Account,
    /// Of another region.
    Region,
}

impl Filter {
    /// Returns whether any key can be refused.
    pub fn looks_at_keys(&self) -> bool {
        let (since, until) = self.span(false);
        let is_any = since.is_some() || until.is_some() || self.asks_account() || self.asks_region();
        is_any && !self.ignores_names
    }

    fn asks_region(&self) -> bool {
        !self.region.is_empty() || self.conditions.looks_at(KeyPart::Region)
    }

    /// Returns why no event in a file of this key can match, or `None` when one may.
    ///
    /// `account_is_sure` says that keys were seen to name the accounts of the events (in
    /// archives made anonymous they do not).
    pub fn may_hold(&self, key: &DeliveredKey<'_>, account_is_sure: bool) -> Option<SkippedKey> {
        if self.ignores_names {
            return None;
        }
        let before = |time: Time, limit: Time, slack: TimeDelta| {
            time.utc().checked_add_signed(slack).is_some_and(|it| it < limit.utc())
        };
        if let Some(time) = key.time {
            let (since, until) = self.span(false);
            if since.is_some_and(|since| before(time, since, EARLY)) {
                return Some(SkippedKey::Time);
            }
            if until.is_some_and(|until| before(until, time, LATE)) {
                return Some(SkippedKey::Time);
            }
        }
        if account_is_sure && !self.pass_key(Some(key.account), None) {
            return Some(SkippedKey::Account);
        }
        let global_passes = || global_regions().any(|region| self.pass_key(None, Some(region)));
        if self.asks_region() && !self.pass_key(None, Some(key.region)) && !global_passes() {
            return Some(SkippedKey::Region);
        }
        None
    }

    /// Returns whether an event of this account or region may match.
    fn pass_key(&self, account: Option<&str>, region: Option<&str>) -> bool {
        account.is_none_or(|account| self.account.pass([account]))
            && region.is_none_or(|region| self.region.pass([region]))
            && self.conditions.may_match(&RawFields {
                account: account.map(str::as_bytes),
                region: region.map(str::as_bytes),
                ..RawFields::default()
            })
    }
}
