//! What the keys of the files tell of them, and whether they are to be believed.

use crate::answer::Skipped;
use crate::container::{InflateBuffers, Limits};
use crate::decode::ScanBuffers;
use crate::decode::outline::Field;
use crate::event::Time;
use crate::input::{Folder, Key, Source};
use crate::query::{DeliveredKey, Filter, SkippedKey};
use crate::{container, decode};
use std::collections::HashSet;

/// The files that cannot hold what passes the filters, by their keys.
pub(super) struct KeyProbe<'f> {
    filter: &'f Filter,
    account_is_sure: bool,
}

impl<'f> KeyProbe<'f> {
    pub(super) fn new(filter: &'f Filter, sources: &[Source], limits: Limits) -> Self {
        let account_is_sure = !filter.asks_account() || keys_name_accounts(sources, limits);
        Self { filter, account_is_sure }
    }

    pub(super) fn leave_out(&self, source: &Source) -> bool {
        self.filter.looks_at_keys() && source.key().is_some_and(|key| self.refused(&key).is_some())
    }

    /// Why no file of this key can matter.
    pub(super) fn refused(&self, key: &Key) -> Option<Skipped> {
        // Whatever else lies there is told by its content.
        if !key.is_of_records() {
            return None;
        }
        let time = key.delivered.map(Time::from);
        let delivery = DeliveredKey { account: &key.account, region: &key.region, time };
        self.filter.may_hold(&delivery, self.account_is_sure).map(|reason| match reason {
            SkippedKey::Time => Skipped::OutsideTime,
            SkippedKey::Account => Skipped::OtherAccount,
            SkippedKey::Region => Skipped::OtherRegion,
        })
    }
}

/// Returns whether the first log file of every account holds events of the account that its
/// key names. In archives made anonymous it does not, and keys prove nothing.
fn keys_name_accounts(sources: &[Source], limits: Limits) -> bool {
    let mut seen = HashSet::new();
    let (mut scratch, mut work) = (InflateBuffers::default(), ScanBuffers::default());
    sources.iter().all(|source| {
        let Some(key) = source.key().filter(|key| key.folder == Folder::CloudTrail) else { return true };
        if seen.contains(&key.account) {
            return true;
        }
        let mut sure = true;
        container::each_stream(source, &limits, &mut scratch, &mut |stream| {
            decode::read_records(stream, &limits, &mut work, &mut |record| {
                if let Some(account) = record.outline().plain(record.text, Field::RecipientAccountId) {
                    sure &= account == key.account;
                }
                Ok(())
            });
        });
        seen.insert(key.account);
        sure
    })
}
