//! Where the identifiers of a call's resources may stand, for whoever looks at records without
//! parsing them: a promise of the tables and of the rules for calls without a row.

use super::path::ANY;
use super::row::{IdentifierExpr, RowEntry};
use super::{Catalog, api_name};

/// Whether paths look through members that are called so.
fn is_wrapper(key: &[u8]) -> bool {
    matches!(key, b"items" | b"item" | b"member" | b"content")
}

/// The keys of one call under which identifiers may stand, beside `resources[]`, `errorMessage` and
/// the account that the event was recorded for.
#[derive(Clone, Debug)]
pub struct Identifiers {
    /// The last members of the paths of the row.
    row: Option<Vec<String>>,
    /// Whether the caller may be meant.
    caller: bool,
}

impl Catalog {
    /// Returns under which keys of a call identifiers may stand.
    pub fn identifiers(&self, source: &str, event_name: &str) -> Identifiers {
        let entries = self.row(source, api_name(event_name));
        let values = || entries.iter().copied().flatten().flat_map(RowEntry::values);
        let caller = values().any(|value| matches!(value, IdentifierExpr::Caller));
        let row = entries.map(|_| {
            let paths = values().flat_map(|value| match value {
                IdentifierExpr::Paths(paths) => paths.as_slice(),
                IdentifierExpr::Below(path) | IdentifierExpr::Parent(path) | IdentifierExpr::Each(path) => {
                    std::slice::from_ref(path)
                }
                IdentifierExpr::Account | IdentifierExpr::Caller => &[],
            });
            let mut members: Vec<String> = paths.filter_map(|path| path.last().map(str::to_owned)).collect();
            members.sort();
            members.dedup();
            members
        });
        Identifiers { row, caller }
    }
}

impl Identifiers {
    /// Returns whether a scalar or a list of them under this key (of `requestParameters`,
    /// `responseElements`, `additionalEventData` or `serviceEventDetails`, at any depth) may be one.
    /// Of a call without a row, anything may.
    pub fn may_stand_under(&self, key: &[u8]) -> bool {
        let Some(row) = &self.row else { return true };
        row.iter().any(|member| member == ANY || member.as_bytes().eq_ignore_ascii_case(key))
            || is_wrapper(key)
    }

    /// Returns whether the caller may be one.
    pub fn caller(&self) -> bool {
        self.caller
    }

    /// Returns whether the call has a row.
    pub fn by_row(&self) -> bool {
        self.row.is_some()
    }
}
