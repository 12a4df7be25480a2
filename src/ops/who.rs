//! What stands beside the rows of a question about a resource: ends that no record names, creations that are not
//! proven, and since when calls on its data are logged at all.

use super::archive::Search;
use super::history;
use crate::answer::{CreationEvents, DataEvents, LoggedBy, MatchedRows, Row, RowQuery};
use crate::catalog::Action;
use crate::error::{Error, Trouble};
use crate::event::Outcome;
use crate::query::Filter;
use crate::resource::parts_of;
use crate::scan::ask::Answered;
use std::collections::BTreeSet;

/// Looks for the end of what the resource is part of, where nothing is found that deleted it: no record of
/// that names it. Returns what has to be said.
pub(crate) fn add_ends(
    search: &mut Search,
    question: &RowQuery,
    asked: &mut Answered<MatchedRows>,
) -> Result<Vec<String>, Error> {
    let Some(resource) = &question.resource else { return Ok(Vec::new()) };
    let done = |row: &Row| row.outcome == Outcome::Succeeded && row.action == Action::Deleted;
    let found = &asked.answer;
    // Of what no event names nothing can be told, but for those that filters hide.
    let typed = resource.asked().kinds().iter().filter(|_| search.is_filtered).map(|kind| kind.as_ref());
    let mut kinds = typed.chain(found.named_as.iter().map(String::as_str));
    let is_part = kinds.any(|kind| parts_of(kind).next().is_some());
    let is_asked = question.actions.contains(&Action::Deleted);
    // Of all objects of a bucket there may be more than can be held: of these a hint says that it was emptied.
    let is_many = resource.asked().is_many_objects();
    if !is_part || is_many || !is_asked || search.is_read_once() || found.rows.iter().any(done) {
        return Ok(Vec::new());
    }
    let history = history::resolve_existence(search, resource, question.origins, &mut asked.troubles)?;
    let timelines = history.timelines(None);
    let ends = history.asked.answer.ends_with_others(&timelines);
    let perhaps = history.asked.answer.possible_ends(&timelines);
    let line =
        |row: &Row| row.note.as_ref().map(|note| format!("{} at {}: {note}", row.event_name, row.event_time));
    let lines = ends.iter().filter_map(line).chain(perhaps).collect();
    asked.answer.add_ends(ends);
    Ok(lines)
}

/// Says of calls that also succeed where the resource is there already which of them are not known to have made it.
pub(crate) fn find_unproven_creations(
    search: &mut Search,
    question: &RowQuery,
    asked: &mut Answered<MatchedRows>,
) -> Result<Option<String>, Error> {
    let is_put = |row: &&Row| row.outcome == Outcome::Succeeded && row.action != Action::Created;
    let is_asked = question.actions == [Action::Created] && asked.answer.rows.iter().any(|it| is_put(&it));
    let Some(resource) = question.resource.as_ref().filter(|_| is_asked) else { return Ok(None) };
    let timelines = if search.is_read_once() {
        Vec::new()
    } else {
        history::resolve_existence(search, resource, false, &mut asked.troubles)?.timelines(None)
    };
    let puts: Vec<&Row> = asked.answer.rows.iter().filter(is_put).collect();
    let creations = CreationEvents::of(&timelines);
    let open = puts.iter().filter(|row| !creations.has(row));
    let names: BTreeSet<&str> = open.clone().map(|row| &*row.event_name).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    Ok((!names.is_empty()).then(|| {
        let whose = match puts.iter().find(|row| creations.has(row)) {
            Some(row) => format!(
                "{} at {} created it; of the others nothing tells that",
                row.event_name, row.event_time
            ),
            None => "it may have been there before the first of them".to_owned(),
        };
        format!("{names} may as well change what is there already: {whose}")
    }))
}

/// Whether calls are asked for that are data events, which are logged only where a trail was told to.
pub(crate) fn is_on_data(question: &RowQuery) -> bool {
    let reads = question.actions.contains(&Action::Read);
    question.reference().is_some_and(|it| it.is_object() || (reads && it.has_data()))
}

/// Reads what tells since when the calls that are asked for are logged; nothing of a pipe, which is gone.
pub(crate) fn read_data_events(
    search: &mut Search,
    question: &RowQuery,
    troubles: &mut Vec<Trouble>,
) -> Result<Option<DataEvents>, Error> {
    let asked = question.reference().filter(|_| is_on_data(question) && !search.is_read_once());
    let Some(mut by) = asked.and_then(LoggedBy::new) else { return Ok(None) };
    by.catalog = search.catalog().clone();
    // A trail was told before `--since`, and by whomever.
    let logged = search.fold_beside(Filter::default(), &by, troubles)?;
    Ok(Some(by.known(&logged.answer)))
}
