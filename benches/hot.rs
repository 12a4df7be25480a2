//! What each step of reading costs against inflating, in one process and on one thread.
//!
//! The logs are the real ones of `tests/fixtures`, over and over, about 50 MB of JSON, so that they do not
//! fit a cache. Each round takes all steps in turn; the first is not counted; ratios are taken within a
//! round. Steps do their whole work from the bytes: `parse and judge` parses as well. There is no harness:
//! what matters here is a ratio of neighbours, and criterion would bring many crates to time each alone.

#[path = "../examples/compare/decoder.rs"]
mod decoder;

use decoder::{Decoder, Kind};
use std::hint::black_box;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use trailscan::catalog::Catalog;
use trailscan::container;
use trailscan::container::{InflateBuffers, Limits};
use trailscan::decode;
use trailscan::decode::ScanBuffers;
use trailscan::decode::outline::Outline;
use trailscan::event::EventParser;
use trailscan::query::Literals;
use trailscan::resource::Reference;
use trailscan::scan;

/// How much JSON there is to be, and how many rounds are counted.
const SIZE: usize = 50_000_000;
const ROUNDS: usize = 7;

fn main() -> ExitCode {
    // `cargo test --benches` runs this as well, and wants no measurement.
    let result = if std::env::args().any(|arg| arg == "--bench") { run() } else { Ok(()) };
    if let Err(message) = result {
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(io::stderr(), "hot: {message}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run() -> Result<(), String> {
    let logs = Logs::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/invictus/AWSLogs"))?;
    let reference = Reference::parse("bucket/planted-payroll").map_err(|e| e.to_string())?;
    let own = Catalog::default();
    let literals = Literals::of_searched(&[&reference], &[]);
    let [(first, mut zlib_rs), (second, mut libdeflate)] =
        Kind::ALL.map(|kind| (format!("inflate, {}", kind.name()), Decoder::new(kind)));
    let (mut outline, mut parser, mut judge) =
        (Outline::default(), EventParser::default(), EventParser::default());
    let mut steps: [Step<'_>; 6] = [
        (&first, Box::new(|| logs.inflate(&mut zlib_rs))),
        (&second, Box::new(|| logs.inflate(&mut libdeflate))),
        ("outline", Box::new(|| logs.each(|record| outline.read(record, 0)))),
        ("literal search", Box::new(|| logs.each(|record| Some(usize::from(literals.occur_in(record)))))),
        ("parse", Box::new(|| logs.each(|record| parser.read(record, |event| event.name().len()).ok()))),
        (
            "parse and judge",
            Box::new(|| logs.each(|record| judge.read(record, |event| own.acts(event).list.len()).ok())),
        ),
    ];
    let mut seconds = vec![Vec::new(); steps.len()];
    for round in 0..=ROUNDS {
        for ((name, step), seconds) in steps.iter_mut().zip(&mut seconds) {
            let start = clock()?;
            black_box(step().map_err(|e| format!("{name}: {e}"))?);
            if round > 0 {
                seconds.push(clock()? - start);
            }
        }
    }
    table(&steps, &seconds, logs.size)
}

type Step<'s> = (&'s str, Box<dyn FnMut() -> Result<usize, String> + 's>);

fn table(steps: &[Step<'_>], seconds: &[Vec<f64>], size: usize) -> Result<(), String> {
    let mut text =
        format!("{:<20} {:>8} {:>14}   ({} MB of JSON)\n", "step", "MB/s", "× inflating", size / 1_000_000);
    let inflating = seconds.first().ok_or("nothing was measured")?;
    for ((name, _), seconds) in steps.iter().zip(seconds) {
        let ratios = seconds.iter().zip(inflating).map(|(step, inflating)| step / inflating);
        let rate = size as f64 / 1e6 / median(seconds.iter().copied());
        text += &format!("{name:<20} {rate:>8.0} {:>13.2}\n", median(ratios));
    }
    io::stdout().write_all(text.as_bytes()).map_err(|e| format!("cannot write: {e}"))
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The time that this process has worked, which other programs disturb less than a clock on the wall.
#[cfg(unix)]
fn clock() -> Result<f64, String> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let usage = getrusage(UsageWho::RUSAGE_SELF).map_err(|e| e.to_string())?;
    Ok((usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6)
}

/// Elsewhere the clock on the wall has to do.
#[cfg(not(unix))]
fn clock() -> Result<f64, String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map(|now| now.as_secs_f64()).map_err(|e| e.to_string())
}

/// The real logs, repeated.
struct Logs {
    /// The files as they are stored, once.
    files: Vec<Vec<u8>>,
    /// How often they are read.
    times: usize,
    /// The records of all of them, that often, one behind the other.
    text: Vec<u8>,
    /// Where each record starts; the last is the end.
    starts: Vec<usize>,
    /// Bytes of JSON.
    size: usize,
}

impl Logs {
    fn read(dir: &Path) -> Result<Self, String> {
        let found = scan::find_sources(&[dir.to_owned()], 1).map_err(|e| e.to_string())?;
        let (mut files, mut text, mut starts) = (Vec::new(), Vec::new(), vec![0]);
        let (mut scratch, mut work, limits) =
            (InflateBuffers::default(), ScanBuffers::default(), Limits::default());
        let (mut decoder, mut size) = (Decoder::new(Kind::ZlibRs), 0);
        for source in &found.sources {
            let Some(path) = source.path() else { continue };
            let file = std::fs::read(&path).map_err(|e| format!("`{}`: {e}", path.display()))?;
            size += decoder.inflate(&file).map_err(|e| format!("`{}`: {e}", path.display()))?.len();
            files.push(file);
            container::each_stream(source, &limits, &mut scratch, &mut |stream| {
                decode::read_records(stream, &limits, &mut work, &mut |record| {
                    text.extend_from_slice(record.text);
                    starts.push(text.len());
                    Ok(())
                });
            });
        }
        if size == 0 {
            return Err(format!("no logs are in `{}`", dir.display()));
        }
        let (times, once) = (SIZE.div_ceil(size), text.len());
        let first: Vec<usize> = starts.iter().skip(1).copied().collect();
        for _ in 1..times {
            let base = text.len();
            text.extend_from_within(..once);
            starts.extend(first.iter().map(|start| base + start));
        }
        Ok(Self { files, times, text, starts, size: size * times })
    }

    fn inflate(&self, decoder: &mut Decoder) -> Result<usize, String> {
        let mut sum = 0;
        for _ in 0..self.times {
            for file in &self.files {
                sum += decoder.inflate(file)?.len();
            }
        }
        Ok(sum)
    }

    /// Gives every record to `read`, which tells something of it.
    fn each(&self, mut read: impl FnMut(&[u8]) -> Option<usize>) -> Result<usize, String> {
        let records = self.starts.windows(2).filter_map(|ends| self.text.get(*ends.first()?..*ends.last()?));
        let sum = |sum: usize, record: &[u8]| Some(sum + read(record)?);
        records.into_iter().try_fold(0, sum).ok_or_else(|| "a record cannot be read".to_owned())
    }
}
