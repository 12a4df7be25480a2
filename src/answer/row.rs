//! One row of an answer: an event, who made it, and the resource it is about.
//!
//! Field names are CloudTrail's own where CloudTrail has one. A row owns its
//! text; it is made for events that matched only.

use super::trace::{Caller, Origin};
use crate::catalog::{Act, Action, Relation};
use crate::event::{Event, Outcome, Time};
use crate::resource::Resource;
use crate::timeline::Step;
use serde::Serialize;
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
    pub who: String,
    /// `userIdentity.type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The bare name of the user, role or service.
    pub name: String,
    /// The ARN of the caller.
    pub arn: Option<String>,
    /// The account of the caller.
    pub account: Option<String>,
    /// The name of the role session.
    pub session: Option<String>,
    /// The access key that signed the call.
    pub access_key_id: Option<String>,
    /// Whether a second factor was used, where the event says so.
    pub mfa: Option<bool>,
    /// The identity that a chain of roles set out from.
    pub source_identity: Option<String>,
    /// The service that made the call on behalf of the caller.
    pub invoked_by: Option<String>,
    /// The unique id of the caller.
    pub principal_id: Option<String>,
    /// Who stands at the start of the chain of credentials, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// The resource that a row is about; see [`Resource`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ResourceRow {
    /// The type in AWS Config's notation.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id or, where names are the ids, the name.
    pub id: String,
    /// The name, where somebody chose one and the event gives it.
    pub name: Option<String>,
    /// The ARN, where the event gives one.
    pub arn: Option<String>,
    /// The account that owns it.
    pub account: Option<String>,
    /// The region it is in; none for global resources.
    pub region: Option<String>,
}

/// One row.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// When, in UTC; as logged where it cannot be understood.
    pub event_time: String,
    /// The call.
    pub event_name: String,
    /// The service.
    pub event_source: String,
    /// What the call does.
    pub action: Action,
    /// Whether it did.
    pub outcome: Outcome,
    /// Why it did not.
    pub error_code: Option<String>,
    /// The same in words.
    pub error_message: Option<String>,
    /// Who made the call.
    pub actor: ActorRow,
    /// From where.
    #[serde(rename = "sourceIPAddress")]
    pub source_ip_address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// In which region it was recorded.
    pub aws_region: Option<String>,
    /// For which account it was recorded.
    pub recipient_account_id: Option<String>,
    /// What it was about.
    pub resource: Option<ResourceRow>,
    /// Whether it acted on that, or only used it.
    pub relation: Option<Relation>,
    /// Whether CloudTrail calls it a read.
    pub read_only: Option<bool>,
    /// The id of the event.
    #[serde(rename = "eventID")]
    pub event_id: Option<String>,
    /// The earlier event that this record corrects (`addendum.originalEventID`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// The best verdict of the files that hold it, when that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'static str>,
    /// Every place where the same record was found.
    pub evidence: Vec<Evidence>,
    /// Who signed, in full, when the origin is asked for.
    #[serde(skip)]
    pub(super) caller: Option<Box<Caller>>,
    /// The moment, for sorting.
    #[serde(skip)]
    pub(super) time: Option<Time>,
    /// Tells records of equal id and other content apart.
    #[serde(skip)]
    pub(super) fingerprint: u64,
    /// The record itself, byte for byte, when it was asked for.
    #[serde(skip)]
    pub raw: Option<Box<[u8]>>,
}

impl Row {
    /// Makes the row of an event and one of its resources.
    pub(super) fn new(event: &Event<'_>, action: Action, act: Option<&Act>, evidence: Evidence) -> Self {
        let owned = |field: &str| event.text(field).map(str::to_owned);
        let time = event.time();
        let failed = act.and_then(|act| act.failed.clone());
        let partly = failed.is_some();
        let logged = || event.text("eventTime").unwrap_or_default().to_owned();
        Self {
            event_time: time.map_or_else(logged, |time| time.to_string()),
            event_name: event.name().to_owned(),
            event_source: event.source().to_owned(),
            action,
            outcome: if partly { Outcome::Failed } else { event.outcome() },
            error_code: event.error_code().map(str::to_owned).or(failed),
            error_message: owned("errorMessage"),
            actor: actor(event),
            source_ip_address: owned("sourceIPAddress"),
            user_agent: owned("userAgent"),
            aws_region: owned("awsRegion"),
            recipient_account_id: event.recipient_account().map(|account| account.into_owned()),
            resource: act.map(|act| resource(&act.resource)),
            relation: act.map(|act| act.relation),
            read_only: event.read_only(),
            event_id: owned("eventID"),
            corrects: event.corrects().map(str::to_owned),
            verdict: None,
            evidence: vec![evidence],
            time,
            fingerprint: event.fingerprint(),
            raw: None,
            caller: None,
        }
    }

    /// Makes the row of what is no event: an item of AWS Config.
    pub(super) fn of_item(step: &Step, evidence: Evidence) -> Self {
        let origin = &step.origin;
        Self {
            event_time: origin.time.map(|time| time.to_string()).unwrap_or_default(),
            event_name: origin.event_name.clone(),
            event_source: origin.event_source.clone(),
            action: Action::Read,
            outcome: Outcome::Succeeded,
            error_code: None,
            error_message: None,
            actor: ActorRow {
                who: origin.who.clone(),
                kind: "AWSService".to_owned(),
                name: origin.who.clone(),
                arn: None,
                account: None,
                session: None,
                access_key_id: None,
                mfa: None,
                source_identity: None,
                invoked_by: None,
                principal_id: None,
                origin: None,
            },
            source_ip_address: None,
            user_agent: None,
            aws_region: origin.region.clone(),
            recipient_account_id: origin.account.clone(),
            resource: Some(resource(&step.resource)),
            relation: Some(Relation::Subject),
            read_only: Some(true),
            event_id: origin.event_id.clone(),
            corrects: None,
            verdict: None,
            evidence: vec![evidence],
            caller: None,
            time: origin.time,
            fingerprint: origin.fingerprint,
            raw: None,
        }
    }

    /// Says what the row is about, where its own record does not.
    pub(super) fn about(&mut self, subject: &Resource) {
        self.resource = Some(resource(subject));
        self.relation = Some(Relation::Subject);
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

    /// Whether two rows tell of the same record and resource.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
            && self.event_id == other.event_id
            && self.resource == other.resource
    }
}

fn actor(event: &Event<'_>) -> ActorRow {
    let actor = event.actor();
    let owned = |text: Option<&str>| text.map(str::to_owned);
    ActorRow {
        who: actor.who(),
        kind: actor.kind.to_owned(),
        arn: owned(actor.arn),
        account: owned(actor.account),
        session: owned(actor.session),
        access_key_id: owned(actor.access_key_id),
        mfa: actor.mfa,
        source_identity: owned(actor.source_identity),
        invoked_by: owned(actor.invoked_by),
        principal_id: owned(actor.principal_id),
        name: actor.name.into_owned(),
        origin: None,
    }
}

fn resource(resource: &Resource) -> ResourceRow {
    ResourceRow {
        kind: resource.kind.clone().into_owned(),
        id: resource.id.clone(),
        name: resource.name.clone().or_else(|| named_by_id(resource)),
        arn: resource.arn.clone(),
        account: resource.account.clone(),
        region: resource.region.clone(),
    }
}

/// The id where it is a name that somebody chose: of a bucket or a user, not of an instance.
fn named_by_id(resource: &Resource) -> Option<String> {
    let is_number = resource.id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let is_opaque = is_number || Resource::from_id(&resource.id).is_some();
    (!is_opaque).then(|| resource.id.clone())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::event::Parser;

    #[test]
    fn what_the_call_left_undone_failed() {
        let event = r#"{"eventSource":"ssm.amazonaws.com","eventName":"DeleteParameters",
            "requestParameters":{"names":["a","b"]},"responseElements":{"invalidParameters":["b"]}}"#;
        let outcomes = Parser::default().read(event.as_bytes(), |event| {
            let evidence = Evidence { file: "f".into(), record: 0, damaged: false, proof: None };
            let row = |act: &Act| Row::new(event, act.action, Some(act), evidence.clone());
            let rows = catalog::acts(event).list.iter().map(row).collect::<Vec<_>>();
            rows.into_iter().map(|row| (row.outcome, row.error_code)).collect::<Vec<_>>()
        });
        let failed = (Outcome::Failed, Some("Failed".to_owned()));
        assert_eq!(outcomes.unwrap(), [(Outcome::Succeeded, None), failed]);
    }
}
