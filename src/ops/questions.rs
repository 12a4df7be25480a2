//! The questions of the program as methods of an [`Archive`], for programs: no terminal, no clock, no words.
//!
//! Filters are [`Filter`]s. A question without filters looks at the whole archive. What is said in words beside an
//! answer is the command line's; what it rests on (coverage, troubles) is in every [`Answered`].

use super::archive::{Archive, Search, Unobserved};
use super::history::HistoryOptions;
use super::{credentials, history, names, who};
use crate::answer::trace::{Trace, TraceTarget};
use crate::answer::{EventContext, Fold, FoldNeeds, InventoryRow, MatchedRows, RowQuery};
use crate::catalog::Action;
use crate::error::{Error, Trouble};
use crate::event::{Event, Time};
use crate::integrity::{TimeWindow, TrustOptions, ValidationReport};
use crate::query::Filter;
use crate::resource::Reference;
use crate::scan::Unwatched;
use crate::scan::ask::Answered;
use crate::scan::validate::{ValidationRequest, validate};
use crate::timeline::Timeline;
use std::sync::Arc;

impl Archive {
    /// Prepares to search the events that pass these filters.
    pub fn search(&self, filter: Filter) -> Search {
        Search::new(self, filter, Arc::new(Unobserved))
    }

    /// Finds who created, changed or deleted a resource, and who tried: a row for each such call, in time order, under
    /// every name that the logs teach.
    ///
    /// ```
    /// use trailscan::Archive;
    /// use trailscan::resource::Reference;
    ///
    /// let archive = Archive::open(["tests/fixtures/invictus"])?;
    /// let bucket = Reference::parse("bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj")?;
    /// let answered = archive.who(&bucket)?;
    /// let last = answered.answer.rows.last().expect("the logs know the bucket");
    /// assert_eq!((&*last.event_name, &*last.actor.who), ("DeleteBucket", "bert-jan"));
    /// assert!(answered.coverage.events > 0 && answered.troubles.is_empty());
    /// # Ok::<(), trailscan::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// When nothing in the archive can be used.
    pub fn who(&self, reference: &Reference) -> Result<Answered<MatchedRows>, Error> {
        self.who_did(reference, &RowQuery::CHANGES)
    }

    /// Finds who did this to a resource, and who tried.
    ///
    /// # Errors
    /// When nothing in the archive can be used.
    pub fn who_did(&self, reference: &Reference, actions: &[Action]) -> Result<Answered<MatchedRows>, Error> {
        let mut search = self.search(Filter::default());
        let catalog = search.catalog().clone();
        let mut question = RowQuery { catalog, ..RowQuery::about(reference.clone(), actions) };
        let (mut answered, _) = names::find_rows(&mut search, &mut question)?;
        who::add_ends(&mut search, &question, &mut answered)?;
        Ok(answered)
    }

    /// Returns the events that pass the filters, each once, as rows in time order.
    ///
    /// # Errors
    /// When nothing in the archive can be used.
    pub fn events(&self, filter: Filter) -> Result<Answered<MatchedRows>, Error> {
        let search = self.search(filter);
        let question = RowQuery { catalog: search.catalog().clone(), ..RowQuery::default() };
        search.fold(&question)
    }

    /// Shows each record that passes the filters to `visit`, from several threads, in no order, without keeping any.
    /// A copy of an event is shown as often as it lies in the archive; copies have one event id.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use trailscan::Archive;
    /// use trailscan::query::Filter;
    ///
    /// let failed = AtomicU64::new(0);
    /// let archive = Archive::open(["tests/fixtures/trace"])?;
    /// archive.visit_events(Filter::default(), &|event| {
    ///     failed.fetch_add(u64::from(event.error_code().is_some()), Ordering::Relaxed);
    /// })?;
    /// assert!(failed.into_inner() > 0);
    /// # Ok::<(), trailscan::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// When nothing in the archive can be used.
    pub fn visit_events(
        &self,
        filter: Filter,
        visit: &(dyn Fn(&Event<'_>) + Sync),
    ) -> Result<Answered<()>, Error> {
        self.search(filter).fold(&EachEvent(visit))
    }

    /// Returns what changed in a resource, by whom, and what it looked like after it: one timeline for each resource
    /// that had the name.
    ///
    /// ```
    /// use trailscan::Archive;
    /// use trailscan::resource::Reference;
    /// use trailscan::timeline::Existence;
    ///
    /// let archive = Archive::open(["tests/fixtures/invictus"])?;
    /// let group = Reference::parse("sg-04cfb7a4712d75b00")?;
    /// let answered = archive.timelines(&group, None)?;
    /// let [timeline] = answered.answer.as_slice() else { panic!("one group has this id") };
    /// assert_eq!(&*timeline.entries[0].step.origin.event_name, "CreateSecurityGroup");
    /// assert_eq!(timeline.state.exists, Existence::Gone);
    /// # Ok::<(), trailscan::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// When nothing in the archive can be used.
    pub fn timelines(
        &self,
        reference: &Reference,
        until: Option<Time>,
    ) -> Result<Answered<Vec<Timeline>>, Error> {
        let mut search = self.search(Filter::default());
        search.reads_config = true;
        let found = history::resolve_reference(&mut search, Some(reference), HistoryOptions::default())?;
        let timelines = found.timelines(until);
        Ok(found.asked.map(|_| timelines))
    }

    /// Returns every resource that the logs know, with whether it exists at this moment; after the last event without
    /// one.
    ///
    /// # Errors
    /// When nothing in the archive can be used.
    pub fn inventory(&self, at: Option<Time>) -> Result<Answered<Vec<InventoryRow>>, Error> {
        let mut search = self.search(Filter::default());
        search.reads_config = true;
        let options = HistoryOptions { slim: true, ..HistoryOptions::default() };
        let mut found = history::resolve_reference(&mut search, None, options)?;
        let mut all = found.asked.answer.list(at);
        all.retain(|it| it.is_known);
        Ok(found.asked.map(|_| all))
    }

    /// Returns where credentials came from and where they went; `at` asks which could be used then.
    ///
    /// ```
    /// use trailscan::Archive;
    /// use trailscan::answer::trace::TraceTarget;
    ///
    /// let archive = Archive::open(["tests/fixtures/trace"])?;
    /// let answered = archive.trace(&TraceTarget::parse("ASIADEPLOY0000000001")?, None)?;
    /// assert!(answered.answer.nodes.len() > 1);
    /// # Ok::<(), trailscan::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// When nothing in the archive can be used.
    pub fn trace(&self, target: &TraceTarget, at: Option<Time>) -> Result<Answered<Trace>, Error> {
        let answered = credentials::trace_credentials(&mut self.search(Filter::default()), target)?;
        Ok(answered.map(|facts| facts.trace(target, at)))
    }

    /// Proves which files are what CloudTrail delivered, with what could not be looked at.
    ///
    /// ```
    /// use trailscan::Archive;
    /// use trailscan::integrity::{TrustOptions, ValidationSummary};
    ///
    /// let archive = Archive::open(["tests/fixtures/digest"])?;
    /// let (report, _) = archive.validate(&TrustOptions::default())?;
    /// let summary = ValidationSummary::new(&report, false);
    /// assert!(report.digests() > 0 && !summary.lines.is_empty());
    /// # Ok::<(), trailscan::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn validate(&self, trust: &TrustOptions) -> Result<(ValidationReport, Vec<Trouble>), Error> {
        let options = self.options();
        let request = ValidationRequest {
            trust,
            window: TimeWindow::default(),
            limits: options.limits,
            threads: options.threads,
        };
        validate(self.sources().to_vec(), &request, &Unwatched)
    }
}

/// Shows every event to somebody, and keeps none.
struct EachEvent<'v>(&'v (dyn Fn(&Event<'_>) + Sync));

impl Fold for EachEvent<'_> {
    type Accumulator = ();
    type Answer = ();

    fn needs(&self) -> FoldNeeds<'_> {
        // Copies are the visitor's: nothing is read twice for them.
        FoldNeeds { merges_copies: true, ..FoldNeeds::everything() }
    }

    fn event(&self, (): &mut (), event: &Event<'_>, _context: &EventContext<'_>) {
        (self.0)(event);
    }

    fn merge(&self, (): &mut (), (): ()) {}

    fn finish(&self, (): (), _coverage: &mut crate::answer::Coverage) {}
}
