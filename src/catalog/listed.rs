//! What a record's own `resources[]` says of the resources of its call.
//!
//! One record may list as many as fit into it, so nothing here looks through the list for each of its members.

use super::row::RowEntry;
use super::{
    ActPlaces, CallActions, Relation, ResourceAction, add_act, entry_of, places_of, relation_of_entry,
};
use crate::event::{Event, Json, member_of, nonempty_text, scalar_text};
use crate::resource::{Match, Reference, Resource, WordIndex};
use std::borrow::Cow;
use std::collections::HashMap;

/// What a call acts on, by what its resources are called and of which type they are.
struct ActIndex {
    words: WordIndex,
    by_kind: HashMap<Cow<'static, str>, Vec<usize>>,
    places: ActPlaces,
    /// How many acts were looked at, which is what the time hangs on.
    #[cfg(test)]
    looks: usize,
}

impl ActIndex {
    fn of(list: &[ResourceAction]) -> Self {
        let mut index = Self {
            words: WordIndex::default(),
            by_kind: HashMap::new(),
            places: places_of(list),
            #[cfg(test)]
            looks: 0,
        };
        list.iter().enumerate().for_each(|(at, act)| index.note(at, act));
        index
    }

    fn note(&mut self, at: usize, act: &ResourceAction) {
        self.words.add(at, &act.resource);
        self.by_kind.entry(act.resource.kind.clone()).or_default().push(at);
    }

    fn of_kind(&self, kind: &str) -> &[usize] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The first act on a resource of this type that a reference means.
    fn find(&mut self, list: &[ResourceAction], kind: &str, reference: &Reference) -> Option<usize> {
        let candidates = self.words.candidates(reference);
        let candidates =
            candidates.map_or_else(|| self.of_kind(kind).to_vec(), |it| it.into_iter().collect());
        #[cfg(test)]
        {
            self.looks += candidates.len();
        }
        let means = |at: &usize| {
            list[*at].resource.kind == kind && reference.matches(&list[*at].resource) == Match::Yes
        };
        candidates.into_iter().find(means)
    }
}

/// The resources that a record lists, each as it is listed.
fn listed_resources(event: &Event<'_>) -> Vec<(String, Resource)> {
    let listed = event.get("resources").and_then(|value| value.as_array());
    let read = |entry: Json<'_>| match arn_of(entry) {
        Some(arn) => Some((arn.to_owned(), Resource::from_arn(arn)?)),
        // The event history has names and types.
        None => {
            let name = member_of(entry, "resourceName").and_then(nonempty_text)?;
            let resource = Resource::new(member_of(entry, "type").and_then(nonempty_text)?, name);
            Some((name.to_owned(), resource))
        }
    };
    listed.into_iter().flat_map(|list| list.iter().filter_map(read).collect::<Vec<_>>()).collect()
}

/// Adds what the record's own `resources[]` says: the ARN of a resource that the
/// row found by name, or a resource that it did not find.
pub(super) fn name_by_resources(event: &Event<'_>, entries: &[RowEntry], acts: &mut CallActions) {
    let arns = listed_resources(event);
    if !arns.is_empty() {
        add_listed(event, entries, acts, &arns);
    }
}

/// Does so, and returns what was looked up on the way.
fn add_listed(
    event: &Event<'_>,
    entries: &[RowEntry],
    acts: &mut CallActions,
    arns: &[(String, Resource)],
) -> ActIndex {
    let mut index = ActIndex::of(&acts.list);
    let mut times: HashMap<&str, usize> = HashMap::new();
    arns.iter().for_each(|(_, resource)| *times.entry(&resource.kind).or_default() += 1);
    for (arn, resource) in arns {
        let kind = &*resource.kind;
        // Called by another name than its ARN has, it is the one only if there is no other.
        let alone = match index.of_kind(kind) {
            [one] if times.get(kind) == Some(&1) => Some(*one),
            _ => None,
        };
        let alone = alone.filter(|at| may_be_called(&acts.list[*at].resource, resource));
        let reference = Reference::parse(arn).ok();
        let is_it =
            alone.or_else(|| reference.and_then(|reference| index.find(&acts.list, kind, &reference)));
        if let Some(at) = is_it {
            acts.list[at].resource.also(arn);
            index.words.add(at, &acts.list[at].resource);
            continue;
        }
        if kind == "AWS::S3::Bucket" && !index.of_kind("AWS::S3::Object").is_empty() {
            continue;
        }
        let entry = entry_of(event, entries, resource);
        // A call without a row acts on what it lists; one with a row on what the row names.
        let relation = match entry {
            Some(entry) => relation_of_entry(entry),
            None if entries.is_empty() => Relation::Subject,
            None => Relation::Related,
        };
        let action = entry.and_then(|entry| entry.action).unwrap_or(acts.action);
        let or = entry.and_then(|entry| entry.or);
        let act = ResourceAction { resource: resource.clone(), action, or, relation, failed: None };
        let before = acts.list.len();
        add_act(event, &mut acts.list, &mut index.places, act);
        if let Some(act) = acts.list.get(before) {
            index.note(before, act);
        }
    }
    index
}

fn arn_of(entry: Json<'_>) -> Option<&str> {
    member_of(entry, "ARN").or_else(|| member_of(entry, "arn")).and_then(nonempty_text)
}

/// Says where buckets are: the record's own list tells the owner, a creation the account and the region.
pub(super) fn set_bucket_home(event: &Event<'_>, acts: &mut CallActions) {
    let buckets = || acts.list.iter().any(|act| act.resource.kind == "AWS::S3::Bucket");
    if !buckets() || event.error_code().is_some() {
        return;
    }
    let listed = event.get("resources").and_then(|value| value.as_array());
    let mut owners: HashMap<&str, Json<'_>> = HashMap::new();
    for entry in listed.iter().flat_map(|list| list.iter()) {
        if let Some((_, bucket)) = arn_of(entry).and_then(|arn| arn.split_once(":s3:::")) {
            owners.entry(bucket).or_insert(entry);
        }
    }
    let created = event.source() == "s3.amazonaws.com" && event.name() == "CreateBucket";
    let account = event.recipient_account().filter(|_| created);
    let asked =
        event.at("requestParameters.CreateBucketConfiguration.LocationConstraint").and_then(nonempty_text);
    // The oldest name of a region: see CreateBucket in the S3 API reference.
    let asked = asked.map(|region| if region == "EU" { "eu-west-1" } else { region });
    let region = asked.filter(|it| !it.is_empty()).or(event.text("awsRegion")).filter(|_| created);
    for act in acts.list.iter_mut().filter(|act| act.resource.kind == "AWS::S3::Bucket") {
        let owner = owners.get(act.resource.id.as_str());
        let owner = owner.and_then(|entry| member_of(*entry, "accountId")).and_then(scalar_text);
        act.resource.at_home(account.as_deref().or(owner.as_deref()), region);
    }
}

/// Whether what a call names may be the resource of an ARN that is listed with it, though they read otherwise: a
/// key called by its alias, an id beside a name. Two names, or two ids, are two resources.
fn may_be_called(named: &Resource, listed: &Resource) -> bool {
    let is_id = |resource: &Resource| resource.has_id();
    named.arn.is_none() && is_id(named) != is_id(listed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Action;
    use crate::event::EventParser;
    use serde_json::{Value, json};

    /// As many resources as fit into a record, each listed twice.
    #[test]
    fn the_work_grows_with_the_resources() {
        let work = |number: usize| {
            let listed = |it: usize| json!({"ARN": format!("arn:aws:s3:::bucket-{}", it % number)});
            let list: Vec<Value> = (0..2 * number).map(listed).collect();
            let record = json!({"eventName": "X", "eventSource": "s3.amazonaws.com", "resources": list});
            let read = |event: &Event<'_>| {
                let mut acts = CallActions { action: Action::Changed, list: Vec::new(), by_row: false };
                let looks = add_listed(event, &[], &mut acts, &listed_resources(event)).looks;
                assert_eq!(acts.list.len(), number);
                looks
            };
            EventParser::default().read(record.to_string().as_bytes(), read).unwrap()
        };
        let (once, twice) = (work(100), work(200));
        assert!(once > 0 && twice as f64 <= 2.2 * once as f64, "{once} and {twice}");
    }
}
