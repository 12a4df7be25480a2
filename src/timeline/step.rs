//! What one event says of one resource, small enough to be kept for a whole
//! archive: the operations on its state, without the state.

use super::path::SettingPath;
use super::val::Knowledge;
use crate::catalog::Action;
use crate::event::Time;
use crate::resource::{PartFate, Resource, ResourcePart};
use serde_json::{Value, json};
use std::sync::Arc;

/// What items of AWS Config and the results of its rules are called in timelines, and the service of both.
pub(super) const ITEM: &str = "ConfigurationItem";
pub(super) const COMPLIANCE: &str = "ComplianceChange";
pub(super) const CONFIG: &str = "config.amazonaws.com";

/// The event behind a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepOrigin {
    /// When; `None` where the record has no readable time.
    pub time: Option<Time>,
    /// `eventID`.
    pub event_id: Option<String>,
    /// Tells records of equal id and other content apart.
    pub fingerprint: u64,
    /// Whether the event is but a row of columns ([`Event::is_partial`](crate::event::Event::is_partial)).
    pub partial: bool,
    /// `eventName`, as logged.
    pub event_name: String,
    /// `eventSource`.
    pub event_source: String,
    /// Who made the call, as a person would say it.
    pub who: String,
    /// `errorCode`, or what stands for it.
    pub error_code: Option<String>,
    /// `sharedEventID`: copies of one event in several accounts have it in common.
    pub shared_id: Option<String>,
    /// The account that the event was recorded for.
    pub account: Option<String>,
    /// `awsRegion`.
    pub region: Option<String>,
}

impl StepOrigin {
    /// Returns whether a service did it by itself.
    pub(super) fn is_by_service(&self) -> bool {
        self.who.ends_with(".amazonaws.com")
    }

    /// Returns whether it only saw what it tells of, and made nothing so: AWS Config did, or a call that failed
    /// and whose error shows the state.
    pub fn only_saw(&self) -> bool {
        self.error_code.is_some()
            || (self.event_source == CONFIG && [ITEM, COMPLIANCE].contains(&self.event_name.as_str()))
    }
}

/// How the members below a path are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberShape {
    /// As a list; the keys only tell the members apart.
    Set,
    /// As an object.
    Map,
}

/// One operation on a state.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Operation {
    /// The setting is this. An object is taken apart unless it is a `leaf`.
    Set { path: SettingPath, val: Knowledge, leaf: bool },
    /// How the members below are shown.
    Shape { path: SettingPath, shape: MemberShape },
    /// The set or map has no members but those of these keys.
    RetainKeys { path: SettingPath, keys: Vec<String> },
    /// No setting is known to be there but those of these names.
    ResetExcept { keep: Vec<String> },
    /// A member of a set: what is known of it beside this is kept.
    MergeInto { path: SettingPath, value: Value },
    /// The members of a set that have the value under a name are gone.
    RemoveWhere { path: SettingPath, member: String, value: String },
    /// The member that has the value under a name, of whichever set, is another.
    ReplaceWhere { member: String, value: String, key: String, new: Value },
    /// The deletion is due at this time.
    ScheduleDeletion(String),
    /// The deletion is called off.
    CancelDeletion,
    /// It is called so from now on.
    Rename(String),
    /// An error proves that the resource is there, or is not.
    ProveExistence(bool),
    /// The call does not tell whether the resource is there after it.
    ForgetExistence,
    /// What the call may have set is not known any more.
    Invalidate(StepDoubt),
    /// What an item of AWS Config before had, and this one has not, is not set any more.
    ClearRest,
    /// What the call proves of the moment before it: that there was no such setting, as it fails where there is
    /// one, or that there was this one, as it did not add it.
    ProveBefore { path: SettingPath, val: Knowledge },
}

/// What is told of a call that changed something, when no table says what.
#[derive(Clone, Debug, PartialEq)]
pub struct StepDoubt {
    /// The members of its request, but for those that name the resource.
    pub members: Vec<String>,
    /// What the resource is called: no call changes that.
    pub names: Vec<String>,
    /// Whether the call need not have changed a setting at all: it starts, stops or runs something.
    pub soft: bool,
}

/// What became of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StepOutcome {
    /// It was done.
    Applied,
    /// It was done, but the record does not say what it changed, or no rule unfolds the call.
    #[serde(rename = "notUnfolded")]
    NotModelled,
    /// It failed, and changed nothing.
    Failed,
    /// It failed, and its error proves something about the state.
    #[serde(rename = "proves")]
    ErrorProves,
    /// It was a rehearsal.
    DryRun,
    /// No call: AWS Config saw it so.
    #[serde(rename = "observed")]
    ConfigItem,
}

/// What one event says of one resource.
#[derive(Clone, Debug)]
pub struct Step {
    /// The event.
    pub origin: Arc<StepOrigin>,
    /// The resource, by all identifiers that the event has.
    pub resource: Resource,
    /// What the call does to it.
    pub action: Action,
    /// What it may have done instead: a put creates what was not there.
    pub or: Option<Action>,
    /// What became of it.
    pub kind: StepOutcome,
    /// What it did to the state, in order.
    pub ops: Vec<Operation>,
    /// What a call that failed would have done.
    pub tried: Vec<Operation>,
    /// Why the change is not unfolded, or what the error proves.
    pub note: Option<String>,
    /// A number that grows from call to call, where the service gives one.
    pub order: Option<i64>,
    /// The state that the call went out from and the one it led to, where the service tells.
    pub chain: Option<(String, String)>,
    /// The association that the event names the resource by; the resource is not known yet.
    pub link: Option<String>,
    /// The associations that the event makes or takes away together with the resource.
    pub links: Vec<String>,
    /// The events that AWS Config says led to what it saw.
    pub caused_by: Vec<String>,
    /// When the resource was made, as an item of AWS Config tells: which of several of the name it is about.
    pub made_at: Option<Time>,
    /// What it cannot outlive, as far as the event tells.
    pub owners: Vec<StepOwner>,
    /// Whether the call also succeeds where the resource is there already, and leaves that as it is.
    pub repeatable: bool,
    /// Whether the call is about another resource, and this one is only where the other shows: what a policy is
    /// attached to.
    pub related: bool,
    /// Of the end of what it is part of, or of a call on that: which that was. The event does not name the resource.
    pub ended_with: Option<StepOwner>,
}

/// Something that a resource cannot outlive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepOwner {
    /// How the two belong together.
    pub part: &'static ResourcePart,
    /// The id of the other.
    pub id: Box<str>,
    /// What becomes of the part when the other is deleted.
    pub fate: PartFate,
    /// Of a call on the other that took the part away, and not of its end: how sure that is.
    pub taking: Option<PartRemoval>,
}

/// Whether a call that does not name a part took it from what it is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartRemoval {
    /// It did: the part is known by what the call names.
    Surely,
    /// It may have: nothing tells which part it was.
    Perhaps,
}

impl StepOwner {
    /// Returns what is part of which, as far as one event tells.
    pub(super) fn new(part: &'static ResourcePart, id: impl Into<Box<str>>) -> Self {
        Self { part, id: id.into(), fate: part.fate, taking: None }
    }

    /// Returns whether whoever ended the other, or acted on it, deleted the part by that.
    pub fn deletes(&self) -> bool {
        match self.taking {
            Some(taking) => taking == PartRemoval::Surely,
            None => self.fate == PartFate::With,
        }
    }

    /// Returns whether a resource outlives it, and only what ties it to the other ends.
    pub fn is_tie(&self) -> bool {
        matches!(self.part.fate, PartFate::Tied | PartFate::TiedAlone)
    }

    /// Returns it for programs.
    pub fn to_json(&self) -> Value {
        let deleted = match (self.taking, self.fate) {
            (Some(PartRemoval::Surely), _) => "taken",
            (Some(PartRemoval::Perhaps), _) => "perhapsTaken",
            (None, PartFate::With) => "with",
            (None, PartFate::Before) => "before",
            (None, PartFate::Latest) => "withOrBefore",
            (None, PartFate::Tied | PartFate::TiedAlone) => "never",
        };
        json!({"resourceType": self.part.of, "resourceId": self.id, "deleted": deleted})
    }

    /// Says what became of a resource when this ended.
    pub fn end_in_words(&self) -> String {
        let owner = format!("its {} `{}`", self.part.owner_word(), self.id);
        match self.taking {
            Some(PartRemoval::Surely) => {
                return format!("taken from {owner}: the call says what it is, not its id");
            }
            Some(PartRemoval::Perhaps) => {
                return format!(
                    "may be what this call took from {owner}: the call gives no id, and nothing tells which one it was"
                );
            }
            None => {}
        }
        match self.fate {
            PartFate::With => format!("deleted with {owner}"),
            PartFate::Before => format!(
                "gone before {owner}, which cannot be deleted while it is there: its own deletion is not in these logs"
            ),
            PartFate::Latest => format!("gone with {owner} at the latest"),
            PartFate::Tied => format!("ended with {owner}"),
            PartFate::TiedAlone => format!("ended with {owner}, which is gone or another's from now on"),
        }
    }
}

impl Step {
    /// What steps are sorted by before ties are looked at: nothing in it depends on files.
    pub(super) fn sort_key(&self) -> impl Ord + '_ {
        (self.origin.time, &self.origin.event_id, self.origin.fingerprint)
    }
}
