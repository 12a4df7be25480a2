//! What a call makes unknown whose effect no table tells: the settings that its request names, and where it
//! names none, all that such a call can touch.

use super::super::path::SettingPath;
use super::super::step::{StepDoubt, StepOrigin};
use super::super::val::{Knowledge, UnknownReason};
use super::{Setting, SettingChange, State};
use crate::timeline::place::scalar_text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Members that carry settings under other names.
const CARRIERS: [&str; 17] = [
    "attribute",
    "attributename",
    "attributevalue",
    "body",
    "changebatch",
    "changes",
    "configuration",
    "definition",
    "input",
    "operations",
    "parameters",
    "patchoperations",
    "payload",
    "properties",
    "settings",
    "updates",
    "value",
];

/// What the members of requests and the settings of responses have behind the name that they share:
/// `sSESpecification` sets what is shown as `sSEDescription`.
const ENDS: [&str; 12] = [
    "specification",
    "description",
    "configuration",
    "config",
    "settings",
    "setting",
    "options",
    "updates",
    "update",
    "summary",
    "list",
    "set",
];

impl State {
    /// Makes unknown what the call may have set.
    pub(super) fn doubt(&mut self, doubt: &StepDoubt, by: &Arc<StepOrigin>) -> Vec<SettingChange> {
        let why = || UnknownReason::NotModelled(by.event_name.as_str().into());
        let mut touched: BTreeSet<SettingPath> = BTreeSet::new();
        let mut all = doubt.members.is_empty() && !doubt.soft;
        for name in &doubt.members {
            let found = self.named(name);
            match found.is_empty() {
                true if CARRIERS.contains(&name.to_ascii_lowercase().as_str()) => all |= !doubt.soft,
                true if !doubt.soft => {
                    touched.insert(SettingPath::field(name));
                }
                _ => touched.extend(found),
            }
        }
        if all {
            let tops = self.cells.keys().filter_map(|path| path.parts().next().map(SettingPath::field));
            touched = tops.filter(|top| !self.is_fixed(top, doubt)).collect();
            self.cells.insert(
                SettingPath::root(),
                Setting { val: Knowledge::Unknown(why()), by: Some(by.clone()) },
            );
        }
        touched.into_iter().flat_map(|path| self.set(&path, Knowledge::Unknown(why()), true, by)).collect()
    }

    /// The settings that a member of a request may be about.
    fn named(&self, member: &str) -> BTreeSet<SettingPath> {
        let wanted = name_stem(member);
        let of_path = |path: &SettingPath| {
            let top = path.parts().next()?;
            if name_stem(top) == wanted {
                return Some(SettingPath::field(top));
            }
            let last = path.parts().next_back()?;
            last.eq_ignore_ascii_case(member).then(|| path.clone())
        };
        self.cells.keys().filter_map(of_path).collect()
    }

    /// Whether a setting is for good: what it is called, when it was made, and tags, which have calls of their own.
    fn is_fixed(&self, top: &SettingPath, doubt: &StepDoubt) -> bool {
        let name = top.to_string().to_ascii_lowercase();
        let is_own = |it: &str| doubt.names.iter().any(|own| own.eq_ignore_ascii_case(it));
        let value = self.cell(top).val;
        name == "tags"
            || name.starts_with("creat")
            || matches!(name.as_str(), "ownerid" | "owner" | "accountid")
            || value.known().and_then(scalar_text).is_some_and(|text| is_own(&text))
    }
}

/// The name that requests and responses have in common.
fn name_stem(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let cut = ENDS.iter().find_map(|end| name.strip_suffix(end)).filter(|it| !it.is_empty());
    let cut = cut.unwrap_or(&name);
    cut.strip_suffix("es").or_else(|| cut.strip_suffix('s')).unwrap_or(cut).to_owned()
}
