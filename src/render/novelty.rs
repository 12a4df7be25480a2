//! What is new in a window of time.

use super::OutputStyle;
use super::view::{ColumnKind, TableColumn, TableSection, View};
use crate::answer::{Novelty, NoveltyPair, NoveltyReport};
use serde_json::{Value, json};
use std::borrow::Cow;

impl NoveltyReport {
    /// The fields of a row.
    pub const FIELDS: [&'static str; 11] = [
        "kind",
        "who",
        "account",
        "what",
        "bits",
        "count",
        "failed",
        "firstEventTime",
        "lastEventTime",
        "before",
        "others",
    ];
}

impl View for NoveltyReport {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn item(&self, index: usize) -> Value {
        let Novelty { pair, who, account, what, tally, before, others, bits } = &self.rows[index];
        json!({
            "kind": pair,
            "who": Some(who).filter(|who| !who.is_empty()),
            "account": account,
            "what": Some(what).filter(|_| *pair != NoveltyPair::Actor),
            "bits": (bits * 10.0).round() / 10.0,
            "count": tally.count,
            "failed": tally.failed,
            "firstEventTime": tally.first,
            "lastEventTime": tally.last,
            "before": before,
            "others": others,
        })
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        Self::FIELDS.into_iter().map(Cow::Borrowed).collect()
    }

    fn sections(&self, order: &[usize], _style: OutputStyle) -> Vec<TableSection> {
        if order.is_empty() {
            return Vec::new();
        }
        let row = |index: &usize| {
            let new = &self.rows[*index];
            let first = new.tally.first.map(|time| time.to_string()).unwrap_or_default();
            vec![
                format!("{:.1}", new.bits),
                new.pair.words().to_owned(),
                new.who.clone(),
                new.account.clone().unwrap_or_default(),
                new.what.clone(),
                new.tally.count.to_string(),
                new.tally.failed.to_string(),
                first,
                new.before.to_string(),
                new.others.to_string(),
            ]
        };
        let number = |title| TableColumn::new(title, ColumnKind::Number);
        let columns = vec![
            number("BITS").priority(50),
            TableColumn::new("", ColumnKind::Whole).priority(40),
            TableColumn::new("WHO", ColumnKind::Name).priority(60),
            TableColumn::new("ACCOUNT", ColumnKind::Whole).priority(20),
            TableColumn::new("WHAT", ColumnKind::Name).key(),
            number("EVENTS").priority(30),
            number("FAILED").priority(20),
            TableColumn::time("FIRST").priority(25),
            number("THEIRS BEFORE"),
            number("BY ALL BEFORE"),
        ];
        vec![TableSection { columns, rows: order.iter().map(row).collect(), ..TableSection::default() }]
    }
}
