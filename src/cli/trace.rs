//! `trace`: where credentials came from, and where they went.

use super::ask::{AskArgs, Messages, Session};
use crate::answer::trace::{CredentialFacts, CredentialUses, Trace, TracePass, TraceTarget};
use crate::error::{Error, Status};
use crate::query::{Filter, Globs, instant};
use crate::render::{TRACE_FIELDS, TraceView};
use crate::scan::ask::Answered;
use clap::Args;

/// The arguments of `trace`.
#[derive(Args, Debug)]
pub(super) struct TraceArgs {
    /// What to trace: an access key, the id of an event, `user/alice`, `role/Admin`, `session/NAME`, an ARN, a unique id, a service, an instance, or a plain name
    #[arg(value_name = "WHAT")]
    what: String,
    /// Say of each credential whether it could be used at this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &TraceArgs) -> Result<Status, Error> {
    let wanted = TraceTarget::parse(&args.what)?;
    let ask = args.ask.ask("trace");
    let mut reading = Session::open(&ask)?;
    reading.expect_fields(TRACE_FIELDS)?;
    let at = args.at.as_deref().map(|text| instant(text, reading.now)).transpose()?;
    let asked = if reading.is_read_once() {
        let mut asked = reading.fold(&TracePass::Single(&wanted))?;
        asked.answer.relevant_to(&wanted);
        let through = asked.answer.through(&wanted);
        asked.answer.keep(&through);
        asked
    } else {
        look(&mut reading, &wanted)?
    };
    let trace = asked.answer.trace(&wanted, at);
    let words = words(&wanted, &trace, reading.filters());
    reading.show(&asked, &TraceView { trace: &trace, at }, &words)
}

/// Looks for what made credentials everywhere, then for what was done with those that are traced in
/// what passes the filters.
fn look(session: &mut Session<'_>, wanted: &TraceTarget) -> Result<Answered<CredentialFacts>, Error> {
    let filter = std::mem::take(&mut session.filter);
    let mut known = CredentialFacts::default();
    if let Some(id) = wanted.event_id() {
        // A character that means something in a pattern stands for itself.
        let id: String = id
            .chars()
            .flat_map(|it| ['\\', it].into_iter().skip(usize::from(it.is_alphanumeric() || it == '-')))
            .collect();
        session.filter = Filter { event_id: Globs::new("event", &[id])?, ..Filter::default() };
        let asked = session.fold(&TracePass::Event(wanted))?;
        if asked.answer.is_empty() {
            return Ok(asked);
        }
        known = asked.answer;
        session.filter = Filter::default();
    }
    let mut first = session.fold(&TracePass::Issuance(Some(wanted)))?;
    session.filter = filter;
    known.merge(std::mem::take(&mut first.answer));
    known.relevant_to(wanted);
    let through = known.through(wanted);
    known.keep(&Default::default());
    if through.is_empty() {
        return Ok(Answered { answer: known, ..first });
    }
    let mut second = session.fold(&TracePass::Usage(CredentialUses::of(&through, &known)))?;
    known.merge(std::mem::take(&mut second.answer));
    second.troubles.extend(first.troubles);
    second.troubles.sort();
    second.troubles.dedup();
    Ok(Answered { answer: known, ..second })
}

fn words(wanted: &TraceTarget, trace: &Trace, filtered: bool) -> Messages {
    let text = wanted.text();
    let mut words = Messages { sought: format!("credential of `{text}`"), ..Messages::default() };
    if wanted.event_id().is_some() {
        words.sought = format!("event `{text}`");
    }
    if trace.found_as.len() > 1 {
        let kinds: Vec<String> =
            trace.found_as.iter().map(|(kind, many)| format!("{kind} ({many})")).collect();
        words.hints.push(format!("`{text}` was found as {}", kinds.join(", ")));
    }
    let lost = trace.nodes.iter().filter(|node| !node.missing.is_empty()).count();
    if lost > 0 {
        let begins = if lost == 1 { "credential begins" } else { "credentials begin" };
        words.hints.push(format!("{lost} {begins} where these logs do not tell: see `missing`"));
    }
    if filtered && !trace.nodes.is_empty() {
        words.hints.push(
            "the filters choose the events that are counted; calls that make credentials were looked for in all files"
                .to_owned(),
        );
    }
    words
}
