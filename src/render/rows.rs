//! Event rows: in order of time, or what was done before what was tried in vain.

use super::fields::{cell_text, kind_of_field, put_at_path, record_value, value_at_path};
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

/// Rows as they were asked for.
pub struct RowsView<'r> {
    rows: &'r [Row],
    is_by_outcome: bool,
    record_fields: Vec<&'r str>,
}

impl<'r> RowsView<'r> {
    /// Shows what was found: what was done before what failed, or all in order of time. Of `fields` those that are
    /// paths of a record are taken from that ([`RowQuery::raw`](crate::answer::RowQuery::raw)).
    pub fn new(found: &'r MatchedRows, is_by_outcome: bool, fields: &'r [String]) -> Self {
        let record_fields = fields.iter().map(String::as_str).filter(|path| is_record_path(path)).collect();
        Self { rows: &found.rows, is_by_outcome, record_fields }
    }

    /// The columns of all rows, without the error.
    fn columns(&self, order: &[usize], style: OutputStyle) -> Vec<(&'static str, &'static str)> {
        let has = |of: fn(&Row) -> bool| order.iter().any(|index| of(&self.rows[*index]));
        let mut columns = NARROW.to_vec();
        if is_traced(order.iter().map(|index| &self.rows[*index])) {
            columns.insert(2, ("ORIGIN", "origin"));
        }
        if has(|row| row.verdict.is_some()) {
            columns.push(("VERDICT", "verdict"));
        }
        if has(|row| !row.detail.is_none()) {
            let at = columns.iter().position(|(_, path)| *path == "resource").map_or(0, |at| at + 1);
            columns.insert(at, ("DETAIL", "detail"));
        }
        if style.wide {
            columns.extend(WIDE);
        }
        if has(|row| row.note.is_some()) {
            columns.push(("NOTE", "note"));
        }
        columns
    }
}

/// The members of a record that no field of a row has the name of.
const RECORD_MEMBERS: [&str; 19] = [
    "additionalEventData",
    "addendum",
    "apiVersion",
    "edgeDeviceDetails",
    "eventCategory",
    "eventContext",
    "eventType",
    "eventVersion",
    "insightDetails",
    "managementEvent",
    "requestID",
    "requestParameters",
    "resources",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "tlsDetails",
    "userIdentity",
    "vpcEndpointId",
];

/// Returns whether a field is a path of a record, and not one of a row.
pub fn is_record_path(path: &str) -> bool {
    RECORD_MEMBERS.contains(&path.split('.').next().unwrap_or_default())
}

impl View for RowsView<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row is plain data: making it into a value cannot fail.
    fn item(&self, index: usize) -> Value {
        let row = &self.rows[index];
        let mut item = serde_json::to_value(row).unwrap_or_default();
        if let Some(raw) = row.raw.as_deref().filter(|_| !self.record_fields.is_empty()) {
            let record: Value = serde_json::from_slice(raw).unwrap_or_default();
            for path in &self.record_fields {
                put_at_path(&mut item, path, record_value(&record, path));
            }
        }
        item
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
        let mut columns = self.columns(order, style);
        let rows: Vec<&Row> = order.iter().map(|index| &self.rows[*index]).collect();
        let (done, failed): (Vec<&Row>, Vec<&Row>) =
            rows.iter().partition(|row| row.outcome == Outcome::Succeeded);
        let at = columns.iter().position(|(_, path)| *path == "resource").unwrap_or_default();
        if !self.is_by_outcome && !done.is_empty() && !failed.is_empty() {
            // An error marks the call that did nothing.
            columns.insert(at, ("ERROR", "errorCode"));
            return vec![rows_section(None, &rows, &columns)];
        }
        let mut sections = Vec::new();
        if !done.is_empty() {
            sections.push(rows_section(None, &done, &columns));
        }
        if !failed.is_empty() {
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
        "detail" => (ColumnKind::Prose, 25),
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
