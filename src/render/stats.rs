//! Counts by fields and over time.

use super::chart::{draw_bar, draw_sparkline};
use super::fields::kind_of_field;
use super::view::{ColumnKind, TableColumn, TableSection, View};
use super::{OutputStyle, nest_values};
use crate::answer::{GroupCounts, StatsTable};
use serde_json::{Value, json};
use std::borrow::Cow;

/// What is told of every group, behind what it is told by.
const COUNTS: [&str; 6] = ["count", "failed", "firstEventTime", "lastEventTime", "actors", "addresses"];

/// How wide a bar, and a histogram in one cell, may be.
const WIDTH: usize = 40;

impl StatsTable {
    /// Returns the fields of an item of a table with these columns.
    pub fn fields_of(columns: &[String], has_steps: bool) -> Vec<Cow<'static, str>> {
        let counts = COUNTS.into_iter().chain(has_steps.then_some("histogram")).map(Cow::Borrowed);
        columns.iter().cloned().map(Cow::Owned).chain(counts).collect()
    }

    fn is_timeline(&self) -> bool {
        self.columns == ["time"] && self.every.is_some()
    }

    /// The counts of a group in as many steps as fit, from the first step of any group to the last.
    fn histogram(&self, group: &GroupCounts, span: (i64, i64)) -> Vec<u64> {
        let every = self.every.unwrap_or(1).max(1);
        let steps = usize::try_from((span.1 - span.0) / every + 1).unwrap_or(usize::MAX);
        let width = steps.div_ceil(steps.div_ceil(WIDTH));
        let mut counts = vec![0; width];
        for (at, step) in &group.steps {
            let step_number = usize::try_from((at.utc().timestamp() - span.0) / every).unwrap_or_default();
            counts[step_number / steps.div_ceil(WIDTH)] += step.count;
        }
        counts
    }

    fn cells(&self, group: &GroupCounts, most: u64, span: Option<(i64, i64)>) -> Vec<String> {
        let time = |time: Option<crate::event::Time>| time.map(|it| it.to_string()).unwrap_or_default();
        let tally = &group.tally;
        let mut cells: Vec<String> =
            group.key.iter().map(|text| text.clone().unwrap_or_else(|| "(none)".to_owned())).collect();
        cells.extend([tally.count, tally.failed].map(|it| it.to_string()));
        if self.is_timeline() {
            cells.extend([group.actors, group.addresses].map(|it| it.to_string()));
            cells.push(draw_bar(tally.count, most, WIDTH));
        } else {
            cells.extend([time(tally.first), time(tally.last)]);
            cells.extend([group.actors, group.addresses].map(|it| it.to_string()));
            cells.extend(span.map(|span| draw_sparkline(&self.histogram(group, span))));
        }
        cells
    }
}

impl View for StatsTable {
    fn len(&self) -> usize {
        self.groups.len()
    }

    fn item(&self, index: usize) -> Value {
        let group = &self.groups[index];
        let tally = &group.tally;
        let is_gap = tally.count == 0;
        let first = tally.first.filter(|_| !is_gap);
        let counts = [
            json!(tally.count),
            json!(tally.failed),
            json!(first),
            json!(tally.last),
            json!(group.actors),
            json!(group.addresses),
        ];
        let key = self.columns.iter().cloned().zip(group.key.iter().map(|text| json!(text)));
        let mut pairs: Vec<(String, Value)> = key.collect();
        pairs.extend(COUNTS.iter().map(|name| (*name).to_owned()).zip(counts));
        if self.every.is_some() && !self.is_timeline() {
            let step = |(time, step): &(crate::event::Time, crate::answer::TimeStep)| json!({"time": time, "count": step.count, "failed": step.failed});
            pairs.push(("histogram".to_owned(), group.steps.iter().map(step).collect()));
        }
        nest_values(pairs)
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        Self::fields_of(&self.columns, self.every.is_some() && !self.is_timeline())
    }

    fn sections(&self, order: &[usize], _style: OutputStyle) -> Vec<TableSection> {
        let shown = || order.iter().map(|index| &self.groups[*index]);
        let most = shown().map(|group| group.tally.count).max().unwrap_or_default();
        let times = || shown().flat_map(|group| &group.steps).map(|(time, _)| time.utc().timestamp());
        let span = times().min().zip(times().max());
        let mut columns: Vec<TableColumn> = self.columns.iter().map(|name| group_column(name)).collect();
        if let Some(first) = columns.first_mut() {
            first.priority = TableColumn::KEY;
        }
        let number = |title| TableColumn::new(title, ColumnKind::Number);
        columns.extend([number("COUNT").priority(60), number("FAILED").priority(40)]);
        if !self.is_timeline() {
            columns.extend(["FIRST", "LAST"].map(TableColumn::time));
        }
        columns.extend(["ACTORS", "ADDRESSES"].map(|title| number(title).priority(15)));
        if self.is_timeline() {
            columns.push(TableColumn::new("", ColumnKind::Bar));
        }
        columns.extend(span.map(|_| TableColumn::new("OVER TIME", ColumnKind::Whole)));
        let rows = shown().map(|group| self.cells(group, most, span)).collect();
        if order.is_empty() {
            return Vec::new();
        }
        vec![TableSection { columns, rows, ..TableSection::default() }]
    }
}

/// `actor.who` is WHO: the tables of events have it so.
fn group_column(column: &str) -> TableColumn {
    let title = match column {
        "actor.who" => "WHO",
        "actor.account" => "ACCOUNT",
        "resource.type" => "TYPE",
        "resource.id" => "RESOURCE",
        "time" => return TableColumn::time("TIME"),
        other => other,
    };
    TableColumn::new(title.to_owned(), kind_of_field(column)).priority(50)
}
