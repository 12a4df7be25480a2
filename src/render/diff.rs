//! `diff`: what differs between two moments.

use super::title::resource_title;
use super::view::{ColumnKind, TableColumn, TableSection, View};
use super::{OutputStyle, Provenance, changes, log_gaps};
use crate::answer::LogGaps;
use crate::event::Time;
use crate::timeline::{Existence, SettingChange, StepOrigin, Timeline};
use serde_json::{Value, json};
use std::borrow::Cow;

/// What differs between two moments, resource by resource.
pub struct DiffView<'h> {
    /// The resources, with their changes.
    pub all: Vec<(Timeline, Vec<SettingChange>)>,
    /// The two moments.
    pub between: (Time, Time),
    /// Whether each existed at the first moment.
    pub existed: Vec<Existence>,
    /// What is missing from the logs of each between the two.
    pub holes: Vec<Vec<LogGaps>>,
    /// What is told of the events behind changes.
    pub about: Provenance<'h>,
}

/// The paths of a difference.
pub const DIFF_FIELDS: &[&str] = &[
    "resource.type",
    "resource.id",
    "path",
    "before",
    "after",
    "since",
    "by.who",
    "by.eventName",
    "by.eventID",
    "by.verdict",
    "by.origin.who",
    "by.origin.certainty",
    "seenAt",
    "seenBy.who",
    "seenBy.eventName",
    "seenBy.eventID",
    "seenBy.verdict",
];

impl DiffView<'_> {
    fn at(&self, index: usize) -> Option<(&Timeline, &SettingChange)> {
        self.all
            .iter()
            .flat_map(|(timeline, changes)| changes.iter().map(move |it| (timeline, it)))
            .nth(index)
    }

    /// The rows of one change: of a policy there are several.
    fn rows(&self, timeline: &Timeline, change: &SettingChange) -> Vec<Vec<String>> {
        let by = timeline.state.cell(&change.path).by;
        let (since, who) = (changes::since_text(by.as_deref()), changes::who_text(by.as_deref()));
        let more = self.about.cells(by.as_deref());
        let lines = changes::change_lines(change, &timeline.state).into_iter();
        lines.map(|line| [vec![line, since.clone(), who.clone()], more.clone()].concat()).collect()
    }
}

fn existence_word(existence: Existence) -> &'static str {
    match existence {
        Existence::Exists => "there",
        Existence::Gone => "not there",
        Existence::Unknown => "unknown whether there",
    }
}

impl View for DiffView<'_> {
    fn len(&self) -> usize {
        self.all.iter().map(|(_, changes)| changes.len()).sum()
    }

    fn item(&self, index: usize) -> Value {
        let Some((timeline, change)) = self.at(index) else { return Value::Null };
        let mut item = changes::change_to_json(change);
        let by = timeline.state.cell(&change.path).by;
        if let Some(object) = item.as_object_mut() {
            let resource = json!({"type": timeline.resource.kind, "id": timeline.resource.id});
            object.shift_insert(0, "resource".to_owned(), resource);
            let tell = |by: &StepOrigin| {
                let mut by = self.about.event(by);
                // When stands beside it.
                by.as_object_mut().and_then(|it| it.shift_remove("eventTime"));
                by
            };
            // Whoever only saw a value did not set it.
            let is_seen = by.as_deref().is_some_and(StepOrigin::only_saw);
            let (seen, set) = if is_seen { (by, None) } else { (None, by) };
            object.insert("since".to_owned(), json!(set.as_ref().and_then(|by| by.time)));
            object.insert("by".to_owned(), json!(set.as_deref().map(tell)));
            if let Some(seen) = seen.as_deref() {
                object.insert("seenAt".to_owned(), json!(seen.time));
                object.insert("seenBy".to_owned(), tell(seen));
            }
        }
        item
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        let shown = |field: &&str| self.about.has(field);
        DIFF_FIELDS.iter().copied().filter(shown).map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        let mut first = 0;
        let mut sections = Vec::new();
        for (((timeline, changes), existed), holes) in self.all.iter().zip(&self.existed).zip(&self.holes) {
            let shown = (first..first + changes.len()).filter(|at| order.contains(at));
            let rows: Vec<Vec<String>> =
                shown.flat_map(|at| self.rows(timeline, &changes[at - first])).collect();
            first += changes.len();
            if rows.is_empty() {
                continue;
            }
            let mut lines = vec![format!(
                "{}: {}; {}: {}",
                self.between.0,
                existence_word(*existed),
                self.between.1,
                existence_word(timeline.state.exists)
            )];
            lines.extend(holes.iter().flat_map(|it| log_gaps::log_gap_lines(it, style.wide)));
            let mut columns = vec![
                TableColumn::new("CHANGE", ColumnKind::Prose).key(),
                TableColumn::time("SINCE"),
                TableColumn::new("BY", ColumnKind::Name).priority(25),
            ];
            columns.extend(self.about.columns());
            sections.push(TableSection {
                title: Some(resource_title(&timeline.resource)),
                lines,
                columns,
                rows,
                ..TableSection::default()
            });
        }
        sections
    }
}
