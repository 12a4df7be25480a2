//! The settings of a state by their paths, and, once they were asked for so, by a value in them: a rule of a security
//! group is taken away by its id, and a group may have thousands.

use super::super::path::SettingPath;
use super::super::ties::find_tied_id;
use super::super::val::Knowledge;
use super::Setting;
use crate::resource::ties_of;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Deref, DerefMut};

/// A sort of text by which settings are found.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in super::super) enum TextKey {
    /// What stands under a name in them.
    Member(String),
    /// What they tie the resource to: its type, and that of the other.
    Tie(&'static str, &'static str),
    /// That they are not absent.
    Present,
    /// How many names are in their paths.
    Depth,
}

impl TextKey {
    fn text_of(&self, path: &SettingPath, cell: &Setting) -> Option<String> {
        match self {
            Self::Member(member) => Some(cell.val.known()?.get(member)?.as_str()?.to_owned()),
            Self::Present => (cell.val != Knowledge::Absent).then(String::new),
            Self::Depth => Some(path.parts().len().to_string()),
            Self::Tie(kind, of) => {
                let tie = ties_of(kind).find(|tie| tie.of == *of)?;
                find_tied_id(tie, path, &cell.val)
            }
        }
    }
}

/// Settings by path. Whoever changes several at once (by [`DerefMut`]) makes the places be found anew.
#[derive(Clone, Default)]
pub(in super::super) struct Settings {
    all: BTreeMap<SettingPath, Setting>,
    /// Where the settings stand that have a text, by the sort of text and the text.
    places: HashMap<TextKey, HashMap<String, BTreeSet<SettingPath>>>,
    /// How many settings were looked at to find members.
    #[cfg(test)]
    looks: usize,
}

impl Settings {
    /// Sets one.
    pub(in super::super) fn insert(&mut self, path: SettingPath, cell: Setting) {
        self.remove(&path);
        for (key, places) in &mut self.places {
            if let Some(text) = key.text_of(&path, &cell) {
                places.entry(text).or_default().insert(path.clone());
            }
        }
        self.all.insert(path, cell);
    }

    /// Takes one away.
    pub(in super::super) fn remove(&mut self, path: &SettingPath) {
        let Some(old) = self.all.remove(path) else { return };
        for (key, places) in &mut self.places {
            if let Some(text) = key.text_of(path, &old)
                && let Some(paths) = places.get_mut(&text)
            {
                paths.remove(path);
            }
        }
    }

    /// Returns the settings at and below a path that have a text.
    pub(in super::super) fn with_text(
        &mut self,
        path: &SettingPath,
        key: &TextKey,
        text: &str,
    ) -> Vec<SettingPath> {
        self.find_texts(key);
        let found = self.places.get(key).and_then(|places| places.get(text));
        let below = found.map(|paths| paths.range(path.clone()..));
        below.into_iter().flatten().take_while(|at| at.starts_with(path)).cloned().collect()
    }

    /// Returns the settings below a path that are or hold something; those left out are absent, and nothing is
    /// told of what is below them.
    pub(super) fn told_below(&mut self, path: &SettingPath) -> Vec<SettingPath> {
        let members = |of: &mut Self, key: &TextKey, text: &str| -> Vec<String> {
            let found = of.with_text(path, key, text);
            found.iter().filter_map(|at| at.below(path).next().map(str::to_owned)).collect()
        };
        let mut told: BTreeSet<String> = members(self, &TextKey::Present, "").into_iter().collect();
        self.find_texts(&TextKey::Depth);
        let depths = self.places.get(&TextKey::Depth).into_iter().flat_map(HashMap::keys);
        let least = path.parts().len() + 2;
        let deeper: Vec<String> =
            depths.filter(|it| it.parse().is_ok_and(|it: usize| it >= least)).cloned().collect();
        deeper.iter().for_each(|deep| told.extend(members(self, &TextKey::Depth, deep)));
        let own = |member: &String| {
            let member = path.join(member);
            let below = self.all.range(member.clone()..).map(|(at, _)| at.clone());
            below.take_while(move |at| at.starts_with(&member)).collect::<Vec<_>>()
        };
        told.iter().flat_map(own).collect()
    }

    /// Finds where which texts of a sort stand, unless that is known.
    fn find_texts(&mut self, key: &TextKey) {
        if self.places.contains_key(key) {
            return;
        }
        #[cfg(test)]
        {
            self.looks += self.all.len();
        }
        let mut places: HashMap<String, BTreeSet<SettingPath>> = HashMap::new();
        for (path, cell) in &self.all {
            if let Some(text) = key.text_of(path, cell) {
                places.entry(text).or_default().insert(path.clone());
            }
        }
        self.places.insert(key.clone(), places);
    }
}

impl Deref for Settings {
    type Target = BTreeMap<SettingPath, Setting>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl DerefMut for Settings {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.places.clear();
        &mut self.all
    }
}

impl<const N: usize> From<[(SettingPath, Setting); N]> for Settings {
    fn from(cells: [(SettingPath, Setting); N]) -> Self {
        Self { all: BTreeMap::from(cells), ..Self::default() }
    }
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.all.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn rule(id: usize) -> Setting {
        Setting { val: Knowledge::Known(json!({"id": id.to_string()})), by: None }
    }

    fn at(key: usize) -> SettingPath {
        SettingPath::field(["a", "b"][key % 2]).join(&key.to_string())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What is found by its text is what looking at all finds, whatever was set and taken away before.
        #[test]
        fn members_are_found_as_by_looking_at_all(steps in prop::collection::vec((0..6_usize, 0..4_usize, 0..4_u8), 0..30)) {
            let mut settings = Settings::default();
            for (key, id, what) in steps {
                match what {
                    0 => settings.remove(&at(key)),
                    1 => _ = settings.deref_mut().insert(at(key), rule(id)),
                    _ => settings.insert(at(key), rule(id)),
                }
                let path = SettingPath::field("a");
                let (key, text) = (TextKey::Member("id".to_owned()), id.to_string());
                let is_it = |at: &SettingPath, cell: &Setting| key.text_of(at, cell).as_ref() == Some(&text);
                let found = settings.iter().filter(|(at, cell)| at.starts_with(&path) && is_it(at, cell));
                let wanted: Vec<SettingPath> = found.map(|(at, _)| at.clone()).collect();
                prop_assert_eq!(settings.with_text(&path, &key, &text), wanted);
            }
        }
    }

    #[test]
    fn the_work_grows_with_the_members() {
        let work = |number: usize| {
            let mut settings = Settings::default();
            (0..number).for_each(|it| settings.insert(at(it), rule(it)));
            let key = TextKey::Member("id".to_owned());
            for it in 0..number {
                for path in settings.with_text(&SettingPath::root(), &key, &it.to_string()) {
                    settings.remove(&path);
                }
            }
            assert!(settings.is_empty());
            settings.looks
        };
        let (once, twice) = (work(200), work(400));
        assert!(twice as f64 <= 2.2 * once as f64, "{once} and {twice}");
    }
}
