//! `state`: a resource at one moment; `inventory`: all of them.

use super::title::resource_title;
use super::view::{ColumnKind, TableColumn, TableSection, View};
use super::{OutputStyle, Provenance, changes, log_gaps};
use crate::answer::{InventoryRow, LogGaps};
use crate::event::Time;
use crate::timeline::{
    Completeness, Existence, Knowledge, SettingPath, State, StepOrigin, StepOwner, Timeline, build_item,
    find_relations,
};
use serde_json::{Value, json};
use std::borrow::Cow;

/// Resources at one moment.
pub struct StateView<'h> {
    /// The timelines up to it.
    pub timelines: Vec<Timeline>,
    /// What is missing from the logs of each, up to it.
    pub holes: Vec<Vec<LogGaps>>,
    /// The moment; the last event when none was asked for.
    pub at: Option<Time>,
    /// What is told of the events behind values.
    pub about: Provenance<'h>,
}

/// The paths of an item.
pub const ITEM_FIELDS: &[&str] = &[
    "configurationItemCaptureTime",
    "configurationItemStatus",
    "resourceType",
    "resourceId",
    "resourceName",
    "ARN",
    "awsAccountId",
    "awsRegion",
    "resourceCreationTime",
    "tags",
    "relatedEvents",
    "relationships",
    "configuration",
    "knowledge.exists",
    "knowledge.creationSeen",
    "knowledge.incarnation",
    "knowledge.knownSettings",
    "knowledge.unknownSettings",
    "knowledge.holes",
];

impl View for StateView<'_> {
    fn len(&self) -> usize {
        self.timelines.len()
    }

    fn item(&self, index: usize) -> Value {
        let mut item = build_item(&self.timelines[index], self.at, &|by| self.about.event(by));
        if let Some(knowledge) = item.get_mut("knowledge").and_then(Value::as_object_mut) {
            knowledge.insert("holes".to_owned(), json!(self.holes.get(index)));
        }
        item
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        ITEM_FIELDS.iter().copied().map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        let section = |at: &usize| {
            let holes = self.holes.get(*at).map(Vec::as_slice).unwrap_or_default();
            state_section(&self.timelines[*at], holes, &self.about, style)
        };
        order.iter().map(section).collect()
    }
}

fn state_section(
    timeline: &Timeline,
    holes: &[LogGaps],
    about: &Provenance<'_>,
    style: OutputStyle,
) -> TableSection {
    let Timeline { resource, state, .. } = timeline;
    let mut columns = vec![
        TableColumn::new("SETTING", ColumnKind::Prose).key(),
        TableColumn::new("VALUE", ColumnKind::Prose).priority(30).explaining_itself(),
        TableColumn::time("SINCE").priority(40),
        TableColumn::new("BY", ColumnKind::Name).priority(25),
    ];
    columns.extend(about.columns());
    if style.wide {
        columns.extend(["CALL", "EVENT ID"].map(|title| TableColumn::new(title, ColumnKind::Whole)));
    }
    let mut rows = Vec::new();
    for (path, cell) in state.cells() {
        let holds_parts = state.has_parts(path);
        let is_root = *path == SettingPath::root();
        // What an event took away is told; what one proved never to have been there is not.
        if (is_root || holds_parts || cell.by.is_none()) && matches!(cell.val, Knowledge::Absent) {
            continue;
        }
        // Absence is worth a line only where something took the setting away.
        let name = match (is_root, holds_parts) {
            (true, _) => "(everything else)".to_owned(),
            (false, true) => format!("{path} (others)"),
            (false, false) => path.to_string(),
        };
        let by = cell.by.as_deref();
        let mut cells =
            vec![name, changes::knowledge_text(&cell.val), changes::since_text(by), changes::who_text(by)];
        cells.extend(about.cells(by));
        if style.wide {
            cells.push(by.map(|it| it.event_name.clone()).unwrap_or_default());
            cells.push(by.and_then(|it| it.event_id.clone()).unwrap_or_default());
        }
        rows.push(cells);
    }
    let mut lines = header_lines(state);
    lines.extend(holes.iter().flat_map(|it| log_gaps::log_gap_lines(it, style.wide)));
    lines.extend(find_relations(resource, state).iter().map(|it| format!("{} {}", it.name, it.resource_id)));
    TableSection { title: Some(resource_title(resource)), lines, columns, rows, ..TableSection::default() }
}

/// How complete it is.
fn header_lines(state: &State) -> Vec<String> {
    let by = |it: &StepOrigin| {
        format!(
            "{} by {} ({})",
            it.time.map(|time| time.to_string()).unwrap_or_default(),
            it.who,
            it.event_name
        )
    };
    let since = state.exists_by.as_deref().map(|it| format!(", {}", by(it))).unwrap_or_default();
    let exists = match state.exists {
        Existence::Exists if state.due.is_some() => format!("exists, but is to be deleted: seen{since}"),
        Existence::Exists if state.created.is_some() => format!("exists: created{since}"),
        Existence::Exists => format!("exists: first seen{since}"),
        Existence::Gone if state.unborn.is_some() => {
            let later = state.unborn.as_deref().map(|it| format!(" {}", by(it))).unwrap_or_default();
            format!("does not exist yet: created later,{later}")
        }
        Existence::Gone if state.exists_by.as_deref().is_some_and(StepOrigin::only_saw) => format!(
            "does not exist: seen so{since}; its deletion is not in these logs; what follows is the last that is known"
        ),
        Existence::Gone => {
            let how = state.ended_with.as_ref().map_or("deleted".to_owned(), StepOwner::end_in_words);
            format!("does not exist: {how}{since}; what follows is the last that is known")
        }
        Existence::Unknown if state.due.is_some() => {
            "should be gone: its deletion was due, and nothing in these logs calls it off".to_owned()
        }
        Existence::Unknown if state.ended_with.is_some() => {
            let how = state.ended_with.as_ref().map(StepOwner::end_in_words).unwrap_or_default();
            format!("nothing tells whether it exists: it {how}{since}")
        }
        Existence::Unknown => "nothing tells whether it exists".to_owned(),
    };
    let Completeness { known, unknown, created } = state.completeness();
    let mut lines = vec![exists];
    if state.unborn.is_some() {
        return lines;
    }
    lines.push(match created {
        true => format!(
            "{known} settings known, {unknown} unknown; creation seen: what is not listed has its default"
        ),
        false => format!(
            "{known} settings known, {unknown} unknown; creation not seen: what is not listed is unknown"
        ),
    });
    if let Some((date, it)) = &state.due {
        lines.push(format!("deletion scheduled for {date}, {}", by(it)));
    }
    if state.incarnation > 1 {
        lines.push(format!("the {}. resource of this name", state.incarnation));
    }
    let unread =
        state.unread.iter().map(|it| format!("changed as well, in ways that are not unfolded: {}", by(it)));
    lines.extend(unread);
    lines
}

/// Writes `shouldBeGone` as `should be gone`.
fn split_camel_case(name: &str) -> String {
    let lower = |c: char| match c.is_ascii_uppercase() {
        true => format!(" {}", c.to_ascii_lowercase()),
        false => c.to_string(),
    };
    name.chars().map(lower).collect()
}

/// Every resource that the archive knows.
pub struct InventoryView<'h> {
    /// All of them, in order.
    pub all: Vec<InventoryRow>,
    /// What is told of the events that are named.
    pub about: Provenance<'h>,
}

/// The paths of a line of the inventory.
pub const INVENTORY_FIELDS: &[&str] = &[
    "resourceType",
    "resourceId",
    "resourceName",
    "ARN",
    "awsAccountId",
    "awsRegion",
    "status",
    "deletionDue",
    "endedWith.resourceType",
    "endedWith.resourceId",
    "endedWith.deleted",
    "created.eventTime",
    "created.who",
    "created.eventID",
    "created.verdict",
    "mayHaveBeenBefore",
    "deleted.eventTime",
    "deleted.who",
    "deleted.eventID",
    "deleted.verdict",
    "seen.eventTime",
    "seen.eventName",
    "seen.who",
    "seen.eventID",
    "seen.verdict",
    "lastChange.eventTime",
    "lastChange.eventName",
    "lastChange.who",
    "lastChange.eventID",
    "lastChange.verdict",
    "lastSeenByConfig.eventTime",
    "lastSeenByConfig.eventID",
    "lastSeenByConfig.verdict",
    "changes",
    "incarnation",
    "relationships",
    "verdict",
];

impl InventoryView<'_> {
    /// Whether it is there, in words of its own where its deletion is scheduled: it may be called off, or not.
    fn status(listed: &InventoryRow) -> &'static str {
        match (listed.exists, &listed.due) {
            (Existence::Exists, Some(_)) => "pendingDeletion",
            (Existence::Unknown, Some(_)) => "shouldBeGone",
            (Existence::Exists, None) => "exists",
            (Existence::Gone, _) => "gone",
            (Existence::Unknown, None) => "unknown",
        }
    }
}

impl View for InventoryView<'_> {
    fn len(&self) -> usize {
        self.all.len()
    }

    fn item(&self, index: usize) -> Value {
        let listed = &self.all[index];
        let InventoryRow { resource, created, deleted, seen, last, changes, incarnation, relations, .. } =
            listed;
        let short = |by: &StepOrigin| self.about.event(by);
        // Who ended what it was part of did not delete what was gone before.
        let is_theirs = listed.ended_with.as_ref().is_none_or(StepOwner::deletes);
        let end = |by: &StepOrigin| {
            let mut told = short(by);
            if let Some(object) = told.as_object_mut().filter(|_| !is_theirs) {
                object.insert("who".to_owned(), Value::Null);
            }
            told
        };
        let mut item = json!({
            "resourceType": resource.kind,
            "resourceId": resource.id,
            "resourceName": resource.name,
            "ARN": resource.arn,
            "awsAccountId": resource.owner(),
            "awsRegion": resource.location(),
            "status": Self::status(listed),
            "deletionDue": listed.due,
            "endedWith": listed.ended_with.as_ref().map(StepOwner::to_json),
            "created": created.as_deref().map(short),
            "mayHaveBeenBefore": listed.may_have_been_before,
            "deleted": deleted.as_deref().map(end),
            "seen": seen.as_deref().map(short),
            "lastChange": last.as_deref().map(short),
            "lastSeenByConfig": listed.observed.as_deref().map(short),
            "changes": changes,
            "incarnation": incarnation,
            "relationships": relations,
        });
        if let Some(object) = item.as_object_mut().filter(|_| self.about.verified) {
            object.insert("verdict".to_owned(), json!(self.all[index].verdict));
        }
        item
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        let shown = |field: &&str| self.about.has(field);
        INVENTORY_FIELDS.iter().copied().filter(shown).map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        let mut columns = vec![
            TableColumn::new("TYPE", ColumnKind::Whole).priority(50),
            TableColumn::new("RESOURCE", ColumnKind::Name).key(),
            TableColumn::new("STATUS", ColumnKind::Whole).priority(40),
            TableColumn::time("CREATED"),
            TableColumn::new("CREATED BY", ColumnKind::Name).priority(25),
            TableColumn::time("LAST CHANGE"),
            TableColumn::new("BY", ColumnKind::Name).priority(25),
        ];
        columns.extend(self.about.verified.then(|| TableColumn::new("VERDICT", ColumnKind::Whole)));
        if style.wide {
            columns.extend([
                TableColumn::new("ACCOUNT", ColumnKind::Whole),
                TableColumn::new("REGION", ColumnKind::Whole),
                TableColumn::new("RELATIONSHIPS", ColumnKind::Prose),
            ]);
        }
        let time =
            |it: Option<&StepOrigin>| it.and_then(|it| it.time).map(|it| it.to_string()).unwrap_or_default();
        let who = |it: Option<&StepOrigin>| it.map(|it| it.who.clone()).unwrap_or_default();
        let row = |at: &usize| {
            let listed = &self.all[*at];
            let InventoryRow { resource, created, last, relations, .. } = listed;
            // What no call of these logs changed was last changed, if ever, before it was seen.
            let last = [last, &listed.observed, &listed.seen].into_iter().flatten().next();
            let (created, last) = (created.as_deref(), last.map(AsRef::as_ref));
            let mut cells = vec![
                resource.kind.strip_prefix("AWS::").unwrap_or(&resource.kind).to_owned(),
                resource.id.clone(),
                split_camel_case(Self::status(listed)),
                if listed.may_have_been_before {
                    format!("{} or before", time(created))
                } else {
                    time(created)
                },
                who(created),
                changes::since_text(last),
                changes::who_text(last),
            ];
            let verdict = self.all[*at].verdict.unwrap_or_default();
            cells.extend(self.about.verified.then(|| verdict.to_owned()));
            if style.wide {
                cells.push(resource.owner().unwrap_or_default().to_owned());
                cells.push(resource.location().unwrap_or_default().to_owned());
                cells.push(
                    relations
                        .iter()
                        .map(|it| format!("{} {}", it.name, it.resource_id))
                        .collect::<Vec<_>>()
                        .join("; "),
                );
            }
            cells
        };
        let rows = order.iter().map(row).collect();
        vec![TableSection { columns, rows, ..TableSection::default() }]
    }
}
