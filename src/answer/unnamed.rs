//! Calls that may have acted on what is asked for without naming it: batch deletions, records of which
//! CloudTrail left a part out, and settings by which a service acts later without a record.
//!
//! They are no rows: nothing says that it was they. But beside them an empty answer does not mean "nobody".

use super::bucket_life::{BucketLife, Emptied};
use super::{Interest, RowQuery};
use crate::catalog;
use crate::catalog::{Action, Relation};
use crate::event::{Event, Json, Outcome, Time, bool_value, member_of, nonempty_text};
use crate::resource::{Match, Reference};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Why a call may have acted on something that it does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UnnamedReason {
    /// Its records do not name what it acts on.
    NamesNothing,
    /// CloudTrail left the request out (`find_omitted_part`).
    RequestOmitted,
    /// CloudTrail left the response out.
    ResponseOmitted,
    /// It makes a service act later, without any record of that.
    Later,
}

/// Calls of one caller that may have acted on what is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MayHaveActed {
    /// The first of them.
    pub first_event_time: Option<Time>,
    /// The last of them.
    pub last_event_time: Option<Time>,
    /// The call.
    pub event_name: String,
    /// The service.
    pub event_source: String,
    /// Who called.
    pub who: String,
    /// How many there are.
    pub events: u64,
    /// Why they may be meant.
    pub because: UnnamedReason,
    /// What they name of the place of what they acted on: the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// What the records tell of it: the prefix and the days of a rule.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub told: String,
    /// Why what they acted on is not known, in words.
    pub why: &'static str,
    /// What they may have done.
    #[serde(skip)]
    pub action: Action,
    /// The event, if it is one.
    #[serde(rename = "eventID", skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
}

/// What calls that are counted together have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct UnnamedKey {
    because: UnnamedReason,
    source: String,
    name: String,
    who: String,
    within: Option<String>,
    told: String,
    days: Option<u64>,
    why: &'static str,
    action: Action,
}

/// The calls of a group: hashes of their ids, so that copies count once.
#[derive(Debug, Default)]
struct UnnamedCalls {
    events: HashSet<u64>,
    span: Option<(Time, Time)>,
    /// When each of them was, of settings by which a service acts later.
    set: BTreeSet<Time>,
    /// The least of their ids; it tells the event where there is one only.
    id: Option<String>,
}

impl UnnamedCalls {
    fn add(&mut self, time: Option<(Time, Time)>, id: Option<String>) {
        self.span = match (self.span, time) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        self.id = match (self.id.take(), id) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// The calls found so far, and what bounds the time in which a bucket's own rules may have acted.
#[derive(Debug, Default)]
pub(super) struct Unnamed {
    calls: BTreeMap<UnnamedKey, UnnamedCalls>,
    bucket_life: BucketLife,
}

impl RowQuery {
    /// Returns which calls of this name may be meant, though they do not name the resource.
    pub(super) fn concern_of_unnamed(&self, source: &str, event_name: &str) -> Interest {
        match () {
            () if self.may_be_unnamed(source, event_name) => Interest::Always,
            () if self.is_bucket_life(source, event_name) => Interest::Always,
            () if self.may_be_omitted(source, event_name) => Interest::IfOmitted,
            () => Interest::Never,
        }
    }

    /// Returns whether calls of this name may have done what is asked for without naming the resource.
    fn may_be_unnamed(&self, source: &str, event_name: &str) -> bool {
        let kinds = self.reference().map(Reference::kinds).unwrap_or_default();
        catalog::may_act_unnamed(source, event_name, kinds, &self.actions)
    }

    /// Returns whether calls of this name may have done what is asked for, if a part of their records is missing.
    fn may_be_omitted(&self, source: &str, event_name: &str) -> bool {
        match self.reference() {
            Some(reference) if reference.is_plain() => {
                self.catalog.may_act(source, event_name, &self.actions)
            }
            Some(_) => self.may_answer(source, event_name),
            None => false,
        }
    }
}

impl Unnamed {
    /// Takes note of a call, if it may have acted on the resource without naming it.
    pub(super) fn event(&mut self, question: &RowQuery, event: &Event<'_>, hash: u64) {
        let Some(reference) = question.reference() else { return };
        if question.is_bucket_life(event.source(), event.name()) {
            self.bucket_life.event(question, event);
        }
        let is_meant = question.concern_of_unnamed(event.source(), event.name()) != Interest::Never;
        if !is_meant || event.outcome() == Outcome::Failed {
            return;
        }
        let mut add = |because, within, told, days, why, action| {
            let (source, name) = (event.source().to_owned(), event.name().to_owned());
            let key = UnnamedKey {
                because,
                source,
                name,
                who: event.actor().who(),
                within,
                told,
                days,
                why,
                action,
            };
            let group = self.calls.entry(key).or_default();
            group.events.insert(hash);
            group.set.extend(event.time().filter(|_| because == UnnamedReason::Later));
            let id = event.text("eventID").map(str::to_owned);
            group.add(event.time().map(|time| (time, time)), id);
        };
        if let Some((because, why)) = find_omitted_part(event).filter(|_| lacks_its_subject(question, event))
        {
            let mut place = crate::resource::Resource::new("AWS::Any", "");
            place.owned_by(event.recipient_account().as_deref(), event.text("awsRegion"));
            if reference.may_be_at(&place) {
                let action = question.catalog.action_of(event.source(), event.name(), event.read_only());
                add(because, None, String::new(), None, why, action);
            }
        }
        if !question.may_be_unnamed(event.source(), event.name()) {
            return;
        }
        let (account, region) = (event.recipient_account(), event.text("awsRegion"));
        for act in catalog::find_unnamed_actions(event)
            .into_iter()
            .filter(|it| question.actions.contains(&it.action))
        {
            // What the record lists is what it acted on.
            let is_listed = !act.later && has_listed_arn(event, act.kind);
            let is_meant = !is_listed
                && match act.itself {
                    true => is_resource_named(question, event),
                    false => {
                        reference.may_lie_in(act.kind, act.within.as_deref(), account.as_deref(), region)
                            && !tells_another(question, event, act.kind)
                    }
                };
            if is_meant && act.prefix.as_deref().is_none_or(|prefix| reference.may_begin_with(prefix)) {
                let because = if act.later { UnnamedReason::Later } else { UnnamedReason::NamesNothing };
                add(because, act.within, act.text, act.days, act.why, act.action);
            }
        }
    }

    /// Adds what another thread found.
    pub(super) fn merge(&mut self, other: Self) {
        self.bucket_life.merge(other.bucket_life);
        for (key, more) in other.calls {
            let group = self.calls.entry(key).or_default();
            group.events.extend(more.events);
            group.set.extend(more.set);
            group.add(more.span, more.id);
        }
    }

    /// Returns which buckets were emptied between two moments.
    pub(super) fn emptied(&self) -> Vec<Emptied> {
        self.bucket_life.emptied()
    }

    /// Puts them in order of time, without rules that could not come due.
    pub(super) fn finish(self) -> Vec<MayHaveActed> {
        let life = self.bucket_life;
        let one = |(key, group): (UnnamedKey, UnnamedCalls)| {
            let events = group.events.len() as u64;
            let (first_event_time, last_event_time) = group.span.unzip();
            MayHaveActed {
                first_event_time,
                last_event_time,
                event_name: key.name,
                event_source: key.source,
                who: key.who,
                events,
                because: key.because,
                within: key.within,
                told: key.told,
                why: key.why,
                action: key.action,
                event_id: group.id.filter(|_| events == 1),
            }
        };
        let may = |(key, group): &(UnnamedKey, UnnamedCalls)| {
            let bucket = key.within.as_deref().filter(|_| key.because == UnnamedReason::Later);
            bucket.is_none_or(|bucket| life.may_come_due(bucket, &group.set, key.days))
        };
        let mut all: Vec<MayHaveActed> = self.calls.into_iter().filter(may).map(one).collect();
        all.sort();
        all
    }
}

/// Whether a record lists resources of a type by their ARNs (`resources[]`); the front of ARNs names none.
fn has_listed_arn(event: &Event<'_>, kind: &str) -> bool {
    let listed = event.get("resources").and_then(|it| it.as_array());
    let is_of_kind = |it: &Json<'_>| member_of(*it, "type").and_then(nonempty_text) == Some(kind);
    let mut all = listed.into_iter().flat_map(|all| all.iter()).filter(is_of_kind);
    all.any(|it| member_of(it, "ARN").and_then(nonempty_text).is_some_and(|arn| !arn.is_empty()))
}

/// The part of a record that CloudTrail left out for its size.
fn find_omitted_part(event: &Event<'_>) -> Option<(UnnamedReason, &'static str)> {
    let is_omitted = |part: &str| {
        event.get(part).and_then(|it| member_of(it, "omitted")).and_then(bool_value) == Some(true)
    };
    if is_omitted("requestParameters") {
        return Some((UnnamedReason::RequestOmitted, "CloudTrail left its request out, which was too large"));
    }
    is_omitted("responseElements")
        .then_some((UnnamedReason::ResponseOmitted, "CloudTrail left its response out, which was too large"))
}

/// Whether the record names nothing of the type that is asked for, though the call acts on such.
fn lacks_its_subject(question: &RowQuery, event: &Event<'_>) -> bool {
    let kinds = question.reference().map(Reference::kinds).unwrap_or_default();
    let is_one = |kind: &str| kinds.is_empty() || kinds.iter().any(|it| it == kind);
    let acts = question.catalog.acts(event);
    question.may_be_omitted(event.source(), event.name())
        && !acts.list.iter().any(|act| act.relation == Relation::Subject && is_one(&act.resource.kind))
}

/// Whether the record gives the id of another of the type, where an id is asked for: it hides the name alone.
fn tells_another(question: &RowQuery, event: &Event<'_>, kind: &str) -> bool {
    let is_uuid = |text: &str| {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        groups == [8, 4, 4, 4, 12] && text.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
    };
    let asked = question.reference().and_then(|it| it.text().rsplit('/').next()).unwrap_or_default();
    is_uuid(asked) && question.catalog.acts(event).list.iter().any(|act| act.resource.kind == kind)
}

/// Whether the call names the resource.
fn is_resource_named(question: &RowQuery, event: &Event<'_>) -> bool {
    let is_it = |act: &catalog::ResourceAction| {
        question.resource.as_ref().is_some_and(|it| it.matches(&act.resource) == Match::Yes)
    };
    question.catalog.acts(event).list.iter().any(is_it)
}
