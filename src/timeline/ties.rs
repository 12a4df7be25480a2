//! Settings that end with another resource (`resource::ties_of`): which of them a step makes, and which of a
//! state name the other.

use super::path::SettingPath;
use super::place::scalar_text;
use super::state::{State, TextKey};
use super::step::{Operation, StepOwner};
use super::val::Knowledge;
use crate::resource::{Resource, ResourcePart, ties_of};
use std::collections::HashSet;

/// Where the ids stand to which a resource is tied.
enum TiePlace {
    /// They are the keys below a setting.
    Keys(SettingPath),
    /// They are the values below a setting.
    Values(SettingPath),
    /// One is the value of a member of a setting.
    Member(SettingPath, SettingPath),
}

impl TiePlace {
    fn of(tie: &ResourcePart) -> Self {
        let at = tie.at.first().copied().unwrap_or_default();
        match at.rsplit_once('.') {
            None => Self::Keys(SettingPath::field(at)),
            Some((above, "*")) => Self::Values(SettingPath::field(above)),
            Some((above, _)) => Self::Member(SettingPath::field(above), SettingPath::field(at)),
        }
    }

    /// The setting that ends, and the id in it, where this is one.
    fn found(&self, path: &SettingPath, val: &Knowledge) -> Option<(SettingPath, String)> {
        let value = || val.known().and_then(scalar_text);
        match self {
            Self::Keys(above) if path.parent().as_ref() == Some(above) && val.known().is_some() => {
                Some((path.clone(), path.parts().next_back()?.to_owned()))
            }
            Self::Values(above) if path.parent().as_ref() == Some(above) => Some((path.clone(), value()?)),
            Self::Member(above, member) if path == member => Some((above.clone(), value()?)),
            _ => None,
        }
    }
}

/// What AWS manages is never deleted in an account.
fn is_of_aws(id: &str) -> bool {
    id.split(':').nth(4) == Some("aws")
}

/// Returns what these operations tie a resource of a type to.
pub(super) fn find_ties(kind: &str, ops: &[Operation]) -> Vec<StepOwner> {
    let mut found = Vec::new();
    for tie in ties_of(kind) {
        let place = TiePlace::of(tie);
        for op in ops {
            let id = match op {
                Operation::Set { path, val, .. } => place.found(path, val),
                Operation::MergeInto { path, value } => place.found(path, &Knowledge::of(value.clone())),
                _ => None,
            };
            let id = id.map(|(_, id)| id).filter(|id| !id.is_empty() && !is_of_aws(id));
            found.extend(id.map(|id| StepOwner::new(tie, id)));
        }
    }
    found
}

/// The id of what a setting ties its resource to, in the form in which ids are compared.
pub(super) fn find_tied_id(tie: &ResourcePart, path: &SettingPath, val: &Knowledge) -> Option<String> {
    let (_, id) = TiePlace::of(tie).found(path, val)?;
    Some(Resource::new(tie.of, &id).id)
}

impl State {
    /// Returns the ids of all that settings tie it to by one sort of tie.
    pub fn tied_ids(&self, tie: &ResourcePart) -> HashSet<String> {
        self.cells.iter().filter_map(|(path, cell)| find_tied_id(tie, path, &cell.val)).collect()
    }

    /// Returns the settings that tie it to another resource.
    pub(super) fn tied_to(&mut self, owner: &StepOwner) -> Vec<SettingPath> {
        let place = TiePlace::of(owner.part);
        let id = Resource::new(owner.part.of, &owner.id).id;
        let key = TextKey::Tie(owner.part.kind, owner.part.of);
        let found = self.cells.with_text(&SettingPath::root(), &key, &id);
        let end = |path: SettingPath| place.found(&path, &self.cells.get(&path)?.val).map(|(path, _)| path);
        found.into_iter().filter_map(end).collect()
    }
}
