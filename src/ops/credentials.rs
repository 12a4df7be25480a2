//! Where credentials came from: the calls that issue them are looked for everywhere, what was done with them in what
//! passes the filters.

use super::archive::Search;
use crate::answer::trace::{CredentialFacts, CredentialUses, TracePass, TraceTarget};
use crate::error::{Error, Trouble};
use crate::query::{Filter, Globs};
use crate::scan::ask::Answered;

/// Reads what the archive tells of the credentials that are traced.
///
/// # Errors
/// When the archive cannot be read.
pub(crate) fn trace_credentials(
    search: &mut Search,
    target: &TraceTarget,
) -> Result<Answered<CredentialFacts>, Error> {
    if !search.is_read_once() {
        return trace_by_passes(search, target);
    }
    let mut asked = search.fold(&TracePass::Single(target))?;
    asked.answer.relevant_to(target);
    let through = asked.answer.through(target);
    asked.answer.keep(&through);
    Ok(asked)
}

/// Looks for what made credentials everywhere, then for what was done with those that are traced in
/// what passes the filters.
fn trace_by_passes(search: &mut Search, wanted: &TraceTarget) -> Result<Answered<CredentialFacts>, Error> {
    let filter = std::mem::take(&mut search.filter);
    let mut known = CredentialFacts::default();
    if let Some(id) = wanted.event_id() {
        // A character that means something in a pattern stands for itself.
        let id: String = id
            .chars()
            .flat_map(|it| ['\\', it].into_iter().skip(usize::from(it.is_alphanumeric() || it == '-')))
            .collect();
        search.filter = Filter { event_id: Globs::new("event", &[id])?, ..Filter::default() };
        let asked = search.fold(&TracePass::Event(wanted))?;
        if asked.answer.is_empty() {
            return Ok(asked);
        }
        known = asked.answer;
        search.filter = Filter::default();
    }
    let mut first = search.fold(&TracePass::Issuance(Some(wanted)))?;
    search.filter = filter;
    known.merge(std::mem::take(&mut first.answer));
    known.relevant_to(wanted);
    let through = known.through(wanted);
    known.keep(&Default::default());
    if through.is_empty() {
        return Ok(Answered { answer: known, ..first });
    }
    let mut second = search.fold(&TracePass::Usage(CredentialUses::of(&through)))?;
    known.merge(std::mem::take(&mut second.answer));
    second.troubles.extend(first.troubles);
    second.troubles.sort();
    second.troubles.dedup();
    Ok(Answered { answer: known, ..second })
}

/// Reads which calls issued credentials, whatever the filters are.
///
/// # Errors
/// When the archive cannot be read.
pub(crate) fn read_issuances(
    search: &mut Search,
    troubles: &mut Vec<Trouble>,
) -> Result<CredentialFacts, Error> {
    Ok(search.fold_beside(Filter::default(), &TracePass::Issuance(None), troubles)?.answer)
}
