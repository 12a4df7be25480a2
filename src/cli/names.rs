//! What an answer says of the other names of a resource.

use crate::ops::names::names_in_words;
use crate::resource::NamedResource;
use serde_json::{Value, json};

/// What a resource is called beside what was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct AlsoKnown {
    /// For people; none where there is no other name.
    pub(super) line: Option<String>,
    /// For programs.
    pub(super) items: Vec<Value>,
}

/// Tells what a resource is called beside what was asked for.
pub(super) fn also_known(named: &NamedResource) -> AlsoKnown {
    let items = named.names().iter().map(|name| {
        let reference = &name.reference;
        json!({
            "type": reference.kinds().first(),
            "identifier": reference.text(),
            "account": reference.account(),
            "region": reference.region(),
        })
    });
    let line = (!named.names().is_empty())
        .then(|| format!("`{}` is also known as {}", named.asked().text(), names_in_words(named)));
    AlsoKnown { line, items: items.collect() }
}
