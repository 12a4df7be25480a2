//! The event that EventBridge makes of a record: what stands around `detail`.

use crate::event::{Event, any_text, scalar_text};
use crate::query::need::event_source;
use std::borrow::Cow;

/// How the guide writes the type of a sign-in, on all pages but one.
pub(super) const SIGN_IN: &str = "AWS Console Sign In via CloudTrail";
const SIGN_IN_AS_WELL: &str = "AWS Console Signin via CloudTrail";

/// Returns a field other than `detail`; `None` where there is none. `resources` is an empty array, which
/// has no fields.
///
/// Facts: the user guide, "AWS service events delivered via CloudTrail", and the events in it.
pub(super) fn envelope_field<'e>(event: &Event<'e>, name: &str) -> Option<Cow<'e, str>> {
    let text = |field| event.root().as_object()?.get(field).and_then(any_text);
    match name {
        "version" => Some("0".into()),
        // EventBridge numbers its events anew; the id of the record is what is known.
        "id" => text("eventID").map(Cow::Borrowed),
        "detail-type" => Some(detail_type(text("eventType")).into()),
        "source" => text("eventSource").map(|it| event_source(it).into()),
        "account" => event.recipient_account().or_else(|| scalar_text(event.get("recipientAccountId")?)),
        "time" => text("eventTime").map(Cow::Borrowed),
        "region" => text("awsRegion").map(Cow::Borrowed),
        _ => None,
    }
}

fn detail_type(event_type: Option<&str>) -> &'static str {
    match event_type {
        Some("AwsConsoleSignIn") => SIGN_IN,
        Some("AwsConsoleAction") => "AWS Console Action via CloudTrail",
        Some("AwsServiceEvent") => "AWS Service Event via CloudTrail",
        Some("AwsCloudTrailInsight") => "AWS Insight via CloudTrail",
        _ => "AWS API Call via CloudTrail",
    }
}

/// Returns the one of two spellings that stands for both.
pub(super) fn one_spelling(detail_type: &str) -> &str {
    if detail_type == SIGN_IN_AS_WELL { SIGN_IN } else { detail_type }
}
