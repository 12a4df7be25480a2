//! What somebody did: one screen for people, everything for programs.

use super::OutputStyle;
use super::view::{ColumnKind, TableColumn, TableSection, View};
use crate::answer::{EventTally, PrincipalProfile, ProfileSection as Part};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The fields of every entry, behind what it is told by.
const COUNTS: [&str; 4] = ["count", "failed", "firstEventTime", "lastEventTime"];

/// How many entries a line names, unless all are asked for.
const NAMED: usize = 4;
/// How many rows a table has, unless all are asked for.
const ROWS: usize = 10;

/// The sections that are told in a line each, with what stands in front.
const LINES: [(Part, &str); 8] = [
    (Part::Identities, "as"),
    (Part::Accounts, "in accounts"),
    (Part::Regions, "in regions"),
    (Part::Addresses, "from"),
    (Part::UserAgents, "with"),
    (Part::AccessKeys, "keys"),
    (Part::Mfa, "MFA"),
    (Part::Via, "by"),
];

impl PrincipalProfile {
    /// Returns every field that an entry may have.
    pub fn all_fields() -> Vec<Cow<'static, str>> {
        let mut fields = vec![Cow::Borrowed("section")];
        for name in Part::ALL.iter().flat_map(|part| part.columns()).chain(&COUNTS) {
            if !fields.contains(&Cow::Borrowed(*name)) {
                fields.push(Cow::Borrowed(*name));
            }
        }
        fields
    }
}

fn tally_counts(tally: &EventTally) -> impl Iterator<Item = (String, Value)> {
    let values = [json!(tally.count), json!(tally.failed), json!(tally.first), json!(tally.last)];
    COUNTS.iter().map(|name| (*name).to_owned()).zip(values)
}

fn tally_object(columns: &[&str], key: &[Option<String>], tally: &EventTally) -> Map<String, Value> {
    let key = columns.iter().zip(key).map(|(name, text)| ((*name).to_owned(), json!(text)));
    key.chain(tally_counts(tally)).collect()
}

impl View for PrincipalProfile {
    fn len(&self) -> usize {
        self.entries.len()
    }

    fn item(&self, index: usize) -> Value {
        let (section, key, tally) = &self.entries[index];
        let mut item = Map::from_iter([("section".to_owned(), json!(section.name()))]);
        item.extend(tally_object(section.columns(), key, tally));
        Value::Object(item)
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        Self::all_fields()
    }

    fn document(&self) -> Option<Value> {
        let mut document = Map::from_iter([("who".to_owned(), json!(self.who))]);
        document.extend(tally_counts(&self.total));
        for part in Part::ALL {
            let entries = self
                .section(part)
                .map(|(key, tally)| Value::Object(tally_object(part.columns(), key, tally)));
            document.insert(part.name().to_owned(), entries.collect());
        }
        Some(Value::Object(document))
    }

    fn sections(&self, _order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        if self.total.count == 0 {
            return Vec::new();
        }
        let (named, rows) = if style.wide { (usize::MAX, usize::MAX) } else { (NAMED, ROWS) };
        let mut sections = vec![self.summary(named), self.services(rows, named)];
        if self.total.failed > 0 {
            sections.push(self.failures(rows, named));
        }
        if self.section(Part::Resources).next().is_some() {
            sections.push(self.resources(rows, named));
        }
        sections
    }
}

impl PrincipalProfile {
    /// Who, when, from where and how, a line each.
    fn summary(&self, named: usize) -> TableSection {
        let time = |time: Option<crate::event::Time>| time.map_or("unknown".to_owned(), |it| it.to_string());
        let EventTally { count, failed, first, last } = self.total;
        let title =
            format!("{}: {count} events, {failed} failed, {} to {}", self.who, time(first), time(last));
        let row = |(part, title): &(Part, &str)| {
            let is_cut = named != usize::MAX && *part == Part::UserAgents;
            let name =
                |key| if is_cut { shorten_name(&key_label(*part, key)) } else { key_label(*part, key) };
            let entries = self.section(*part).map(|(key, tally)| (name(key), tally.count));
            vec![(*title).to_owned(), list_most_frequent(entries.collect(), named)]
        };
        TableSection {
            title: Some(title),
            columns: [ColumnKind::Whole, ColumnKind::Prose]
                .map(|kind| TableColumn::new("", kind).key())
                .to_vec(),
            rows: LINES.iter().map(row).collect(),
            ..TableSection::default()
        }
    }

    fn services(&self, rows: usize, named: usize) -> TableSection {
        let calls = self.section(Part::Calls).map(|(key, tally)| {
            let service = key[0].as_deref().unwrap_or("(none)");
            let service = service.strip_suffix(".amazonaws.com").unwrap_or(service).to_owned();
            ([service, String::new()], name_or_none(&key[1]), *tally)
        });
        let titles = ["SERVICE", "", "EVENTS", "FAILED", "CALLS"];
        grouped_section("CALLS", &titles, calls, true, rows, named)
    }

    fn failures(&self, rows: usize, named: usize) -> TableSection {
        let errors = self
            .section(Part::Errors)
            .map(|(key, tally)| ([name_or_none(&key[0]), String::new()], name_or_none(&key[2]), *tally));
        grouped_section("FAILED", &["ERROR", "", "EVENTS", "", "CALLS"], errors, false, rows, named)
    }

    fn resources(&self, rows: usize, named: usize) -> TableSection {
        let resources = self.section(Part::Resources).map(|(key, tally)| {
            let kind = name_or_none(&key[1]);
            let kind = kind.strip_prefix("AWS::").unwrap_or(&kind).to_owned();
            ([name_or_none(&key[0]), kind], name_or_none(&key[2]), *tally)
        });
        let titles = ["ACTION", "TYPE", "EVENTS", "", "RESOURCES"];
        grouped_section("DONE", &titles, resources, false, rows, named)
    }
}

/// What entries have in common, and which they are.
#[derive(Default)]
struct Group {
    count: u64,
    failed: u64,
    members: Vec<(String, u64)>,
}

/// A table of groups, each with its most frequent members. Columns without a title are left out.
fn grouped_section(
    title: &str,
    titles: &[&'static str; 5],
    entries: impl Iterator<Item = ([String; 2], String, EventTally)>,
    with_failed: bool,
    rows: usize,
    named: usize,
) -> TableSection {
    let mut groups: BTreeMap<[String; 2], Group> = BTreeMap::new();
    for (key, member, tally) in entries {
        let group = groups.entry(key).or_default();
        group.count += tally.count;
        group.failed += tally.failed;
        group.members.push((member, tally.count));
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    let left = groups.len().saturating_sub(rows);
    let row = |([first, second], group): ([String; 2], Group)| {
        let mut cells = vec![first];
        cells.extend((!titles[1].is_empty()).then_some(second));
        cells.push(group.count.to_string());
        cells.extend(with_failed.then(|| group.failed.to_string()));
        cells.push(list_most_frequent(group.members, named));
        cells
    };
    let kinds = [
        (ColumnKind::Whole, TableColumn::KEY),
        (ColumnKind::Whole, 60),
        (ColumnKind::Number, 50),
        (ColumnKind::Number, 50),
        (ColumnKind::Prose, 10),
    ];
    let columns = titles.iter().zip(kinds).filter(|(title, _)| !title.is_empty());
    let more = if left > 0 { format!(" ({left} more with --wide)") } else { String::new() };
    TableSection {
        title: Some(format!("{title}{more}")),
        columns: columns
            .map(|(title, (kind, priority))| TableColumn::new(*title, kind).priority(priority))
            .collect(),
        rows: groups.into_iter().take(rows).map(row).collect(),
        ..TableSection::default()
    }
}

/// `a (7), b, c (2) and 5 more`: the most frequent first, a count of one goes without saying.
fn list_most_frequent(entries: Vec<(String, u64)>, named: usize) -> String {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in entries {
        *sums.entry(name).or_default() += count;
    }
    let mut entries: Vec<(String, u64)> = sums.into_iter().collect();
    entries.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let left = entries.len().saturating_sub(named);
    let text = |(name, count): &(String, u64)| match count {
        1 => name.clone(),
        count => format!("{name} ({count})"),
    };
    let shown: Vec<String> = entries.iter().take(named).map(text).collect();
    let more = if left > 0 { format!(" and {left} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// The beginning of a user agent, by which those that differ only in versions of libraries are told together.
fn shorten_name(name: &str) -> String {
    match name.char_indices().nth(48) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

fn name_or_none(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "(none)".to_owned())
}

fn key_label(part: Part, key: &[Option<String>]) -> String {
    match part {
        Part::Identities => {
            let account = key[2].as_ref().map(|account| format!(" of {account}")).unwrap_or_default();
            let who = name_or_none(&key[1]);
            let kind = name_or_none(&key[0]);
            let who = if kind == "IAMUser" { format!("user {who}") } else { who };
            if who.ends_with(account.trim_start()) { who } else { format!("{who}{account}") }
        }
        Part::Mfa => match key[0].as_deref() {
            Some("true") => "yes".to_owned(),
            Some("false") => "no".to_owned(),
            _ => "not said".to_owned(),
        },
        _ => name_or_none(&key[0]),
    }
}
