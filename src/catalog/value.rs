//! From the places that an entry names to the resources that stand there.

use super::path::RecordPath;
use super::row::{IdentifierExpr, RowEntry};
use crate::aws::arn::percent_decoded;
use crate::aws::ids::is_account;
use crate::event::Event;
use crate::resource::{Reference, Resource, type_named};
use std::borrow::Cow;
use std::collections::HashMap;

/// A resource, and where its first identifier stands.
struct FoundResource<'v> {
    resource: Resource,
    value: Option<&'v IdentifierExpr>,
    /// In which elements of which lists; several where it is listed more than once.
    places: Vec<Vec<usize>>,
}

/// What stands at one of the places of an identifier, with the lists that it is in.
type IdentifierTexts<'e> = Vec<(Vec<usize>, Cow<'e, str>)>;

/// The resources that an entry leads to, each with all its identifiers.
pub(super) fn find_resources(event: &Event<'_>, entry: &RowEntry) -> Vec<Resource> {
    let mut found: Vec<FoundResource<'_>> = Vec::new();
    for identifier in &entry.identifiers {
        if found.is_empty() {
            found = identifier
                .iter()
                .map(|value| find_resources_at(event, entry, value))
                .find(|it| !it.is_empty())
                .unwrap_or_default();
            continue;
        }
        let further = identifier.iter().map(|value| (value, find_identifier_texts(event, value)));
        if let Some((value, texts)) = further.into_iter().find(|(_, texts)| !texts.is_empty()) {
            assign_identifiers(&mut found, value, &texts);
        }
    }
    found.into_iter().map(|it| it.resource).collect()
}

/// The types that are told, by where; of several at one place the first.
type KindsByPlace<'k> = HashMap<&'k [usize], &'k str>;

/// The resources that one place names, each once.
fn find_resources_at<'v>(
    event: &Event<'_>,
    entry: &RowEntry,
    value: &'v IdentifierExpr,
) -> Vec<FoundResource<'v>> {
    let alone = |resource| FoundResource { resource, value: None, places: Vec::new() };
    match value {
        IdentifierExpr::Paths(paths) if paths.len() > 1 => {
            let Some(kind) = entry.kind.as_deref() else { return Vec::new() };
            let found = |(place, parts): (Vec<usize>, Vec<Cow<'_, str>>)| FoundResource {
                resource: Resource::joined(kind, &parts.iter().map(|part| &**part).collect::<Vec<_>>()),
                value: Some(value),
                places: vec![place],
            };
            find_id_parts(event, paths).into_iter().map(found).collect()
        }
        IdentifierExpr::Below(path) => {
            path.find(event).iter().filter_map(|place| prefix_resource(entry, place)).map(alone).collect()
        }
        _ => {
            let kinds = entry.kind_at.as_ref().map(|path| path.find_in_lists(event));
            let kinds = kinds.as_ref().map(|kinds| {
                kinds
                    .iter()
                    .rev()
                    .map(|(place, kind)| (place.as_slice(), &**kind))
                    .collect::<KindsByPlace<'_>>()
            });
            let mut found: Vec<FoundResource<'v>> = Vec::new();
            let mut places: HashMap<String, Vec<usize>> = HashMap::new();
            for (place, text) in find_identifier_texts(event, value) {
                let resource = match &kinds {
                    Some(kinds) => typed_by_neighbour(kinds, &place, &text),
                    None => build_resource(entry, &text),
                };
                let Some(resource) = resource else { continue };
                let alike = places.entry(resource.id.clone()).or_default();
                match alike.iter().find(|at| found[**at].resource == resource) {
                    Some(same) => found[*same].places.push(place),
                    None => {
                        alike.push(found.len());
                        found.push(FoundResource { resource, value: Some(value), places: vec![place] });
                    }
                }
            }
            found
        }
    }
}

/// What stands at a place that holds one identifier or a list of them.
fn find_identifier_texts<'e>(event: &Event<'e>, value: &IdentifierExpr) -> IdentifierTexts<'e> {
    let plain = |text| (Vec::new(), text);
    let mut texts: IdentifierTexts<'e> = match value {
        IdentifierExpr::Paths(paths) => match paths.as_slice() {
            [path] => path.find_in_lists(event),
            paths => {
                let whole = |(place, parts): (Vec<usize>, Vec<Cow<'_, str>>)| {
                    let parts: Vec<&str> = parts.iter().map(|part| &**part).collect();
                    (place, Cow::Owned(parts.join("/")))
                };
                find_id_parts(event, paths).into_iter().map(whole).collect()
            }
        },
        IdentifierExpr::Each(path) => path.find_in_lists(event),
        IdentifierExpr::Parent(path) => {
            path.find(event).into_iter().filter_map(parent_arn).map(plain).collect()
        }
        IdentifierExpr::Caller => calling_user_arn(event).into_iter().map(plain).collect(),
        IdentifierExpr::Account => event.recipient_account().into_iter().map(plain).collect(),
        IdentifierExpr::Below(_) => Vec::new(),
    };
    texts.retain(|(_, text)| !is_withheld(text));
    texts
}

/// Whether CloudTrail has put something in the place of what stood there: `****`.
pub(super) fn is_withheld(text: &str) -> bool {
    text.starts_with("HIDDEN_DUE_TO") || text.bytes().all(|it| it == b'*')
}

/// Adds a further identifier: what stands beside that by which a thing was found; otherwise, of one thing alone,
/// what is told once, be it repeated.
fn assign_identifiers(found: &mut [FoundResource<'_>], value: &IdentifierExpr, texts: &IdentifierTexts<'_>) {
    let unique = is_unique_id(value);
    let alone = found.len() == 1;
    if let (IdentifierExpr::Each(_), [one]) = (value, &mut *found) {
        texts.iter().for_each(|(_, text)| add_identifier(&mut one.resource, text, unique));
        return;
    }
    // Whose each place is; none where several have it.
    let mut owners: HashMap<&[usize], Option<usize>> = HashMap::new();
    for (at, it) in found.iter().enumerate() {
        for place in &it.places {
            let owner = owners.entry(place).or_insert(Some(at));
            *owner = owner.filter(|owner| *owner == at);
        }
    }
    // What is told beside each; of one thing alone, whatever is told.
    let mut told: HashMap<usize, Vec<&Cow<'_, str>>> = HashMap::new();
    for (place, text) in texts {
        if let Some(Some(at)) = owners.get(place.as_slice()) {
            told.entry(*at).or_default().push(text);
        }
    }
    let mut further: Vec<(usize, &str)> = Vec::new();
    for (at, it) in found.iter().enumerate() {
        let beside = it.value.is_some_and(|first| is_beside(first, value));
        let is_shared = |place: &Vec<usize>| owners.get(place.as_slice()) == Some(&None);
        if (!beside && !alone) || it.places.iter().any(is_shared) {
            continue;
        }
        let text = if beside {
            the_one(told.get(&at).into_iter().flatten().copied())
        } else {
            the_one(texts.iter().map(|(_, text)| text))
        };
        further.extend(text.map(|text| (at, &**text)));
    }
    for (at, text) in further {
        add_identifier(&mut found[at].resource, text, unique);
    }
}

/// What is told, if it is always the same.
fn the_one<'t, T: PartialEq>(mut texts: impl Iterator<Item = &'t T>) -> Option<&'t T> {
    let first = texts.next()?;
    texts.all(|other| other == first).then_some(first)
}

fn is_beside(one: &IdentifierExpr, other: &IdentifierExpr) -> bool {
    match (one, other) {
        (IdentifierExpr::Paths(one), IdentifierExpr::Paths(other)) => {
            one.last().zip(other.last()).is_some_and(|(one, other)| one.is_beside(other))
        }
        _ => false,
    }
}

/// Adds a further identifier; an id that only the service uses is no name.
fn add_identifier(resource: &mut Resource, value: &str, unique: bool) {
    if is_of_another_type(resource, value) {
        return;
    }
    if unique { resource.also_unique(value) } else { resource.also(value) }
}

/// Whether an ARN stands there that is surely not the resource's.
fn is_of_another_type(resource: &Resource, value: &str) -> bool {
    let Some(told) = Resource::from_arn(value).filter(|told| told.kind != resource.kind) else {
        return false;
    };
    let may_be = |kinds: &[Cow<'static, str>]| kinds.contains(&resource.kind);
    type_named(&told.kind).is_some() && !Reference::parse(value).is_ok_and(|it| may_be(it.kinds()))
}

/// Whether ids stand there that nobody chose and no call takes: `dbiResourceId`, `dbClusterResourceId`.
fn is_unique_id(value: &IdentifierExpr) -> bool {
    let IdentifierExpr::Paths(paths) = value else { return false };
    paths.last().and_then(RecordPath::last).is_some_and(|last| last.ends_with("ResourceId"))
}

/// The parts that ids are put together from: a set for each value of the last part, with the parents that stand
/// beside it or, where there is one only, above all; and the lists that the last part is in.
fn find_id_parts<'e>(event: &Event<'e>, paths: &[RecordPath]) -> Vec<(Vec<usize>, Vec<Cow<'e, str>>)> {
    let parts: Vec<IdentifierTexts<'e>> = paths.iter().map(|path| path.find_in_lists(event)).collect();
    let Some(last) = parts.last() else { return Vec::new() };
    if parts.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let at = |at: usize| {
        let beside = |values: &IdentifierTexts<'e>| if values.len() == last.len() { at } else { 0 };
        let parts = parts.iter().map(|values| values[beside(values)].1.clone()).collect();
        (last[at].0.clone(), parts)
    };
    let all = (0..last.len()).map(at);
    all.filter(|(_, parts): &(_, Vec<_>)| !parts.iter().any(|part| is_withheld(part))).collect()
}

/// All that is in a place: an id that ends where the names would begin.
fn prefix_resource(entry: &RowEntry, place: &str) -> Option<Resource> {
    let mut resource = Resource::joined(entry.kind.as_deref()?, &[place, ""]);
    resource.name = None;
    Some(resource)
}

/// An ARN without its last piece: the topic's, of a subscription's.
fn parent_arn(arn: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let (parent, _) = arn.rsplit_once(':')?;
    (parent.matches(':').count() > 4).then(|| Cow::Owned(parent.to_owned()))
}

/// The IAM user who calls. Of a call that was refused nothing is logged, so that it may have named another.
fn calling_user_arn<'e>(event: &Event<'e>) -> Option<Cow<'e, str>> {
    let actor = event.actor();
    let arn = actor.arn.filter(|_| actor.kind == "IAMUser" && !event.is_denied())?;
    Some(Cow::Borrowed(arn))
}

/// A resource whose type is told beside it. Where none is, or no type, an ARN or id may tell.
fn typed_by_neighbour(kinds: &KindsByPlace<'_>, place: &[usize], value: &str) -> Option<Resource> {
    let kind = kinds.get(place).copied();
    match kind.filter(|kind| kind.matches("::").count() == 2 && kind.bytes().all(|it| it.is_ascii_graphic()))
    {
        Some(kind) => Some(Resource::new(kind, value)),
        None => Resource::from_arn(value).or_else(|| Resource::from_id(value)),
    }
}

fn build_resource(entry: &RowEntry, value: &str) -> Option<Resource> {
    let told = || Resource::from_arn(value).or_else(|| Resource::from_id(value));
    match entry.kind.as_deref() {
        Some(kind) if entry.strict && looks_like(kind, value) => Some(Resource::new(kind, value)),
        Some(kind) if entry.strict => told().filter(|it| it.kind == kind),
        // Where results go is told by a URL: `s3://bucket/prefix`.
        Some("AWS::S3::Bucket") if value.starts_with("s3://") => {
            let bucket = value.trim_start_matches("s3://").split('/').next().filter(|it| !it.is_empty())?;
            Some(Resource::new("AWS::S3::Bucket", bucket))
        }
        // A prefix in a bucket, where results go or data comes from.
        Some("AWS::S3::Object") if value.starts_with("s3://") => {
            let (bucket, key) = value.trim_start_matches("s3://").split_once('/')?;
            let is_told = !bucket.is_empty() && !key.is_empty();
            is_told.then(|| Resource::new("AWS::S3::Object", &format!("{bucket}/{key}")))
        }
        Some("AWS::S3::Object") => Some(Resource::new("AWS::S3::Object", &copy_source(value))),
        Some(kind) => Some(Resource::new(kind, value)),
        None => told(),
    }
}

/// Whether a value is an id of the type, where ids have a form that only calls of one service tell.
fn looks_like(kind: &str, value: &str) -> bool {
    match kind {
        "AWS::Organizations::Account" => is_account(value),
        "AWS::Organizations::OrganizationalUnit" => value.starts_with("ou-"),
        "AWS::Organizations::Root" => value.starts_with("r-"),
        "AWS::Organizations::Policy" => value.starts_with("p-"),
        _ => false,
    }
}

/// Bucket and key as the header of a copy has them: encoded for a URL, `/` in front, a version behind.
fn copy_source(value: &str) -> Cow<'_, str> {
    if value.starts_with("arn:") {
        return Cow::Borrowed(value);
    }
    let value = value.split_once("?versionId=").map_or(value, |(source, _)| source);
    let value = percent_decoded(value);
    match value.strip_prefix('/') {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => value,
    }
}
