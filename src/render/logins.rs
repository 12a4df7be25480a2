//! Sign-ins, and what was done to passwords and second factors around them.

use super::OutputStyle;
use super::fields::{cell_text, value_at_path};
use super::rows::{ROW_FIELDS, row_column};
use super::view::{TableSection, View};
use crate::answer::{LoginKind, SignIns};
use crate::event::Outcome;
use serde_json::{Value, json};
use std::borrow::Cow;

/// What a row has beside the fields of every event.
const OWN: [&str; 6] =
    ["kind", "switchedFrom", "target", "identityProvider", "credentialType", "authWorkflowID"];

/// The columns of the tables.
const COLUMNS: [(&str, &str); 10] = [
    ("TIME", "eventTime"),
    ("WHO", "actor.who"),
    ("ACCOUNT", "recipientAccountId"),
    ("CALL", "eventName"),
    ("ERROR", "errorCode"),
    ("TARGET", "target"),
    ("CREDENTIAL", "credentialType"),
    ("MFA", "actor.mfa"),
    ("FROM", "sourceIPAddress"),
    ("USER AGENT", "userAgent"),
];
/// Columns that are there only where a row has something in them.
const RARE: [&str; 3] = ["errorCode", "target", "credentialType"];
const WIDE: [(&str, &str); 6] = [
    ("SWITCHED FROM", "switchedFrom"),
    ("PROVIDER", "identityProvider"),
    ("REGION", "awsRegion"),
    ("WORKFLOW", "authWorkflowID"),
    ("EVENT ID", "eventID"),
    ("EVIDENCE", "evidence"),
];

impl SignIns {
    /// Returns the fields of a row.
    pub fn all_fields() -> Vec<Cow<'static, str>> {
        OWN.iter().chain(ROW_FIELDS).map(|name| Cow::Borrowed(*name)).collect()
    }

    fn has_failed(&self, index: usize) -> bool {
        self.found.rows[index].outcome == Outcome::Failed
    }

    fn section(&self, title: &str, rows: &[usize], style: OutputStyle) -> TableSection {
        let items: Vec<Value> = rows.iter().map(|index| self.item(*index)).collect();
        let is_used = |path: &str| items.iter().any(|item| !value_at_path(item, path).is_null());
        let own = COLUMNS.iter().filter(|(_, path)| !RARE.contains(path) || is_used(path));
        let columns: Vec<(&'static str, &str)> =
            own.chain(WIDE.iter().filter(|_| style.wide)).copied().collect();
        let comes_in = |item: &Value| {
            value_at_path(item, "outcome") == "succeeded"
                && matches!(value_at_path(item, "kind").as_str(), Some("signIn" | "federation"))
        };
        let text = |item: &Value, path: &str| match (path, value_at_path(item, path)) {
            ("actor.mfa", Value::Null) if comes_in(item) => "not told".to_owned(),
            ("actor.mfa", Value::Bool(true)) => "yes".to_owned(),
            ("actor.mfa", Value::Bool(false)) => "no".to_owned(),
            (_, value) => cell_text(value).into_owned(),
        };
        TableSection {
            title: Some(title.to_owned()),
            columns: columns.iter().map(|(title, path)| row_column(title, path)).collect(),
            rows: items
                .iter()
                .map(|item| columns.iter().map(|(_, path)| text(item, path)).collect())
                .collect(),
            ..TableSection::default()
        }
    }
}

impl View for SignIns {
    fn len(&self) -> usize {
        self.found.rows.len()
    }

    fn item(&self, index: usize) -> Value {
        let (kind, login) = &self.details[index];
        let mut item = json!({
            "kind": kind,
            "switchedFrom": login.switched_from,
            "target": login.target,
            "identityProvider": login.identity_provider,
            "credentialType": login.credential_type,
            "authWorkflowID": login.auth_workflow_id,
        });
        if let (Value::Object(item), Value::Object(row)) =
            (&mut item, serde_json::to_value(&self.found.rows[index]).unwrap_or_default())
        {
            item.extend(row);
        }
        item
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        Self::all_fields()
    }

    fn sections(&self, order: &[usize], style: OutputStyle) -> Vec<TableSection> {
        let is = |index: &usize, kinds: &[LoginKind]| kinds.contains(&self.details[*index].0);
        let entering = [LoginKind::SignIn, LoginKind::Federation];
        let parts: [(&str, Vec<usize>); 5] = [
            (
                "SIGN-INS",
                order.iter().copied().filter(|it| is(it, &entering) && !self.has_failed(*it)).collect(),
            ),
            (
                "FAILED: nobody came in by these",
                order.iter().copied().filter(|it| is(it, &entering) && self.has_failed(*it)).collect(),
            ),
            (
                "STEPS OF SIGN-INS: what was asked for and checked, which alone let nobody in",
                order.iter().copied().filter(|it| is(it, &[LoginKind::SignInStep])).collect(),
            ),
            ("SWITCHED ROLES", order.iter().copied().filter(|it| is(it, &[LoginKind::SwitchRole])).collect()),
            (
                "PASSWORDS AND SECOND FACTORS",
                order.iter().copied().filter(|it| is(it, &[LoginKind::Password, LoginKind::Mfa])).collect(),
            ),
        ];
        let filled = parts.iter().filter(|(_, rows)| !rows.is_empty());
        filled.map(|(title, rows)| self.section(title, rows, style)).collect()
    }

    fn raw(&self, index: usize) -> Option<&[u8]> {
        self.found.rows[index].raw.as_deref()
    }
}
