//! `timeline`: each event with what it changed.

mod section;
mod words;

use super::view::{TableSection, View};
use super::{OutputStyle, changes};
use crate::answer::{ChangeFilter, History, Row};
use crate::timeline::{SettingChange, Timeline, TimelineEntry};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::HashMap;

/// The paths of a line beside those of its event.
pub const TIMELINE_FIELDS: &[&str] = &["result", "incarnation", "changes", "sameSecondAs", "notes"];

/// The timelines that were asked for, as lines.
pub struct TimelineView<'h> {
    timelines: &'h [Timeline],
    lines: Vec<TimelineLine<'h>>,
}

/// One event, with what it changed.
struct TimelineLine<'h> {
    /// Which of the timelines it is in; one past the last for calls that only use a resource.
    timeline: usize,
    /// What it was for the resource; `None` for calls that only use it.
    entry: Option<&'h TimelineEntry>,
    changes: Vec<&'h SettingChange>,
    row: &'h Row,
}

impl<'h> TimelineView<'h> {
    /// Picks the lines that are asked for.
    pub fn new(history: &'h History, timelines: &'h [Timeline], narrow: &ChangeFilter) -> Self {
        let mut lines = Vec::new();
        for (number, timeline) in timelines.iter().enumerate() {
            for entry in timeline.entries.iter().filter(|entry| history.is_shown(&entry.step)) {
                let (Some(changes), Some(row)) = (narrow.of(entry), history.row(&entry.step.origin)) else {
                    continue;
                };
                lines.push(TimelineLine { timeline: number, entry: Some(entry), changes, row });
            }
        }
        let related = history.related().iter().map(|row| TimelineLine {
            timeline: timelines.len(),
            entry: None,
            changes: Vec::new(),
            row,
        });
        lines.extend(related);
        Self { timelines, lines }
    }

    /// Returns the rows of the lines.
    pub fn rows(&self) -> impl Iterator<Item = &'h Row> + '_ {
        self.lines.iter().map(|line| line.row)
    }

    /// Keeps only lines of such rows.
    pub fn keep(&mut self, wanted: &dyn Fn(&Row) -> bool) {
        self.lines.retain(|line| wanted(line.row));
    }
}

impl View for TimelineView<'_> {
    fn len(&self) -> usize {
        self.lines.len()
    }

    fn item(&self, index: usize) -> Value {
        let line = &self.lines[index];
        let mut item = serde_json::to_value(line.row).unwrap_or_default();
        let Some(object) = item.as_object_mut() else { return item };
        if let (Some(entry), Some(timeline)) = (line.entry, self.timelines.get(line.timeline)) {
            // As the whole timeline knows it: single events may name it less fully.
            if let Some(resource) = object.get_mut("resource").and_then(Value::as_object_mut) {
                resource.insert("id".to_owned(), timeline.resource.id.clone().into());
                resource.insert("arn".to_owned(), timeline.resource.arn.clone().into());
            }
            object.insert("result".to_owned(), json!(entry.step.kind));
            object.insert("incarnation".to_owned(), entry.incarnation.into());
            object.insert(
                "changes".to_owned(),
                line.changes.iter().map(|it| changes::change_to_json(it)).collect(),
            );
            object.insert("sameSecondAs".to_owned(), json!(entry.unsure));
            object.insert("notes".to_owned(), json!(entry.notes));
        }
        item
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        let rows = || self.lines.iter().map(|line| line.row);
        let traced = if super::rows::is_traced(rows()) { super::TRACED_FIELDS } else { &[] };
        let shown = |field: &&str| *field != "verdict" || rows().any(|row| row.verdict.is_some());
        let row_fields = super::ROW_FIELDS.iter().copied().filter(shown).chain(traced.iter().copied());
        row_fields.chain(TIMELINE_FIELDS.iter().copied()).map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        // Once for all: an archive may have as many timelines as lines.
        let mut lines: HashMap<usize, Vec<&TimelineLine<'_>>> = HashMap::new();
        for line in order.iter().map(|at| &self.lines[*at]) {
            lines.entry(line.timeline).or_default().push(line);
        }
        let mut sections = Vec::new();
        for (number, timeline) in self.timelines.iter().enumerate() {
            if let Some(lines) = lines.remove(&number) {
                sections.push(section::timeline_section(timeline, &lines, style));
            }
        }
        if let Some(related) = lines.remove(&self.timelines.len()) {
            sections.push(section::related_section(&related));
        }
        sections
    }

    fn raw(&self, index: usize) -> Option<&[u8]> {
        self.lines[index].row.raw.as_deref()
    }
}
