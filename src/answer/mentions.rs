//! What events tell of a resource that none of them changed: that it made them, that they read it or use it.
//!
//! Nobody who was never there makes calls: where a user, a role or a key made one, it existed at that time.

use super::fold::{EventContext, Fold, FoldNeeds, Interest};
use super::{Coverage, rows};
use crate::catalog;
use crate::catalog::{Action, Catalog};
use crate::event::{Event, Outcome, Time};
use crate::resource::{Match, NamedResource, Resource};
use crate::timeline::quote_for_shell;
use serde::Serialize;
use serde_json::json;
use std::collections::HashSet;
use std::fmt;

/// The service whose failed calls prove nothing of whom they name: anybody may try to sign in as anybody.
const SIGN_IN: &str = "signin.amazonaws.com";

/// Looks for events that mention a resource, up to a moment.
pub struct MentionQuery<'q> {
    /// The resource under all its names.
    pub resource: &'q NamedResource,
    /// Up to when; all when it is not given.
    pub until: Option<Time>,
    /// What tells what calls do.
    pub catalog: Catalog,
}

/// Events of one kind: hashes of their ids, so that copies count once.
#[derive(Debug, Default)]
struct MentionedEvents {
    ids: HashSet<u64>,
    span: Option<(Time, Time)>,
}

/// What one thread gathers.
#[derive(Debug, Default)]
pub struct MentionState {
    made: MentionedEvents,
    reads: MentionedEvents,
    uses: MentionedEvents,
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

impl Mentioned {
    /// The first of two words for one event, the second for more.
    fn word(&self, words: [&'static str; 2]) -> &'static str {
        words[usize::from(self.events != 1)]
    }

    fn when(&self) -> String {
        match (self.first_event_time, self.last_event_time) {
            (Some(first), Some(last)) if first == last => format!("at {first}"),
            (Some(first), Some(last)) => format!("from {first} to {last}"),
            _ => "at no readable time".to_owned(),
        }
    }
}

impl fmt::Display for Mentioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.events, self.word(["event", "events"]))
    }
}

impl MentionedEvents {
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

    fn count(&self) -> Mentioned {
        let events = self.ids.len() as u64;
        let (first_event_time, last_event_time) = self.span.filter(|_| events > 0).unzip();
        Mentioned { events, first_event_time, last_event_time }
    }
}

impl MentionQuery<'_> {
    /// Whether the event was made by the resource or signed with it, and proves that it was there.
    fn is_caller(&self, event: &Event<'_>) -> bool {
        if event.source() == SIGN_IN && event.outcome() == Outcome::Failed {
            return false;
        }
        let key = event.actor().access_key_id.map(|key| Resource::new("AWS::IAM::AccessKey", key));
        catalog::find_callers(event).iter().chain(&key).any(|it| self.is_it(it))
    }

    fn is_it(&self, resource: &Resource) -> bool {
        self.resource.matches(resource) == Match::Yes && !self.resource.is_namesake(resource)
    }
}

impl Fold for MentionQuery<'_> {
    type Accumulator = MentionState;
    type Answer = Mentions;

    fn needs(&self) -> FoldNeeds<'_> {
        let references = || self.resource.references();
        // The index keeps the words of callers apart from those of resources.
        let bare = |text: &str| text.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        FoldNeeds {
            everything: references().any(|it| it.literals().is_empty()),
            references: references().collect(),
            words: references().map(|it| bare(it.text())).filter(|it| !it.is_empty()).collect(),
            merges_copies: true,
            ..FoldNeeds::default()
        }
    }

    fn call_interest(&self, _source: &str, _name: &str) -> Interest {
        Interest::Never
    }

    fn event(&self, part: &mut MentionState, event: &Event<'_>, context: &EventContext<'_>) {
        let time = event.time();
        if !context.passes || time.zip(self.until).is_some_and(|(time, until)| time > until) {
            return;
        }
        let id = rows::hash_event(event);
        if self.is_caller(event) {
            part.made.add(id, time);
        }
        let acts = self.catalog.acts(event).list;
        let own = || acts.iter().filter(|act| self.is_it(&act.resource));
        match () {
            () if own().any(|act| act.relation == catalog::Relation::Related) => part.uses.add(id, time),
            () if own().any(|act| act.action == Action::Read) => part.reads.add(id, time),
            () => {}
        }
    }

    fn merge(&self, into: &mut MentionState, part: MentionState) {
        into.made.merge(part.made);
        into.reads.merge(part.reads);
        into.uses.merge(part.uses);
    }

    fn finish(&self, part: MentionState, _coverage: &mut Coverage) -> Mentions {
        let MentionState { made, reads, uses } = part;
        let [made_by, reads, related] = [made, reads, uses].map(|it| it.count());
        Mentions { made_by, reads, related }
    }
}

impl Mentions {
    /// Returns whether there is none.
    pub fn is_none(&self) -> bool {
        [self.made_by, self.reads, self.related].iter().all(|it| it.events == 0)
    }

    /// Says what there is, for somebody who asked for the resource by `text`. `paths` is what follows a command that
    /// reads the same files: nothing, or a space and the paths.
    pub fn words(&self, text: &str, paths: &str) -> Vec<String> {
        let Self { made_by, reads, related } = self;
        let asked = format!("{}{paths}", quote_for_shell(text));
        let mut lines = Vec::new();
        if made_by.events > 0 {
            let was = made_by.word(["was", "were"]);
            lines.push(format!(
                "`{text}` existed: {made_by} {was} made by it, {}; `trailscan actor {asked}` shows what it did",
                made_by.when()
            ));
        }
        let mut mentioned = |it: &Mentioned, verbs, mark, command| {
            if it.events > 0 {
                let (verb, them) = (it.word(verbs), it.word(["it", "them"]));
                let when = it.when();
                lines.push(format!(
                    "{it} {verb} it{mark}, {when}: `trailscan {command} {asked}` shows {them}"
                ));
            }
        };
        mentioned(reads, ["reads", "read"], "", "who-read");
        mentioned(related, ["only uses", "only use"], " (`related`)", "who --all");
        lines
    }

    /// Returns them for programs.
    pub fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}
