//! The table of commands (`revert.toml`): which rule sets which setting, and what
//! cannot be brought back, with the reason.

use super::super::path::SettingPath;
use super::super::place::scalar_text;
use super::super::state::SettingChange;
use super::super::val::Knowledge;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// All there is to know of going back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RevertTable {
    /// What makes a resource again, by its type.
    pub(super) create: HashMap<String, String>,
    /// What has to be known of one that was made again.
    pub(super) again: HashMap<String, String>,
    /// Where the answer of `create` has the id of what gets a new one.
    pub(super) renewed: HashMap<String, String>,
    /// Why one cannot be made again.
    pub(super) lost: HashMap<String, String>,
    /// What takes one away, after its parts.
    pub(super) delete: HashMap<String, String>,
    /// What would take away one that may hold data: no more than told.
    pub(super) losing: HashMap<String, String>,
    /// What is to be said beside that.
    pub(super) instead: HashMap<String, String>,
    /// What calls off a deletion.
    pub(super) cancel: HashMap<String, String>,
    /// Settings that follow from others, or that the service keeps itself; `*` for every type.
    pub(super) kept: HashMap<String, Vec<String>>,
    /// The commands for settings, in the order in which they have to be given.
    pub(super) rule: Vec<RevertRule>,
}

/// The commands for some settings of a type.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RevertRule {
    /// The type, or the beginning of several with a `*`.
    pub(super) kind: String,
    /// The settings; `field[]` for each member of a set or map.
    pub(super) fields: Vec<String>,
    /// Whether one command sets the field with all its parts.
    #[serde(default)]
    pub(super) whole: bool,
    /// Whether one command sets all of the fields that are to be set.
    #[serde(default)]
    pub(super) together: bool,
    /// Sets it.
    pub(super) set: Option<String>,
    /// Sets it where it has another value; without `set`, only there.
    pub(super) replace: Option<String>,
    /// Takes it away.
    pub(super) unset: Option<String>,
    /// Takes it off a resource that is deleted next.
    pub(super) detach: Option<String>,
    /// The setting that names the member which is not taken off: it goes with the resource.
    pub(super) stays: Option<String>,
    /// Sets it to one value each.
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
    /// What a setting is where nothing set it, for commands that cannot take it away.
    #[serde(default)]
    pub(super) defaults: BTreeMap<String, toml::Value>,
    /// Options that are not called as their settings are.
    #[serde(default)]
    pub(super) options: BTreeMap<String, String>,
    /// What the command does not bring back.
    pub(super) note: Option<String>,
    /// Why there is no command.
    pub(super) why: Option<String>,
}

/// The table; `None` never, as a test makes sure.
pub(super) static TABLE: LazyLock<Option<RevertTable>> =
    LazyLock::new(|| toml::from_str(include_str!("../revert.toml")).ok());

/// Returns whether a kind of the table is, or begins, a type.
pub(super) fn is_kind(kind: &str, of: &str) -> bool {
    kind.strip_suffix('*').map_or(kind == of, |start| of.starts_with(start))
}

impl RevertTable {
    /// Returns whether no command sets a setting because it follows from others.
    pub(super) fn is_kept(&self, kind: &str, path: &SettingPath) -> bool {
        let lists = ["*", kind].into_iter().filter_map(|kind| self.kept.get(kind));
        let Some(first) = path.parts().next() else { return true };
        lists.flatten().any(|name| name == first || *name == path.to_string())
    }
}

impl RevertRule {
    /// Returns the field of this rule that a setting is, or is a part of.
    pub(super) fn field(&self, path: &SettingPath) -> Option<SettingPath> {
        // Tags are never part of what is set as a whole.
        let is_tag = path.parts().next() == Some("tags");
        let mut fields = self.fields.iter().map(|field| {
            let is_member = field.ends_with("[]");
            (SettingPath::field(field.trim_end_matches("[]")), usize::from(is_member))
        });
        let found = fields.find(|(base, depth)| {
            let is_in = path.starts_with(base) && (!is_tag || base.parts().len() > 0);
            is_in && (self.whole || path.below(base).count() == *depth)
        });
        found.map(|(base, _)| base)
    }

    /// Returns the command for a change; `None` where there is none for its direction.
    pub(super) fn template(&self, change: &SettingChange) -> Option<&str> {
        let by_value = change.after.known().and_then(scalar_text).and_then(|value| self.values.get(&value));
        let default = || change.path.parts().next_back().is_some_and(|name| self.defaults.contains_key(name));
        let found = match (&change.before, &change.after) {
            _ if by_value.is_some() => by_value,
            (Knowledge::Known(_), Knowledge::Known(_)) => self.replace.as_ref().or(self.set.as_ref()),
            (Knowledge::Unknown(_), Knowledge::Known(_)) => self.set.as_ref().or(self.replace.as_ref()),
            (Knowledge::Absent, Knowledge::Known(_)) => self.set.as_ref(),
            (_, Knowledge::Absent) if default() => self.set.as_ref(),
            (_, Knowledge::Absent) => self.unset.as_ref(),
            (_, Knowledge::Unknown(_)) => None,
        };
        found.map(String::as_str)
    }
}
