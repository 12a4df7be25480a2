//! `trace`: where credentials came from, and where they went.

use super::args::{rare, usual};
use super::ask::{AskArgs, Messages, Session};
use crate::answer::trace::{Trace, TraceTarget};
use crate::error::{Error, Status};
use crate::ops::credentials;
use crate::query::parse_instant;
use crate::render::{TRACE_FIELDS, TraceView};
use clap::Args;

/// The arguments of `trace`.
#[derive(Args, Debug)]
#[command(mut_arg("event", rare), mut_arg("actor", rare), mut_arg("format", usual))]
pub(super) struct TraceArgs {
    /// What to trace: an access key, the id of an event, `user/alice`, `role/Admin`, `session/NAME`
    ///
    /// Or an ARN, a unique id, a service, an instance, or a plain name.
    #[arg(value_name = "WHAT")]
    what: String,
    /// Say of each credential whether it could be used at this time, in UTC
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &TraceArgs) -> Result<Status, Error> {
    let wanted = TraceTarget::parse(&args.what)?;
    let ask = args.ask.ask("trace");
    let mut session = Session::open(&ask)?;
    session.expect_fields(TRACE_FIELDS)?;
    let at = args.at.as_deref().map(|text| parse_instant(text, session.now)).transpose()?;
    let asked = credentials::trace_credentials(&mut session.search, &wanted)?;
    let trace = asked.answer.trace(&wanted, at);
    let words = trace_messages(&wanted, &trace, session.search.is_filtered);
    session.show(&asked, &TraceView { trace: &trace, at }, &words)
}

fn trace_messages(wanted: &TraceTarget, trace: &Trace, filtered: bool) -> Messages {
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
