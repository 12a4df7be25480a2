//! Tells how the time of every command grows with what an archive holds much of.
//!
//! ```text
//! cargo build --release
//! cargo run --release --example growth -- --size 25000
//! ```
//!
//! Each shape (`shapes`) is made three times, with n, 2n and 4n of what it has much of; each command runs on each,
//! in one thread. The table has the seconds of CPU at 4n and the exponent from n to 4n: 1 is what doubles with the
//! archive, 2 what takes four times as long. What is above 1.15 is marked: somebody who writes part of the logs can
//! make that command never end.

mod commands;
mod shapes;

use clap::Parser;
use commands::{Asked, Program, RunEnd};
use flate2::{Compression, write::GzEncoder};
use shapes::Shape;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Above this a command is marked.
const LINEAR: f64 = 1.15;
/// What takes less is the start of the program.
const NOISE: f64 = 0.04;

/// Measure how the time of every command grows with the archive
#[derive(Debug, Parser)]
struct Options {
    /// The program to measure
    #[arg(long, default_value = "target/release/trailscan")]
    program: PathBuf,
    /// The smallest number of what there is much of; the others are twice and four times as large
    #[arg(long, default_value_t = 25_000)]
    size: usize,
    /// Only shapes of these names
    #[arg(long, value_delimiter = ',')]
    shape: Vec<String>,
    /// Only these commands
    #[arg(long, value_delimiter = ',')]
    command: Vec<String>,
    /// After so many seconds of CPU a command is stopped, and said to take longer
    #[arg(long, default_value_t = 60)]
    limit: u64,
    /// Show every line, and not only what grows faster than the archive
    #[arg(long)]
    all: bool,
    /// Write the archives here and keep them
    #[arg(long)]
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    run(&Options::parse()).unwrap_or_else(|message| {
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(io::stderr(), "growth: {message}");
        ExitCode::FAILURE
    })
}

/// Fails where a command grows faster than the archive.
fn run(options: &Options) -> Result<ExitCode, String> {
    let dir = tempfile::tempdir().map_err(|e| format!("cannot make a temporary folder: {e}"))?;
    let root = options.keep.as_deref().unwrap_or_else(|| dir.path());
    let program = Program::new(&options.program, dir.path(), options.limit);
    let mut out = io::stdout().lock();
    let mut say = |line: &str| writeln!(out, "{line}").map_err(|e| format!("cannot write the table: {e}"));
    say("| shape | command | s at n | s at 2n | s at 4n | exponent | |")?;
    say("| --- | --- | ---: | ---: | ---: | ---: | --- |")?;
    let wanted = |list: &[String], name: &str| list.is_empty() || list.iter().any(|it| it == name);
    let mut worst = 0;
    for shape in shapes::ALL.iter().filter(|shape| wanted(&options.shape, shape.name)) {
        let archives = [1, 2, 4].map(|times| make_archive(root, shape, options.size * times));
        let archives = archives.into_iter().collect::<Result<Vec<PathBuf>, String>>()?;
        for command in commands::ALL.iter().filter(|it| wanted(&options.command, it.name)) {
            let growth = Growth::of(&program, command, shape, &archives)?;
            worst += usize::from(growth.is_worse());
            if growth.is_worse() || options.all {
                say(&growth.line(shape, command.name, options.limit))?;
            }
        }
        if options.keep.is_none() {
            archives.iter().for_each(|archive| _ = fs::remove_dir_all(archive));
        }
    }
    say(&format!("\n{worst} grow faster than the archive (n = {})", options.size))?;
    Ok(if worst == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a command took on archives that are twice as large each time.
struct Growth {
    seconds: Vec<f64>,
    /// How it ended where it did not answer.
    failed: Option<String>,
}

impl Growth {
    fn of(program: &Program<'_>, asked: &Asked, shape: &Shape, archives: &[PathBuf]) -> Result<Self, String> {
        let mut growth = Self { seconds: Vec::new(), failed: None };
        for archive in archives {
            match program.measure(asked, shape.target, archive)? {
                RunEnd::Answered(cost) => growth.seconds.push(cost),
                RunEnd::TooLong => break,
                RunEnd::Failed(how) => {
                    growth.failed = Some(how);
                    break;
                }
            }
        }
        Ok(growth)
    }

    /// The exponent between the first and the last, where that is more than noise.
    fn exponent(&self) -> Option<f64> {
        let (first, last) = (self.seconds.first()?, self.seconds.last()?);
        let doublings = self.seconds.len().checked_sub(1).filter(|it| *it > 0)?;
        (*last > NOISE * 2.0).then(|| (last / first.max(NOISE)).log2() / doublings as f64)
    }

    fn is_worse(&self) -> bool {
        self.seconds.len() < 3 || self.exponent().is_some_and(|it| it > LINEAR)
    }

    fn line(&self, shape: &Shape, command: &str, limit: u64) -> String {
        let at = |place: usize| match (self.seconds.get(place), &self.failed) {
            (Some(seconds), _) => format!("{seconds:.2}"),
            (None, Some(how)) if place == self.seconds.len() => how.clone(),
            (None, None) if place == self.seconds.len() => format!("> {limit}"),
            (None, _) => "–".to_owned(),
        };
        let exponent = self.exponent().map_or_else(|| "–".to_owned(), |it| format!("{it:.2}"));
        let mark = if self.is_worse() { "**" } else { "" };
        let Shape { name, what, .. } = shape;
        format!("| {name} ({what}) | {command} | {} | {} | {} | {exponent} | {mark} |", at(0), at(1), at(2))
    }
}

/// Writes the archive of a shape: one file, as many records.
fn make_archive(root: &Path, shape: &Shape, number: usize) -> Result<PathBuf, String> {
    let dir = root.join(format!("{}-{number}", shape.name));
    fs::create_dir_all(&dir).map_err(|e| format!("cannot make `{}`: {e}", dir.display()))?;
    let path = dir.join("log.json.gz");
    let write = || -> io::Result<()> {
        let mut file = GzEncoder::new(File::create(&path)?, Compression::fast());
        file.write_all(b"{\"Records\":[")?;
        for (at, record) in (shape.records)(number).iter().enumerate() {
            if at > 0 {
                file.write_all(b",")?;
            }
            serde_json::to_writer(&mut file, record)?;
        }
        file.write_all(b"]}")?;
        file.finish().map(|_| ())
    };
    write().map_err(|e| format!("cannot write `{}`: {e}", path.display()))?;
    Ok(dir)
}
