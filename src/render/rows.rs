//! Event rows: what was done, then what was tried in vain.

use super::fields::{cell_text, kind_of_field, value_at_path};
use super::view::{ColumnKind, TableColumn, TableSection, View};
use super::{OutputStyle, json};
use crate::answer::trace::Certainty;
use crate::answer::{MatchedRows, Row};
use crate::event::Outcome;
use serde_json::Value;
use std::borrow::Cow;
use std::io;

/// Every path that leads to one value of a row, in the order of the columns.
pub const ROW_FIELDS: &[&str] = &[
    "eventTime",
    "eventName",
    "eventSource",
    "action",
    "outcome",
    "errorCode",
    "errorMessage",
    "actor.who",
    "actor.type",
    "actor.name",
    "actor.arn",
    "actor.account",
    "actor.session",
    "actor.accessKeyId",
    "actor.mfa",
    "actor.sourceIdentity",
    "actor.invokedBy",
    "actor.principalId",
    "sourceIPAddress",
    "userAgent",
    "awsRegion",
    "recipientAccountId",
    "resource.type",
    "resource.id",
    "resource.name",
    "resource.arn",
    "resource.account",
    "resource.region",
    "relation",
    "readOnly",
    "eventID",
    "corrects",
    "correctedBy",
    "sharedEventID",
    "sameActionAs.eventID",
    "sameActionAs.recipientAccountId",
    "note",
    "verdict",
    "evidence",
    "detail",
];

/// What `--trace` adds to them.
pub const TRACED_FIELDS: &[&str] = &[
    "actor.origin.who",
    "actor.origin.certainty",
    "actor.origin.because",
    "actor.origin.arn",
    "actor.origin.steps",
    "actor.origin.keyMadeBy",
];

/// The columns of the narrow and of the wide table; the error code only where a row failed.
const NARROW: [(&str, &str); 6] = [
    ("TIME", "eventTime"),
    ("WHO", "actor.who"),
    ("CALL", "eventName"),
    ("RESOURCE", "resource"),
    ("FROM", "sourceIPAddress"),
    ("REGION", "awsRegion"),
];
const WIDE: [(&str, &str); 7] = [
    ("ACCOUNT", "recipientAccountId"),
    ("ACCESS KEY", "actor.accessKeyId"),
    ("MFA", "actor.mfa"),
    ("VIA", "actor.invokedBy"),
    ("USER AGENT", "userAgent"),
    ("EVENT ID", "eventID"),
    ("EVIDENCE", "evidence"),
];

impl View for MatchedRows {
    fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row is plain data: making it into a value cannot fail.
    fn item(&self, index: usize) -> Value {
        serde_json::to_value(&self.rows[index]).unwrap_or_default()
    }

    fn put(&self, index: usize, line: &mut Vec<u8>) -> io::Result<()> {
        json::put_value(line, &self.rows[index])
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        let traced = if is_traced(self.rows.iter()) { TRACED_FIELDS } else { &[] };
        let has = |of: fn(&Row) -> bool| self.rows.iter().any(of);
        let shown = |field: &&str| match *field {
            "verdict" => has(|row| row.verdict.is_some()),
            "note" => has(|row| row.note.is_some()),
            "detail" => has(|row| !row.detail.is_none()),
            "correctedBy" => has(|row| !row.corrected_by.is_empty()),
            "sharedEventID" => has(|row| row.shared_event_id.is_some()),
            field if field.starts_with("sameActionAs") => has(|row| row.same_action_as.is_some()),
            _ => true,
        };
        ROW_FIELDS.iter().copied().filter(shown).chain(traced.iter().copied()).map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        let (done, failed): (Vec<&Row>, Vec<&Row>) =
            order.iter().map(|index| &self.rows[*index]).partition(|row| row.outcome == Outcome::Succeeded);
        let mut columns = NARROW.to_vec();
        if is_traced(order.iter().map(|index| &self.rows[*index])) {
            columns.insert(2, ("ORIGIN", "origin"));
        }
        if order.iter().any(|index| self.rows[*index].verdict.is_some()) {
            columns.push(("VERDICT", "verdict"));
        }
        if order.iter().any(|index| !self.rows[*index].detail.is_none()) {
            let at = columns.iter().position(|(_, path)| *path == "resource").map_or(0, |at| at + 1);
            columns.insert(at, ("DETAIL", "detail"));
        }
        if style.wide {
            columns.extend(WIDE);
        }
        if order.iter().any(|index| self.rows[*index].note.is_some()) {
            columns.push(("NOTE", "note"));
        }
        let mut sections = Vec::new();
        if !done.is_empty() {
            sections.push(rows_section(None, &done, &columns));
        }
        if !failed.is_empty() {
            let at = columns.iter().position(|(_, path)| *path == "resource").unwrap_or_default();
            columns.insert(at, ("ERROR", "errorCode"));
            let title = "FAILED: these calls were refused or went wrong and did nothing";
            sections.push(rows_section(Some(title.to_owned()), &failed, &columns));
        }
        sections
    }

    fn raw(&self, index: usize) -> Option<&[u8]> {
        self.rows[index].raw.as_deref()
    }
}

fn rows_section(title: Option<String>, rows: &[&Row], columns: &[(&'static str, &str)]) -> TableSection {
    let cells = |row: &&Row| {
        let value = serde_json::to_value(row).unwrap_or_default();
        let text = |path: &str| match path {
            "resource" => resource_cell(row),
            "origin" => origin_cell(row),
            "actor.who" => who_cell(row),
            _ => cell_text(value_at_path(&value, path)).into_owned(),
        };
        columns.iter().map(|(_, path)| text(path)).collect()
    };
    TableSection {
        title,
        columns: columns.iter().map(|(title, path)| row_column(title, path)).collect(),
        rows: rows.iter().map(cells).collect(),
        ..TableSection::default()
    }
}

/// The column of a field of a row: when, what and who stand first, on the line of a row before all else.
pub(super) fn row_column(title: &'static str, path: &str) -> TableColumn {
    let (kind, priority) = match path {
        "eventTime" => return TableColumn::time(title).key(),
        "eventName" => (ColumnKind::Whole, 70),
        "actor.who" => (ColumnKind::Name, 60),
        "errorCode" => (ColumnKind::Error, 60),
        "resource" | "target" => (ColumnKind::Name, 30),
        "sourceIPAddress" => (ColumnKind::Whole, 20),
        "awsRegion" => (ColumnKind::Whole, 10),
        "verdict" | "recipientAccountId" | "actor.mfa" => (ColumnKind::Whole, 15),
        "origin" => (ColumnKind::Prose, 15),
        "note" | "userAgent" => (ColumnKind::Prose, 5),
        other => (kind_of_field(other), 10),
    };
    TableColumn::new(title, kind).priority(priority)
}

pub(super) fn is_traced<'r>(mut rows: impl Iterator<Item = &'r Row>) -> bool {
    rows.any(|row| row.actor.origin.is_some())
}

/// Who it was, and whether that is the same action as in another account's record.
fn who_cell(row: &Row) -> String {
    match row.same_action_as.as_ref().map(|same| same.recipient_account_id.as_deref()) {
        Some(Some(account)) => format!("{} (same action, logged in {account} too)", row.actor.who),
        Some(None) => format!("{} (same action as in another record)", row.actor.who),
        None => row.actor.who.to_string(),
    }
}

/// Who stands behind the caller, and how sure that is.
pub(super) fn origin_cell(row: &Row) -> String {
    let Some(origin) = &row.actor.origin else { return String::new() };
    let made = origin.key_made_by.as_ref().map_or_else(String::new, |by| format!(", key made by {by}"));
    match origin.certainty {
        Certainty::Proven => format!("{}{made}", origin.who),
        Certainty::Inferred => format!("{}{made} (inferred)", origin.who),
        Certainty::Unknown => {
            format!("unknown: {}", origin.because.as_deref().unwrap_or("not in these logs"))
        }
    }
}

/// The resource in the form that it can be asked for again.
fn resource_cell(row: &Row) -> String {
    let Some(resource) = &row.resource else { return String::new() };
    let kind = resource.kind.strip_prefix("AWS::").unwrap_or(&resource.kind);
    let name = resource.name.as_deref().filter(|name| *name != &*resource.id && !resource.id.contains(name));
    let relation = match row.relation {
        Some(crate::catalog::Relation::Related) => " (related)",
        _ => "",
    };
    match name {
        Some(name) => format!("{kind} {} ({name}){relation}", resource.id),
        None => format!("{kind} {}{relation}", resource.id),
    }
}
