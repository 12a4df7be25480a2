//! Rows that tell of one action, which is logged in two accounts: they are joined, and the one whose record withholds
//! the caller is told who it was.

use super::foreign::{CallerNames, KnownCaller, SharedActions};
use super::row::{Row, SameAction};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
pub(super) fn join_actions(rows: &mut [Row], names: &CallerNames) -> SharedActions {
    // Whoever writes a record can give it the shared id of another one: a record of another call is none of the action.
    type ActionKey = (Box<str>, Arc<str>, Arc<str>);
    let mut actions: BTreeMap<ActionKey, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(id) = &row.shared_event_id {
            let key = (id.clone(), Arc::clone(&row.event_source), Arc::clone(&row.event_name));
            actions.entry(key).or_default().push(at);
        }
    }
    let mut shared = SharedActions::default();
    for places in actions.values() {
        let records: BTreeSet<_> = places.iter().map(|at| record_key(&rows[*at])).collect();
        if records.len() > 1 {
            shared.actions += 1;
            shared.records += records.len() as u64;
            join_rows(rows, places, names);
        }
    }
    shared
}

/// What tells one record from another.
fn record_key(row: &Row) -> (Option<&str>, u64) {
    (row.event_id.as_deref(), row.fingerprint)
}

/// Says in the rows of one action which record names the caller: that of the caller's own account, else the first.
fn join_rows(rows: &mut [Row], places: &[usize], names: &CallerNames) {
    let is_withheld = |at: &usize| (&*rows[*at].actor.kind == "AWSAccount", *at);
    let Some(best) = places.iter().copied().min_by_key(is_withheld).map(|at| &rows[at]) else { return };
    let (event_id, fingerprint) = (best.event_id.clone(), best.fingerprint);
    let same =
        SameAction { event_id: event_id.clone(), recipient_account_id: best.recipient_account_id.clone() };
    let text = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
    let known = |at: &usize| {
        let actor = &rows[*at].actor;
        (!rows[*at].is_foreign()).then(|| KnownCaller {
            who: actor.who.to_string(),
            account: text(&actor.account),
            arn: text(&actor.arn),
        })
    };
    let known: BTreeSet<KnownCaller> = places.iter().filter_map(known).collect();
    for at in places.iter().copied() {
        let row = &mut rows[at];
        if record_key(row) == (event_id.as_deref(), fingerprint) {
            continue;
        }
        row.same_action_as = Some(Box::new(same.clone()));
        if !row.is_foreign() || known.is_empty() {
            continue;
        }
        // An id of another account would be somebody else.
        let account = row.actor.account.as_deref();
        let by_id = names.callers_of(row.actor.principal_id.as_deref()).cloned();
        let all: BTreeSet<KnownCaller> = known.iter().cloned().chain(by_id).collect();
        if let Some(known) = KnownCaller::any_of(all.iter().filter(|it| it.account.as_deref() == account)) {
            row.name_caller(&known);
        }
    }
}
