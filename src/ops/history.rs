//! The history of a resource, or of all: under every name that it turns out to have, with what it is part of, and with
//! what AWS Config says of it.

use super::archive::{Search, add_troubles};
use super::{config_baseline, names};
use crate::answer::{History, HistoryQuery, RowQuery};
use crate::error::{Error, Trouble};
use crate::event::Time;
use crate::query::{Filter, Globs};
use crate::resource::{Match, NamedResource, Reference, ReferenceSet, Resource};
use crate::scan::ask::Answered;
use crate::timeline::Timeline;

/// What was found of a resource, or of all.
pub(crate) struct ResolvedHistory {
    pub(crate) asked: Answered<History>,
    /// The resource under all its names; none where all are asked for.
    pub(crate) resource: Option<NamedResource>,
    /// What has to be said of the files of AWS Config.
    pub(crate) lines: Vec<String>,
    /// What has to be said of names.
    pub(crate) hints: Vec<String>,
}

/// What is to be unfolded.
#[derive(Clone, Default)]
pub(crate) struct HistoryOptions {
    /// The types that are asked for where no resource is.
    pub(crate) kinds: Globs,
    pub(crate) related: bool,
    pub(crate) rows: bool,
    /// Who stands behind the callers.
    pub(crate) origins: bool,
    /// What is missing from the logs.
    pub(crate) holes: bool,
    /// Nothing but what there is, who made it and what it names.
    pub(crate) slim: bool,
    /// Calls that may have acted on the resource without naming it, up to a moment.
    pub(crate) unnamed: Option<HistoryEnd>,
}

/// Up to when; to the last event when no moment is given.
pub(crate) type HistoryEnd = Option<Time>;

/// Reads what events say of a resource as it was typed, or of all.
///
/// # Errors
/// When the reference cannot be understood or nothing in the archive can be used.
pub(crate) fn resolve_history(
    search: &mut Search,
    reference: Option<&str>,
    options: HistoryOptions,
) -> Result<ResolvedHistory, Error> {
    let reference = reference.map(Reference::parse).transpose()?;
    resolve_reference(search, reference.as_ref(), options)
}

/// Reads what events say of a resource, under all the names that it turns out to have, or of all resources.
///
/// # Errors
/// When nothing in the archive can be used.
pub(crate) fn resolve_reference(
    search: &mut Search,
    reference: Option<&Reference>,
    options: HistoryOptions,
) -> Result<ResolvedHistory, Error> {
    // What was before `--since` made the resource what it was then: filters choose what is shown.
    let shown: Filter = std::mem::take(&mut search.filter);
    let shown = search.is_filtered.then_some(&shown);
    let resource = reference.cloned().map(NamedResource::new);
    resolve_shown_history(search, resource, shown, options)
}

/// Unfolds whether and since when a resource is there, for an answer of rows. Filters choose what is shown.
pub(crate) fn resolve_existence(
    search: &mut Search,
    resource: &NamedResource,
    origins: bool,
    troubles: &mut Vec<Trouble>,
) -> Result<ResolvedHistory, Error> {
    let shown: Filter = std::mem::take(&mut search.filter);
    let options = HistoryOptions { rows: true, origins, slim: true, ..HistoryOptions::default() };
    let filter = search.is_filtered.then_some(&shown);
    let found = resolve_shown_history(search, Some(resource.clone()), filter, options);
    search.filter = shown;
    let mut found = found?;
    add_troubles(troubles, &mut found.asked.troubles);
    Ok(found)
}

fn resolve_shown_history(
    search: &mut Search,
    mut resource: Option<NamedResource>,
    shown: Option<&Filter>,
    options: HistoryOptions,
) -> Result<ResolvedHistory, Error> {
    let raw = search.wants_raw;
    let named = search.archive().options().config.clone();
    let (mut hints, mut lines) = (Vec::new(), Vec::new());
    let mut owners = ReferenceSet::default();
    let asked = names::until_all_are_known(|round| {
        let mut asked = search.fold(&HistoryQuery {
            resource: resource.clone(),
            owners: owners.clone(),
            kinds: &options.kinds,
            shown,
            related: options.related,
            rows: options.rows,
            raw,
            origins: options.origins,
            holes: options.holes,
            slim: options.slim,
            unnamed: options.unnamed.and_then(|until| {
                let changes = RowQuery::of_changes(resource.clone()?);
                Some((RowQuery { catalog: search.catalog().clone(), ..changes }, until))
            }),
            catalog: search.catalog().clone(),
        })?;
        let Answered { config: met, coverage, troubles, .. } = &mut asked;
        let baseline = config_baseline::read(search, &named, met, coverage, troubles)?;
        if !coverage.has_logs() && baseline.files.is_empty() {
            return Err(search.nothing_usable(coverage, troubles));
        }
        let wanted = |it: &Resource| resource.as_ref().is_none_or(|named| named.matches(it) == Match::Yes);
        lines = baseline.words(&|step| wanted(&step.resource));
        for (file, items) in baseline.files {
            let is_owner = |it: &Resource| owners.means(it);
            asked.answer.observe(items, &file, &|it| wanted(it) || is_owner(it));
        }
        let is_new = resource.as_mut().is_some_and(|named| asked.answer.sightings().teach(named));
        if is_new && search.is_read_once() {
            hints.extend(resource.as_ref().map(names::hint_for_pipe));
        }
        // Whatever it is part of may have ended it, in events that do not name it.
        let more = resource.as_ref().map(|named| asked.answer.owners_of(named, &owners)).unwrap_or_default();
        if search.is_read_once() {
            hints.extend(more.iter().map(|owner| {
                format!("a pipe can be read once only: whether `{}`, which it cannot outlive, was deleted was not looked for", owner.text())
            }));
        }
        let is_new = is_new || !more.is_empty();
        more.into_iter().for_each(|owner| owners.push(owner));
        Ok((asked, is_new && !search.is_read_once() && round < names::ROUNDS))
    })?;
    Ok(ResolvedHistory { asked, resource, lines, hints })
}

impl ResolvedHistory {
    /// Returns the timelines of what was asked for, up to a moment; also of what has no event until then,
    /// for what comes later proves some of what was before.
    pub(crate) fn timelines_with_later(&self, until: Option<Time>) -> Vec<Timeline> {
        match &self.resource {
            Some(named) => self.asked.answer.timelines_of(named, until).0,
            None => self.asked.answer.timelines(until),
        }
    }

    /// Returns the timelines of what was asked for, up to a moment.
    pub(crate) fn timelines(&self, until: Option<Time>) -> Vec<Timeline> {
        let mut timelines = self.timelines_with_later(until);
        // Of what was not there yet it is told that it came later.
        timelines.retain(|it| !it.entries.is_empty() || it.state.unborn.is_some());
        timelines
    }
}
