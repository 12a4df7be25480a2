//! From the places that an entry names to the resources that stand there.

use super::path::Path;
use super::row::{Entry, Value};
use crate::event::Event;
use crate::resource::Resource;
use std::borrow::Cow;

/// The resources that an entry leads to, each with all its identifiers.
pub(super) fn resources(event: &Event<'_>, entry: &Entry) -> Vec<Resource> {
    let mut resources: Vec<Resource> = Vec::new();
    for value in &entry.values {
        let (found, unique) = match value {
            Value::Paths(paths) => match paths.as_slice() {
                [path] => (path.find(event), is_unique_id(path)),
                paths if resources.is_empty() => {
                    resources.extend(joined(event, entry, paths));
                    continue;
                }
                _ => continue,
            },
            Value::Below(path) if resources.is_empty() => {
                resources.extend(path.find(event).iter().filter_map(|place| below(entry, place)));
                continue;
            }
            Value::Caller if resources.is_empty() => (caller(event).into_iter().collect(), false),
            Value::Below(_) | Value::Caller => continue,
            Value::Parent(path) => (path.find(event).into_iter().filter_map(parent).collect(), false),
            Value::Account => (event.recipient_account().into_iter().collect(), false),
        };
        if resources.is_empty() {
            resources = found.iter().filter_map(|value| resource(entry, value)).collect();
        } else if resources.len() == found.len() {
            for (resource, value) in resources.iter_mut().zip(&found) {
                also(resource, value, unique);
            }
        }
    }
    resources
}

/// Adds a further identifier; an id that only the service uses is no name.
fn also(resource: &mut Resource, value: &str, unique: bool) {
    if unique { resource.also_unique(value) } else { resource.also(value) }
}

/// Whether ids stand there that nobody chose and no call takes: `dbiResourceId`, `dbClusterResourceId`.
fn is_unique_id(path: &Path) -> bool {
    path.last().is_some_and(|last| last.ends_with("ResourceId"))
}

/// The ids put together from parts: one for each value of the last part, with the parents that stand
/// beside it or, where there is one only, above all.
fn joined(event: &Event<'_>, entry: &Entry, paths: &[Path]) -> Vec<Resource> {
    let parts: Vec<_> = paths.iter().map(|path| path.find(event)).collect();
    let (Some(kind), Some(last)) = (entry.kind.as_deref(), parts.last()) else { return Vec::new() };
    if parts.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let at = |place: usize| {
        let beside = |values: &[_]| if values.len() == last.len() { place } else { 0 };
        let parts: Vec<&str> = parts.iter().map(|values| &*values[beside(values)]).collect();
        Resource::joined(kind, &parts)
    };
    (0..last.len()).map(at).collect()
}

/// All that is in a place: an id that ends where the names would begin.
fn below(entry: &Entry, place: &str) -> Option<Resource> {
    let mut resource = Resource::joined(entry.kind.as_deref()?, &[place, ""]);
    resource.name = None;
    Some(resource)
}

/// An ARN without its last piece: the topic's, of a subscription's.
fn parent(arn: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let (parent, _) = arn.rsplit_once(':')?;
    (parent.matches(':').count() > 4).then(|| Cow::Owned(parent.to_owned()))
}

/// The IAM user who calls. Of a call that was refused nothing is logged, so that it may have named another.
fn caller<'e>(event: &Event<'e>) -> Option<Cow<'e, str>> {
    let actor = event.actor();
    let arn = actor.arn.filter(|_| actor.kind == "IAMUser" && !event.is_denied())?;
    Some(Cow::Borrowed(arn))
}

fn resource(entry: &Entry, value: &str) -> Option<Resource> {
    let told = || Resource::from_arn(value).or_else(|| Resource::from_id(value));
    match entry.kind.as_deref() {
        Some(kind) if entry.strict && looks_like(kind, value) => Some(Resource::new(kind, value)),
        Some(kind) if entry.strict => told().filter(|it| it.kind == kind),
        // Where results go is told by a URL: `s3://bucket/prefix`.
        Some("AWS::S3::Bucket") if value.starts_with("s3://") => {
            let bucket = value.trim_start_matches("s3://").split('/').next().filter(|it| !it.is_empty())?;
            Some(Resource::new("AWS::S3::Bucket", bucket))
        }
        Some("AWS::S3::Object") => Some(Resource::new("AWS::S3::Object", &copy_source(value))),
        Some(kind) => Some(Resource::new(kind, value)),
        None => told(),
    }
}

/// Whether a value is an id of the type, where ids have a form that only calls of one service tell.
fn looks_like(kind: &str, value: &str) -> bool {
    match kind {
        "AWS::Organizations::Account" => value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit()),
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

fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| first == b'%').and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok().filter(|it| !it.starts_with('+'))?;
            u8::from_str_radix(digits, 16).ok()
        });
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}
