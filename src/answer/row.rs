//! One row of an answer: an event, who made it, and the resource it is about.
//!
//! Field names are CloudTrail's own where CloudTrail has one. A row owns its
//! text; it is made for events that matched only.

use super::Origin;
use super::foreign::KnownCaller;
use super::intern_cache::InternCache;
use super::trace::Caller;
use crate::catalog::{Action, CallDetail, Relation, ResourceAction, call_details};
use crate::event::{Actor, Event, Outcome, Time};
use crate::resource::Resource;
use crate::timeline::{Step, StepOwner};
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// Where a record was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Evidence {
    /// The path as given, with `!` before the member of a package.
    pub file: Arc<str>,
    /// The place among the records of the file, counted from 0.
    pub record: u64,
    /// Whether the bytes of the file are damaged, so that the record may say what was never logged.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub damaged: bool,
    /// What is proven of the file, when that was asked for.
    #[serde(flatten)]
    pub proof: Option<Arc<FileProof>>,
}

/// What is proven of a file by the digests that AWS signed, in the words of `validate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FileProof {
    /// The SHA-256 of its content.
    pub sha256: Option<String>,
    /// The verdict.
    pub verdict: &'static str,
    /// Why it is not `valid`.
    pub reason: Option<&'static str>,
    /// The key of the digest that lists it.
    pub digest: Option<String>,
}

/// Who made the call; see [`crate::event::Actor`].
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActorRow {
    /// What a person would say.
    pub who: Arc<str>,
    /// `userIdentity.type`.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// The bare name of the user, role or service.
    pub name: Arc<str>,
    /// The ARN of the caller.
    pub arn: Option<Arc<str>>,
    /// The account of the caller.
    pub account: Option<Arc<str>>,
    /// The name of the role session.
    pub session: Option<Arc<str>>,
    /// The access key that signed the call.
    pub access_key_id: Option<Arc<str>>,
    /// Whether a second factor was used, where the event says so.
    pub mfa: Option<bool>,
    /// The identity that a chain of roles set out from.
    pub source_identity: Option<Arc<str>>,
    /// The service that made the call on behalf of the caller.
    pub invoked_by: Option<Arc<str>>,
    /// The unique id of the caller.
    pub principal_id: Option<Arc<str>>,
    /// Who stands at the start of the chain of credentials, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// The resource that a row is about; see [`Resource`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ResourceRow {
    /// The type in AWS Config's notation.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// The id or, where names are the ids, the name.
    pub id: Arc<str>,
    /// The name, where somebody chose one and the event gives it.
    pub name: Option<Arc<str>>,
    /// The ARN, where the event gives one.
    pub arn: Option<Arc<str>>,
    /// The account that owns it.
    pub account: Option<Arc<str>>,
    /// The region it is in; none for global resources.
    pub region: Option<Arc<str>>,
}

/// Another record of the action that a row is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SameAction {
    /// The id of its event.
    #[serde(rename = "eventID")]
    pub event_id: Option<Box<str>>,
    /// The account that it was recorded for.
    pub recipient_account_id: Option<Arc<str>>,
}

/// The parameters of a call that matter most.
#[derive(Clone, Debug, Default)]
pub struct RowDetail(Box<[CallDetail]>);

impl RowDetail {
    /// Those of an event, but for what its resource is called.
    fn of(event: &Event<'_>, act: Option<&ResourceAction>) -> Self {
        let names = |value: &str| act.is_some_and(|act| act.resource.identifiers().contains(&value));
        Self(call_details(event).into_iter().filter(|it| !names(&it.value)).collect())
    }

    /// Returns whether there is none.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }
}

/// `policyArn=arn:aws:iam::aws:policy/AdministratorAccess, …`.
impl fmt::Display for RowDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, CallDetail { name, value }) in self.0.iter().enumerate() {
            let before = if number == 0 { "" } else { ", " };
            write!(f, "{before}{name}={value}")?;
        }
        Ok(())
    }
}

impl Serialize for RowDetail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One row.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// When, in UTC; as logged where it cannot be understood.
    pub event_time: Box<str>,
    /// The call.
    pub event_name: Arc<str>,
    /// The service.
    pub event_source: Arc<str>,
    /// What the call does.
    pub action: Action,
    /// Whether it did.
    pub outcome: Outcome,
    /// Why it did not.
    pub error_code: Option<Arc<str>>,
    /// The same in words.
    pub error_message: Option<Arc<str>>,
    /// Who made the call.
    pub actor: Arc<ActorRow>,
    /// From where.
    #[serde(rename = "sourceIPAddress")]
    pub source_ip_address: Option<Arc<str>>,
    /// With what.
    pub user_agent: Option<Arc<str>>,
    /// In which region it was recorded.
    pub aws_region: Option<Arc<str>>,
    /// For which account it was recorded.
    pub recipient_account_id: Option<Arc<str>>,
    /// What it was about.
    pub resource: Option<Box<ResourceRow>>,
    /// Whether it acted on that, or only used it.
    pub relation: Option<Relation>,
    /// The one or two parameters of the call that matter most, in short, by their names.
    #[serde(skip_serializing_if = "RowDetail::is_none")]
    pub detail: RowDetail,
    /// Whether CloudTrail calls it a read.
    pub read_only: Option<bool>,
    /// The id of the event.
    #[serde(rename = "eventID")]
    pub event_id: Option<Box<str>>,
    /// The earlier event that this record corrects (`addendum.originalEventID`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Box<str>>,
    /// The records that say that they correct this one; the first eight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrected_by: Vec<super::Correction>,
    /// What the records of one action have in common that is logged in several accounts.
    #[serde(rename = "sharedEventID", skip_serializing_if = "Option::is_none")]
    pub shared_event_id: Option<Box<str>>,
    /// The record of the same action that tells who it was, where this is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_action_as: Option<Box<SameAction>>,
    /// What it was to the resource, where its record does not name that: the end of what it was part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Box<str>>,
    /// The best verdict of the files that hold it, when that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'static str>,
    /// Every place where the same record was found.
    pub evidence: Vec<Evidence>,
    /// Who signed, in full, when the origin is asked for.
    #[serde(skip)]
    pub(super) caller: Option<Box<Caller>>,
    /// Whether its record has no more of the resource than a name that others may have had as well.
    #[serde(skip)]
    pub(super) is_by_name_only: bool,
    /// The moment, for sorting.
    #[serde(skip)]
    pub(super) time: Option<Time>,
    /// Tells records of equal id and other content apart.
    #[serde(skip)]
    pub(super) fingerprint: u64,
    /// Whether it is made of a row of an export ([`Event::is_partial`]).
    #[serde(skip)]
    pub(super) partial: bool,
    /// The record itself, byte for byte, when it was asked for.
    #[serde(skip)]
    pub raw: Option<Box<[u8]>>,
}

impl Row {
    /// Makes the row of an event and one of its resources.
    pub(super) fn new(
        event: &Event<'_>,
        action: Action,
        act: Option<&ResourceAction>,
        evidence: Evidence,
        shared: &mut InternCache,
    ) -> Self {
        let time = event.time();
        let failed = act.and_then(|act| act.failed.as_deref());
        let partly = failed.is_some();
        let logged = || event.text("eventTime").unwrap_or_default().into();
        Self {
            event_time: time.map_or_else(logged, |time| time.to_string().into()),
            event_name: shared.text(event.name()),
            event_source: shared.text(event.source()),
            action,
            outcome: if partly { Outcome::Failed } else { event.outcome() },
            error_code: shared.some(event.error_code().or(failed)),
            error_message: shared.some(event.text("errorMessage")),
            actor: shared.actor(&event.actor()),
            source_ip_address: shared.some(event.text("sourceIPAddress")),
            user_agent: shared.some(event.text("userAgent")),
            aws_region: shared.some(event.text("awsRegion")),
            recipient_account_id: shared.some(event.recipient_account().as_deref()),
            resource: act.map(|act| ResourceRow::new(&act.resource, &mut |text| shared.text(text)).into()),
            relation: act.map(|act| act.relation),
            detail: RowDetail::of(event, act),
            read_only: event.read_only(),
            event_id: event.text("eventID").map(Box::from),
            corrects: event.corrects().map(Box::from),
            corrected_by: Vec::new(),
            shared_event_id: event.text("sharedEventID").map(Box::from),
            same_action_as: None,
            note: None,
            verdict: None,
            evidence: vec![evidence],
            time,
            fingerprint: event.fingerprint(),
            partial: event.is_partial(),
            raw: None,
            caller: None,
            is_by_name_only: false,
        }
    }

    /// Makes the row of what is no event: an item of AWS Config.
    pub(super) fn of_item(step: &Step, evidence: Evidence) -> Self {
        let origin = &step.origin;
        let service = Actor { kind: "AWSService", name: origin.who.as_str().into(), ..Actor::default() };
        Self {
            event_time: origin.time.map(|time| time.to_string()).unwrap_or_default().into(),
            event_name: origin.event_name.as_str().into(),
            event_source: origin.event_source.as_str().into(),
            action: Action::Read,
            outcome: Outcome::Succeeded,
            error_code: None,
            error_message: None,
            actor: Arc::new(ActorRow::new(&service, origin.who.clone())),
            source_ip_address: None,
            user_agent: None,
            aws_region: origin.region.as_deref().map(Arc::from),
            recipient_account_id: origin.account.as_deref().map(Arc::from),
            resource: Some(ResourceRow::new(&step.resource, &mut |text| text.into()).into()),
            relation: Some(Relation::Subject),
            detail: RowDetail::default(),
            read_only: Some(true),
            event_id: origin.event_id.as_deref().map(Box::from),
            corrects: None,
            corrected_by: Vec::new(),
            shared_event_id: None,
            same_action_as: None,
            note: None,
            verdict: None,
            evidence: vec![evidence],
            caller: None,
            is_by_name_only: false,
            time: origin.time,
            fingerprint: origin.fingerprint,
            partial: false,
            raw: None,
        }
    }

    /// Says what the row is about, where its own record does not.
    pub(super) fn about(&mut self, subject: &Resource) {
        self.resource = Some(ResourceRow::new(subject, &mut |text| text.into()).into());
        self.relation = Some(Relation::Subject);
    }

    /// Says that it is the end of a resource, which its own record does not name.
    /// Whoever ended what that is part of did not delete it, where it was gone before.
    pub(super) fn ends(&mut self, part: &Resource, owner: &StepOwner) {
        self.about(part);
        self.action = Action::Deleted;
        self.relation = Some(if owner.deletes() { Relation::Subject } else { Relation::Related });
        self.note = Some(owner.end_in_words().into());
    }

    /// What rows are sorted by: no part of it depends on files or threads.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (
            self.time,
            &self.event_time,
            &self.event_id,
            self.fingerprint,
            &self.resource,
            self.relation,
            self.action,
        )
    }

    /// Whether the record withholds who it was, as that of the owner of a resource does.
    pub(super) fn is_foreign(&self) -> bool {
        &*self.actor.kind == "AWSAccount" && self.actor.arn.is_none()
    }

    /// Says who it was, by another record; what stands in this one of the caller stays.
    pub(super) fn name_caller(&mut self, known: &KnownCaller) {
        let actor = Arc::make_mut(&mut self.actor);
        actor.who = known.who.as_str().into();
        actor.arn = known.arn.as_deref().map(Arc::from);
    }

    /// Whether two rows tell of the same record and resource.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
            && self.event_id == other.event_id
            && self.resource == other.resource
    }
}

impl Row {
    /// Whether this row of an export tells of the same event as a whole record: in nothing that it holds it says
    /// anything else.
    pub(super) fn is_part_of(&self, whole: &Self) -> bool {
        let agrees = |own: &Option<Arc<str>>, other: &Option<Arc<str>>| own.is_none() || own == other;
        self.event_id.is_some()
            && self.event_id == whole.event_id
            && self.time == whole.time
            && self.event_name == whole.event_name
            && self.event_source == whole.event_source
            && agrees(&self.error_code, &whole.error_code)
            && agrees(&self.source_ip_address, &whole.source_ip_address)
            && agrees(&self.aws_region, &whole.aws_region)
            && agrees(&self.recipient_account_id, &whole.recipient_account_id)
            && agrees(&self.actor.access_key_id, &whole.actor.access_key_id)
    }
}

impl ActorRow {
    /// Makes the row of a caller, of whom a person would say `who`.
    pub(super) fn new(actor: &Actor<'_>, who: String) -> Self {
        let owned = |text: Option<&str>| text.map(Arc::from);
        Self {
            who: who.into(),
            kind: actor.kind.into(),
            name: actor.name.as_ref().into(),
            arn: owned(actor.arn),
            account: owned(actor.account),
            session: owned(actor.session),
            access_key_id: owned(actor.access_key_id),
            mfa: actor.mfa,
            source_identity: owned(actor.source_identity),
            invoked_by: owned(actor.invoked_by),
            principal_id: owned(actor.principal_id),
            origin: None,
        }
    }

    /// Returns whether that would make the same row.
    pub(super) fn is_of(&self, actor: &Actor<'_>, who: &str) -> bool {
        *self.who == *who
            && *self.kind == *actor.kind
            && *self.name == *actor.name
            && self.arn.as_deref() == actor.arn
            && self.account.as_deref() == actor.account
            && self.session.as_deref() == actor.session
            && self.access_key_id.as_deref() == actor.access_key_id
            && self.mfa == actor.mfa
            && self.source_identity.as_deref() == actor.source_identity
            && self.invoked_by.as_deref() == actor.invoked_by
            && self.principal_id.as_deref() == actor.principal_id
            && self.origin.is_none()
    }
}

impl ResourceRow {
    fn new(resource: &Resource, keep: &mut dyn FnMut(&str) -> Arc<str>) -> Self {
        let id = keep(&resource.id);
        // The id where it is a name that somebody chose: of a bucket or a user, not of an instance.
        let named_by_id = || (!is_opaque(&resource.id)).then(|| Arc::clone(&id));
        Self {
            kind: keep(&resource.kind),
            name: resource.name.as_deref().map(&mut *keep).or_else(named_by_id),
            arn: resource.arn.as_deref().map(&mut *keep),
            account: resource.owner().map(&mut *keep),
            region: resource.location().map(&mut *keep),
            id,
        }
    }
}

/// Whether nobody chose an id.
fn is_opaque(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') || Resource::from_id(id).is_some()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::event::EventParser;

    #[test]
    fn what_the_call_left_undone_failed() {
        let event = r#"{"eventSource":"ssm.amazonaws.com","eventName":"DeleteParameters",
            "requestParameters":{"names":["a","b"]},"responseElements":{"invalidParameters":["b"]}}"#;
        let outcomes = EventParser::default().read(event.as_bytes(), |event| {
            let evidence = Evidence { file: "f".into(), record: 0, damaged: false, proof: None };
            let row = |act: &ResourceAction| {
                Row::new(event, act.action, Some(act), evidence.clone(), &mut InternCache::default())
            };
            let rows = Catalog::default().acts(event).list.iter().map(row).collect::<Vec<_>>();
            rows.into_iter().map(|row| (row.outcome, row.error_code)).collect::<Vec<_>>()
        });
        let failed = (Outcome::Failed, Some("Failed".into()));
        assert_eq!(outcomes.unwrap(), [(Outcome::Succeeded, None), failed]);
    }
}
