//! `inventory`: every resource that the logs know.

use super::args::{FilterArgs, InputArgs, OutputArgs, rare, usual};
use super::ask::Request;
use super::not_logged::LoggedSubject;
use super::resource_args::{RulesArgs, begin_messages};
use super::state::parse_moment;
use super::verify::VerifyArgs;
use super::{not_logged, remarks, resource_args, verify};
use crate::answer::InventoryRow;
use crate::error::{Error, Status};
use crate::ops::history;
use crate::ops::history::HistoryOptions;
use crate::query::Globs;
use crate::render::{INVENTORY_FIELDS, InventoryView, Provenance};
use crate::resource::type_patterns;
use crate::timeline::Existence;
use clap::{Args, ValueEnum};

/// The arguments of `inventory`.
#[derive(Args, Debug)]
#[command(mut_arg("event", rare), mut_arg("actor", rare), mut_arg("since", rare), mut_arg("until", rare))]
#[command(mut_arg("account", usual), mut_arg("region", usual))]
pub(super) struct InventoryArgs {
    /// The moment, in UTC: `2024-03-01 15:42`, `2 days ago` [default: the end]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// Only resources of this type: `bucket`, `EC2::SecurityGroup`, `AWS::IAM::*`
    #[arg(long = "type", value_name = "TYPE")]
    kind: Vec<String>,
    /// Only resources with this status
    #[arg(long, value_enum, value_name = "STATUS")]
    status: Vec<StatusArg>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    input: InputArgs,
}

/// What is known of whether a resource is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StatusArg {
    /// It exists, even if its deletion is scheduled
    Exists,
    /// It was deleted
    #[value(alias = "gone")]
    Deleted,
    /// The logs do not tell, or its deletion is due and nothing confirms it
    Unknown,
}

impl StatusArg {
    fn existence(self) -> Existence {
        match self {
            Self::Exists => Existence::Exists,
            Self::Deleted => Existence::Gone,
            Self::Unknown => Existence::Unknown,
        }
    }
}

pub(super) fn run(args: &InventoryArgs) -> Result<Status, Error> {
    let ask = Request::new("inventory", &args.filter, &args.output, &args.input).with_proof(&args.verify);
    let mut session = resource_args::open_session(&ask, &args.rules)?;
    session.expect_fields(INVENTORY_FIELDS)?;
    let at = parse_moment(args.at.as_deref(), session.now)?;
    let kinds = Globs::new("--type", &type_patterns("--type", &args.kind)?)?;
    let verify = &args.verify;
    let wish = HistoryOptions {
        kinds: kinds.clone(),
        slim: true,
        rows: verify.is_asked(),
        holes: true,
        ..HistoryOptions::default()
    };
    let mut found = history::resolve_history(&mut session.search, None, wish)?;
    let mut words = begin_messages(&found, "resource that was changed".to_owned());
    let mut all = found.asked.answer.list(at);
    all.retain(|it| it.is_known && it.is_shown && kinds.pass(it.resource.type_names()));
    all.retain(|it| {
        args.status.is_empty() || args.status.iter().any(|status| status.existence() == it.exists)
    });
    let mut named = found.asked.answer.rows_of(all.iter().flat_map(InventoryRow::events));
    verify.prove(&session, &mut named, &mut found.asked.troubles)?;
    let about = Provenance::new(&found.asked.answer, verify.is_asked(), false);
    for it in &mut all {
        it.verdict = verify::least_verdict(it.events().map(|event| about.verdict(event)));
    }
    words.lines.extend(verify.said(all.iter().map(|it| it.verdict), &mut found.asked.coverage));
    all.retain(|it| verify.keeps_verdict(it.verdict));
    let logs = (&found.asked.coverage, found.asked.answer.switches());
    not_logged::note_not_logged(&mut words, &session, logs, &LoggedSubject::default());
    let view = InventoryView { all, about };
    words.hints.extend(remarks::outside_logs_hint(at, &found.asked.coverage));
    session.show(&found.asked, &view, &words)
}
