//! Answers: folds over the events that match, and what was searched for them.
//!
//! A fold knows no order of arrival: threads fold what they read, the parts are
//! merged, and only then is anything sorted.

mod actor;
mod advice;
mod ancestry;
mod any_fold;
mod archive_coverage;
mod both;
mod bucket_life;
mod by;
mod corrections;
mod coverage;
mod days;
mod fold;
mod foreign;
mod history;
mod intern_cache;
mod inventory;
mod log_gaps;
mod logged;
mod logging_change;
mod logins;
mod mentions;
mod met_names;
mod narrow;
mod neighbours;
mod novelty;
mod origin;
mod row;
mod rows;
mod same_action;
mod selectors;
mod sightings;
mod small_id_set;
mod stats;
mod switches;
mod tally;
pub mod trace;
mod trails;
mod unnamed;
mod who;

pub use origin::{Origin, Origins};

pub use actor::{PrincipalProfile, ProfileSection};
pub use advice::{may_have_acted, row_hints};
pub use any_fold::{AnyFold, AnyPart};
pub use archive_coverage::{ArchiveCoverage, CoverageQuery, DataResource, ResourceDataEvents, SpanContent};
pub use both::FoldPair;
pub use bucket_life::Emptied;
pub use by::GroupBy;
pub use corrections::Correction;
pub use coverage::{BesideEvents, Coverage, Skipped};
pub use days::EventDays;
pub use fold::{EventContext, Fold, FoldNeeds, Interest, UnparsedEvent};
pub use foreign::SharedActions;
pub use history::{CreationEvents, History, HistoryQuery, OwnEvents};
pub use inventory::InventoryRow;
pub use log_gaps::{DaySpan, FileSpan, GapCalls, GapsFor, LogGaps, UncoveredSpan};
pub use logged::{DataEvents, Logged, LoggedBy, LoggedEvents, LoggedSpan, data_event_hints};
pub use logging_change::LoggingChange;
pub use logins::{Login, LoginKind, Logins, SignIns, login_kind};
pub use mentions::{MentionQuery, Mentioned, Mentions};
pub use met_names::{MetNameQuery, MetNames, NameCounts};
pub use narrow::ChangeFilter;
pub use neighbours::{GraphEdge, GraphNode, find_edges};
pub use novelty::{BaselineComparison, LogExtent, Novelty, NoveltyPair, NoveltyReport};
pub use row::{ActorRow, Evidence, FileProof, ResourceRow, Row, RowDetail, SameAction};
pub use rows::{MatchedRows, RowCollector};
pub use sightings::{NameSearch, Sightings};
pub use stats::{GroupCounts, Stats, StatsColumns, StatsTable, TimeStep};
pub use switches::Switches;
pub use tally::EventTally;
pub use trails::{LoggingOutage, Unlogged};
pub use unnamed::{MayHaveActed, UnnamedReason};
pub use who::PrincipalQuery;

use crate::catalog::{Action, Catalog, ResourceAction, link_prefixes};
use crate::resource::{NamedResource, Reference};

/// What is asked of the events that pass the filter.
#[derive(Debug, Default)]
pub struct RowQuery {
    /// The resource that the answer is about; without one every event is a row.
    pub resource: Option<NamedResource>,
    /// What was done to it.
    pub actions: Vec<Action>,
    /// Whether calls that only use the resource are rows as well.
    pub related: bool,
    /// Whether links of the resource are followed by their ids, as those of a route table.
    pub follows: bool,
    /// The access key, if the reference is one: calls made with it are counted.
    pub key: Option<String>,
    /// Whether the records themselves are kept.
    pub raw: bool,
    /// Whether it is asked who stands behind the callers ([`MatchedRows::add_origins`]).
    pub origins: bool,
    /// What tells what calls do.
    pub catalog: Catalog,
}

impl RowQuery {
    /// What changes a resource, in whatever way.
    pub const CHANGES: [Action; 3] = [Action::Created, Action::Changed, Action::Deleted];

    /// Asks who did this to a resource; where several things are asked, calls that only use it are told apart as well.
    pub fn about(reference: Reference, actions: &[Action]) -> Self {
        let is_key = reference.kinds().iter().any(|kind| kind == "AWS::IAM::AccessKey");
        let key = is_key.then(|| reference.text().rsplit('/').next().unwrap_or_default().to_owned());
        Self {
            follows: !link_prefixes(&reference).is_empty(),
            resource: Some(NamedResource::new(reference)),
            actions: actions.to_vec(),
            related: actions.len() > 1,
            key,
            ..Self::default()
        }
    }

    /// Asks who changed a resource, in whatever way.
    pub fn of_changes(resource: NamedResource) -> Self {
        Self { resource: Some(resource), actions: Self::CHANGES.to_vec(), ..Self::default() }
    }

    /// Returns the resource as it was asked for.
    pub fn reference(&self) -> Option<&Reference> {
        self.resource.as_ref().map(NamedResource::asked)
    }

    /// Returns the unique id of the user or role that is asked for, which the records of its own calls have.
    fn caller_id(&self) -> Option<String> {
        let named = self.resource.as_ref().filter(|named| named.may_be_caller())?;
        named.asked().unique_id().map(str::to_owned)
    }

    /// Returns whether a call of this name may have done what is asked for to a resource of the
    /// type that is asked for.
    pub fn may_answer(&self, source: &str, event_name: &str) -> bool {
        let kinds = self.reference().map(Reference::kinds).unwrap_or_default();
        !kinds.is_empty() && self.catalog.may_act_on(source, event_name, kinds, &self.actions)
    }

    /// Returns whether what was done, or may have been done, to a resource is asked for.
    fn asks_for(&self, act: &ResourceAction) -> bool {
        self.actions.contains(&act.action) || act.or.is_some_and(|action| self.actions.contains(&action))
    }
}
