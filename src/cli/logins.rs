//! `logins`: sign-ins, and what was done to passwords and second factors around them.

use super::args::{FilterArgs, InputArgs, OutputArgs, rare, usual};
use super::ask::{Messages, Request, Session};
use super::verify::VerifyArgs;
use crate::answer::{LoginKind, Logins, Row, SignIns};
use crate::error::{Error, Status};
use crate::event::Outcome;
use crate::render;
use crate::text::{count_noun, escape_for_terminal};
use clap::Args;
use std::collections::BTreeSet;

/// The arguments of `logins`.
#[derive(Args, Debug)]
#[command(mut_arg("event", rare), mut_arg("failed", usual))]
pub(super) struct LoginsArgs {
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(args: &LoginsArgs) -> Result<Status, Error> {
    render::check_fields(&args.output.fields, &SignIns::all_fields())?;
    let ask = Request::new("logins", &args.filter, &args.output, &args.input).with_proof(&args.verify);
    let session = Session::open(&ask)?;
    let mut asked =
        session.search.fold(&Logins::new(session.search.wants_raw, session.search.catalog().clone()))?;
    let SignIns { found, details, .. } = &mut asked.answer;
    let mut rows: Vec<_> = found.rows.iter_mut().collect();
    args.verify.prove(&session, &mut rows, &mut asked.troubles)?;
    let proven = args.verify.said(found.rows.iter().map(|row| row.verdict), &mut asked.coverage);
    let mut kept = found.rows.iter().map(|row| args.verify.keeps(row));
    details.retain(|_| kept.next().unwrap_or(true));
    found.rows.retain(|row| args.verify.keeps(row));
    let mut words = login_messages(&asked.answer, &session.paths_typed());
    words.lines.extend(proven);
    session.show(&asked, &asked.answer, &words)
}

fn login_messages(answer: &SignIns, paths: &str) -> Messages {
    let all = || answer.found.rows.iter().zip(&answer.details);
    let logins = || all().filter(|(_, (kind, _))| *kind == LoginKind::SignIn);
    let succeeded = || logins().filter(|(row, _)| row.outcome == Outcome::Succeeded);
    let failed = logins().filter(|(row, _)| row.outcome == Outcome::Failed).count();
    let of_root = succeeded().filter(|(row, _)| &*row.actor.kind == "Root").count();
    let with = |mfa: Option<bool>| succeeded().filter(move |(row, _)| row.actor.mfa == mfa);
    let (without, untold) = (with(Some(false)).count(), with(None).count());
    let mut words = Messages { sought: "sign-in".to_owned(), ..Messages::default() };
    if all().next().is_some() {
        let untold = match untold {
            0 => String::new(),
            untold => format!(", for {untold} that is not told"),
        };
        words.lines.push(format!(
            "{}, {failed} failed, {of_root} of root, {without} without a second factor{untold}",
            count_noun(logins().count() as u64, "sign-in")
        ));
    }
    if without > 0 {
        words.lines.push(format!(
            "without a second factor: {}",
            list_callers(with(Some(false)).map(|(row, _)| row))
        ));
    }
    if untold > 0 {
        words.hints.push(
            "of users whom an identity provider vouches for, AWS does not log whether there was a second factor"
                .to_owned(),
        );
    }
    if answer.of_user_pools > 0 {
        words.hints.push(format!(
            "{} of sign-ins to user pools of Amazon Cognito, which are none to AWS, are not shown: `trailscan events --service cognito-idp{paths}` shows them",
            count_noun(answer.of_user_pools, "call")
        ));
    }
    if answer.found.doubtful > 0 {
        words.hints.push("rows marked `damaged` in `evidence` may say what was never logged".to_owned());
    }
    words
}

/// Who they are, each once.
fn list_callers<'r>(rows: impl Iterator<Item = &'r Row>) -> String {
    /// More are counted only.
    const MOST: usize = 5;
    let all: BTreeSet<&str> = rows.map(|row| &*row.actor.who).collect();
    let shown: Vec<String> = all.iter().take(MOST).map(|who| escape_for_terminal(who).into_owned()).collect();
    match all.len().checked_sub(MOST) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}
