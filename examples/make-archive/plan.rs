//! Which files the archive has: where each belongs, when it was delivered and how many records it holds.

use crate::rng::{Rng, Weighted, base32};
use crate::words::{ACCOUNTS, REGIONS};
use crate::{story, words};
use std::path::PathBuf;

/// When the archive starts: 2026-02-01, as seconds since 1970.
pub(crate) const START: i64 = 1_769_904_000;
/// How long it lasts, in days.
const DAYS: u64 = 36;
/// The organization whose trail it is.
const ORGANIZATION: &str = "o-example0001";
/// The most records in one file: about 8 MB.
pub(crate) const MOST_RECORDS: u64 = 5000;

/// How many records files hold: so many of a thousand files hold up to so many. The half of the files is
/// below 30 records, and most records are in the few large files, as in archives of busy accounts.
const RECORDS: &[(u64, u64)] = &[
    (0, 1),
    (100, 3),
    (250, 10),
    (500, 27),
    (750, 100),
    (900, 350),
    (970, 1000),
    (995, 2600),
    (1000, MOST_RECORDS),
];

/// One file to be.
#[derive(Debug)]
pub(crate) struct Slot {
    /// Number of the file.
    pub(crate) index: u64,
    /// The account.
    pub(crate) account: &'static str,
    /// The region.
    pub(crate) region: &'static str,
    /// When the last event in the file can have happened.
    pub(crate) time: i64,
    /// When it was delivered: mostly the same.
    stamp: i64,
    /// How many ordinary records it holds.
    pub(crate) records: u64,
}

/// What the files are drawn from.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The seed of the archive.
    pub(crate) seed: u64,
    /// Whether every file holds a dozen records at most.
    pub(crate) small: bool,
    /// The most records in a file.
    pub(crate) most: u64,
    accounts: Weighted<&'static str>,
    regions: Weighted<&'static str>,
}

impl Plan {
    /// Makes the plan of the archive that belongs to `seed`.
    pub(crate) fn new(seed: u64, small: bool, most: u64) -> Self {
        let (accounts, regions) =
            (Weighted::new(ACCOUNTS.iter().copied()), Weighted::new(REGIONS.iter().copied()));
        Self { seed, small, most, accounts, regions }
    }

    /// Returns the file with a number, and the numbers that its content is to be made of.
    pub(crate) fn slot(&self, index: u64) -> (Slot, Rng) {
        let mut rng = Rng::new(self.seed, index);
        let account = self.accounts.draw(&mut rng);
        let region = self.regions.draw(&mut rng);
        let time = delivery(&mut rng);
        let records = if self.small { 1 + rng.below(12) } else { heavy_tailed(&mut rng).min(self.most) };
        // A few per mille come hours late.
        let late = if rng.chance(3, 1000) { 300 * (24 + rng.below(100) as i64) } else { 0 };
        let mut slot = Slot { index, account, region, time, stamp: time + late, records };
        if let Some(time) = story::delivery_of(index) {
            (slot.account, slot.region) = (story::ACCOUNT, story::REGION);
            (slot.time, slot.stamp) = (time, time);
        }
        (slot, rng)
    }
}

impl Slot {
    /// Returns the path of the file below the folder of the archive.
    pub(crate) fn path(&self, seed: u64) -> PathBuf {
        let mut at = String::new();
        words::time(&mut at, self.stamp);
        let (account, region) = (self.account, self.region);
        let (year, month, day) = (&at[..4], &at[5..7], &at[8..10]);
        let (hour, minute) = (&at[11..13], &at[14..16]);
        let mut random = String::new();
        base32(&mut random, &mut Rng::new(!seed, self.index), 16);
        format!(
            "AWSLogs/{ORGANIZATION}/{account}/CloudTrail/{region}/{year}/{month}/{day}/\
             {account}_CloudTrail_{region}_{year}{month}{day}T{hour}{minute}Z_{random}.json.gz"
        )
        .into()
    }
}

/// Returns a time of delivery, a multiple of five minutes; nights are quieter.
fn delivery(rng: &mut Rng) -> i64 {
    loop {
        let step = 2 + rng.below(DAYS * 288 - 2) as i64;
        let hour = step / 12 % 24;
        if (7..19).contains(&hour) || rng.chance(1, 2) {
            return START + step * 300;
        }
    }
}

/// Returns a number of records after [`RECORDS`].
fn heavy_tailed(rng: &mut Rng) -> u64 {
    let at = rng.below(1000);
    let above = RECORDS.partition_point(|(share, _)| *share <= at);
    let ((low, few), (high, many)) = (RECORDS[above - 1], RECORDS[above]);
    few + (many - few) * (at - low) / (high - low)
}
