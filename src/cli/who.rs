//! `who`, `who-created`, `who-changed`, `who-deleted`, `who-read`.

use super::args::{FilterArgs, InputArgs, OutputArgs, rare, usual};
use super::ask::{Messages, Request, Session};
use super::names::also_known;
use super::not_logged;
use super::not_logged::LoggedSubject;
use super::provenance_args::ProvenanceArgs;
use super::verify::VerifyArgs;
use crate::answer::{GapCalls, MatchedRows, Row, RowQuery, SharedActions, data_event_hints, row_hints};
use crate::catalog::Action;
use crate::error::{Error, Status};
use crate::event::{Outcome, Time};
use crate::ops::{credentials, names, who as ops_who};
use crate::render::RowsView;
use crate::resource::Reference;
use crate::scan::ask::Answered;
use crate::text::count_noun;
use crate::{catalog, render};
use clap::{Args, ValueEnum};

/// The arguments of the `who` commands.
#[derive(Args, Debug)]
#[command(mut_arg("event", rare), mut_arg("actor", usual))]
pub(super) struct WhoArgs {
    /// The resource: `bucket/payroll`, `s3://bucket/key`, an id (`sg-…`, `AKIA…`), an ARN, or a plain name
    #[arg(value_name = "RESOURCE")]
    reference: String,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    behind: ProvenanceArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

/// How the rows of a table are put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RowOrder {
    /// In order of time, the failed ones with their errors
    Time,
    /// What was done, then what failed
    Outcome,
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
    let mut actions = RowQuery::CHANGES.to_vec();
    if args.all {
        actions.push(Action::Read);
    }
    answer_question(&args.who, "who", "changes", &actions)
}

pub(super) fn run(args: &WhoArgs, action: Action) -> Result<Status, Error> {
    let (command, done) = match action {
        Action::Created => ("who-created", "creates"),
        Action::Changed => ("who-changed", "changes"),
        Action::Deleted => ("who-deleted", "deletes"),
        Action::Read => ("who-read", "reads"),
    };
    answer_question(args, command, done, &[action])
}

fn answer_question(
    args: &WhoArgs,
    command: &'static str,
    done: &str,
    actions: &[Action],
) -> Result<Status, Error> {
    let reference = Reference::parse(&args.reference)?;
    let sought = format!("call that {done} `{}`", reference.text());
    let question = RowQuery { origins: args.behind.trace, ..RowQuery::about(reference, actions) };
    let ask = Request::new(command, &args.filter, &args.output, &args.input)
        .with_proof(&args.behind.verify)
        .about(&args.reference);
    answer_rows(&ask, question, &sought, &args.behind.verify, RowOrder::Outcome)
}

/// Answers with rows of events.
pub(super) fn answer_rows(
    request: &Request<'_>,
    mut question: RowQuery,
    sought: &str,
    verify: &VerifyArgs,
    order: RowOrder,
) -> Result<Status, Error> {
    let traced = if question.origins { render::TRACED_FIELDS } else { &[] };
    let (of_record, of_row): (Vec<String>, Vec<String>) =
        request.output.fields.iter().cloned().partition(|path| render::is_record_path(path));
    render::check_fields(&of_row, &[render::ROW_FIELDS, traced].concat())?;
    let mut session = Session::open(request)?;
    question.catalog = session.search.catalog().clone();
    question.raw = session.search.wants_raw || !of_record.is_empty();
    if question.origins {
        session.refuse_pipe()?;
    }
    let (mut asked, more) = names::find_rows(&mut session.search, &mut question)?;
    let ended = ops_who::add_ends(&mut session.search, &question, &mut asked)?;
    let made = ops_who::find_unproven_creations(&mut session.search, &question, &mut asked)?;
    if question.origins && !asked.answer.rows.is_empty() {
        let facts = credentials::read_issuances(&mut session.search, &mut asked.troubles)?;
        asked.answer.add_origins(facts);
    }
    let rows = &mut asked.answer.rows;
    let proven = verify.run(&session, rows, &mut asked.coverage, &mut asked.troubles)?;
    let data = ops_who::read_data_events(&mut session.search, &question, &mut asked.troubles)?;
    let found = &asked.answer;
    let failed = found.rows.iter().filter(|row| row.outcome == Outcome::Failed).count();
    let mut words = Messages {
        sought: sought.to_owned(),
        hints: row_hints(&question, found, &session.paths_typed()),
        names: question.resource.as_ref().map(also_known).unwrap_or_default(),
        ..Messages::default()
    };
    words.hints.extend(more);
    words.hints.extend(made);
    words.lines.extend(alias_alone(&question, found, sought));
    words.lines.extend(ended);
    words.lines.extend(shared_actions_note(found.shared));
    if let Some(reference) = question.reference().filter(|_| ops_who::is_on_data(&question)) {
        words.hints.extend(data_event_hints(reference, data.as_ref(), &asked.coverage));
        words.beside.extend(data.and_then(|it| Some(("dataEvents", serde_json::to_value(it).ok()?))));
    }
    note_log_gaps(&mut session, &question, &mut asked, &mut words)?;
    let found = &asked.answer;
    let kinds = question.reference().map(Reference::kinds).unwrap_or_default();
    if session.search.filter.since.is_some() && catalog::may_act_later(kinds, &question.actions) {
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
    let view = RowsView::new(found, order == RowOrder::Outcome, &request.output.fields);
    session.show(&asked, &view, &words)
}

/// Says what trails did not log of what is asked for.
fn note_log_gaps(
    session: &mut Session<'_>,
    question: &RowQuery,
    asked: &mut Answered<MatchedRows>,
    messages: &mut Messages,
) -> Result<(), Error> {
    let Some(reference) = question.reference() else { return Ok(()) };
    let all = if session.search.is_filtered {
        not_logged::read_switches(session, &mut asked.troubles)?
    } else {
        None
    };
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
pub(super) fn shared_actions_note(shared: SharedActions) -> Option<String> {
    (shared.actions > 0).then(|| {
        let [actions, records] =
            [(shared.actions, "action"), (shared.records, "record")].map(|(many, it)| count_noun(many, it));
        format!("{actions} logged in more than one account, in {records} with one `sharedEventID` each")
    })
}
