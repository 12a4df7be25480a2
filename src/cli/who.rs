//! `who`, `who-created`, `who-changed`, `who-deleted`, `who-read`.

use super::args::{FilterArgs, InputArgs, OutputArgs};
use super::ask::{Messages, Request, Session, count_noun};
use super::not_logged::LoggedSubject;
use super::provenance_args::ProvenanceArgs;
use super::verify::VerifyArgs;
use super::{history, names, not_logged};
use crate::answer::trace::{CredentialFacts, TracePass};
use crate::answer::{
    DataEvents, GapCalls, History, LoggedBy, MatchedRows, Row, RowQuery, SharedActions, advice,
    data_event_hints,
};
use crate::catalog::Action;
use crate::error::{Error, Status, Trouble};
use crate::event::{Outcome, Time};
use crate::query::Filter;
use crate::resource::{NamedResource, Reference, parts_of};
use crate::scan::ask::Answered;
use crate::{catalog, render};
use clap::Args;
use std::collections::BTreeSet;

/// What was asked of the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhoQuestion {
    Any,
    Created,
    Changed,
    Deleted,
    Read,
}

/// The arguments of the `who` commands.
#[derive(Args, Debug)]
pub(super) struct WhoArgs {
    /// The resource: an ARN, a typed name (`bucket/payroll`, `user/alice`, `s3://b/key`), an id (`sg-…`, `AKIA…`), or a plain name
    #[arg(value_name = "REFERENCE")]
    reference: String,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    behind: ProvenanceArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// The arguments of `who`.
#[derive(Args, Debug)]
pub(super) struct WhoAllArgs {
    /// Show the calls that read it as well
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    who: WhoArgs,
}

pub(super) fn run_all(args: &WhoAllArgs) -> Result<Status, Error> {
    let mut actions = vec![Action::Created, Action::Changed, Action::Deleted];
    if args.all {
        actions.push(Action::Read);
    }
    answer(&args.who, "who", WhoQuestion::Any, actions)
}

pub(super) fn run(args: &WhoArgs, deed: WhoQuestion) -> Result<Status, Error> {
    let (command, action) = match deed {
        WhoQuestion::Any | WhoQuestion::Created => ("who-created", Action::Created),
        WhoQuestion::Changed => ("who-changed", Action::Changed),
        WhoQuestion::Deleted => ("who-deleted", Action::Deleted),
        WhoQuestion::Read => ("who-read", Action::Read),
    };
    answer(args, command, deed, vec![action])
}

fn answer(
    args: &WhoArgs,
    command: &'static str,
    deed: WhoQuestion,
    actions: Vec<Action>,
) -> Result<Status, Error> {
    let reference = Reference::parse(&args.reference)?;
    let done = match deed {
        WhoQuestion::Any => "changes",
        WhoQuestion::Created => "creates",
        WhoQuestion::Changed => "changes",
        WhoQuestion::Deleted => "deletes",
        WhoQuestion::Read => "reads",
    };
    let key = reference.kinds().iter().any(|kind| kind == "AWS::IAM::AccessKey");
    let key = key.then(|| args.reference.rsplit('/').next().unwrap_or_default().to_owned());
    let sought = format!("call that {done} `{}`", reference.text());
    let question = RowQuery {
        follows: !catalog::link_prefixes(&reference).is_empty(),
        resource: Some(NamedResource::new(reference)),
        actions,
        related: deed == WhoQuestion::Any,
        key,
        raw: false,
        origins: args.behind.trace,
        ..RowQuery::default()
    };
    let ask = Request { command, filter: &args.filter, output: &args.output, input: &args.input };
    rows(&ask, question, &sought, &args.behind.verify)
}

/// Answers with rows of events.
pub(super) fn rows(
    request: &Request<'_>,
    mut question: RowQuery,
    sought: &str,
    verify: &VerifyArgs,
) -> Result<Status, Error> {
    let traced = if question.origins { render::TRACED_FIELDS } else { &[] };
    render::check(&request.output.fields, &[render::ROW_FIELDS, traced].concat())?;
    let mut reading = Session::open(request)?;
    question.raw = reading.wants_raw();
    question.catalog = reading.catalog.clone();
    if question.origins {
        refuse_pipe(&reading)?;
    }
    let (mut asked, more) = names::find_rows(&mut reading, &mut question)?;
    let ended = add_ends(&mut reading, &question, &mut asked)?;
    let made = creations(&mut reading, &question, &mut asked)?;
    if question.origins && !asked.answer.rows.is_empty() {
        let facts = read_issuances(&mut reading, &mut asked.troubles)?;
        asked.answer.add_origins(facts);
    }
    let rows = &mut asked.answer.rows;
    let proven = verify.run(&reading, rows, &mut asked.coverage, &mut asked.troubles)?;
    let data = data_events(&mut reading, &question, &mut asked.troubles)?;
    let found = &asked.answer;
    let failed = found.rows.iter().filter(|row| row.outcome == Outcome::Failed).count();
    let mut words = Messages {
        sought: sought.to_owned(),
        hints: advice(&question, found, &reading.paths_typed()),
        names: question.resource.as_ref().map(names::also_known).unwrap_or_default(),
        ..Messages::default()
    };
    words.hints.extend(more);
    words.hints.extend(made);
    words.lines.extend(alias_alone(&question, found, sought));
    words.lines.extend(ended);
    words.lines.extend(shared(found.shared));
    if let Some(reference) = question.reference().filter(|_| is_on_data(&question)) {
        words.hints.extend(data_event_hints(reference, data.as_ref(), &asked.coverage));
        words.beside.extend(data.and_then(|it| Some(("dataEvents", serde_json::to_value(it).ok()?))));
    }
    note_log_gaps(&mut reading, &question, &mut asked, &mut words)?;
    let found = &asked.answer;
    let kinds = question.reference().map(Reference::kinds).unwrap_or_default();
    if reading.filter.since.is_some() && catalog::may_act_later(kinds, &question.actions) {
        words.hints.push(
            "settings by which a service acts by itself, as rules of a lifecycle, were looked for from `--since` on only"
                .to_owned(),
        );
    }
    words.lines.extend(proven);
    if !found.may_have_acted.is_empty() {
        let all = serde_json::to_value(&found.may_have_acted).unwrap_or_default();
        words.beside.push(("mayHaveActed", all));
    }
    if failed > 0 && failed == found.rows.len() && question.resource.is_some() {
        words.lines.push(format!("every try failed: no successful {sought} in what was searched"));
    }
    reading.show(&asked, found, &words)
}

/// Says what trails did not log of what is asked for.
fn note_log_gaps(
    session: &mut Session<'_>,
    question: &RowQuery,
    asked: &mut Answered<MatchedRows>,
    messages: &mut Messages,
) -> Result<(), Error> {
    let Some(reference) = question.reference() else { return Ok(()) };
    let all = if session.filters() { not_logged::switches(session, &mut asked.troubles)? } else { None };
    let rows = &asked.answer.rows;
    let reads = question.actions.contains(&Action::Read);
    let is_only_reads = question.actions == [Action::Read];
    let counts = |row: &&Row| (row.action == Action::Read) == is_only_reads;
    let place = |row: &Row| {
        let region =
            row.resource.as_ref().and_then(|it| it.region.clone()).or_else(|| row.aws_region.clone());
        Some((row.recipient_account_id.as_deref()?.to_owned(), region?.to_string()))
    };
    // What events call it tells more than what was typed.
    let named: Vec<String> = asked.answer.named_as.iter().cloned().collect();
    let typed = || reference.kinds().iter().map(ToString::to_string).collect();
    let subject = LoggedSubject {
        places: rows.iter().filter_map(place).collect(),
        typed: (reference.account().map(str::to_owned), reference.region().map(str::to_owned)),
        kinds: if named.is_empty() { typed() } else { named },
        is_data: reference.is_object(),
        events: rows.iter().filter(counts).filter_map(|row| Time::parse(&row.event_time)).collect(),
        deeds: match (is_only_reads, reads) {
            (true, _) => GapCalls::Reads,
            (false, true) => GapCalls::All,
            (false, false) => GapCalls::Changes,
        },
    };
    let (switches, coverage) = match &all {
        Some((switches, coverage)) => (switches, coverage),
        None => (&asked.answer.switches, &asked.coverage),
    };
    not_logged::note_not_logged(messages, session, (coverage, switches), &subject);
    Ok(())
}

/// Says of an alias that what was done was done to the key that it names.
fn alias_alone(question: &RowQuery, found: &MatchedRows, sought: &str) -> Option<String> {
    let is_alias = |kind: &str| kind == "AWS::KMS::Alias";
    let asked = question.reference()?.kinds().iter().any(|kind| is_alias(kind));
    let about_others = !found.rows.is_empty() && !found.kinds.keys().any(|kind| is_alias(kind));
    (asked && about_others)
        .then(|| format!("no {sought} itself: what is shown was done to the key that it names"))
}

/// Says how many actions are told of by more than one record.
pub(super) fn shared(shared: SharedActions) -> Option<String> {
    (shared.actions > 0).then(|| {
        let [actions, records] =
            [(shared.actions, "action"), (shared.records, "record")].map(|(many, it)| count_noun(many, it));
        format!("{actions} logged in more than one account, in {records} with one `sharedEventID` each")
    })
}

/// Looks for the end of what the resource is part of, where nothing is found that deleted it: no record of
/// that names it. Returns what has to be said.
fn add_ends(
    session: &mut Session<'_>,
    question: &RowQuery,
    asked: &mut Answered<MatchedRows>,
) -> Result<Vec<String>, Error> {
    let Some(resource) = &question.resource else { return Ok(Vec::new()) };
    let done = |row: &Row| row.outcome == Outcome::Succeeded && row.action == Action::Deleted;
    let found = &asked.answer;
    // Of what no event names nothing can be told, but for those that filters hide.
    let typed = resource.asked().kinds().iter().filter(|_| session.filters()).map(|kind| kind.as_ref());
    let mut kinds = typed.chain(found.named_as.iter().map(String::as_str));
    let is_part = kinds.any(|kind| parts_of(kind).next().is_some());
    let is_asked = question.actions.contains(&Action::Deleted);
    // Of all objects of a bucket there may be more than can be held: of these a hint says that it was emptied.
    let is_many = resource.asked().is_many_objects();
    if !is_part || is_many || !is_asked || session.is_read_once() || found.rows.iter().any(done) {
        return Ok(Vec::new());
    }
    let history = history::existence(session, resource, question.origins, &mut asked.troubles)?;
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
fn creations(
    session: &mut Session<'_>,
    question: &RowQuery,
    asked: &mut Answered<MatchedRows>,
) -> Result<Option<String>, Error> {
    let is_put = |row: &&Row| row.outcome == Outcome::Succeeded && row.action != Action::Created;
    let is_asked = question.actions == [Action::Created] && asked.answer.rows.iter().any(|it| is_put(&it));
    let Some(resource) = question.resource.as_ref().filter(|_| is_asked) else { return Ok(None) };
    let timelines = if session.is_read_once() {
        Vec::new()
    } else {
        history::existence(session, resource, false, &mut asked.troubles)?.timelines(None)
    };
    let puts: Vec<&Row> = asked.answer.rows.iter().filter(is_put).collect();
    let open = puts.iter().filter(|row| !History::is_creation(&timelines, row));
    let names: BTreeSet<&str> = open.clone().map(|row| &*row.event_name).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    Ok((!names.is_empty()).then(|| {
        let whose = match puts.iter().find(|row| History::is_creation(&timelines, row)) {
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
fn is_on_data(question: &RowQuery) -> bool {
    let reads = question.actions.contains(&Action::Read);
    question.reference().is_some_and(|it| it.is_object() || (reads && it.has_data()))
}

/// Reads what tells since when the calls that are asked for are logged; nothing of a pipe, which is gone.
fn data_events(
    session: &mut Session<'_>,
    question: &RowQuery,
    troubles: &mut Vec<Trouble>,
) -> Result<Option<DataEvents>, Error> {
    let asked = question.reference().filter(|_| is_on_data(question) && !session.is_read_once());
    let Some(mut by) = asked.and_then(LoggedBy::new) else { return Ok(None) };
    by.catalog = session.catalog.clone();
    // A trail was told before `--since`, and by whomever.
    let logged = session.fold_beside(Filter::default(), &by, troubles)?;
    Ok(Some(by.known(&logged.answer)))
}

/// Refuses to trace what cannot be read twice.
pub(super) fn refuse_pipe(session: &Session<'_>) -> Result<(), Error> {
    if !session.is_read_once() {
        return Ok(());
    }
    Err(Error::new("`--trace` reads the archive twice, which a pipe does not allow")
        .hint("save the logs to a file first"))
}

/// Reads what the archive tells of makings. The calls that make credentials are looked for everywhere.
pub(super) fn read_issuances(
    session: &mut Session<'_>,
    troubles: &mut Vec<Trouble>,
) -> Result<CredentialFacts, Error> {
    Ok(session.fold_beside(Filter::default(), &TracePass::Issuance(None), troubles)?.answer)
}
