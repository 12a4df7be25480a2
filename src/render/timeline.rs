//! `timeline`: each event with what it changed; `diff`: what differs between two moments.

use super::About;
use super::Style;
use super::changes;
use super::holes;
use super::view::{Column, Look, Section, View};
use crate::answer::{History, Holes, Narrow, Row};
use crate::event::Time;
use crate::resource::Resource;
use crate::timeline::{Change, Entry, Existence, Kind, Op, Timeline, Val};
use serde_json::{Value, json};
use std::borrow::Cow;

/// So many changes of one event are listed in the narrow table.
const LISTED: usize = 8;

/// A line of a change is cut behind so many characters.
const LONGEST: usize = 160;

/// The paths of a line beside those of its event.
pub const TIMELINE_FIELDS: &[&str] = &["result", "incarnation", "changes", "sameSecondAs", "notes"];

/// The timelines that were asked for, as lines.
pub struct TimelineView<'h> {
    timelines: &'h [Timeline],
    lines: Vec<Line<'h>>,
}

struct Line<'h> {
    timeline: usize,
    entry: Option<&'h Entry>,
    changes: Vec<&'h Change>,
    row: &'h Row,
}

impl<'h> TimelineView<'h> {
    /// Picks the lines that are asked for.
    pub fn new(history: &'h History, timelines: &'h [Timeline], narrow: &Narrow) -> Self {
        let mut lines = Vec::new();
        for (number, timeline) in timelines.iter().enumerate() {
            for entry in timeline.entries.iter().filter(|entry| history.is_shown(&entry.step)) {
                let (Some(changes), Some(row)) = (narrow.of(entry), history.row(&entry.step.origin)) else {
                    continue;
                };
                lines.push(Line { timeline: number, entry: Some(entry), changes, row });
            }
        }
        let related = history.related().iter().map(|row| Line {
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

    fn section(&self, number: usize, lines: &[&Line<'_>], style: Style) -> Section {
        let timeline = &self.timelines[number];
        let mut columns = vec![
            Column::new("TIME", Look::Full),
            Column::new("WHO", Look::Text),
            Column::new("CALL", Look::Text),
            Column::new("CHANGE", Look::Full),
        ];
        let origins = lines.iter().any(|line| line.row.actor.origin.is_some());
        let verdicts = lines.iter().any(|line| line.row.verdict.is_some());
        columns.extend(origins.then(|| Column::new("ORIGIN", Look::Text)));
        columns.extend(verdicts.then(|| Column::new("VERDICT", Look::Text)));
        if style.wide {
            columns.extend(["FROM", "EVENT ID", "EVIDENCE"].map(|title| Column::new(title, Look::Full)));
        }
        let width = columns.len();
        let mut rows = Vec::new();
        for line in lines {
            let mut told: Vec<String> = words(line, timeline);
            if !style.wide {
                told.iter_mut().for_each(cut);
            }
            if !style.wide && told.len() > LISTED {
                let more = told.len() - LISTED + 1;
                told.truncate(LISTED - 1);
                told.push(format!("… and {more} more (`--wide` shows all)"));
            }
            for (at, change) in told.into_iter().enumerate() {
                let mut cells = vec![String::new(); width];
                if at == 0 {
                    cells[0].clone_from(&line.row.event_time);
                    cells[1].clone_from(&line.row.actor.who);
                    cells[2].clone_from(&line.row.event_name);
                    let mut more = Vec::new();
                    more.extend(origins.then(|| super::rows::origin(line.row)));
                    more.extend(verdicts.then(|| line.row.verdict.unwrap_or_default().to_owned()));
                    if style.wide {
                        let places = line.row.evidence.iter().map(|it| format!("{}#{}", it.file, it.record));
                        more.push(line.row.source_ip_address.clone().unwrap_or_default());
                        more.push(line.row.event_id.clone().unwrap_or_default());
                        more.push(places.collect::<Vec<_>>().join(" "));
                    }
                    more.into_iter().zip(&mut cells[4..]).for_each(|(text, cell)| *cell = text);
                }
                cells[3] = change;
                rows.push(cells);
            }
        }
        Section { title: Some(title(&timeline.resource)), lines: summary(timeline), columns, rows }
    }
}

/// Cuts a line that is longer than people read; `--wide` shows it all.
fn cut(line: &mut String) {
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push('…');
    }
}

/// What an event did, in lines; at least one.
fn words(line: &Line<'_>, timeline: &Timeline) -> Vec<String> {
    let Some(entry) = line.entry else { return vec!["uses it".to_owned()] };
    let step = &entry.step;
    let mut told = Vec::new();
    match step.kind {
        Kind::Applied => {
            let deferred = step.ops.iter().any(|op| matches!(op, Op::Due(_)));
            match step.action {
                crate::catalog::Action::Created => told.push("created".to_owned()),
                crate::catalog::Action::Deleted if deferred => told.push("deletion".to_owned()),
                crate::catalog::Action::Deleted => told.push("deleted".to_owned()),
                _ => {}
            }
        }
        Kind::NotUnfolded => {}
        Kind::Observed => told.push("seen by AWS Config".to_owned()),
        Kind::Failed => told.push(format!("FAILED {}", line.row.error_code.as_deref().unwrap_or_default())),
        Kind::DryRun => told.push("REHEARSED: would have been done".to_owned()),
        Kind::Proves => {
            told.push(format!(
                "FAILED {}, which shows the state",
                line.row.error_code.as_deref().unwrap_or_default()
            ));
        }
    }
    if matches!(step.kind, Kind::Failed | Kind::DryRun | Kind::Proves) {
        told.extend(step.tried.iter().filter_map(tried));
    }
    told.extend(line.changes.iter().flat_map(|change| changes::lines(change, &timeline.state)));
    let notes = entry.notes.iter().filter(|note| !note.ends_with("shows the state"));
    told.extend(notes.map(|note| format!("({note})")));
    if !entry.unsure.is_empty() {
        told.push(format!("(in the same second as {}: the order is not known)", entry.unsure.join(", ")));
    }
    if told.is_empty() {
        told.push(
            if step.ops.is_empty() { "no setting changed" } else { "set again to what it was" }.to_owned(),
        );
    }
    told
}

/// What a failed call was about to do.
fn tried(op: &Op) -> Option<String> {
    match op {
        Op::Set { path, val: Val::Absent, .. } => Some(format!("tried: - {path}")),
        Op::Set { path, val, leaf: true } if val.known().is_some_and(Value::is_object) => {
            Some(format!("tried: + {path}"))
        }
        Op::Set { path, val, .. } => Some(format!("tried: {path}: {}", changes::text(val))),
        Op::Amend { path, .. } => Some(format!("tried: + {path}")),
        _ => None,
    }
}

/// A resource in the form that it can be asked for again.
pub(super) fn title(resource: &Resource) -> String {
    let kind = resource.kind.strip_prefix("AWS::").unwrap_or(&resource.kind);
    let name = resource.name.as_deref().filter(|name| *name != resource.id && !resource.id.contains(name));
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    let place: Vec<&str> =
        [resource.account.as_deref(), resource.region.as_deref()].into_iter().flatten().collect();
    let place = if place.is_empty() { String::new() } else { format!(", {}", place.join(" ")) };
    format!("{kind} {}{name}{place}", resource.id)
}

/// What is known of it at the end.
fn summary(timeline: &Timeline) -> Vec<String> {
    let state = &timeline.state;
    let mut lines = Vec::new();
    let by = |it: &crate::timeline::Origin| {
        let time = it.time.map(|time| time.to_string()).unwrap_or_default();
        format!("{time} by {}", it.who)
    };
    let created = state
        .created
        .as_deref()
        .map_or("creation not in these logs".to_owned(), |it| format!("created {}", by(it)));
    let now = match (state.exists, state.exists_by.as_deref()) {
        (Existence::Gone, Some(it)) => format!(", deleted {}", by(it)),
        _ => String::new(),
    };
    lines.push(format!("{created}{now}"));
    if state.incarnation > 1 {
        lines.push(format!("{} resources had this name one after another", state.incarnation));
    }
    if let Some((date, it)) = &state.due {
        lines.push(format!("deletion scheduled for {date}, {}", by(it)));
    }
    if !state.unread.is_empty() {
        lines.push(format!("calls that changed it in ways that are not unfolded: {}", state.unread.len()));
    }
    if !timeline.undated.is_empty() {
        lines.push(format!("events without a readable time, which are left out: {}", timeline.undated.len()));
    }
    lines
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
            object.insert("changes".to_owned(), line.changes.iter().map(|it| changes::item(it)).collect());
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

    fn sections(&self, order: &[usize], style: Style) -> Vec<Section> {
        let mut sections = Vec::new();
        for number in 0..self.timelines.len() {
            let lines: Vec<&Line<'_>> =
                order.iter().map(|at| &self.lines[*at]).filter(|line| line.timeline == number).collect();
            if !lines.is_empty() {
                sections.push(self.section(number, &lines, style));
            }
        }
        let related: Vec<&Line<'_>> =
            order.iter().map(|at| &self.lines[*at]).filter(|it| it.entry.is_none()).collect();
        if !related.is_empty() {
            let columns = ["TIME", "WHO", "CALL"].map(|title| Column::new(title, Look::Text)).to_vec();
            let cells = |line: &&Line<'_>| {
                vec![line.row.event_time.clone(), line.row.actor.who.clone(), line.row.event_name.clone()]
            };
            sections.push(Section {
                title: Some("RELATED: calls that use it".to_owned()),
                lines: Vec::new(),
                columns,
                rows: related.iter().map(cells).collect(),
            });
        }
        sections
    }

    fn raw(&self, index: usize) -> Option<&[u8]> {
        self.lines[index].row.raw.as_deref()
    }
}

/// What differs between two moments, resource by resource.
pub struct DiffView<'h> {
    /// The resources, with their changes.
    pub all: Vec<(Timeline, Vec<Change>)>,
    /// The two moments.
    pub between: (Time, Time),
    /// Whether each existed at the first moment.
    pub existed: Vec<Existence>,
    /// What is missing from the logs of each between the two.
    pub holes: Vec<Vec<Holes>>,
    /// What is told of the events behind changes.
    pub about: About<'h>,
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
];

impl DiffView<'_> {
    fn at(&self, index: usize) -> Option<(&Timeline, &Change)> {
        self.all
            .iter()
            .flat_map(|(timeline, changes)| changes.iter().map(move |it| (timeline, it)))
            .nth(index)
    }
}

impl View for DiffView<'_> {
    fn len(&self) -> usize {
        self.all.iter().map(|(_, changes)| changes.len()).sum()
    }

    fn item(&self, index: usize) -> Value {
        let Some((timeline, change)) = self.at(index) else { return Value::Null };
        let mut item = changes::item(change);
        let by = timeline.state.cell(&change.path).by;
        if let Some(object) = item.as_object_mut() {
            let resource = json!({"type": timeline.resource.kind, "id": timeline.resource.id});
            object.shift_insert(0, "resource".to_owned(), resource);
            object.insert("since".to_owned(), json!(by.as_ref().and_then(|by| by.time)));
            let by = by.map(|by| {
                let mut by = self.about.event(&by);
                // When stands beside it.
                by.as_object_mut().and_then(|it| it.shift_remove("eventTime"));
                by
            });
            object.insert("by".to_owned(), json!(by));
        }
        item
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        let shown = |field: &&str| self.about.has(field);
        DIFF_FIELDS.iter().copied().filter(shown).map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: Style) -> Vec<Section> {
        let look = if style.wide { Look::Full } else { Look::Text };
        let mut first = 0;
        let mut sections = Vec::new();
        for (((timeline, changes), existed), holes) in self.all.iter().zip(&self.existed).zip(&self.holes) {
            let shown = (first..first + changes.len()).filter(|at| order.contains(at));
            let rows: Vec<Vec<String>> = shown
                .flat_map(|at| {
                    let change = &changes[at - first];
                    let by = timeline.state.cell(&change.path).by;
                    let since =
                        by.as_ref().and_then(|it| it.time).map(|it| it.to_string()).unwrap_or_default();
                    let who = by.as_ref().map(|it| it.who.clone()).unwrap_or_default();
                    let more = self.about.cells(by.as_deref());
                    let lines = changes::lines(change, &timeline.state);
                    lines
                        .into_iter()
                        .map(move |line| [vec![line, since.clone(), who.clone()], more.clone()].concat())
                        .collect::<Vec<_>>()
                })
                .collect();
            first += changes.len();
            if rows.is_empty() {
                continue;
            }
            let word = |existence: Existence| match existence {
                Existence::Exists => "there",
                Existence::Gone => "not there",
                Existence::Unknown => "unknown whether there",
            };
            let mut lines = vec![format!(
                "{}: {}; {}: {}",
                self.between.0,
                word(*existed),
                self.between.1,
                word(timeline.state.exists)
            )];
            lines.extend(holes.iter().flat_map(|it| holes::lines(it, style.wide)));
            let mut columns = vec![
                Column::new("CHANGE", look),
                Column::new("SINCE", Look::Full),
                Column::new("BY", Look::Text),
            ];
            columns.extend(self.about.titles().into_iter().map(|title| Column::new(title, Look::Text)));
            sections.push(Section { title: Some(title(&timeline.resource)), lines, columns, rows });
        }
        sections
    }
}
