//! Finds the values at a path of member names inside a record, however the
//! service wraps them.
//!
//! CloudTrail shows the XML of older services as objects that hold `items`,
//! `item`, `member_of` or `content`, wraps newer EC2 calls in `<Op>Request` and
//! `<Op>Response`, and changes the case of first letters. All of that is
//! looked through here, so that a row names only what the API names.

use crate::event::{Event, Json, member_of, scalar_text};
use std::borrow::Cow;
use std::str::FromStr;

/// How deep wrappers may hold wrappers; real records hold three.
const MAX_DEPTH: u8 = 32;

/// Stands for every member of an object.
pub(super) const ANY: &str = "*";

/// Where a value stands in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordPath {
    root: &'static str,
    members: Vec<PathMember>,
}

/// A member on the way, and which of the objects in it count.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PathMember {
    name: String,
    only: Option<MemberTest>,
}

/// Which objects count, by a member of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
enum MemberTest {
    /// Those in which it has this value.
    Is(String, String),
    /// Those that have it.
    Has(String),
    /// Those that do not have it.
    Lacks(String),
}

impl MemberTest {
    fn parse(text: &str) -> Self {
        match (text.split_once('='), text.strip_prefix('!')) {
            (Some((name, value)), _) => Self::Is(name.to_owned(), value.to_owned()),
            (None, Some(name)) => Self::Lacks(name.to_owned()),
            (None, None) => Self::Has(text.to_owned()),
        }
    }

    /// Whether an object counts; `named` finds a member of it.
    fn holds<'e>(&self, named: impl Fn(&str) -> Option<Json<'e>>) -> bool {
        let value = |name: &str| named(name).and_then(scalar_text);
        match self {
            Self::Is(name, wanted) => value(name).is_some_and(|text| text == *wanted),
            Self::Has(name) => value(name).is_some(),
            Self::Lacks(name) => value(name).is_none(),
        }
    }
}

impl FromStr for PathMember {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, only) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((_, "" | "!")) => return Err(format!("`{text}` has nothing in its brackets")),
            Some((name, only)) => (name, Some(MemberTest::parse(only))),
            None => (text, None),
        };
        Ok(Self { name: name.to_owned(), only })
    }
}

impl FromStr for RecordPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (root, members) = text.split_once('.').ok_or_else(|| format!("`{text}` is no path"))?;
        let root = match root {
            "rq" => "requestParameters",
            "rs" => "responseElements",
            "ad" => "additionalEventData",
            "sd" => "serviceEventDetails",
            _ => return Err(format!("`{text}` starts with neither `rq`, `rs`, `ad` nor `sd`")),
        };
        let members = members.split('.').map(str::parse).collect::<Result<Vec<PathMember>, _>>()?;
        if members.iter().any(|member| member.name.is_empty()) {
            return Err(format!("`{text}` has an empty member"));
        }
        Ok(Self { root, members })
    }
}

impl RecordPath {
    /// Returns every scalar that the path leads to, lists flattened, in the order they stand.
    pub(crate) fn find<'e>(&self, event: &Event<'e>) -> Vec<Cow<'e, str>> {
        self.walk(event, false).found
    }

    /// Returns every scalar that the path leads to with the lists on its way: which element of each it is in.
    pub(crate) fn find_in_lists<'e>(&self, event: &Event<'e>) -> Vec<(Vec<usize>, Cow<'e, str>)> {
        let finder = self.walk(event, false);
        finder.lists.into_iter().zip(finder.found).collect()
    }

    /// Returns the first value at the end of the path, whatever it is.
    pub(crate) fn find_value<'e>(&self, event: &Event<'e>) -> Option<Json<'e>> {
        let root = event.get(self.root)?;
        let down = |from| {
            self.members.iter().try_fold(from, |value: Json<'e>, member| {
                let named = |(key, _): &(&str, Json<'e>)| key.eq_ignore_ascii_case(&member.name);
                value.as_object()?.iter().find(named).map(|(_, inner)| inner)
            })
        };
        down(root).or_else(|| find_wrapped_objects(root).find_map(down))
    }

    /// Returns whether both lead to members of the same objects.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        let parents = |path: &Self| path.members.len().saturating_sub(1);
        self.root == other.root && self.members[..parents(self)] == other.members[..parents(other)]
    }

    /// Returns whether the path leads to anything that is not false or empty.
    pub(crate) fn is_set(&self, event: &Event<'_>) -> bool {
        self.walk(event, true).found.iter().any(|value| value != "false")
    }

    /// Returns what the path is called among others: by its last member, with that before it where many have the name.
    pub(crate) fn label(&self) -> String {
        /// Names that say little alone.
        const COMMON: [&str; 9] =
            ["action", "Bucket", "Days", "group", "id", "name", "Suffix", "URI", "userId"];
        let mut names = self.members.iter().rev().map(|member| member.name.as_str());
        let last = names.next().unwrap_or_default();
        match names.next() {
            Some(before) if last.eq_ignore_ascii_case("value") => before.to_owned(),
            Some(before) if COMMON.contains(&last) => format!("{before}.{last}"),
            _ => last.to_owned(),
        }
    }

    /// Returns the name of the member at its end.
    pub(crate) fn last(&self) -> Option<&str> {
        self.members.last().map(|member| member.name.as_str())
    }

    fn walk<'e>(&self, event: &Event<'e>, objects: bool) -> PathFinder<'e> {
        let mut finder = PathFinder { objects, ..PathFinder::default() };
        let Some(root) = event.get(self.root) else { return finder };
        finder.descend(root, None, &self.members, 0);
        if finder.found.is_empty() {
            for inner in find_wrapped_objects(root) {
                finder.descend(inner, None, &self.members, 0);
            }
        }
        finder
    }
}

/// Returns the objects under `<Op>Request`, `<Op>Response` and the like.
fn find_wrapped_objects<'e>(root: Json<'e>) -> impl Iterator<Item = Json<'e>> {
    const ENDS: [&str; 5] = ["Request", "Req", "Response", "Input", "Result"];
    let object = root.as_object();
    let members: Vec<_> = object.iter().flat_map(|object| object.iter()).collect();
    members.into_iter().filter(|(key, _)| ENDS.iter().any(|end| key.ends_with(end))).map(|(_, value)| value)
}

#[derive(Default)]
struct PathFinder<'e> {
    found: Vec<Cow<'e, str>>,
    /// For each value found, the places in the lists on the way to it.
    lists: Vec<Vec<usize>>,
    /// The places in the lists that are being looked into.
    at: Vec<usize>,
    /// Whether an object at the end of the path counts as well.
    objects: bool,
}

impl<'e> PathFinder<'e> {
    fn descend(&mut self, value: Json<'e>, only: Option<&MemberTest>, members: &[PathMember], depth: u8) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(array) = value.as_array() {
            for (place, element) in array.iter().enumerate() {
                // A list of the values themselves tells nothing of what stands beside it.
                let on_the_way = !members.is_empty();
                self.at.extend(on_the_way.then_some(place));
                self.descend(element, only, members, depth + 1);
                if on_the_way {
                    self.at.pop();
                }
            }
            return;
        }
        let Some(object) = value.as_object() else {
            if members.is_empty() && only.is_none() {
                scalar_text(value).into_iter().for_each(|text| self.add(text));
            }
            return;
        };
        let named = |name: &str| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        let counts = only.is_none_or(|only| only.holds(|name| named(name).map(|(_, inner)| inner)));
        if let Some((first, rest)) = members.split_first().filter(|_| counts) {
            if first.name == ANY {
                object
                    .iter()
                    .for_each(|(_, inner)| self.descend(inner, first.only.as_ref(), rest, depth + 1));
                return;
            }
            if let Some((_, inner)) = named(&first.name) {
                return self.descend(inner, first.only.as_ref(), rest, depth + 1);
            }
        }
        if let Some(inner) =
            ["items", "item", "member", "content"].iter().find_map(|key| member_of(value, key))
        {
            self.descend(inner, only, members, depth + 1);
        } else if self.objects && counts && members.is_empty() && object.iter().next().is_some() {
            self.add(Cow::Borrowed("{}"));
        }
    }

    fn add(&mut self, text: Cow<'e, str>) {
        self.found.push(text);
        self.lists.push(self.at.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventParser;

    #[test]
    fn wrappers_are_looked_through() {
        for (path, record, want) in [
            ("rq.userName", r#"{"requestParameters":{"userName":"a"}}"#, &["a"][..]),
            (
                "rq.instancesSet.instanceId",
                r#"{"requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}}"#,
                &["i-1", "i-2"],
            ),
            (
                "rq.flowLogId",
                r#"{"requestParameters":{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-1"}}}}"#,
                &["fl-1"],
            ),
            (
                "rs.flowLogIdSet",
                r#"{"responseElements":{"CreateFlowLogsResponse":{"flowLogIdSet":{"item":["fl-1","fl-2"]}}}}"#,
                &["fl-1", "fl-2"],
            ),
            ("rq.dbInstanceIdentifier", r#"{"requestParameters":{"dBInstanceIdentifier":"d"}}"#, &["d"]),
            ("rq.names", r#"{"requestParameters":{"names":["a","b"]}}"#, &["a", "b"]),
            ("rq.accountId", r#"{"requestParameters":{"accountId":111122223333}}"#, &["111122223333"]),
            ("rq.userName", r#"{"requestParameters":null}"#, &[]),
            ("rq.userName", r#"{"requestParameters":{"x":{"userName":"no"}}}"#, &[]),
            ("rq.policy", r#"{"requestParameters":{"policy":{"Statement":"no"}}}"#, &[]),
            ("rq.x-amz-copy-source", r#"{"requestParameters":{"x-amz-copy-source":["b/k"]}}"#, &["b/k"]),
        ] {
            let path: RecordPath = path.parse().unwrap();
            let found = EventParser::default().read(record.as_bytes(), |event| {
                path.find(event).into_iter().map(Cow::into_owned).collect::<Vec<_>>()
            });
            assert_eq!(found.unwrap(), want, "{record}");
        }
    }

    #[test]
    fn a_condition_counts_objects_and_not_false() {
        for (record, want) in [
            (r#"{"requestParameters":{"x":[{"a":1}]}}"#, true),
            (r#"{"requestParameters":{"x":"v"}}"#, true),
            (r#"{"requestParameters":{"x":true}}"#, true),
            (r#"{"requestParameters":{"x":false}}"#, false),
            (r#"{"requestParameters":{"x":{}}}"#, false),
            (r#"{"requestParameters":{"x":[]}}"#, false),
            (r#"{"requestParameters":{"x":null}}"#, false),
        ] {
            let path: RecordPath = "rq.x".parse().unwrap();
            assert_eq!(
                EventParser::default().read(record.as_bytes(), |event| path.is_set(event)),
                Ok(want),
                "{record}"
            );
        }
    }

    #[test]
    fn deep_wrappers_end() {
        let record = format!("{{\"requestParameters\":{}1{}}}", "{\"items\":".repeat(900), "}".repeat(900));
        let path: RecordPath = "rq.x".parse().unwrap();
        assert_eq!(EventParser::default().read(record.as_bytes(), |event| path.find(event).len()), Ok(0));
    }
}
