//! Decides whether an event matches, on the tape as it was parsed.
//!
//! EventBridge makes a list of an event's fields, arrays left out of their names, and refuses a match in which
//! two fields stand in different elements of one array. Here the same is found by walking down: below
//! an array, every field that is asked for has to be found in one element, but for strings and numbers
//! that are elements themselves, which belong to none.
//!
//! `exists: false` is the subtle part. EventBridge goes through the fields in the order of their names; one
//! that must not be there is looked for in the elements that the fields before it were found in, and in all
//! elements where there were none.

use super::leaf::PatternLeaf;
use super::{EventPattern, envelope};
use crate::event::{Event, Json};

/// How deep arrays may hold arrays; nothing is found deeper.
const DEEPEST: u16 = 256;

/// A field that is looked for: what is left of its path, `None` where it ends.
#[derive(Clone, Copy)]
struct SoughtLeaf<'p> {
    leaf: &'p PatternLeaf,
    path: Option<&'p str>,
}

impl EventPattern {
    /// Matches what EventBridge would have made of the record.
    pub(super) fn match_made(&self, event: &Event<'_>) -> bool {
        self.branches.iter().any(|branch| {
            let mut inside = Vec::new();
            branch.iter().map(|index| &self.leaves[*index]).all(|leaf| match leaf.path.split_once('.') {
                Some(("detail", rest)) => {
                    inside.push(SoughtLeaf { leaf, path: Some(rest) });
                    true
                }
                _ => match envelope::envelope_field(event, &leaf.path) {
                    Some(text) => leaf.wants_text(&text),
                    None => leaf.absent,
                },
            }) && in_object(event.root(), &inside, 0)
        })
    }

    /// Matches an event as it came.
    pub(super) fn match_json(&self, root: Json<'_>) -> bool {
        self.branches.iter().any(|branch| {
            let leaves = branch.iter().map(|index| &self.leaves[*index]);
            let sought: Vec<_> = leaves.map(|leaf| SoughtLeaf { leaf, path: Some(&leaf.path) }).collect();
            in_object(root, &sought, 0)
        })
    }
}

/// Returns whether every field is as it is wanted in one object.
fn in_object(object: Json<'_>, sought: &[SoughtLeaf<'_>], depth: u16) -> bool {
    let Some(members) = object.as_object() else { return sought.is_empty() };
    let mut done = vec![false; sought.len()];
    for at in 0..sought.len() {
        if done[at] {
            continue;
        }
        let Some(path) = sought[at].path else { return false };
        // A dot may be part of a name, in the pattern as in the event.
        let longer = path.match_indices('.').skip(1).map(|(dot, _)| dot).chain([path.len()]);
        let with_dots = longer.filter(|end| path[..*end].contains('.')).find_map(|end| {
            let value = members.get(&path[..end])?;
            let rest = SoughtLeaf { path: path.get(end + 1..), ..sought[at] };
            Some(in_value(value, &[rest], depth))
        });
        if let Some(is_there) = with_dots {
            if !is_there {
                return false;
            }
            continue;
        }
        // All that lie under one name are looked for together: they may share an array.
        let name = first_name(path);
        let mut group = Vec::new();
        for (other, done) in sought.iter().zip(&mut done).skip(at) {
            let Some(path) = other.path.filter(|path| first_name(path) == name) else { continue };
            *done = true;
            group.push(SoughtLeaf { path: path.split_once('.').map(|(_, rest)| rest), ..*other });
        }
        let is_there = match members.get(name) {
            Some(value) => in_value(value, &group, depth),
            None => group.iter().all(|sought| sought.leaf.absent),
        };
        if !is_there {
            return false;
        }
    }
    true
}

/// Returns the first name of a path.
fn first_name(path: &str) -> &str {
    path.split_once('.').map_or(path, |(first, _)| first)
}

fn in_value(value: Json<'_>, sought: &[SoughtLeaf<'_>], depth: u16) -> bool {
    if value.as_array().is_some() {
        return depth < DEEPEST && in_array(value, sought, depth + 1);
    }
    let is_object = value.as_object().is_some();
    let (here, below): (Vec<SoughtLeaf<'_>>, Vec<_>) =
        sought.iter().partition(|sought| sought.path.is_none());
    // An object is no field, and nothing lies below what is none.
    let is_here =
        |sought: &SoughtLeaf<'_>| if is_object { sought.leaf.absent } else { sought.leaf.wants(value) };
    here.iter().all(is_here)
        && if is_object { in_object(value, &below, depth) } else { below.iter().all(|it| it.leaf.absent) }
}

fn in_array(value: Json<'_>, sought: &[SoughtLeaf<'_>], depth: u16) -> bool {
    let Some(elements) = value.as_array() else { return false };
    let is_plain = |element: &Json<'_>| element.as_array().is_none() && element.as_object().is_none();
    let mut left = Vec::new();
    let mut bound = false;
    for sought in sought {
        let is_element = || elements.iter().any(|it| is_plain(&it) && sought.leaf.wants(it));
        if sought.path.is_none() && is_element() {
            continue;
        }
        if sought.leaf.absent && !is_anywhere(value, sought.path, depth) {
            continue;
        }
        // What is there in some element has to be wanted, unless a field before it tells which element counts.
        // (A field that is an element itself comes before those that lie below it.)
        left.push((*sought, sought.leaf.absent && !bound));
        bound = true;
    }
    if left.is_empty() {
        return true;
    }
    elements.iter().filter(|it| !is_plain(it)).any(|element| {
        let must = left.iter().all(|(sought, must)| !must || is_anywhere(element, sought.path, depth));
        let sought: Vec<_> = left.iter().map(|(sought, _)| *sought).collect();
        must && in_value(element, &sought, depth)
    })
}

/// Returns whether there is a field at a path, in whatever element.
fn is_anywhere(value: Json<'_>, path: Option<&str>, depth: u16) -> bool {
    if let Some(elements) = value.as_array() {
        return depth < DEEPEST && elements.iter().any(|it| is_anywhere(it, path, depth + 1));
    }
    let Some(members) = value.as_object() else { return path.is_none() };
    let Some(path) = path else { return false };
    let ends = path.match_indices('.').map(|(dot, _)| dot).chain([path.len()]);
    ends.into_iter().any(|end| {
        members.get(&path[..end]).is_some_and(|value| is_anywhere(value, path.get(end + 1..), depth))
    })
}
