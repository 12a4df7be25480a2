//! Records that say which earlier event they correct (`addendum.originalEventID`).
//!
//! CloudTrail delivers such a record when it learns more of an event. Anybody who can put a file among the logs can
//! write one as well, so a correction takes nothing away: both records are shown and counted, and each says of the
//! other.

use super::fold::EventContext;
use super::row::Row;
use crate::event::Event;
use crate::timeline::StepOrigin;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Of each event so many corrections are named: there may be a million that somebody made up.
const MOST: usize = 8;

/// A record that says that it corrects an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Correction {
    /// Where it was found.
    pub file: Arc<str>,
    /// Its place among the records of the file, counted from 0.
    pub record: u64,
    /// Its own id.
    #[serde(rename = "eventID")]
    pub event_id: Option<Box<str>>,
}

/// The corrections that were met, by the id of the event that they correct.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    by_original: HashMap<Box<str>, BTreeSet<Correction>>,
    /// The events that are corrected, by the fingerprints of the records that say so.
    originals: HashMap<u64, Box<str>>,
}

impl Corrections {
    /// Notes a record, if it corrects an event.
    pub(super) fn note(&mut self, event: &Event<'_>, context: &EventContext<'_>) {
        if let Some(original) = event.corrects() {
            let (file, record) = (Arc::clone(context.file), context.record);
            let event_id = event.text("eventID").map(Box::from);
            self.add(original.into(), Correction { file, record, event_id });
            self.originals.insert(event.fingerprint(), original.into());
        }
    }

    /// Keeps the first ones in the order of files, so that threads change nothing.
    fn add(&mut self, original: Box<str>, correction: Correction) {
        let known = self.by_original.entry(original).or_default();
        known.insert(correction);
        if known.len() > MOST {
            known.pop_last();
        }
    }

    /// Adds what another thread noted.
    pub(super) fn merge(&mut self, other: Self) {
        for (original, corrections) in other.by_original {
            for correction in corrections {
                self.add(original.clone(), correction);
            }
        }
        self.originals.extend(other.originals);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_original.is_empty()
    }

    /// Returns the records that say that they correct an event, which `corrects` another one, or none.
    pub(super) fn of_event(&self, id: Option<&str>, corrects: Option<&str>) -> Vec<Correction> {
        // A record that names its own id says nothing of another one.
        let of_other = id.filter(|id| corrects != Some(id));
        of_other.and_then(|id| self.by_original.get(id)).into_iter().flatten().cloned().collect()
    }

    /// Says of the event of a step which records correct it, and which event it corrects.
    pub(super) fn describe_step(&self, origin: &StepOrigin) -> Option<String> {
        let corrects = self.originals.get(&origin.fingerprint).map(Box::as_ref);
        describe(&self.of_event(origin.event_id.as_deref(), corrects), corrects)
    }

    /// Returns whether the event of a step corrects another.
    pub(super) fn are_made_by(&self, origin: &StepOrigin) -> bool {
        self.originals.contains_key(&origin.fingerprint)
    }

    /// Says in a row which records correct it, and which event it corrects.
    pub(super) fn mark(&self, row: &mut Row) {
        row.corrected_by = self.of_event(row.event_id.as_deref(), row.corrects.as_deref());
        let note = describe(&row.corrected_by, row.corrects.as_deref());
        if let Some(note) = note {
            row.note = Some(match row.note.take() {
                Some(known) => format!("{known}; {note}").into(),
                None => note.into(),
            });
        }
    }
}

/// Says which records correct an event, and which one it corrects.
fn describe(corrected_by: &[Correction], corrects: Option<&str>) -> Option<String> {
    let by = corrected_by.first().map(|first| {
        let id = first.event_id.as_deref().map_or_else(String::new, |id| format!(", event {id}"));
        let more = match corrected_by.len() {
            1 => String::new(),
            count if count == MOST => format!(", and by {} or more others", MOST - 1),
            count => format!(", and by {} more", count - 1),
        };
        format!(
            "another record claims to correct this one: {}, record {}{id}{more}",
            first.file, first.record
        )
    });
    let corrects = corrects.map(|id| format!("claims to correct event {id}"));
    let parts: Vec<String> = by.into_iter().chain(corrects).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(record: u64, id: &str) -> Correction {
        Correction { file: "f".into(), record, event_id: Some(id.into()) }
    }

    #[test]
    fn the_same_ones_are_named_whatever_order_they_came_in() {
        let (mut forth, mut back) = (Corrections::default(), Corrections::default());
        for number in 0..20 {
            forth.add("e-1".into(), found(number, "c"));
            back.add("e-1".into(), found(19 - number, "c"));
        }
        let named = forth.of_event(Some("e-1"), None);
        assert_eq!((named.len(), named[0].record), (MOST, 0));
        assert_eq!(named, back.of_event(Some("e-1"), None));
        back.merge(forth);
        assert_eq!(named, back.of_event(Some("e-1"), None));
        let words = describe(&named, None).unwrap();
        assert!(words.ends_with("f, record 0, event c, and by 7 or more others"), "{words}");
    }

    #[test]
    fn a_record_that_names_its_own_id_corrects_nothing() {
        let mut all = Corrections::default();
        all.add("e-1".into(), found(0, "e-1"));
        assert!(all.of_event(Some("e-1"), Some("e-1")).is_empty());
        assert_eq!(all.of_event(Some("e-1"), None).len(), 1, "another record of that id");
        assert!(all.of_event(None, None).is_empty());
    }
}
