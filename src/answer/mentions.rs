//! What events tell of a resource that none of them changed: that it made them, that they read it or use it.
//!
//! Nobody who was never there makes calls: where a user, a role or a key made one, it existed at that time.

use super::fold::{Concern, Fold, Needs, Told};
use super::{Coverage, rows};
use crate::catalog::{self, Action};
use crate::event::{Event, Outcome, Time};
use crate::resource::{Match, NamedResource, Resource};
use serde::Serialize;
use serde_json::json;
use std::collections::HashSet;

/// The service whose failed calls prove nothing of whom they name: anybody may try to sign in as anybody.
const SIGN_IN: &str = "signin.amazonaws.com";

/// Looks for events that mention a resource, up to a moment.
pub struct MentionsOf<'q> {
    /// The resource under all its names.
    pub resource: &'q NamedResource,
    /// Up to when; all when it is not given.
    pub until: Option<Time>,
}

/// Events of one kind: hashes of their ids, so that copies count once.
#[derive(Debug, Default)]
struct Events {
    ids: HashSet<u64>,
    span: Option<(Time, Time)>,
}

/// What one thread gathers.
#[derive(Debug, Default)]
pub struct Part {
    made: Events,
    reads: Events,
    uses: Events,
    corrected: HashSet<u64>,
}

/// How many events of one kind there are, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mentioned {
    /// How many.
    pub events: u64,
    /// The first.
    pub first_event_time: Option<Time>,
    /// The last.
    pub last_event_time: Option<Time>,
}

/// The events that mention a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mentions {
    /// Those that it made, or that were signed with it.
    pub made_by: Mentioned,
    /// Those that read it.
    pub reads: Mentioned,
    /// Those that only use it.
    pub related: Mentioned,
}

impl Events {
    fn add(&mut self, id: u64, time: Option<Time>) {
        self.ids.insert(id);
        self.meet(time.map(|time| (time, time)));
    }

    fn meet(&mut self, span: Option<(Time, Time)>) {
        self.span = match (self.span, span) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }

    fn merge(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.meet(other.span);
    }

    fn count(&self, but: &HashSet<u64>) -> Mentioned {
        let events = self.ids.difference(but).count() as u64;
        let (first_event_time, last_event_time) = self.span.filter(|_| events > 0).unzip();
        Mentioned { events, first_event_time, last_event_time }
    }
}

impl MentionsOf<'_> {
    /// Whether the event was made by the resource or signed with it, and proves that it was there.
    fn is_caller(&self, event: &Event<'_>) -> bool {
        if event.source() == SIGN_IN && event.outcome() == Outcome::Failed {
            return false;
        }
        let key = event.actor().access_key_id.map(|key| Resource::new("AWS::IAM::AccessKey", key));
        catalog::callers(event).iter().chain(&key).any(|it| self.is_it(it))
    }

    fn is_it(&self, resource: &Resource) -> bool {
        self.resource.matches(resource) == Match::Yes && !self.resource.is_namesake(resource)
    }
}

impl Fold for MentionsOf<'_> {
    type Part = Part;
    type Answer = Mentions;

    fn needs(&self) -> Needs<'_> {
        let references = || self.resource.references();
        // The index keeps the words of callers apart from those of resources.
        let bare = |text: &str| text.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        Needs {
            everything: references().any(|it| it.literals().is_empty()),
            references: references().collect(),
            words: references().map(|it| bare(it.text())).filter(|it| !it.is_empty()).collect(),
            merges_copies: true,
            ..Needs::default()
        }
    }

    fn concern(&self, _source: &str, _name: &str) -> Concern {
        Concern::Never
    }

    fn event(&self, part: &mut Part, event: &Event<'_>, told: &Told<'_>) {
        if let Some(original) = event.corrects() {
            part.corrected.insert(rows::hash_of(original));
        }
        let time = event.time();
        if !told.passes || time.zip(self.until).is_some_and(|(time, until)| time > until) {
            return;
        }
        let id = rows::hash(event);
        if self.is_caller(event) {
            part.made.add(id, time);
        }
        let acts = catalog::acts(event).list;
        let own = || acts.iter().filter(|act| self.is_it(&act.resource));
        match () {
            () if own().any(|act| act.relation == catalog::Relation::Related) => part.uses.add(id, time),
            () if own().any(|act| act.action == Action::Read) => part.reads.add(id, time),
            () => {}
        }
    }

    fn merge(&self, into: &mut Part, part: Part) {
        into.made.merge(part.made);
        into.reads.merge(part.reads);
        into.uses.merge(part.uses);
        into.corrected.extend(part.corrected);
    }

    fn finish(&self, part: Part, _coverage: &mut Coverage) -> Mentions {
        let Part { made, reads, uses, corrected } = part;
        let [made_by, reads, related] = [made, reads, uses].map(|it| it.count(&corrected));
        Mentions { made_by, reads, related }
    }
}

impl Mentions {
    /// Returns whether there is none.
    pub fn is_none(&self) -> bool {
        [self.made_by, self.reads, self.related].iter().all(|it| it.events == 0)
    }

    /// Says what there is, for somebody who asked for the resource by `text`.
    pub fn words(&self, text: &str) -> Vec<String> {
        let many = |it: Mentioned| match it.events {
            1 => "1 event".to_owned(),
            many => format!("{many} events"),
        };
        let when = |it: Mentioned| match (it.first_event_time, it.last_event_time) {
            (Some(first), Some(last)) if first == last => format!("at {first}"),
            (Some(first), Some(last)) => format!("from {first} to {last}"),
            _ => "at no readable time".to_owned(),
        };
        let one = |it: Mentioned, verbs: [&'static str; 2]| verbs[usize::from(it.events != 1)];
        let Self { made_by, reads, related } = *self;
        let mut lines = Vec::new();
        if made_by.events > 0 {
            let was = one(made_by, ["was", "were"]);
            lines.push(format!(
                "`{text}` existed: {} {was} made by it, {}; `trailscan actor {text}` shows what it did",
                many(made_by),
                when(made_by)
            ));
        }
        if reads.events > 0 {
            let verb = one(reads, ["reads", "read"]);
            lines.push(format!(
                "{} {verb} it, {}: `trailscan who-read {text}` shows {}",
                many(reads),
                when(reads),
                one(reads, ["it", "them"])
            ));
        }
        if related.events > 0 {
            let verb = one(related, ["only uses", "only use"]);
            lines.push(format!(
                "{} {verb} it (`related`), {}: `trailscan who --all {text}` shows {}",
                many(related),
                when(related),
                one(related, ["it", "them"])
            ));
        }
        lines
    }

    /// Returns them for programs.
    pub fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}
