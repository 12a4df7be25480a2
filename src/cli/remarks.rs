//! What has to be said beside a state: of moments that the logs do not reach, of events that mention a resource
//! and change nothing in it, and of calls that may have acted on it without naming it.

use super::ask::{Messages, Session};
use crate::answer::{Coverage, MentionQuery, RowQuery, may_have_acted};
use crate::error::Error;
use crate::event::Time;
use crate::ops::history::{HistoryEnd, ResolvedHistory};
use crate::timeline::{Existence, Timeline};

/// Says where a moment is before the first event, or behind the last.
pub(super) fn outside_logs_hint(at: HistoryEnd, coverage: &Coverage) -> Option<String> {
    let (at, first, last) = (at?, coverage.first?, coverage.last?);
    match () {
        () if at < first => Some(format!(
            "the logs begin at {first}: of {at} they tell no more than what later events prove of the time before them"
        )),
        () if at > last => {
            Some(format!("the logs end at {last}: what was done between then and {at} is not in them"))
        }
        () => None,
    }
}

/// Says which calls may have acted on the resource without naming it.
pub(super) fn note_unnamed_calls(session: &Session<'_>, found: &ResolvedHistory, messages: &mut Messages) {
    let all = found.asked.answer.may_have_acted();
    if all.is_empty() {
        return;
    }
    messages.hints.extend(may_have_acted(&RowQuery::CHANGES, all, &session.paths_typed()));
    messages.beside.push(("mayHaveActed", serde_json::to_value(all).unwrap_or_default()));
}

/// Says which events mention the resource, where none tells that it is there. They are looked for by reading once more.
///
/// # Errors
/// When the archive cannot be read.
pub(super) fn note_mentions(
    session: &mut Session<'_>,
    found: &mut ResolvedHistory,
    timelines: &[Timeline],
    until: HistoryEnd,
    messages: &mut Messages,
) -> Result<(), Error> {
    let Some(resource) = &found.resource else { return Ok(()) };
    if timelines.iter().any(|it| it.state.exists != Existence::Unknown) {
        return Ok(());
    }
    if session.search.is_read_once() {
        messages.hints.push(
            "a pipe can be read once only: events that only read or use it, or that it made, were not looked for"
                .to_owned(),
        );
        return Ok(());
    }
    let filter = session.request.filter.compile(session.now, session.search.catalog())?;
    let fold = MentionQuery { resource, until, catalog: session.search.catalog().clone() };
    let mentions = session.search.fold_beside(filter, &fold, &mut found.asked.troubles)?.answer;
    if !mentions.is_none() {
        let text = resource.asked().text();
        if timelines.is_empty() {
            messages.nothing = Some(format!(
                "no event changed `{text}` in what was searched: what it looked like is unknown"
            ));
        }
        messages.lines.extend(mentions.words(text, &session.paths_typed()));
        messages.beside.push(("mentions", mentions.to_json()));
    }
    Ok(())
}

/// Returns when the first event of the resource is.
pub(super) fn first_event(found: &ResolvedHistory) -> Option<Time> {
    let timelines = found.timelines_with_later(None);
    timelines.iter().flat_map(|it| it.entries.first()).filter_map(|it| it.step.origin.time).min()
}

/// Says of a moment before the first event of a resource that nothing tells of it then.
pub(super) fn before_all(found: &ResolvedHistory, at: HistoryEnd, reference: &str) -> Option<String> {
    let (at, first) = (at?, first_event(found)?);
    (at < first).then(|| format!("nothing tells of `{reference}` at {at}: its first event is at {first}"))
}
