//! What an archive holds and what it does not: a table with a bar for each span,
//! the gaps of digests, and when logging was switched off.

use super::OutputStyle;
use super::validation::{format_time, gap_cells, gap_to_json};
use super::view::{ColumnKind, TableColumn, TableSection, View};
use crate::answer::{ArchiveCoverage, LoggingChange};
use crate::integrity::{ChainSummary, ValidationSummary};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// How wide the longest bar is.
const BAR: u64 = 20;

/// Empty spans are filled in up to this many for a place; the times in events are anybody's word.
const MOST: i64 = 4000;

/// The members of an item.
const FIELDS: [&str; 6] = ["account", "region", "from", "files", "events", "digests"];

/// A span of an account and region.
struct CoverageSpan {
    account: String,
    region: String,
    from: i64,
    files: u64,
    events: u64,
    digests: u64,
}

/// What an archive holds.
pub struct ArchiveCoverageView<'v> {
    held: &'v ArchiveCoverage,
    lines: &'v [ChainSummary],
    spans: Vec<CoverageSpan>,
    /// Whether the spans are hours.
    by_hour: bool,
    bare: Vec<(String, String)>,
}

impl<'v> ArchiveCoverageView<'v> {
    /// Puts events and digests together; `digests` are the account, region and end of each.
    pub fn new(
        held: &'v ArchiveCoverage,
        summary: &'v ValidationSummary,
        digests: &[(String, String, i64)],
        seconds: i64,
    ) -> Self {
        let mut cells: BTreeMap<(String, String, i64), (u64, u64, u64)> = BTreeMap::new();
        for (cell, it) in &held.cells {
            let sum = cells.entry(cell.clone()).or_default();
            (sum.0, sum.1) = (it.files, it.events);
        }
        for (account, region, end) in digests {
            // A digest that ends on the hour is of the hour before.
            let from = (end - 1) - (end - 1).rem_euclid(seconds);
            cells.entry((account.clone(), region.clone(), from)).or_default().2 += 1;
        }
        fill_empty_spans(&mut cells, seconds);
        let with_events: BTreeSet<(&str, &str)> =
            held.cells.keys().map(|(account, region, _)| (account.as_str(), region.as_str())).collect();
        let places: BTreeSet<(&str, &str)> =
            digests.iter().map(|(account, region, _)| (account.as_str(), region.as_str())).collect();
        let bare = places.difference(&with_events).map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        let span = |((account, region, from), (files, events, digests))| CoverageSpan {
            account,
            region,
            from,
            files,
            events,
            digests,
        };
        let spans = cells.into_iter().map(span).collect();
        Self { held, lines: &summary.lines, spans, by_hour: seconds < 86_400, bare }
    }

    fn from(&self, span: &CoverageSpan) -> String {
        let text = format_time(span.from);
        if self.by_hour { text } else { text.split('T').next().unwrap_or_default().to_owned() }
    }
}

/// Adds the spans in between of which there is nothing.
fn fill_empty_spans(cells: &mut BTreeMap<(String, String, i64), (u64, u64, u64)>, seconds: i64) {
    let mut places: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for (account, region, from) in cells.keys() {
        let ends = places.entry((account.clone(), region.clone())).or_insert((*from, *from));
        *ends = (ends.0.min(*from), ends.1.max(*from));
    }
    for ((account, region), (first, last)) in places {
        if (last - first) / seconds > MOST {
            continue;
        }
        let mut from = first;
        while from < last {
            cells.entry((account.clone(), region.clone(), from)).or_default();
            from += seconds;
        }
    }
}

impl View for ArchiveCoverageView<'_> {
    fn len(&self) -> usize {
        self.spans.len()
    }

    fn item(&self, index: usize) -> Value {
        let span = &self.spans[index];
        json!({
            "account": span.account,
            "region": span.region,
            "from": self.from(span),
            "files": span.files,
            "events": span.events,
            "digests": span.digests,
        })
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        FIELDS.into_iter().map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        let most = self.spans.iter().map(|span| span.events).max().unwrap_or_default().max(1);
        let row = |index: &usize| {
            let span = &self.spans[*index];
            let counts = [span.files, span.events, span.digests].map(|count| count.to_string());
            let mut cells = vec![span.account.clone(), span.region.clone(), self.from(span)];
            cells.extend(counts);
            cells.push(draw_bar(span.events, most));
            cells
        };
        let span = if self.by_hour { "HOUR" } else { "DAY" };
        let titles = ["ACCOUNT", "REGION", span, "FILES", "EVENTS", "DIGESTS", ""];
        let mut sections = vec![table_section(None, &titles, order.iter().map(row).collect())];
        let gaps: Vec<Vec<String>> = self
            .lines
            .iter()
            .flat_map(|line| line.gaps.iter().map(move |gap| gap_cells(line, gap)))
            .collect();
        if !gaps.is_empty() {
            let titles = ["ACCOUNT", "REGION", "TRAIL", "FROM", "TO", "HOURS", "CAUSE"];
            sections.push(table_section(Some("GAPS: spans of a chain that no digest covers"), &titles, gaps));
        }
        let off: Vec<Vec<String>> = self.held.off().iter().map(off_cells).collect();
        if !off.is_empty() {
            let titles = ["ACCOUNT", "TRAIL", "NOT LOGGED", "FROM", "TO", "CALL", "WHO"];
            sections.push(table_section(Some("OFF: what a trail did not log"), &titles, off));
        }
        sections.extend(self.data_events(style));
        let switches: Vec<Vec<String>> = self.held.switches.iter().map(switch_cells).collect();
        if !switches.is_empty() {
            let titles = ["TIME", "ACCOUNT", "REGION", "CALL", "TRAIL", "WHO", "OUTCOME"];
            sections.push(table_section(
                Some("SWITCHES: calls that change what is logged"),
                &titles,
                switches,
            ));
        }
        if !self.bare.is_empty() {
            let rows = self.bare.iter().map(|it| vec![it.0.clone(), it.1.clone()]).collect();
            let titles = ["ACCOUNT", "REGION"];
            sections.push(table_section(Some("DIGESTS ONLY: there are digests and no event"), &titles, rows));
        }
        sections
    }

    fn document(&self) -> Option<Value> {
        let cells: Vec<Value> = (0..self.len()).map(|index| self.item(index)).collect();
        let gaps: Vec<Value> = self
            .lines
            .iter()
            .flat_map(|line| line.gaps.iter().map(move |it| gap_to_json(line, it)))
            .collect();
        let restarts: u32 = self.lines.iter().map(|line| line.restarts).sum();
        let bare: Vec<Value> = self.bare.iter().map(|it| json!({"account": it.0, "region": it.1})).collect();
        Some(json!({
            "cells": cells,
            "gaps": gaps,
            "restarts": restarts,
            "off": self.held.off(),
            "switches": self.held.switches,
            "dataEvents": self.held.data.iter().take(MOST_DATA).map(data_item).collect::<Vec<_>>(),
            "dataEventsLeftOut": self.held.data.len().saturating_sub(MOST_DATA),
            "dataEventsLoggedBy": self.held.logged_data_spans(),
            "digestsOnly": bare,
        }))
    }
}

/// So many resources with data events are listed for people, and for programs.
const LISTED_DATA: usize = 20;
const MOST_DATA: usize = 10_000;

impl ArchiveCoverageView<'_> {
    /// What there is of data events, and what trails were told to log of them.
    fn data_events(&self, style: OutputStyle) -> Vec<TableSection> {
        let mut sections = Vec::new();
        let data = &self.held.data;
        if !data.is_empty() {
            let listed = if style.wide { data.len() } else { LISTED_DATA };
            let rows = data.iter().take(listed).map(|(of, held)| {
                let times = [held.first_event_time, held.last_event_time].map(|time| time.to_string());
                let [first, last] = times;
                let kind = of.kind.strip_prefix("AWS::").unwrap_or(&of.kind).to_owned();
                vec![
                    of.account.clone(),
                    of.region.clone(),
                    kind,
                    of.id.clone(),
                    first,
                    last,
                    held.events.to_string(),
                ]
            });
            let titles = ["ACCOUNT", "REGION", "TYPE", "RESOURCE", "FIRST", "LAST", "EVENTS"];
            let title = "DATA EVENTS: calls on what is in these; of others none is in these logs";
            let mut section = table_section(Some(title), &titles, rows.collect());
            let rest: Vec<u64> = data.values().skip(listed).map(|it| it.events).collect();
            if !rest.is_empty() {
                let events: u64 = rest.iter().sum();
                section
                    .lines
                    .push(format!("… and {} more, with {events} events (`--wide` shows all)", rest.len()));
            }
            sections.push(section);
        }
        let told: Vec<Vec<String>> = self.held.logged_data_spans().iter().map(told_cells).collect();
        if !told.is_empty() {
            let titles = ["ACCOUNT", "TRAIL", "DATA EVENTS", "FROM", "TO", "CALL", "WHO"];
            sections.push(table_section(
                Some("TOLD: data events that a trail was told to log"),
                &titles,
                told,
            ));
        }
        sections
    }
}

fn told_cells(it: &crate::answer::LoggedSpan) -> Vec<String> {
    let time =
        |time: Option<crate::event::Time>, none: &str| time.map_or(none.to_owned(), |it| it.to_string());
    vec![
        it.account.clone(),
        it.trail.clone(),
        it.only.clone().unwrap_or_default(),
        time(it.from, "-"),
        time(it.to, "no call in these logs ends it"),
        it.by.clone(),
        it.who.clone(),
    ]
}

fn data_item((of, held): (&crate::answer::DataResource, &crate::answer::ResourceDataEvents)) -> Value {
    let mut item = serde_json::to_value(of).unwrap_or_default();
    if let (Some(item), Ok(Value::Object(held))) = (item.as_object_mut(), serde_json::to_value(held)) {
        item.extend(held);
    }
    item
}

fn table_section(title: Option<&str>, titles: &[&'static str], rows: Vec<Vec<String>>) -> TableSection {
    TableSection {
        title: title.map(str::to_owned),
        columns: titles.iter().map(|title| coverage_column(title)).collect(),
        rows,
        ..TableSection::default()
    }
}

/// The column of a title: tables about logs, here and in a validation, name the same things alike.
pub(super) fn coverage_column(title: &'static str) -> TableColumn {
    let (kind, priority) = match title {
        "DAY" | "HOUR" | "TIME" | "FROM" => return TableColumn::time(title).key(),
        "TO" => return TableColumn::time(title).priority(60),
        "FIRST" | "LAST" | "COVERED" | "PROVEN UNTIL" => return TableColumn::time(title),
        "CALL" => (ColumnKind::Whole, 70),
        "WHO" => (ColumnKind::Name, 60),
        "TRAIL" => (ColumnKind::Name, 50),
        "RESOURCE" => (ColumnKind::Name, TableColumn::KEY),
        "NOT LOGGED" | "DATA EVENTS" => (ColumnKind::Prose, 30),
        "DIGESTS" | "LOGS" | "FILES" | "EVENTS" | "HOURS" | "GAPS" => (ColumnKind::Number, 30),
        "CAUSE" => (ColumnKind::Prose, 10),
        "" => (ColumnKind::Bar, 0),
        _ => (ColumnKind::Whole, 20),
    };
    TableColumn::new(title, kind).priority(priority)
}

/// A bar of eighths of a character; whatever is there shows at least a little.
fn draw_bar(count: u64, most: u64) -> String {
    const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
    let eighths = (u128::from(count) * u128::from(BAR) * 8).div_ceil(u128::from(most)) as usize;
    let mut bar = "█".repeat(eighths / 8);
    if let Some(rest) = (eighths % 8).checked_sub(1) {
        bar.push(EIGHTHS[rest]);
    }
    bar
}

fn off_cells(off: &crate::answer::LoggingOutage) -> Vec<String> {
    let text =
        |time: Option<crate::event::Time>, none: &str| time.map_or(none.to_owned(), |it| it.to_string());
    vec![
        off.account.clone(),
        off.trail.clone(),
        off.unlogged.what(&off.region),
        text(off.from, "-"),
        text(off.to, "not switched on again in these logs"),
        off.by.clone(),
        off.who.clone(),
    ]
}

fn switch_cells(it: &LoggingChange) -> Vec<String> {
    vec![
        it.event_time.map_or_else(String::new, |time| time.to_string()),
        it.account.clone(),
        it.region.clone(),
        it.event_name.clone(),
        it.trail.clone(),
        it.who.clone(),
        if it.outcome == crate::event::Outcome::Succeeded { "succeeded" } else { "failed" }.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_with_what_they_stand_for() {
        assert_eq!(draw_bar(0, 100), "");
        assert_eq!(draw_bar(1, 1_000_000), "▏");
        assert_eq!(draw_bar(50, 100), "█".repeat(10));
        assert_eq!(draw_bar(100, 100), "█".repeat(20));
        assert_eq!(draw_bar(u64::MAX, u64::MAX), "█".repeat(20));
    }

    #[test]
    fn empty_spans_are_shown_and_a_forged_time_costs_nothing() {
        let place = |from| ("1".to_owned(), "r".to_owned(), from);
        let mut cells = BTreeMap::from([(place(0), (1, 1, 0)), (place(300), (1, 1, 0))]);
        fill_empty_spans(&mut cells, 100);
        assert_eq!(cells.len(), 4);
        cells.insert(place(i64::MAX / 2), (1, 1, 0));
        fill_empty_spans(&mut cells, 100);
        assert_eq!(cells.len(), 5);
    }
}
