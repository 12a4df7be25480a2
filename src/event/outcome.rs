//! Whether a call did what it asks for: every place where CloudTrail writes that it did not.
//!
//! `errorCode` and `errorMessage` are those of API calls. The sign-in service says it in its response, under the
//! name of the event (`{"ConsoleLogin": "Failure"}`); services say it of their own events in `serviceEventDetails`;
//! EC2 may answer `_return: false`. Calls that failed in part are not told of here: see `catalog`. Whatever reads
//! less than the whole record goes by [`FAILED`] and [`tells_without_an_error`], which stand here to be kept in step.

use super::{Event, Json, bool_value, member_of, nonempty_text, scalar_text};
use serde::Serialize;

/// Whether a call did what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The record tells of no error.
    Succeeded,
    /// The record tells of an error, so nothing was done.
    Failed,
}

/// What the sign-in service says of a try.
const SUCCESS: &str = "Success";
const FAILURE: &str = "Failure";

/// Words of which one stands in every record of a call that failed (`error_code`).
pub const FAILED: [&str; 7] =
    ["errorCode", "errorMessage", "signin", FAILURE, "serviceEventDetails", RETURNS[1], ANSWER[1]];

/// Where the pages and endpoints of Amazon Cognito tell the status of their answer (Cognito Developer Guide, "Logging
/// with CloudTrail": `Login_POST`, `Token_POST`).
const ANSWER: [&str; 3] = ["additionalEventData", "responseParameters", "status"];

/// Where EC2 writes whether it did what was asked for (EC2 API reference, `return`).
const RETURNS: [&str; 2] = ["_return", "return"];

/// Words for the end of what was not done, in `serviceEventDetails`: AWS Backup has `state: "FAILED"` and `"ABORTED"`
/// of its jobs, AWS Control Tower `createManagedAccountStatus.state: "FAILED"`, AWS Organizations
/// `createAccountStatus.state: "FAILED"`, IAM Identity Center `CredentialVerification: "Failure"` (the guides of these
/// services on CloudTrail and on life cycle events).
const NOT_DONE: [&str; 4] = [FAILURE, "Failed", "Aborted", "Error"];

/// The members that such a word is the value of, where it is not called as the event is.
const STATES: [&str; 4] = ["state", "status", "result", "outcome"];

/// Where a service says why.
const REASONS: [&str; 5] = ["failureReason", "errorCode", "errorMessage", "statusMessage", "reason"];

/// Returns whether records of this service may tell of a failure in their response alone.
pub fn tells_without_an_error(source: &[u8]) -> bool {
    source.is_empty() || [&b"signin"[..], b"ec2", b"cognito-idp"].iter().any(|it| source.starts_with(it))
}

/// Returns `errorCode`, or what stands for it in events that fail without one.
pub(super) fn error_code<'e>(event: &Event<'e>) -> Option<&'e str> {
    if let Some(code) = event.text("errorCode") {
        return Some(code);
    }
    // Sign-in events and some services give a message without a code.
    let message = event.text("errorMessage");
    match sign_in_result(event) {
        Some(SUCCESS) => None,
        Some(login) => message.or(Some(login)),
        None => message
            .or_else(|| service_event(event))
            .or_else(|| false_return(event))
            .or_else(|| cognito_failure(event)),
    }
}

/// That a page or endpoint of Cognito answered with an error.
fn cognito_failure<'e>(event: &Event<'e>) -> Option<&'e str> {
    let status = || scalar_text(event.at(&ANSWER.join("."))?)?.parse::<u32>().ok();
    let is_error = event.source().starts_with("cognito-idp") && status().is_some_and(|it| it >= 400);
    is_error.then_some(FAILURE)
}

/// What the sign-in service says of a try; of no other service, whose response may have any words.
fn sign_in_result<'e>(event: &Event<'e>) -> Option<&'e str> {
    let source = event.source();
    let response =
        event.get("responseElements").filter(|_| source.is_empty() || source.starts_with("signin"))?;
    // The response is called as the event is: `{"SwitchRole": "Failure"}`.
    let named = member_of(response, event.name())
        .or_else(|| member_of(response, "ConsoleLogin"))
        .and_then(nonempty_text);
    // Where no source is told, the words of the sign-in service are all there is to know it by.
    let named = named.filter(|it| !source.is_empty() || [SUCCESS, FAILURE].contains(it));
    let failure =
        || object_members(response).filter_map(|(_, value)| nonempty_text(value)).find(|it| *it == FAILURE);
    named.or_else(failure)
}

/// What a service says of its own event that did not come about.
fn service_event<'e>(event: &Event<'e>) -> Option<&'e str> {
    let details = event.get("serviceEventDetails")?;
    let own = member_of(details, event.name()).and_then(not_done);
    let failure =
        || object_members(details).filter_map(|(_, value)| nonempty_text(value)).find(|it| *it == FAILURE);
    let inner = || {
        let statuses = object_members(details).filter(|(key, _)| ends_in_status(key));
        statuses.map(|(_, value)| value).find_map(failure_reason)
    };
    own.or_else(failure).or_else(|| failure_reason(details)).or_else(inner)
}

fn ends_in_status(key: &str) -> bool {
    key.ends_with("Status") || key.ends_with("status")
}

/// Why something was not done, if its state says that it was not.
fn failure_reason(details: Json<'_>) -> Option<&str> {
    let state = STATES.iter().find_map(|name| member_of(details, name).and_then(not_done))?;
    REASONS.iter().find_map(|name| member_of(details, name).and_then(nonempty_text)).or(Some(state))
}

fn not_done(value: Json<'_>) -> Option<&str> {
    nonempty_text(value).filter(|it| NOT_DONE.iter().any(|word| it.eq_ignore_ascii_case(word)))
}

/// `_return`, where EC2 says that it did not do what was asked for.
fn false_return(event: &Event<'_>) -> Option<&'static str> {
    let response = event.get("responseElements").filter(|_| event.source().starts_with("ec2"))?;
    let is_false = |value: Json<'_>, name: &str| member_of(value, name).and_then(bool_value) == Some(false);
    let says = |value: Json<'_>| RETURNS.into_iter().find(|name| is_false(value, name));
    let wrapped = || {
        let inner = object_members(response).filter(|(key, _)| key.ends_with("Response"));
        inner.map(|(_, value)| value).find_map(says)
    };
    says(response).or_else(wrapped)
}

fn object_members<'e>(value: Json<'e>) -> impl Iterator<Item = (&'e str, Json<'e>)> {
    value.as_object().into_iter().flat_map(|object| object.iter().collect::<Vec<_>>())
}
