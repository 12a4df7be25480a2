//! `new`: what a window of time has that the time before it never had.

use super::args::rare;
use super::ask::{AskArgs, Messages, Session};
use crate::answer::{BaselineComparison, Coverage, LogExtent, NoveltyReport};
use crate::error::{Error, Status};
use crate::event::Time;
use crate::query::parse_span;
use crate::text::count_noun;
use chrono::TimeDelta;
use clap::{Arg, Args};

/// The arguments of `new`.
#[derive(Args, Debug)]
#[command(mut_arg("event", rare), mut_arg("since", begins_window), mut_arg("until", ends_window))]
pub(super) struct NewArgs {
    /// How long the window is that is looked at
    ///
    /// It ends with `--until`, else with the last event; `--since` says instead when it begins.
    #[arg(long, value_name = "SPAN", default_value = "1d", conflicts_with = "since")]
    window: String,
    /// How long the time before it is, with which it is compared
    #[arg(long, value_name = "SPAN", default_value = "30d")]
    baseline: String,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &NewArgs) -> Result<Status, Error> {
    let (window, baseline) =
        (parse_span("--window", &args.window)?, parse_span("--baseline", &args.baseline)?);
    let ask = args.ask.ask("new");
    let mut session = Session::open(&ask)?;
    session.expect_fields(&NoveltyReport::FIELDS)?;
    let until = match session.search.filter.until {
        Some(until) => until,
        None if session.search.is_read_once() => {
            return Err(Error::new("the end of the window is not known before the standard input is read")
                .hint("say it with `--until`"));
        }
        None => {
            // Whether an event is the last one does not hang on where the window begins.
            let since = session.search.filter.since.take();
            let extent = session.search.fold(&LogExtent)?;
            session.search.filter.since = since;
            let last = extent.coverage.last;
            last.ok_or_else(|| {
                Error::new("no event in these logs has a readable time").hint("check what was given")
            })?
        }
    };
    let window = match session.search.filter.since {
        Some(since) if since >= until => {
            return Err(Error::new(format!(
                "`--since {since}` is not before the end of the window, {until}"
            ))
            .hint("name an earlier time: without `--until` the window ends with the last event"));
        }
        Some(since) => until.utc() - since.utc(),
        None => window,
    };
    let novel = comparison_until(until, window, baseline)?;
    (session.search.filter.since, session.search.filter.until) = (Some(novel.baseline), Some(novel.until));
    let asked = session.search.fold(&novel)?;
    let words = novelty_messages(&asked.answer, &asked.coverage, &novel, &args.baseline);
    session.show(&asked, &asked.answer, &words)
}

fn begins_window(since: Arg) -> Arg {
    since.help("Begin the window at this UTC time: `2024-03-01 15:42`").long_help(None)
}

fn ends_window(until: Arg) -> Arg {
    until.help("End the window at this UTC time [default: the last event]").long_help(None)
}

fn comparison_until(
    until: Time,
    window: TimeDelta,
    baseline: TimeDelta,
) -> Result<BaselineComparison, Error> {
    let back = |from: Time, span| from.utc().checked_sub_signed(span).map(Time::from);
    let from = back(until, window);
    let start = from.and_then(|from| back(from, baseline));
    match (from, start) {
        (Some(from), Some(baseline)) => Ok(BaselineComparison { baseline, from, until }),
        _ => {
            Err(Error::new("`--window` and `--baseline` reach beyond the calendar").hint("make them shorter"))
        }
    }
}

fn novelty_messages(
    news: &NoveltyReport,
    coverage: &Coverage,
    novel: &BaselineComparison,
    asked: &str,
) -> Messages {
    let BaselineComparison { baseline, from, until } = novel;
    let mut words = Messages { sought: "thing that is new in the window".to_owned(), ..Messages::default() };
    words.lines.push(format!("window {from} to {until}, {}", count_noun(news.window, "event")));
    words.lines.push(format!("compared with {baseline} to {from}, {}", count_noun(news.baseline, "event")));
    match coverage.first {
        _ if news.baseline == 0 => words.hints.push(
            "nothing in these logs lies before the window, so that everything looks new: the answer says little"
                .to_owned(),
        ),
        Some(first) if first > *baseline => {
            let short = format_span(from.utc() - first.utc());
            words.hints.push(format!(
                "the baseline is shorter than the {asked} asked for: the logs begin at {first}, {short} before the window"
            ));
        }
        _ => {}
    }
    words
}

/// A span in the largest unit of which there are two.
fn format_span(span: TimeDelta) -> String {
    let minutes = u64::try_from(span.num_minutes()).unwrap_or_default();
    match minutes {
        0..120 => count_noun(minutes, "minute"),
        120..2880 => count_noun(minutes / 60, "hour"),
        _ => count_noun(minutes / 1440, "day"),
    }
}
