//! Which files cannot hold a match, by the key they were delivered under.
//!
//! What can be concluded from a key: a file holds events of its account only,
//! and none that happened after it was named. What cannot: an event may be
//! delivered days after it happened, and global services are recorded in
//! one region of the partition but delivered to any.

use super::Filter;
use crate::event::Time;
use chrono::TimeDelta;

/// How late a delivery is allowed for, after `--until`.
pub const LATE: TimeDelta = TimeDelta::days(7);

/// How far events may be newer than the time in the name of their file: names are
/// rounded to five minutes, and deliveries were seen twenty minutes behind their name.
const EARLY: TimeDelta = TimeDelta::hours(1);

/// The regions that global services are recorded in, one a partition.
const GLOBAL: [&str; 3] = ["us-east-1", "us-gov-west-1", "cn-northwest-1"];

/// What the key of a log file tells.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'k> {
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
        self.since.is_some() || self.until.is_some() || !self.account.is_empty() || !self.region.is_empty()
    }

    /// Returns why no event in a file of this key can match, or `None` when one may.
    ///
    /// `account_is_sure` says that keys were seen to name the accounts of the events (in
    /// archives made anonymous they do not).
    pub fn may_hold(&self, key: &Delivery<'_>, account_is_sure: bool) -> Option<SkippedKey> {
        let before = |time: Time, limit: Time, slack| {
            time.utc().checked_add_signed(slack).is_some_and(|it| it < limit.utc())
        };
        if let Some(time) = key.time {
            if self.since.is_some_and(|since| before(time, since, EARLY)) {
                return Some(SkippedKey::Time);
            }
            if self.until.is_some_and(|until| before(until, time, LATE)) {
                return Some(SkippedKey::Time);
            }
        }
        if account_is_sure && !self.account.pass([key.account]) {
            return Some(SkippedKey::Account);
        }
        let global_passes = || GLOBAL.iter().any(|region| self.region.pass([*region]));
        if !self.region.is_empty() && !self.region.pass([key.region]) && !global_passes() {
            return Some(SkippedKey::Region);
        }
        None
    }
}
