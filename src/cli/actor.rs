//! `actor`: what somebody did.

use super::args::{rare, usual};
use super::ask::{AskArgs, Messages, Session};
use super::not_logged;
use super::not_logged::LoggedSubject;
use super::who::shared_actions_note;
use crate::answer::{GapCalls, PrincipalProfile, PrincipalQuery, ProfileSection};
use crate::error::{Error, Status};
use crate::text::count_noun;
use clap::Args;

/// The arguments of `actor`.
#[derive(Args, Debug)]
#[command(mut_arg("actor", rare), mut_arg("failed", usual))]
pub(super) struct ActorArgs {
    /// A user, role, session, ARN, access key (`AKIA…`), account, `root`, service, or address
    #[arg(value_name = "WHO")]
    who: String,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &ActorArgs) -> Result<Status, Error> {
    let mut who = PrincipalQuery::parse(&args.who)?;
    let ask = args.ask.ask("actor").about(&args.who);
    let mut session = Session::open(&ask)?;
    session.expect_fields(&PrincipalProfile::all_fields())?;
    who.catalog = session.search.catalog().clone();
    who.narrow(&mut session.search.filter);
    let mut asked = session.search.fold(&who)?;
    let switches = not_logged::read_switches(&mut session, &mut asked.troubles)?;
    let story = &asked.answer;
    let mut words = Messages { sought: format!("event by `{}`", who.text()), ..Messages::default() };
    words.lines.extend(shared_actions_note(story.shared));
    let identities: Vec<_> = story.section(ProfileSection::Identities).collect();
    let people =
        identities.iter().map(|(key, _)| (&key[1], &key[2])).collect::<std::collections::BTreeSet<_>>();
    if people.len() > 1 {
        let (text, many) = (who.text(), count_noun(people.len() as u64, "caller"));
        words.hints.push(format!("`{text}` is {many} here: what stands below is the sum of what they did"));
    }
    if !story.section(ProfileSection::Via).all(|(key, _)| key[0].as_deref() != Some("console by user agent"))
    {
        words.hints.push("`console by user agent` rests on a text that any program may send".to_owned());
    }
    if let Some((switches, coverage)) = &switches {
        let subject = LoggedSubject { deeds: GapCalls::All, ..LoggedSubject::default() };
        not_logged::note_not_logged(&mut words, &session, (coverage, switches), &subject);
    }
    session.show(&asked, story, &words)
}
