//! Settings that end with another resource (`resource::ties_of`): which of them a step makes, and which of a
//! state name the other.

use super::path::Path;
use super::place::text;
use super::state::State;
use super::step::{Op, Owner};
use super::val::Val;
use crate::resource::{Part, Resource, ties_of};

/// Where the ids stand to which a resource is tied.
enum Place {
    /// They are the keys below a setting.
    Keys(Path),
    /// They are the values below a setting.
    Values(Path),
    /// One is the value of a member of a setting.
    Member(Path, Path),
}

impl Place {
    fn of(tie: &Part) -> Self {
        let at = tie.at.first().copied().unwrap_or_default();
        match at.rsplit_once('.') {
            None => Self::Keys(Path::field(at)),
            Some((above, "*")) => Self::Values(Path::field(above)),
            Some((above, _)) => Self::Member(Path::field(above), Path::field(at)),
        }
    }

    /// The setting that ends, and the id in it, where this is one.
    fn found(&self, path: &Path, val: &Val) -> Option<(Path, String)> {
        let value = || val.known().and_then(text);
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
pub(super) fn ties(kind: &str, ops: &[Op]) -> Vec<Owner> {
    let mut found = Vec::new();
    for tie in ties_of(kind) {
        let place = Place::of(tie);
        for op in ops {
            let id = match op {
                Op::Set { path, val, .. } => place.found(path, val),
                Op::Amend { path, value } => place.found(path, &Val::of(value.clone())),
                _ => None,
            };
            let id = id.map(|(_, id)| id).filter(|id| !id.is_empty() && !is_of_aws(id));
            found.extend(id.map(|id| Owner::new(tie, id)));
        }
    }
    found
}

impl State {
    /// Returns whether a setting ties it to another resource.
    pub fn is_tied_to(&self, owner: &Owner) -> bool {
        !self.tied_to(owner).is_empty()
    }

    /// Returns the settings that tie it to another resource.
    pub(super) fn tied_to(&self, owner: &Owner) -> Vec<Path> {
        let place = Place::of(owner.part);
        let other = |id: &str| Resource::new(owner.part.of, id).id;
        let wanted = other(&owner.id);
        let found = self.cells.iter().filter_map(|(path, cell)| place.found(path, &cell.val));
        found.filter(|(_, id)| other(id) == wanted).map(|(path, _)| path).collect()
    }
}
