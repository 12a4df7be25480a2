//! Measures trailscan against inflating alone, and against other programs on the same question.
//! `docs/performance.md` has the tables that it makes.
//!
//! ```text
//! cargo build --release
//! cargo run --release --example make-archive -- OUT --size 100MB
//! cargo run --release --example compare -- OUT
//! ```
//!
//! Every program is a process of its own (see `measure`). Its answer is compared with the known answer
//! before anything is timed; then it runs in turn with its yardsticks, a first round is not counted, and
//! ratios are taken within a round. Files are read from the page cache: what is measured is work, not disks.

mod cases;
mod check;
mod decoder;
mod inside;
mod measure;
mod peers;
mod report;
mod stats;

use clap::{Parser, Subcommand};
use measure::Bench;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// Measure trailscan against inflating alone
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Options {
    /// Archive that `make-archive` wrote, with `ARCHIVE.expected.json` beside it
    #[arg(required = true)]
    archive: Option<PathBuf>,
    /// How many rounds are counted
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pairs: u16,
    /// How many threads everything may use
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    threads: u16,
    /// Measure this case only: count, stats, stats-count, who-deleted, who, deletes, actor, where, trace or parse
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Measure other programs on the same questions instead: all that are installed, or those named
    #[arg(long, value_name = "TOOL", num_args = 0.., value_delimiter = ',', require_equals = true)]
    peers: Option<Vec<peers::Tool>>,
    /// Python that may have the modules `duckdb` and `chdb`
    #[arg(long, value_name = "PATH", default_value = "python3")]
    python: OsString,
    #[command(subcommand)]
    inside: Option<Inside>,
}

/// What the example runs itself for.
#[derive(Debug, Subcommand)]
enum Inside {
    /// Run a program and write what it cost to a file
    #[command(hide = true)]
    Measure {
        into: PathBuf,
        #[arg(last = true)]
        command: Vec<OsString>,
    },
    /// Inflate every file and do nothing else
    #[command(hide = true)]
    Inflate {
        archive: PathBuf,
        #[arg(long)]
        threads: usize,
        #[arg(long)]
        decoder: decoder::Kind,
    },
    /// Count the records by event name
    #[command(hide = true)]
    Count {
        archive: PathBuf,
        #[arg(long)]
        threads: usize,
        /// Parse every record
        #[arg(long)]
        parse: bool,
    },
}

fn main() -> ExitCode {
    let options = Options::parse();
    run(&options).unwrap_or_else(|message| {
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(io::stderr(), "compare: {message}");
        ExitCode::FAILURE
    })
}

fn run(options: &Options) -> Result<ExitCode, String> {
    match (&options.inside, &options.archive) {
        (Some(Inside::Measure { into, command }), _) => return measure::measure(into, command),
        (Some(Inside::Inflate { archive, threads, decoder }), _) => {
            inside::inflate(archive, *threads, *decoder)?;
        }
        (Some(Inside::Count { archive, threads, parse }), _) => inside::count(archive, *threads, *parse)?,
        (None, Some(archive)) => report::report(options, archive)?,
        (None, None) => return Err("name an archive".to_owned()),
    }
    Ok(ExitCode::SUCCESS)
}

impl Options {
    fn wants(&self, case: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == case)
    }
}
