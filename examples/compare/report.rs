//! Checks, measures, and writes the tables as Markdown.

use crate::cases::{self, CASES, Case, Places};
use crate::check::{self, Known};
use crate::decoder::Kind;
use crate::peers::{QUERIES, Tool};
use crate::stats::{Of, Rounds, Runner, Spread, rounds};
use crate::{Bench, Options};
use clap::ValueEnum as _;
use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const CPU: Of = |cost| cost.cpu;
const WALL: Of = |cost| cost.wall;
const PEAK: Of = |cost| cost.peak;

/// Files below this size, inflated, make it worth while to tell the cost of a file.
const SMALL: u64 = 20_000;

/// Measures what the options ask for.
pub(crate) fn report(options: &Options, archive: &Path) -> Result<(), String> {
    let me = std::env::current_exe().map_err(|e| format!("cannot find this example: {e}"))?;
    let trailscan = binary(&me)?;
    let bench = Bench::new(me.clone())?;
    let known = Known::read(archive)?;
    if let Some(only) = &options.only
        && !CASES.iter().any(|case| case.name == only)
    {
        let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
        return Err(format!("no case is called `{only}`; expected one of {}", names.join(", ")));
    }
    let lab = Lab {
        bench,
        places: Places { trailscan: &trailscan, me: &me, archive },
        known,
        pairs: options.pairs.into(),
        threads: options.threads.into(),
    };
    say(&lab.heading(options)?)?;
    match &options.peers {
        Some(asked) => lab.peers(options, asked),
        None => lab.cases(options),
    }
}

/// Finds the binary: `target/release/examples/compare` stands below it.
fn binary(me: &Path) -> Result<PathBuf, String> {
    let name = format!("trailscan{}", std::env::consts::EXE_SUFFIX);
    let path = me.parent().and_then(Path::parent).map(|dir| dir.join(name)).unwrap_or_default();
    if cfg!(debug_assertions) {
        return Err("this build is not optimized; use `cargo run --release`".to_owned());
    }
    if !path.is_file() {
        return Err(format!("there is no `{}`; run `cargo build --release` first", path.display()));
    }
    Ok(path)
}

struct Lab<'p> {
    bench: Bench,
    places: Places<'p>,
    known: Known,
    pairs: usize,
    threads: usize,
}

impl Lab<'_> {
    /// Says when, where and on what.
    fn heading(&self, options: &Options) -> Result<String, String> {
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let megabytes = |field: &str| Ok::<_, String>(self.known.number(field)? as f64 / 1e6);
        Ok(format!(
            "{}, {} ({cores} cores), {}; {} rounds, {} threads; {} files, {:.1} MB of gzip, {:.1} MB of JSON, {} records{}\n",
            chrono::Utc::now().format("%Y-%m-%d"),
            model.map_or(std::env::consts::ARCH, |(_, model)| model.trim()),
            std::env::consts::OS,
            options.pairs,
            options.threads,
            self.known.number("files")?,
            megabytes("gzBytes")?,
            megabytes("inflatedBytes")?,
            self.known.number("records")?,
            options.only.as_deref().map(|only| format!("; `{only}` only")).unwrap_or_default(),
        ))
    }

    /// Checks the answer of a runner, and keeps it.
    fn checked(&self, what: &str, mut runner: Runner, check: check::Check) -> Result<Runner, String> {
        self.bench.run(&runner.task, runner.statuses)?;
        let printed = self.bench.output()?;
        let wrong = |e: String| format!("{what} gave a wrong answer: {}", e.replace(char::is_control, " "));
        check(&self.known, &printed).map_err(wrong)?;
        runner.printed = Some(printed);
        Ok(runner)
    }

    fn inflater(&self, kind: Kind) -> Result<Runner, String> {
        let task = cases::inflate(&self.places, self.threads, kind);
        self.checked(kind.name(), Runner { task, statuses: &[0], printed: None }, check::inflated)
    }

    fn case(&self, case: &Case, threads: usize) -> Result<Runner, String> {
        let task = case.task(&self.places, threads);
        self.checked(case.name, Runner { task, statuses: case.statuses, printed: None }, case.check)
    }

    /// Every case in turn with the inflaters, and with itself on one thread.
    fn cases(&self, options: &Options) -> Result<(), String> {
        let small = self.known.number("medianInflatedBytes")? < SMALL;
        let files = self.known.number("files")? as f64;
        let [zlib_rs, libdeflate] = Kind::ALL.map(|kind| self.inflater(kind));
        let mut runners = vec![zlib_rs?, libdeflate?];
        let mut columns = vec!["case", "CPU s", "× zlib-rs", "× libdeflate", "wall s", "peak MB"];
        if small {
            columns.push("µs a file above zlib-rs");
        }
        if self.threads > 1 {
            columns.push("wall × 1 thread");
        }
        head(1, &columns)?;
        let mut titles: Vec<_> =
            Kind::ALL.iter().map(|kind| format!("inflate only, {}", kind.name())).collect();
        let gzip = Runner { task: cases::gzip(&self.places), statuses: &[0], printed: None };
        if let Ok(gzip) = self.checked("gzip", gzip, check::silent) {
            titles.push("inflate only, `gzip -t` (one thread)".to_owned());
            runners.push(gzip);
        }
        let inflating = rounds(&self.bench, &runners, self.pairs)?;
        for (at, title) in titles.iter().enumerate() {
            let ratios = [inflating.ratio(at, 0, CPU), inflating.ratio(at, 1, CPU)];
            self.row(title, &inflating, at, ratios, &vec![String::new(); columns.len() - 6])?;
        }
        for case in CASES.iter().filter(|case| options.wants(case.name)) {
            runners.truncate(2);
            runners.push(self.case(case, self.threads)?);
            if self.threads > 1 {
                runners.push(self.case(case, 1)?);
            }
            let rounds = rounds(&self.bench, &runners, self.pairs)?;
            let ratios = [rounds.ratio(2, 0, CPU), rounds.ratio(2, 1, CPU)];
            let mut more = Vec::new();
            if small {
                more.push(format!("{:.1}", rounds.above(2, 0, CPU).median * 1e6 / files));
            }
            if self.threads > 1 {
                more.push(rounds.ratio(2, 3, WALL).text(2));
            }
            self.row(case.title, &rounds, 2, ratios, &more)?;
        }
        Ok(())
    }

    fn row(
        &self,
        title: &str,
        rounds: &Rounds,
        at: usize,
        ratios: [Spread; 2],
        more: &[String],
    ) -> Result<(), String> {
        let [cpu, wall] = [CPU, WALL].map(|of| format!("{:.2}", rounds.median(at, of)));
        let [first, second] = ratios.map(|ratio| ratio.text(2));
        let peak = format!("{:.0}", rounds.median(at, PEAK));
        let mut cells = vec![title.to_owned(), cpu, first, second, wall, peak];
        cells.extend_from_slice(more);
        say(&format!("| {} |", cells.join(" | ")))
    }

    /// Every program that is installed, in turn with trailscan.
    fn peers(&self, options: &Options, asked: &[Tool]) -> Result<(), String> {
        let python: &OsStr = &options.python;
        let mut tools = Vec::new();
        for tool in Tool::value_variants().iter().filter(|tool| asked.is_empty() || asked.contains(tool)) {
            let version = tool.version(&self.bench, python);
            say(&format!("* {}: {}", tool.name(), version.as_deref().unwrap_or("not installed, left out")))?;
            tools.extend(version.map(|_| *tool));
        }
        say("")?;
        let columns =
            ["question", "program", "CPU s", "CPU × trailscan", "wall s", "wall × trailscan", "peak MB"];
        head(2, &columns)?;
        for case in CASES.iter().filter(|case| options.wants(case.name)) {
            let (mut names, mut runners) = (vec!["trailscan"], vec![self.case(case, self.threads)?]);
            for query in QUERIES.iter().filter(|query| query.case == case.name) {
                if !tools.contains(&query.tool) {
                    continue;
                }
                let task = query.task(self.places.archive, self.threads, python);
                let runner = Runner { task, statuses: &[0], printed: None };
                match self.checked(query.tool.name(), runner, query.check) {
                    // Its rows may come in any order, so what it prints later is not compared.
                    Ok(runner) => {
                        names.push(query.tool.name());
                        runners.push(Runner { printed: None, ..runner });
                    }
                    Err(cause) => say(&format!("| {} | {cause} | | | | | |", case.name))?,
                }
            }
            if runners.len() == 1 {
                continue;
            }
            let rounds = rounds(&self.bench, &runners, self.pairs)?;
            for (at, name) in names.iter().enumerate() {
                say(&format!(
                    "| {} | {name} | {:.2} | {} | {:.2} | {} | {:.0} |",
                    case.name,
                    rounds.median(at, CPU),
                    rounds.ratio(at, 0, CPU).text(1),
                    rounds.median(at, WALL),
                    rounds.ratio(at, 0, WALL).text(1),
                    rounds.median(at, PEAK),
                ))?;
            }
        }
        Ok(())
    }
}

/// Starts a table; the first columns hold text, the others numbers.
fn head(texts: usize, columns: &[&str]) -> Result<(), String> {
    let line = columns.iter().enumerate().map(|(at, _)| if at < texts { " --- |" } else { " ---: |" });
    say(&format!("| {} |\n|{}", columns.join(" | "), line.collect::<String>()))
}

/// Prints a line at once, for the next may take its time.
fn say(line: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|e| format!("cannot write: {e}"))
}
