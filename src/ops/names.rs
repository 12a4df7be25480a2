//! A resource under all its names: the archive is read, names are learnt, and only where something new was
//! learnt is it read again for the new names.

use super::archive::Search;
use super::config_baseline;
use crate::answer::{FoldPair, HistoryQuery, MatchedRows, NameSearch, RowQuery};
use crate::error::Error;
use crate::query::{Filter, Globs};
use crate::resource::{Match, NamedResource, Resource};
use crate::scan::ask::Answered;
use crate::timeline::Step;
use std::sync::Arc;

/// How often an archive is read again for new names: an alias, its key, and what that is called.
pub(crate) const ROUNDS: usize = 3;

/// Reads as long as `read` says that it learnt something; it is told how often it was called before.
pub(crate) fn until_all_are_known<T>(
    mut read: impl FnMut(usize) -> Result<(T, bool), Error>,
) -> Result<T, Error> {
    let mut round = 0;
    loop {
        let (found, is_again) = read(round)?;
        if !is_again {
            return Ok(found);
        }
        round += 1;
    }
}

/// Finds the rows of a question about a resource under all its names; returns them with what has to be said of that.
///
/// # Errors
/// When the archive cannot be read.
pub(crate) fn find_rows(
    search: &mut Search,
    question: &mut RowQuery,
) -> Result<(Answered<MatchedRows>, Vec<String>), Error> {
    let mut hints = Vec::new();
    let mut troubles = Vec::new();
    let mut items = None;
    let mut asked = until_all_are_known(|round| {
        let mut asked = if question.resource.as_ref().is_some_and(NamedResource::is_one_of_namesakes) {
            among_namesakes(search, question, &mut items, &mut hints)?
        } else {
            search.fold(&*question)?
        };
        let Some(mut named) = question.resource.clone() else { return Ok((asked, false)) };
        for (_, step) in config_items(search, &asked, &mut items)? {
            if named.matches(&step.resource) == Match::Yes {
                asked.answer.sightings.note(&step.resource, step.origin.time);
            }
        }
        let mut is_new = asked.answer.sightings.teach(&mut named);
        // What gave it its name need not pass the filters: looked for before nothing is said to be found, and of an
        // id that calls do not take.
        let is_hidden = search.is_filtered && named.names().is_empty() && round == 0;
        if is_hidden
            && (asked.answer.rows.is_empty() || named.asked().unique_id().is_some())
            && !search.is_read_once()
        {
            let filter = std::mem::take(&mut search.filter);
            let found = search.fold(&NameSearch(question));
            search.filter = filter;
            let found = found?;
            is_new |= found.answer.teach(&mut named);
            troubles.extend(found.troubles);
        }
        if is_new && search.is_read_once() {
            hints.push(hint_for_pipe(&named));
        }
        question.resource = Some(named);
        asked.troubles.append(&mut troubles);
        Ok((asked, is_new && !search.is_read_once() && round < ROUNDS))
    })?;
    asked.troubles.sort();
    asked.troubles.dedup();
    Ok((asked, hints))
}

/// Finds the rows of one of several resources that had the same name: which calls were about it, its history tells.
fn among_namesakes(
    search: &mut Search,
    question: &RowQuery,
    items: &mut Option<ConfigItems>,
    hints: &mut Vec<String>,
) -> Result<Answered<MatchedRows>, Error> {
    // The history is needed whole, whatever is shown of it.
    let filter: Filter = std::mem::take(&mut search.filter);
    let kinds = Globs::default();
    let histories = HistoryQuery {
        resource: question.resource.clone(),
        slim: true,
        catalog: search.catalog().clone(),
        ..HistoryQuery::of_all(&kinds)
    };
    let found = search.fold(&FoldPair { first: question, second: &histories, shown: &filter });
    search.filter = filter;
    let found = found?;
    let seen = config_items(search, &found, items)?.to_vec();
    let Answered { answer: (mut rows, mut history), coverage, troubles, config, stats } = found;
    if let Some(named) = &question.resource {
        let wanted = |it: &Resource| named.shares_a_name_with(it);
        seen.into_iter().for_each(|(file, step)| history.observe(vec![step], &file, &wanted));
        let uncertain = history.own_events(named).keep(&mut rows.rows);
        if uncertain > 0 {
            hints.push(format!(
                "{uncertain} more of these calls give only a name that others had as well: {}",
                names_in_words(named)
            ));
        }
    }
    Ok(Answered { answer: rows, coverage, troubles, config, stats })
}

/// What AWS Config says of resources, with the file that says so.
type ConfigItems = Vec<(Arc<str>, Step)>;

/// Returns what the files of AWS Config that were met among the logs say of resources; they are read once.
fn config_items<'i, T>(
    search: &Search,
    asked: &Answered<T>,
    items: &'i mut Option<ConfigItems>,
) -> Result<&'i [(Arc<str>, Step)], Error> {
    if items.is_none() && !asked.config.is_empty() {
        // They teach names only: what is said of the files that were read stays as it is.
        let (mut coverage, mut troubles) = (asked.coverage.clone(), asked.troubles.clone());
        *items =
            Some(config_baseline::read(search, &[], &asked.config, &mut coverage, &mut troubles)?.steps());
    }
    Ok(items.as_deref().unwrap_or_default())
}

/// Says what a resource is called beside what was asked for, where that cannot be looked for.
pub(crate) fn hint_for_pipe(named: &NamedResource) -> String {
    format!(
        "`{}` is also called {}: a pipe can be read once only, so calls that name it so were not looked for; save the logs to a file first",
        named.asked().text(),
        names_in_words(named)
    )
}

pub(crate) fn names_in_words(named: &NamedResource) -> String {
    const SHOWN: usize = 5;
    let names: Vec<String> =
        named.names().iter().take(SHOWN).map(|name| format!("`{}`", name.reference.text())).collect();
    let more = named.names().len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", names.join(", "))
}
