//! What a refused call was meant for, from the message of the refusal.
//!
//! IAM and others log no request parameters when a call is denied, but the
//! message names the target: `… is not authorized to perform: iam:DeleteUser
//! on resource: user alice because …`. The operation that was refused need not
//! be the call: to run instances takes the right to pass a role on.

use super::row::RowEntry;
use super::{
    CallActions, Relation, ResourceAction, add_act, api_name, entry_of, places_of, relation_of_entry,
};
use crate::event::Event;
use crate::resource::Resource;

/// Calls whose permission has another name.
const PERMISSIONS: &[(&str, &str)] = &[
    ("Invoke", "InvokeFunction"),
    ("InvokeAsync", "InvokeFunction"),
    ("ListObjects", "ListBucket"),
    ("ListObjectsV2", "ListBucket"),
    ("HeadBucket", "ListBucket"),
    ("HeadObject", "GetObject"),
    ("DeleteObjects", "DeleteObject"),
    ("CopyObject", "PutObject"),
    ("CreateMultipartUpload", "PutObject"),
    ("InitiateMultipartUpload", "PutObject"),
    ("UploadPart", "PutObject"),
    ("UploadPartCopy", "PutObject"),
    ("CompleteMultipartUpload", "PutObject"),
];

/// Adds the resource that `errorMessage` names.
pub(super) fn name_by_message(event: &Event<'_>, entries: &[RowEntry], acts: &mut CallActions) {
    let Some(message) = event.text("errorMessage") else { return };
    let Some((front, target)) = message.split_once("on resource: ") else { return };
    let is_call = refused_operation(front).is_none_or(|operation| is_call(api_name(event.name()), operation));
    let alone = sole_subject(entries).filter(|_| is_call);
    let Some(resource) = target_of(target, alone) else { return };
    // Of another type than the row has, it is not what the call acts on.
    let (action, relation) = match entry_of(event, entries, &resource) {
        Some(entry) => (entry.action.unwrap_or(acts.action), relation_of_entry(entry)),
        None if entries.is_empty() && is_call => (acts.action, Relation::Subject),
        None => (acts.action, Relation::Related),
    };
    let mut places = places_of(&acts.list);
    add_act(
        event,
        &mut acts.list,
        &mut places,
        ResourceAction { resource, action, or: None, relation, failed: None },
    );
}

/// The operation that was refused, without its service.
fn refused_operation(message: &str) -> Option<&str> {
    let (_, after) = message.split_once("perform: ")?;
    let word = after.split_whitespace().next()?;
    word.split_once(':').map(|(_, operation)| operation)
}

fn is_call(name: &str, operation: &str) -> bool {
    let known = PERMISSIONS.iter().any(|(call, permission)| *call == name && *permission == operation);
    known || api_name(operation).eq_ignore_ascii_case(name)
}

/// The type that a bare name has: that of all subjects, if they share one.
fn sole_subject(entries: &[RowEntry]) -> Option<&str> {
    let mut kinds = entries.iter().filter(|entry| entry.action.is_some()).map(|entry| entry.kind.as_deref());
    let first = kinds.next()??;
    kinds.all(|kind| kind == Some(first)).then_some(first)
}

fn target_of(text: &str, alone: Option<&str>) -> Option<Resource> {
    let mut words = text.split_whitespace().map(trim_punctuation);
    let first = words.next()?;
    if first.starts_with("arn:") {
        return Resource::from_arn(first);
    }
    let kind = match first {
        "user" => "AWS::IAM::User",
        "role" => "AWS::IAM::Role",
        "group" => "AWS::IAM::Group",
        "policy" => "AWS::IAM::Policy",
        "instance" if words.clone().next() == Some("profile") => {
            words.next();
            "AWS::IAM::InstanceProfile"
        }
        "" | "*" => return None,
        name => return Some(Resource::new(alone?, name)),
    };
    Some(Resource::new(kind, words.next()?))
}

/// A word without quotes and the marks of the sentence, which may go on right behind an ARN.
fn trim_punctuation(word: &str) -> &str {
    word.trim_start_matches(['"', '\'']).trim_end_matches(['.', ',', ';', '"', '\''])
}
