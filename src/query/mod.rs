//! The filters that every command which reads events takes, compiled.
//!
//! A filter is asked three times, each answer being dearer and more exact:
//! whether a file can hold a match by its key ([`Filter::may_hold`]), whether a
//! record can match by the few fields an outline shows and by the names in its
//! bytes ([`Filter::may_match`]), and whether the parsed event does ([`Filter::matches`]). The first two may
//! say yes wrongly, never no.

mod address;
mod condition;
mod globs;
mod instant;
mod key;
mod literal;
mod member;
mod metric;
mod need;
mod pack;
mod pattern;
mod search;
mod text;

use crate::event::{RawFields, as_utf8};
pub use address::Addresses;
pub use condition::{Condition, Conditions};
pub use globs::Globs;
pub use instant::{parse_instant, parse_span};
pub use key::{DeliveredKey, LATE, SkippedKey, may_be_named};
pub use literal::{CandidatePlaces, Literals};
pub use metric::FilterPattern;
pub use pack::{PackedFilter, packed_filters};
pub use pattern::EventPattern;

use crate::catalog;
use crate::catalog::{Action, Catalog};
use crate::event::{Actor, Event, Outcome, Time};
use need::{KeyPart, TimeNeed};

/// The filters of one request. The default lets everything pass.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// No event before this moment.
    pub since: Option<Time>,
    /// No event after this moment.
    pub until: Option<Time>,
    /// `recipientAccountId`.
    pub account: Globs,
    /// `awsRegion`.
    pub region: Globs,
    /// `eventName`, with or without API date.
    pub event: Globs,
    /// `eventSource`, with or without `.amazonaws.com`.
    pub service: Globs,
    /// Any name of the caller.
    pub actor: Globs,
    /// `sourceIPAddress`.
    pub ip: Addresses,
    /// `userAgent`.
    pub user_agent: Globs,
    /// An access key, used or acted on.
    pub access_key: Globs,
    /// `errorCode`.
    pub error: Globs,
    /// `eventID`.
    pub event_id: Globs,
    /// Only calls refused for lack of permission.
    pub denied: bool,
    /// Only calls that did, or did not, what they ask for.
    pub outcome: Option<Outcome>,
    /// Only calls that write (`true`) or read (`false`).
    pub writes: Option<bool>,
    /// Only calls that do one of these to what they are about; all where there is none.
    pub actions: Vec<Action>,
    /// What is asked for in a filter language.
    pub conditions: Conditions,
    /// Whether files are read whatever their names tell of time, account and region.
    pub ignores_names: bool,
    /// What tells whether a call writes whose record does not say so, and which access keys it acts on.
    pub catalog: Catalog,
}

impl Filter {
    /// Returns whether a record may match, going by its raw fields.
    pub fn may_match(&self, raw: &RawFields<'_>) -> bool {
        let may = |globs: &Globs, seen| globs.is_empty() || as_utf8(seen).is_none_or(|it| globs.pass([it]));
        (self.is_timeless() || raw.time().is_none_or(|time| self.within(time)))
            && (self.event.is_empty() || as_utf8(raw.name).is_none_or(|name| self.pass_name(name)))
            && (self.service.is_empty() || as_utf8(raw.source).is_none_or(|source| self.pass_source(source)))
            && may(&self.region, raw.region)
            && may(&self.account, raw.account)
            && may(&self.event_id, raw.id)
            && (self.ip.is_empty() || as_utf8(raw.address).is_none_or(|address| self.ip.pass(Some(address))))
            && may(&self.user_agent, raw.user_agent)
            && self.may_do(raw)
            && raw.read_only.is_none_or(|it| self.writes != Some(it))
            && raw.fails.is_none_or(|fails| fails || !self.wants_failures())
            && (self.conditions.is_empty() || self.conditions.may_match(raw))
    }

    /// Returns whether every event passes, because nothing is asked for.
    pub fn is_empty(&self) -> bool {
        // Named one by one, so that no filter is forgotten that is added.
        #[rustfmt::skip]
        let Self {
            since, until, account, region, event, service, event_id,
            actor, ip, user_agent, access_key, error, denied, outcome, writes, actions, conditions, ignores_names: _, catalog: _,
        } = self;
        let names = [account, region, event, service, event_id, actor, user_agent, access_key, error];
        names.iter().all(|names| names.is_empty())
            && since.is_none()
            && until.is_none()
            && ip.is_empty()
            && !denied
            && outcome.is_none()
            && writes.is_none()
            && actions.is_empty()
            && conditions.is_empty()
    }

    /// Returns whether the raw fields decide: then [`Filter::may_match`] is exact.
    pub fn decided_by_raw_fields(&self, raw: &RawFields<'_>) -> bool {
        // Named one by one, so that no filter is forgotten that is added.
        #[rustfmt::skip]
        let Self {
            since, until, account, region, event, service, event_id,
            actor, ip, user_agent, access_key, error, denied, outcome, writes, actions, conditions, ignores_names: _, catalog: _,
        } = self;
        let is_deep = !actor.is_empty()
            || !access_key.is_empty()
            || !error.is_empty()
            || *denied
            || outcome.is_some()
            || !actions.is_empty()
            || !conditions.is_empty();
        let seen = |globs: &Globs, seen| globs.is_empty() || as_utf8(seen).is_some();
        !is_deep
            && ((since.is_none() && until.is_none()) || raw.time().is_some())
            && seen(event, raw.name)
            && seen(service, raw.source)
            && seen(region, raw.region)
            && seen(account, raw.account)
            && seen(event_id, raw.id)
            && (ip.is_empty() || as_utf8(raw.address).is_some())
            && seen(user_agent, raw.user_agent)
            && (raw.read_only.is_some() || writes.is_none())
    }

    /// Whether no call that succeeded can match.
    fn wants_failures(&self) -> bool {
        self.denied || self.outcome == Some(Outcome::Failed) || self.error.wants_a_name()
    }

    /// Returns whether the account of an event matters.
    pub fn asks_account(&self) -> bool {
        !self.account.is_empty() || self.conditions.looks_at(KeyPart::Account)
    }

    /// Returns the first and the last moment that a matching event may have; `enveloped` says that records
    /// which came as EventBridge events may be among them, whose own time may be another.
    pub fn span(&self, enveloped: bool) -> (Option<Time>, Option<Time>) {
        let span = TimeNeed { since: self.since, until: self.until }.and(self.conditions.span(enveloped));
        (span.since, span.until)
    }

    /// Returns whether the event matches.
    pub fn matches(&self, event: &Event<'_>) -> bool {
        let in_time = match event.time() {
            Some(time) => self.within(time),
            None => self.is_timeless(),
        };
        in_time
            && (self.event.is_empty() || self.pass_name(event.name()))
            && (self.service.is_empty() || self.pass_source(event.source()))
            && (self.region.is_empty() || self.region.pass(event.text("awsRegion")))
            && (self.account.is_empty() || self.account.pass(event.recipient_account().as_deref()))
            && (self.event_id.is_empty() || self.event_id.pass(event.text("eventID")))
            && (self.user_agent.is_empty() || self.user_agent.pass(event.text("userAgent")))
            && (self.ip.is_empty() || self.ip.pass(event.text("sourceIPAddress")))
            && self.pass_outcome(event)
            && self.pass_writes(event)
            && (self.actions.is_empty() || self.catalog.acts(event).does(&self.actions))
            && (self.actor.is_empty() || self.pass_actor(&event.actor()))
            && (self.access_key.is_empty() || self.pass_access_key(event))
            && (self.conditions.is_empty() || self.conditions.match_event(event))
    }

    /// Returns whether calls of this name may match.
    pub fn pass_call(&self, source: &str, name: &str) -> bool {
        (self.event.is_empty() || self.pass_name(name))
            && (self.service.is_empty() || self.pass_source(source))
            && (self.actions.is_empty() || self.catalog.may_do(source, name, &self.actions))
    }

    /// Whether a call may do what is asked for, going by its name.
    fn may_do(&self, raw: &RawFields<'_>) -> bool {
        self.actions.is_empty()
            || match (as_utf8(raw.source), as_utf8(raw.name)) {
                (Some(source), Some(name)) => self.catalog.may_do(source, name, &self.actions),
                _ => true,
            }
    }

    fn is_timeless(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    fn within(&self, time: Time) -> bool {
        self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time <= until)
    }

    fn pass_name(&self, name: &str) -> bool {
        self.event.pass([name, catalog::api_name(name)])
    }

    fn pass_source(&self, source: &str) -> bool {
        let short = source.strip_suffix(".amazonaws.com").unwrap_or(source);
        self.service.pass([source, short])
    }

    fn pass_outcome(&self, event: &Event<'_>) -> bool {
        if self.outcome.is_none() && !self.denied && self.error.is_empty() {
            return true;
        }
        let code = event.error_code();
        // EC2 writes `Client.` or `Server.` before the code that its API gives.
        let short =
            code.map(|code| code.strip_prefix("Client.").or(code.strip_prefix("Server.")).unwrap_or(code));
        self.outcome.is_none_or(|outcome| event.outcome() == outcome)
            && (!self.denied || event.is_denied())
            && (self.error.is_empty() || self.error.pass(code.into_iter().chain(short)))
    }

    fn pass_writes(&self, event: &Event<'_>) -> bool {
        let Some(wanted) = self.writes else { return true };
        let read_only = event.read_only();
        let writes = match read_only {
            Some(read_only) => !read_only,
            None => self.catalog.action_of(event.source(), event.name(), None) != Action::Read,
        };
        writes == wanted
    }

    fn pass_actor(&self, actor: &Actor<'_>) -> bool {
        let names = actor.names();
        self.actor.pass(names.iter().map(AsRef::as_ref))
    }

    /// An access key is looked for where it signs, and where it is made, changed or deleted.
    fn pass_access_key(&self, event: &Event<'_>) -> bool {
        let used = event.actor().access_key_id;
        let acts = self.catalog.acts(event);
        let keys = acts.list.iter().filter(|act| act.resource.kind == "AWS::IAM::AccessKey");
        self.access_key.pass(used.into_iter().chain(keys.map(|act| act.resource.id.as_str())))
    }
}

#[cfg(test)]
mod tests;
