//! `coverage`: what the archive holds of each account, region and day, and what it does not.

use super::args::{FilterArgs, InputArgs, OutputArgs, rare, usual};
use super::ask::{Messages, Request, Session};
use super::validate::TrustArgs;
use crate::answer::CoverageQuery;
use crate::error::{Error, Status};
use crate::integrity::{TimeWindow, ValidationSummary};
use crate::render::ArchiveCoverageView;
use crate::scan::ReadStates;
use crate::scan::validate::{ValidationRequest, verify_files};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;

/// The arguments of `coverage`.
#[derive(Args, Debug)]
#[command(
    mut_arg("event", rare),
    mut_arg("actor", rare),
    mut_arg("account", usual),
    mut_arg("region", usual)
)]
pub(super) struct CoverageArgs {
    /// Count by day or by hour
    #[arg(long, value_enum, default_value_t = SpanArg::Day, value_name = "SPAN")]
    by: SpanArg,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SpanArg {
    /// A row for each day
    Day,
    /// A row for each hour
    Hour,
}

pub(super) fn run(args: &CoverageArgs) -> Result<Status, Error> {
    let ask = Request::new("coverage", &args.filter, &args.output, &args.input);
    let seconds = if args.by == SpanArg::Hour { 3600 } else { 86_400 };
    let (trust, refused) = args.trust.read()?;
    let session = Session::open(&ask)?;
    session.expect_fields(&["account", "region", "from", "files", "events", "digests"])?;
    let mut asked =
        session.search.fold(&CoverageQuery { seconds, catalog: session.search.catalog().clone() })?;
    asked.troubles.extend(refused);
    asked.troubles.sort();
    let time = |time: Option<crate::event::Time>| time.map(|time| time.utc().timestamp());
    let filter = &session.search.filter;
    let window = TimeWindow { since: time(filter.since), until: time(filter.until) };
    let request =
        ValidationRequest { trust: &trust, window, limits: args.input.limits(), threads: args.input.threads };
    // The logs themselves are not hashed: `validate` does that.
    let bar = session.ui.progress(0);
    let (sources, states) = (session.search.sources().to_vec(), ReadStates::default());
    let report = verify_files(sources, &BTreeSet::new(), &states, &request, &bar)?;
    drop(bar);
    let mut summary = ValidationSummary::new(&report, false);
    let passes = |account: &str, region: &str| filter.account.pass([account]) && filter.region.pass([region]);
    summary.lines.retain(|line| passes(&line.account, &line.region));
    let mut digests = report.ends();
    digests.retain(|(account, region, _)| passes(account, region));
    let view = ArchiveCoverageView::new(&asked.answer, &summary, &digests, seconds);
    let mut words = Messages { sought: "event or digest".to_owned(), ..Messages::default() };
    match report.digests() {
        0 => words.hints.push(
            "there is no digest in these files: without `CloudTrail-Digest/` nobody can say whether files are missing"
                .to_owned(),
        ),
        count => words.lines.push(format!(
            "{count} digests; `trailscan validate{}` proves them and the files",
            session.paths_typed()
        )),
    }
    session.show(&asked, &view, &words)
}
