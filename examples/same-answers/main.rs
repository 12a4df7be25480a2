//! Asks two trailscan programs the same questions and compares what they print, byte for byte: whether a change of the
//! code changed an answer.
//!
//! ```text
//! cargo run --release --example same-answers -- --before OLD/trailscan --after target/release/trailscan
//! ```
//!
//! The archives are the fixtures, and what `damage` makes of them; resources to ask for are learnt from the older
//! program (`learn`). Whether an answer is right is for the tests to say.

mod ask;
mod damage;
mod learn;
mod questions;

use ask::{Asked, Program};
use clap::Parser;
use rayon::prelude::*;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// Ask two trailscan programs the same questions and show where their answers differ
#[derive(Debug, Parser)]
struct Options {
    /// The program whose answers are taken for right
    #[arg(long)]
    before: PathBuf,
    /// The program to compare with it
    #[arg(long)]
    after: PathBuf,
    /// Ask only questions that hold this text
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    /// Print every question
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let compared = compare(&Options::parse());
    match compared {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "same-answers: {error}");
            ExitCode::from(2)
        }
    }
}

/// Returns how many answers differ.
fn compare(options: &Options) -> Result<usize, String> {
    let work = tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let before = Program::new(&options.before, &work.path().join("a"))?;
    let after = Program::new(&options.after, &work.path().join("b"))?;
    let made = work.path().join("made");
    damage::make(&made).map_err(|error| format!("cannot damage the fixtures: {error}"))?;
    let mut out = io::stdout();
    let (mut questions, mut differences, mut unsteady) = (0, 0, 0);
    for round in questions::rounds(&learn::subjects(&before)?, &made)? {
        let one = |question: &questions::Question| Asked::new(question, &before, &after);
        let wanted = |it: &&questions::Question| it.is_step() || it.text().contains(&options.only);
        let round_questions: Vec<_> = round.questions.iter().filter(wanted).collect();
        let asked: Result<Vec<Asked>, String> = match round.in_order {
            true => round_questions.into_iter().map(one).collect(),
            false => round_questions.into_par_iter().map(one).collect(),
        };
        for asked in asked? {
            questions += 1;
            if options.list {
                writeln!(out, "{}", asked.question).map_err(|error| error.to_string())?;
            }
            if let Some(difference) = &asked.difference {
                let (count, what) = match asked.is_unsteady {
                    true => (&mut unsteady, "unsteady: "),
                    false => (&mut differences, ""),
                };
                *count += 1;
                writeln!(out, "{what}{}\n{difference}", asked.question).map_err(|error| error.to_string())?;
            }
        }
        for program in [&before, &after] {
            round.harm.apply(program.index()).map_err(|error| format!("cannot harm an index: {error}"))?;
        }
    }
    let sums =
        format!("{questions} questions, {differences} answers differ, {unsteady} were unsteady before");
    writeln!(out, "{sums}").map_err(|error| error.to_string())?;
    Ok(differences)
}
