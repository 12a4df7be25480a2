//! Rows that tell of one action, which is logged in two accounts: they are joined, and the one whose record withholds
//! the caller is told who it was.

use super::foreign::{CallerNames, KnownCaller, SharedActions};
use super::row::{Row, SameAction};
use std::collections::{BTreeMap, BTreeSet};

/// Names the callers whom their records withhold, where others tell.
pub(super) fn name_callers<'r>(rows: impl Iterator<Item = &'r mut Row>, names: &CallerNames) {
    let callers = names.known_callers();
    for row in rows.filter(|row| row.is_foreign()) {
        if let Some(known) = callers.get(&*row.actor.who) {
            row.name_caller(known);
        }
    }
}

/// Joins the rows of each action, which are in order.
pub(super) fn join_actions(rows: &mut [Row]) -> SharedActions {
    let mut actions: BTreeMap<Box<str>, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(id) = &row.shared_event_id {
            actions.entry(id.clone()).or_default().push(at);
        }
    }
    let mut shared = SharedActions::default();
    for places in actions.values() {
        let records: BTreeSet<_> = places.iter().map(|at| record_key(&rows[*at])).collect();
        if records.len() > 1 {
            shared.actions += 1;
            shared.records += records.len() as u64;
            join_rows(rows, places);
        }
    }
    shared
}

/// What tells one record from another.
fn record_key(row: &Row) -> (Option<&str>, u64) {
    (row.event_id.as_deref(), row.fingerprint)
}

/// Says in the rows of one action which record names the caller: that of the caller's own account, else the first.
fn join_rows(rows: &mut [Row], places: &[usize]) {
    let is_withheld = |at: &usize| (&*rows[*at].actor.kind == "AWSAccount", *at);
    let Some(best) = places.iter().copied().min_by_key(is_withheld).map(|at| &rows[at]) else { return };
    let (event_id, fingerprint) = (best.event_id.clone(), best.fingerprint);
    let same =
        SameAction { event_id: event_id.clone(), recipient_account_id: best.recipient_account_id.clone() };
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().map(str::to_owned);
    let (account, arn) = (text(&best.actor.account), text(&best.actor.arn));
    let known = (!best.is_foreign()).then(|| KnownCaller { who: best.actor.who.to_string(), account, arn });
    for at in places.iter().copied() {
        let row = &mut rows[at];
        if record_key(row) == (event_id.as_deref(), fingerprint) {
            continue;
        }
        row.same_action_as = Some(Box::new(same.clone()));
        // An id of another account would be somebody else.
        let of_account = |known: &&KnownCaller| row.actor.account.as_deref() == known.account.as_deref();
        if let Some(known) = known.as_ref().filter(of_account).filter(|_| row.is_foreign()) {
            row.name_caller(known);
        }
    }
}
