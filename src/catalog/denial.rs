//! What a refused call was meant for, from the message of the refusal.
//!
//! IAM and others log no request parameters when a call is denied, but the
//! message names the target: `… is not authorized to perform: iam:DeleteUser
//! on resource: user alice because …`.

use super::row::Entry;
use super::{Act, Acts, push, relation};
use crate::event::Event;
use crate::resource::Resource;

/// Adds the resource that `errorMessage` names.
pub(super) fn name_by_message(event: &Event<'_>, entries: &[Entry], acts: &mut Acts) {
    let Some(message) = event.text("errorMessage") else { return };
    let Some((_, target)) = message.split_once("on resource: ") else { return };
    let Some(resource) = target_of(target) else { return };
    let entry = entries.iter().find(|entry| entry.kind.as_deref() == Some(resource.kind.as_ref()));
    // Without an entry of that type nothing says that the call acts on it as a whole.
    let (action, relation) = match entry.or(entries.first().filter(|_| entries.len() == 1)) {
        Some(entry) => (entry.action.unwrap_or(acts.action), relation(entry)),
        None => (acts.action, super::Relation::Subject),
    };
    push(&mut acts.list, Act { resource, action, or: None, relation });
}

fn target_of(text: &str) -> Option<Resource> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    if first.starts_with("arn:") {
        // The sentence may go on right behind the ARN.
        return Resource::from_arn(first.trim_end_matches(['.', ',', ';', '"']));
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
        _ => return None,
    };
    Some(Resource::new(kind, words.next()?.trim_end_matches(['.', ',', ';', '"'])))
}
