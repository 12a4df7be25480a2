//! Which members of requests and responses AWS empties or leaves out of its logs without a mark in their place.
//!
//! The table is `withheld.toml`, which opens with its grammar. What stands there is unknown, never absent.

use super::api_name;
use super::effect::FieldPath;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A member that AWS withholds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Where it stands, or would.
    pub place: FieldPath,
    /// Whether it is left out altogether; else it is there, and empty.
    pub is_left_out: bool,
}

/// By event source and API name.
type WithheldTable = HashMap<String, HashMap<String, Vec<Withheld>>>;

static TABLE: LazyLock<WithheldTable> =
    // A table that cannot be parsed is found by a test; here it counts as empty.
    LazyLock::new(|| parse_table(include_str!("withheld.toml")).unwrap_or_default());

/// Returns the members that AWS withholds of a call.
pub fn withheld_members(source: &str, event_name: &str) -> &'static [Withheld] {
    let calls = TABLE.get(source);
    calls.and_then(|calls| calls.get(api_name(event_name))).map(Vec::as_slice).unwrap_or_default()
}

fn parse_table(text: &str) -> Result<WithheldTable, String> {
    let table: HashMap<String, HashMap<String, Vec<String>>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let one = |text: &String| {
        let (place, is_left_out) = match text.strip_suffix('!') {
            Some(place) => (place, true),
            None => (text.as_str(), false),
        };
        Ok(Withheld { place: place.parse()?, is_left_out })
    };
    let call = |(name, places): (String, Vec<String>)| {
        Ok((name, places.iter().map(one).collect::<Result<Vec<_>, String>>()?))
    };
    let service = |(source, calls): (String, HashMap<String, Vec<String>>)| {
        Ok((source, calls.into_iter().map(call).collect::<Result<_, String>>()?))
    };
    table.into_iter().map(service).collect()
}

#[cfg(test)]
mod tests {
    use super::super::services;
    use super::*;

    #[test]
    fn every_call_of_the_table_has_a_row() {
        let table = parse_table(include_str!("withheld.toml")).unwrap();
        for (source, calls) in table {
            for (call, places) in calls {
                assert!(services::find_row(&source, &call).is_some(), "{source} {call}");
                assert!(places.iter().all(|it| !it.place.members.is_empty()), "{source} {call}");
            }
        }
        assert!(
            !withheld_members("lambda.amazonaws.com", "UpdateFunctionConfiguration20150331v2").is_empty()
        );
        assert!(withheld_members("lambda.amazonaws.com", "AddPermission20150331v2").is_empty());
    }
}
