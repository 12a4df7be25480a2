//! The program's own tables, one file a service; a file is parsed when the first event of its service is met.
//!
//! A file has two columns: `[calls]` says what a call does to which resource, `[effects]`,
//! `[proofs]` and `[parts]` (after it) what that leaves behind. The second is parsed only when effects are asked
//! for, so that questions that need none do not pay for them.

use super::effect::Effect;
use super::failure::FailedParts;
use super::proofs::{ANY, ErrorProofs};
use super::row::RowEntry;
use super::{effect, row};
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The rows of one table, by API name.
pub(super) type CallRows = HashMap<String, Vec<RowEntry>>;

/// The second column of one table.
#[derive(Debug, Default)]
pub(super) struct EffectColumn {
    /// By API name.
    effects: HashMap<String, Vec<Effect>>,
    /// What a failed call proves, by API name.
    proofs: HashMap<String, ErrorProofs>,
    /// Where a call tells which of its parts failed, by API name.
    parts: HashMap<String, FailedParts>,
}

/// Where the table of an event source stands in `TABLES`.
static BY_SOURCE: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
    let tables = TABLES.iter().enumerate();
    tables.flat_map(|(index, (_, text))| read_sources(text).map(move |source| (source, index))).collect()
});

static PARSED: [OnceLock<CallRows>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];
static COLUMNS: [OnceLock<EffectColumn>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];

impl EffectColumn {
    /// Returns the effects of a call; `None` when there are none.
    pub(super) fn effects(&self, api_name: &str) -> Option<&[Effect]> {
        self.effects.get(api_name).map(Vec::as_slice)
    }

    /// Returns what a call proves that failed with this error code and message.
    pub(super) fn proofs(&self, api_name: &str, code: &str, message: &str) -> Option<&[Effect]> {
        let both = || [api_name, ANY].into_iter().filter_map(|name| self.proofs.get(name));
        let told = both().find_map(|proofs| proofs.by_message(code, message));
        told.or_else(|| both().find_map(|proofs| proofs.by_code(code)))
    }

    /// Returns where a call tells which of its parts failed.
    pub(super) fn parts(&self, api_name: &str) -> Option<&FailedParts> {
        self.parts.get(api_name)
    }

    /// Adds another column; where both have a call, the other has the last word.
    pub(super) fn extend(&mut self, other: Self) {
        self.effects.extend(other.effects);
        self.proofs.extend(other.proofs);
        self.parts.extend(other.parts);
    }
}

/// Returns the row of a call.
pub(super) fn find_row(source: &str, api_name: &str) -> Option<&'static [RowEntry]> {
    let index = *BY_SOURCE.get(source)?;
    // A table that cannot be parsed is found by a test; here it counts as empty.
    let rows = PARSED[index].get_or_init(|| parse_rows(TABLES[index].1).unwrap_or_default());
    rows.get(api_name).map(Vec::as_slice)
}

/// Returns the second column of the table of an event source.
pub(super) fn find_effect_column(source: &str) -> Option<&'static EffectColumn> {
    let index = *BY_SOURCE.get(source)?;
    Some(COLUMNS[index].get_or_init(|| parse_column(TABLES[index].1).unwrap_or_default()))
}

/// The event sources on the `source =` line, without parsing the rest.
pub(super) fn read_sources(text: &str) -> impl Iterator<Item = &str> {
    let line = text.lines().find(|line| line.starts_with("source")).unwrap_or_default();
    let line = line.split('#').next().unwrap_or_default();
    line.split('"').skip(1).step_by(2)
}

/// The two columns of a file: the second begins at the first line that opens one of its sections.
fn split_columns(text: &str) -> (&str, &str) {
    let starts = ["\n[effects]", "\n[proofs.", "\n[parts]"].iter().filter_map(|section| text.find(section));
    starts.min().map_or((text, ""), |at| text.split_at(at))
}

/// Reads the rows of a file.
///
/// # Errors
/// Says what is wrong with it, for whoever writes the tables.
pub(super) fn parse_rows(text: &str) -> Result<CallRows, String> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        #[serde(rename = "source")]
        _source: toml::Value,
        #[serde(default)]
        calls: HashMap<String, Vec<String>>,
    }
    let table: Table = toml::from_str(split_columns(text).0).map_err(|error| error.to_string())?;
    let entries = |(name, entries): (String, Vec<String>)| {
        let entries = entries.iter().map(|entry| row::parse(entry)).collect::<Result<_, _>>();
        entries.map(|entries| (name, entries))
    };
    table.calls.into_iter().map(entries).collect()
}

/// Reads the second column of a file.
///
/// # Errors
/// Says what is wrong with it, for whoever writes the tables.
pub(super) fn parse_column(text: &str) -> Result<EffectColumn, String> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        #[serde(default)]
        effects: HashMap<String, Vec<String>>,
        #[serde(default)]
        proofs: HashMap<String, HashMap<String, Vec<String>>>,
        #[serde(default)]
        parts: HashMap<String, String>,
    }
    let read = |list: Vec<String>| list.iter().map(|it| effect::parse(it)).collect::<Result<Vec<_>, _>>();
    let table: Table = toml::from_str(split_columns(text).1).map_err(|error| error.to_string())?;
    let mut column = EffectColumn::default();
    for (call, list) in table.effects {
        column.effects.insert(call, read(list)?);
    }
    for (call, codes) in table.proofs {
        let codes = codes.into_iter().map(|(code, list)| read(list).map(|list| (code, list)));
        column.proofs.insert(call, ErrorProofs::new(codes.collect::<Result<_, _>>()?));
    }
    for (call, text) in table.parts {
        column.parts.insert(call, text.parse()?);
    }
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource;

    #[test]
    fn every_table_parses_and_uses_known_types() {
        for (name, text) in TABLES {
            let rows = parse_rows(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let column = parse_column(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            for call in column.effects.keys().chain(column.proofs.keys()).chain(column.parts.keys()) {
                assert!(call == ANY || rows.contains_key(call), "{name}: {call} has an effect but no row");
            }
            let proofs = column.proofs.values().flat_map(ErrorProofs::effects);
            for kind in column.effects.values().flatten().chain(proofs).filter_map(|it| it.kind.as_deref()) {
                assert!(resource::type_named(kind).is_some_and(|it| it.name == kind), "{name}: {kind}");
            }
            let parsed: toml::Table = toml::from_str(text).unwrap();
            let listed = match &parsed["source"] {
                toml::Value::Array(list) => list.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>(),
                one => vec![one.as_str().unwrap()],
            };
            assert_eq!(read_sources(text).collect::<Vec<_>>(), listed, "{name}");
            for (call, entries) in rows {
                assert!(!entries.is_empty(), "{name}: {call} is empty");
                assert_eq!(super::super::api_name(&call), call, "{name}: a row has no API date");
                for kind in entries.iter().filter_map(|entry| entry.kind.as_deref()) {
                    assert!(
                        resource::type_named(kind).is_some_and(|it| it.name == kind),
                        "{name}: {call}: {kind}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_source_has_one_table() {
        assert!(TABLES.len() > 120, "{} tables", TABLES.len());
        let count: usize = TABLES.iter().map(|(_, text)| read_sources(text).count()).sum();
        assert_eq!(count, BY_SOURCE.len());
    }

    #[test]
    fn the_tables_are_as_large_as_the_guide_says() {
        let (mut mutating, mut services) = (0, 0);
        for (_, text) in TABLES {
            let rows = parse_rows(text).unwrap();
            let first = |entries: &Vec<RowEntry>| super::super::first_action(entries);
            let count = rows
                .values()
                .filter(|row| first(row).is_some_and(|it| it != super::super::Action::Read))
                .count();
            mutating += count;
            services += usize::from(count > 0);
        }
        assert!(mutating >= 300 && services >= 40, "{mutating} mutating calls of {services} services");
    }
}
