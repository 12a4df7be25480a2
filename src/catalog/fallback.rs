//! What a call does that has no row: by its verb, and by the identifier
//! fields that belong to the noun of its name.
//!
//! `DeleteWidget` with `widgetName` deletes the widget; `DeleteWidgetPolicy`
//! with `widgetName` only changes it: a call counts as a creation or deletion
//! of nothing but what its own name says.

use super::members::{FieldPlace, IdentifierField, find_identifier_fields};
use super::{ActPlaces, Action, CallActions, Relation, ResourceAction, add_act, api_name};
use crate::event::{Event, Json, nonempty_text};
use crate::resource;
use crate::resource::Resource;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The verbs that API names begin with, where they are not a change.
const VERBS: &[(Action, &[&str])] = &[
    (
        Action::Created,
        &[
            "Create",
            "Register",
            "Allocate",
            "Import",
            "Run",
            "Request",
            "Provision",
            "Copy",
            "Clone",
            "Restore",
        ],
    ),
    (Action::Deleted, &["Delete", "Destroy", "Deregister", "Terminate", "Release"]),
    (
        Action::Read,
        &[
            "Get", "List", "Describe", "Head", "Lookup", "Search", "Query", "Scan", "Select", "Check",
            "Verify", "Validate", "Preview", "Estimate", "Test", "Download", "View", "Discover", "Decrypt",
            "Encrypt", "Assume", "Filter", "Detect", "Simulate", "Export", "Retrieve", "Read", "Count",
            "Poll", "Receive", "Invoke", "Sign",
        ],
    ),
];

/// Returns what a call of this name does. `readOnly` is CloudTrail's own word and decides between
/// reading and writing.
pub(super) fn infer_action(name: &str, read_only: Option<bool>) -> Action {
    if read_only == Some(true) {
        return Action::Read;
    }
    match split_verb(name).0 {
        Action::Read if read_only == Some(false) => Action::Changed,
        action => action,
    }
}

/// What stands before the verb.
const BEFORE: [&str; 3] = ["Batch", "Bulk", "Admin"];

/// Splits a name into what its verb does and its noun.
fn split_verb(name: &str) -> (Action, &str) {
    let name = BEFORE.iter().find_map(|it| name.strip_prefix(it)).filter(|it| has_noun(it)).unwrap_or(name);
    let starts = |verb: &&&str| {
        name.strip_prefix(**verb).is_some_and(|noun| noun.starts_with(|it: char| it.is_ascii_uppercase()))
    };
    for (action, verbs) in VERBS {
        if let Some(verb) = verbs.iter().find(starts) {
            return (*action, &name[verb.len()..]);
        }
    }
    // Any other first word is a change: `PutWidget`, `EnableWidget`.
    let noun = name.char_indices().skip(1).find(|(_, it)| it.is_ascii_uppercase());
    (Action::Changed, noun.map_or("", |(at, _)| &name[at..]))
}

/// Whether the name still is a verb and its noun.
fn has_noun(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.chars().skip(1).any(|it| it.is_ascii_uppercase())
}

/// Returns the acts of a call without a row.
pub(super) fn infer_acts(event: &Event<'_>) -> CallActions {
    let name = api_name(event.name());
    let action = infer_action(name, event.read_only());
    let noun = split_verb(name).1;
    let fields = find_identifier_fields(event);
    let (mut list, mut places) = (Vec::new(), ActPlaces::new());
    let (own, action_on_own) = own_fields(&fields, noun, action);
    let (subjects, used) = find_subjects(event.source(), noun, &own);
    for resource in subjects {
        // One version of a thing is not the thing.
        let is_version = ["Version", "Versions"].iter().any(|end| noun.ends_with(end));
        let is_whole = is_version && !resource.kind.ends_with("Version");
        let action = match action_on_own {
            Action::Created | Action::Deleted if is_whole => Action::Changed,
            action => action,
        };
        let act = ResourceAction { resource, action, or: None, relation: Relation::Subject, failed: None };
        add_act(event, &mut list, &mut places, act);
    }
    for field in &fields {
        let unused = field.values.iter().filter(|value| !used.contains(&value.as_ref()));
        for resource in unused.filter_map(|value| find_named_resource(event.source(), field, value)) {
            let act =
                ResourceAction { resource, action, or: None, relation: Relation::Related, failed: None };
            add_act(event, &mut list, &mut places, act);
        }
    }
    let mut buckets = Vec::new();
    if let Some(request) = event.get("requestParameters") {
        find_buckets(request, &mut buckets, 0);
    }
    for resource in buckets {
        add_act(
            event,
            &mut list,
            &mut places,
            ResourceAction { resource, action, or: None, relation: Relation::Related, failed: None },
        );
    }
    CallActions { action, list, by_row: false }
}

/// Members that hold a bucket in the requests of many services, in lower case.
const BUCKETS: [&str; 7] = [
    "s3bucket",
    "s3bucketname",
    "bucketname",
    "bucket",
    "outputs3bucketname",
    "outputbucketname",
    "destinationbucket",
];

/// How deep a request is looked through.
const DEPTH: u8 = 6;

/// The buckets that data comes from or goes to: where `s3://bucket/prefix` stands, or a member is called so.
fn find_buckets(value: Json<'_>, buckets: &mut Vec<Resource>, depth: u8) {
    if depth > DEPTH {
        return;
    }
    if let Some(bucket) = nonempty_text(value).and_then(bucket_of) {
        buckets.push(bucket);
    }
    for element in value.as_array().into_iter().flat_map(|array| array.iter()) {
        find_buckets(element, buckets, depth + 1);
    }
    for (key, value) in value.as_object().into_iter().flat_map(|object| object.iter()) {
        find_buckets(value, buckets, depth + 1);
        let named = BUCKETS.iter().any(|it| key.eq_ignore_ascii_case(it));
        let bucket = nonempty_text(value).filter(|text| named && !text.starts_with("s3://"));
        buckets.extend(bucket.map(|bucket| Resource::new("AWS::S3::Bucket", bucket)));
    }
}

/// The bucket of `s3://bucket/prefix`.
fn bucket_of(url: &str) -> Option<Resource> {
    let bucket = url.strip_prefix("s3://")?.split('/').next().filter(|it| !it.is_empty())?;
    Some(Resource::new("AWS::S3::Bucket", bucket))
}

/// The fields that identify what the call acts on, ids before names, and what it does to that.
fn own_fields<'f, 'e>(
    fields: &'f [IdentifierField<'e>],
    noun: &str,
    action: Action,
) -> (Vec<&'f IdentifierField<'e>>, Action) {
    let mut own: Vec<_> = fields.iter().filter(|field| is_own(field, noun)).collect();
    if own.is_empty() {
        let elsewhere = fields.iter().find(|field| is_of(&field.stem, noun));
        own.extend(elsewhere.or_else(|| fields.iter().find(|field| is_bare(field))));
    }
    if own.iter().any(|field| is_of(&field.stem, noun)) {
        // Beside the widget itself, a `resourceId` is what the widget is put on.
        own.retain(|field| field.stem != "resource");
    }
    if !own.is_empty() {
        // The request says how many there are: a response may list others too.
        let count = own[0].values.len();
        own.retain(|field| field.values.len() == count);
        own.sort_by_key(|field| !field.end.starts_with("id"));
        return (own, action);
    }
    let parts = fields.iter().filter(|field| is_part_of(field, noun));
    own.extend(parts.max_by_key(|field| field.stem.len()));
    (own, if action == Action::Read { action } else { Action::Changed })
}

/// The resources that the fields name, each with all its identifiers, and the values used for that.
fn find_subjects<'f>(
    source: &str,
    noun: &str,
    own: &[&'f IdentifierField<'_>],
) -> (Vec<Resource>, Vec<&'f str>) {
    let Some((first, more)) = own.split_first() else { return Default::default() };
    let noun = stem_or(first, noun);
    let of_noun = |kind: &str| kind.rsplit("::").next().is_some_and(|last| last.eq_ignore_ascii_case(noun));
    let arns = own.iter().flat_map(|field| &field.values).filter_map(|value| Resource::from_arn(value));
    // An ARN tells the type surely.
    let kind = arns.map(|it| it.kind).find(|kind| of_noun(kind));
    let mut used = Vec::new();
    let read = |value: &'f Cow<'_, str>| {
        used.push(value.as_ref());
        match &kind {
            Some(kind) => Resource::new(kind, value),
            None => resource_of(source, noun, value),
        }
    };
    let mut subjects: Vec<_> = first.values.iter().map(read).collect();
    // Of several, nothing tells which identifiers belong together.
    let more = if subjects.len() == 1 { more } else { &[] };
    for field in more {
        for (subject, value) in subjects.iter_mut().zip(&field.values) {
            // What it hangs on may be named by an ARN, too.
            if Resource::from_arn(value).is_none_or(|it| it.kind == subject.kind) {
                subject.also(value);
                used.push(value);
            }
        }
    }
    (subjects, used)
}

/// Whether the field names what the noun names, in its own place: `widgetName` of `DeleteWidget`,
/// `DeleteWidgets`, or `name` where nothing else is called so.
fn is_own(field: &IdentifierField<'_>, noun: &str) -> bool {
    let here = match &field.place {
        FieldPlace::Top => true,
        FieldPlace::In(parent) => is_of(parent, noun),
    };
    here && (is_of(&field.stem, noun) || (is_bare(field) && !matches!(field.end, "key" | "url" | "urls")))
}

fn is_of(stem: &str, noun: &str) -> bool {
    let noun = noun.to_ascii_lowercase();
    !stem.is_empty()
        && (stem == noun || noun.strip_suffix('s') == Some(stem) || stem.strip_suffix('s') == Some(&noun))
}

/// Whether the field is called `name`, `id` or `resourceArn` only.
fn is_bare(field: &IdentifierField<'_>) -> bool {
    field.stem.is_empty() || field.stem == "resource"
}

/// Whether the noun is about a part of what the field names: `widgetName` of `DeleteWidgetPolicy`.
fn is_part_of(field: &IdentifierField<'_>, noun: &str) -> bool {
    !field.stem.is_empty() && noun.to_ascii_lowercase().starts_with(&field.stem)
}

/// The noun that the field stands for, in the spelling of the event name where it is one.
fn stem_or<'n>(field: &IdentifierField<'_>, noun: &'n str) -> &'n str {
    if is_bare(field) || is_of(&field.stem, noun) {
        noun.strip_suffix('s').unwrap_or(noun)
    } else {
        &noun[..field.stem.len().min(noun.len())]
    }
}

/// The resource of an id that tells its type: file systems of two services begin with the same letters.
fn of_id(source: &str, value: &str) -> Option<Resource> {
    let resource = Resource::from_id(value)?;
    let is_of_fsx = service_of_source(source) == "fsx" && resource.kind == "AWS::EFS::FileSystem";
    Some(if is_of_fsx { Resource::new("AWS::FSx::FileSystem", value) } else { resource })
}

/// The resource that a value stands for: by its ARN or id, else by service and noun.
fn resource_of(source: &str, noun: &str, value: &str) -> Resource {
    if let Some(resource) = Resource::from_arn(value).or_else(|| of_id(source, value)) {
        return resource;
    }
    match type_of(source, noun) {
        Some(kind) => Resource::new(kind, value),
        None => Resource::new(&format!("AWS::{}::{noun}", capitalize_word(service_of_source(source))), value),
    }
}

/// Members that mean the same in the calls of every service, in lower case.
const MEANT: [(&str, &str); 7] = [
    ("bucketname", "AWS::S3::Bucket"),
    ("s3bucketname", "AWS::S3::Bucket"),
    ("functionname", "AWS::Lambda::Function"),
    ("rolename", "AWS::IAM::Role"),
    ("loggroupname", "AWS::Logs::LogGroup"),
    ("kmskeyid", "AWS::KMS::Key"),
    ("kmskeyarn", "AWS::KMS::Key"),
];

/// The resource that a field names which is not what the call acts on, where that is sure:
/// `roleName` of any call, `dBInstanceIdentifier` of one of RDS.
fn find_named_resource(source: &str, field: &IdentifierField<'_>, value: &str) -> Option<Resource> {
    let told = Resource::from_arn(value).or_else(|| of_id(source, value));
    if told.is_some() || field.place != FieldPlace::Top {
        return told;
    }
    let is_meant = |name: &str| name.strip_prefix(&*field.stem) == Some(field.end);
    let meant = || MEANT.iter().find(|(name, _)| is_meant(name)).map(|(_, kind)| *kind);
    type_of(source, &field.stem).or_else(meant).map(|kind| Resource::new(kind, value))
}

/// The types by the service of their ARNs and their last word in lower case.
static BY_NOUN: LazyLock<HashMap<&str, HashMap<String, &str>>> = LazyLock::new(|| {
    let mut index: HashMap<&str, HashMap<String, &str>> = HashMap::new();
    for kind in resource::all_types() {
        let last = kind.name.rsplit("::").next().unwrap_or_default().to_ascii_lowercase();
        for (service, _) in kind.arns {
            index.entry(service).or_default().entry(last.clone()).or_insert(kind.name);
        }
    }
    index
});

/// The type of the service that the noun is the last word of.
fn type_of(source: &str, noun: &str) -> Option<&'static str> {
    BY_NOUN.get(service_of_source(source))?.get(&noun.to_ascii_lowercase()).copied()
}

fn service_of_source(source: &str) -> &str {
    source.split('.').next().unwrap_or(source)
}

fn capitalize_word(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
