//! What stands above all that is told of one resource.

use crate::resource::Resource;

/// A resource in the form that it can be asked for again.
pub(super) fn resource_title(resource: &Resource) -> String {
    let kind = resource.kind.strip_prefix("AWS::").unwrap_or(&resource.kind);
    let name = resource.name.as_deref().filter(|name| *name != resource.id && !resource.id.contains(name));
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    let place: Vec<&str> = [resource.owner(), resource.location()].into_iter().flatten().collect();
    let place = if place.is_empty() { String::new() } else { format!(", {}", place.join(" ")) };
    format!("{kind} {}{name}{place}", resource.id)
}
