//! Resources: what an event names, what a user types, and whether the two are the same.
//!
//! A [`Resource`] is built from a value as an event carries it, a [`Reference`]
//! from what the user typed. Both are taken apart by the rules of their type
//! (the rows of [`all_types()`]) and compared as whole identifiers, never as substrings. Which
//! member of an event holds a resource is not known here: that is `catalog`.

mod canonical;
mod further;
mod identity;
mod ids;
mod literals;
mod matching;
mod named;
mod parse;
mod parts;
mod reference;
mod reference_set;
mod shape;
mod suggest;
mod table;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod ties;
mod tokens;
mod type_filter;
mod types;
mod within;

pub use identity::Resource;
pub use matching::Match;
pub use named::{NamedResource, OtherName};
pub use parts::{PartFate, ResourcePart, parts_in, parts_of};
pub use reference::Reference;
pub use reference_set::{ReferenceSet, WordIndex};
pub use ties::{ties_of, ties_to};
pub use tokens::{logged_words, typed_words};
pub use type_filter::type_patterns;
pub use types::{IdComparison, ResourceType, all_types, type_named};
