//! What `--where`, `--filter` and `--pattern` ask for, as one.

use super::need::{KeyPart, Need, TimeNeed};
use super::{EventPattern, FilterPattern};
use crate::event::{Event, RawFields};

/// A condition in one of the languages.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A CloudWatch Logs filter pattern.
    Filter(FilterPattern),
    /// An EventBridge event pattern.
    Event(EventPattern),
}

impl Condition {
    fn matches(&self, event: &Event<'_>) -> bool {
        match self {
            Condition::Filter(pattern) => pattern.matches(event),
            Condition::Event(pattern) => pattern.matches(event),
        }
    }

    fn need(&self) -> Need {
        match self {
            Condition::Filter(pattern) => pattern.need(),
            Condition::Event(pattern) => pattern.need(),
        }
    }
}

/// Conditions in groups, of each of which one has to match. None lets everything pass.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    groups: Vec<Vec<Condition>>,
    need: Need,
}

impl Conditions {
    /// Joins groups; an empty one asks for nothing.
    pub fn new(groups: impl IntoIterator<Item = Vec<Condition>>) -> Self {
        let groups: Vec<_> = groups.into_iter().filter(|group| !group.is_empty()).collect();
        let one = |group: &Vec<Condition>| Need::One(group.iter().map(Condition::need).collect());
        let mut need =
            if groups.is_empty() { Need::Any } else { Need::All(groups.iter().map(one).collect()) };
        need.cheapest_first();
        Self { groups, need }
    }

    /// Returns whether every event passes.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Returns whether an event passes.
    pub(super) fn match_event(&self, event: &Event<'_>) -> bool {
        self.groups.iter().all(|group| group.iter().any(|condition| condition.matches(event)))
    }

    /// Returns whether a record may pass, going by its raw fields.
    pub fn may_match(&self, raw: &RawFields<'_>) -> bool {
        self.need.may_match(raw)
    }

    /// Returns sets of literals; of each set one has to occur in every record that passes.
    pub(super) fn literals(&self) -> Vec<Vec<String>> {
        self.need.literals()
    }

    pub(super) fn looks_at(&self, part: KeyPart) -> bool {
        self.need.looks_at(part)
    }

    pub(super) fn span(&self, enveloped: bool) -> TimeNeed {
        self.need.span(enveloped)
    }
}
