//! Writes a CloudTrail archive of any size, the same one on every run, together with the answers.
//!
//! ```text
//! cargo run --release --example make-archive -- OUT --size 200MB --seed 1
//! ```
//!
//! `OUT` becomes a tree as an organization trail leaves it in a bucket, with nothing but logs in it.
//! `OUT.expected.json` beside it says what was written: counts, the planted events (see `story`), the sizes.
//! Every name, address and number in the archive is invented. All that a file holds follows from the
//! options and the number of the file, so files are made in parallel and come out the same.

mod actors;
mod digests;
mod kinds;
mod plan;
mod record;
mod rng;
mod story;
mod tally;
mod template;
mod words;

use clap::Parser;
use flate2::{Compression, GzBuilder};
use plan::{MOST_RECORDS, Plan};
use rayon::prelude::*;
use record::Book;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use tally::Tally;

/// Write a realistic CloudTrail archive with known answers
#[derive(Debug, Parser)]
struct Options {
    /// Folder to make; `OUT.expected.json` is written beside it
    out: PathBuf,
    /// How much to write, as bytes of gzip: `200MB`, `1.5GiB` [default: 200MB, or no limit with --files]
    #[arg(long, value_parser = size)]
    size: Option<u64>,
    /// Count the bytes of JSON for --size, not those of gzip
    #[arg(long)]
    inflated: bool,
    /// Stop after this many files
    #[arg(long, value_parser = clap::value_parser!(u64).range(story::FILES..))]
    files: Option<u64>,
    /// Write 1 to 12 events into each file
    #[arg(long)]
    small_files: bool,
    /// Sign it: a digest an hour for every account and region, `OUT.keys.json` and `OUT.heads.json` beside it
    #[arg(long)]
    digests: bool,
    /// Choose the archive
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The smallest archive that holds all that is planted.
const LEAST: u64 = 1_000_000;

/// Reads a number of bytes with a unit.
fn size(text: &str) -> Result<u64, String> {
    let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let unit = match unit.to_ascii_uppercase().as_str() {
        "" | "B" => 1.0,
        "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "KIB" => 1024.0,
        "MIB" => 1024.0 * 1024.0,
        "GIB" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(format!("no unit is called `{unit}`; expected B, KB, MB, GB, KiB, MiB or GiB")),
    };
    let number: f64 =
        number.trim().parse().map_err(|_| "expected a number of bytes, such as `200MB`".to_owned())?;
    let bytes = (number * unit) as u64;
    if bytes < LEAST { Err("expected 1MB or more".to_owned()) } else { Ok(bytes) }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let start = Instant::now();
    let mut stderr = io::stderr();
    // A closed stderr leaves nobody to tell.
    match run(&options) {
        Ok(total) => {
            let _ = writeln!(stderr, "{} in {:.1} s", total.summary(), start.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(stderr, "make-archive: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the archive and the answers.
fn run(options: &Options) -> Result<Tally, String> {
    if fs::read_dir(&options.out).is_ok_and(|mut found| found.next().is_some()) {
        return Err(format!("`{}` is not empty; name a new folder", options.out.display()));
    }
    let limit = Limit::new(options);
    let plan = Plan::new(options.seed, options.small_files, limit.most_records());
    let mut listed = Vec::new();
    let total = write_files(&options.out, &plan, &limit, &mut listed)?;
    if options.digests {
        digests::write(&options.out, &listed).map_err(|e| format!("cannot write the digests: {e}"))?;
    }
    // Without a slash at the end, which would put the answers inside.
    let mut answers = options.out.components().as_path().as_os_str().to_owned();
    answers.push(".expected.json");
    let answers = PathBuf::from(answers);
    let text = format!("{:#}\n", total.expected(options.seed));
    fs::write(&answers, text).map_err(|e| format!("cannot write `{}`: {e}", answers.display()))?;
    Ok(total)
}

/// When the archive is large enough.
#[derive(Debug)]
struct Limit {
    bytes: u64,
    inflated: bool,
    files: u64,
}

impl Limit {
    fn new(options: &Options) -> Self {
        let unlimited = if options.files.is_some() { u64::MAX } else { 200_000_000 };
        let bytes = options.size.unwrap_or(unlimited);
        Self { bytes, inflated: options.inflated, files: options.files.unwrap_or(u64::MAX) }
    }

    /// Returns the most records a file may hold: a small archive is not to be one large file.
    fn most_records(&self) -> u64 {
        let inflated = if self.inflated { self.bytes } else { self.bytes.saturating_mul(10) };
        (inflated / 1500 / 24).clamp(12, MOST_RECORDS)
    }

    /// Returns how many more files to make at once: zero when the archive is done.
    fn next_batch(&self, total: &Tally) -> u64 {
        let written = if self.inflated { total.inflated } else { total.gz };
        let files = total.files();
        if files < story::FILES {
            return story::FILES - files;
        }
        let left = self.bytes.saturating_sub(written);
        let by_size = left.div_ceil((written / files).max(1));
        by_size.min(self.files - files).min(256)
    }
}

/// A file, made but not yet written.
struct Made {
    path: PathBuf,
    gz: Vec<u8>,
    hash: [u8; 32],
    tally: Tally,
}

/// Makes and writes one file after another until the archive is large enough. The files of a batch are
/// made in parallel; those after the one that fills the archive are thrown away.
fn write_files(
    out: &Path,
    plan: &Plan,
    limit: &Limit,
    listed: &mut Vec<digests::Listed>,
) -> Result<Tally, String> {
    let book = Book::new();
    let mut total = Tally::default();
    loop {
        let (first, many) = (total.files(), limit.next_batch(&total));
        if many == 0 {
            return Ok(total);
        }
        let make = |text: &mut String, index: u64| make(text, plan, &book, index);
        let made: Vec<Made> = (first..first + many)
            .into_par_iter()
            .map_init(String::new, make)
            .collect::<io::Result<_>>()
            .map_err(|e| e.to_string())?;
        let mut kept = Vec::new();
        for file in made {
            if limit.next_batch(&total) == 0 {
                break;
            }
            total.add(file.tally);
            listed.push((file.path.clone(), file.hash));
            kept.push((out.join(file.path), file.gz));
        }
        kept.par_iter().try_for_each(|(path, gz)| {
            write(path, gz).map_err(|e| format!("cannot write `{}`: {e}", path.display()))
        })?;
    }
}

/// Makes one file; `text` is room for its content.
fn make(text: &mut String, plan: &Plan, book: &Book, index: u64) -> io::Result<Made> {
    let (slot, mut rng) = plan.slot(index);
    let path = slot.path(plan.seed);
    let mut tally = record::file(text, plan, book, &slot, &mut rng);
    let (gz, hash) = (gzip(text.as_bytes())?, digests::sha256(text.as_bytes()));
    tally.gz = gz.len() as u64;
    Ok(Made { path, gz, hash, tally })
}

/// Compresses as CloudTrail does.
fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let room = Vec::with_capacity(content.len() / 8);
    let mut gz = GzBuilder::new().mtime(0).write(room, Compression::new(6));
    gz.write_all(content)?;
    gz.finish()
}

/// Writes one file, with its folders if they are not there yet.
fn write(path: &Path, gz: &[u8]) -> io::Result<()> {
    let mut file = File::create(path).or_else(|_| {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        File::create(path)
    })?;
    file.write_all(gz)
}
