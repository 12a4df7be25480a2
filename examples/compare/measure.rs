//! Runs a program and tells what it cost: CPU seconds, seconds, peak memory.
//!
//! The example starts itself between (the hidden command `measure`), for the system keeps these sums for
//! all children of a process together (`getrusage`, `RUSAGE_CHILDREN`): a process with one child, with
//! what that child started and waited for, has the sums of that child. This is how `time` does it. Peak
//! memory is that of the largest single process; it cannot be seen below that of the small process
//! between, about 3 MB.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use tempfile::TempDir;

/// A program to run with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Task(Vec<OsString>);

impl Task {
    /// Names the program.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self(vec![program.as_ref().to_owned()])
    }

    /// Returns the name of the program.
    pub(crate) fn name(&self) -> String {
        let path = self.0.first().map(Path::new).and_then(Path::file_name);
        path.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.0.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// User and system time, in seconds.
    pub(crate) cpu: f64,
    /// Time on the clock, in seconds.
    pub(crate) wall: f64,
    /// The most memory that was resident, in MB.
    pub(crate) peak: f64,
}

/// The place where programs are run: what they print goes into files, so that no pipe holds them up.
pub(crate) struct Bench {
    dir: TempDir,
    me: PathBuf,
}

impl Bench {
    /// Prepares the place.
    pub(crate) fn new(me: PathBuf) -> Result<Self, String> {
        let dir = tempfile::tempdir().map_err(|e| format!("cannot make a temporary folder: {e}"))?;
        Ok(Self { dir, me })
    }

    /// Runs a task; it must end with one of `statuses`. What it printed is in [`output`](Self::output).
    pub(crate) fn run(&self, task: &Task, statuses: &[i32]) -> Result<Cost, String> {
        let [out, err, cost] = ["out", "err", "cost"].map(|name| self.dir.path().join(name));
        let create =
            |path: &Path| File::create(path).map_err(|e| format!("cannot write a temporary file: {e}"));
        let status = Command::new(&self.me)
            .args(["measure".as_ref(), cost.as_os_str(), OsStr::new("--")])
            .args(&task.0)
            .stdin(Stdio::null())
            .stdout(create(&out)?)
            .stderr(create(&err)?)
            .status()
            .map_err(|e| format!("cannot start this example again: {e}"))?;
        if !status.code().is_some_and(|code| statuses.contains(&code)) {
            let said = fs::read_to_string(&err).unwrap_or_default();
            let said: Vec<&str> = said.split_whitespace().collect();
            let last = said.iter().skip(said.len().saturating_sub(40));
            let last = last.copied().collect::<Vec<_>>().join(" ");
            return Err(format!("`{}` ended with {status}: … {last}", task.name()));
        }
        let text = fs::read_to_string(&cost).map_err(|e| format!("cannot read what it cost: {e}"))?;
        let mut numbers = text.split_whitespace().map(str::parse);
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(cpu)), Some(Ok(wall)), Some(Ok(peak))) => Ok(Cost { cpu, wall, peak }),
            _ => Err(format!("`{text}` does not say what it cost")),
        }
    }

    /// Returns what the last task printed.
    pub(crate) fn output(&self) -> Result<Vec<u8>, String> {
        fs::read(self.dir.path().join("out")).map_err(|e| format!("cannot read what was printed: {e}"))
    }
}

/// The hidden command: runs the program, writes what it cost to a file and ends as it did.
#[cfg(unix)]
pub(crate) fn measure(into: &Path, command: &[OsString]) -> Result<ExitCode, String> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let (program, args) = command.split_first().ok_or("no program to run")?;
    let start = std::time::Instant::now();
    let status = Command::new(program).args(args).status();
    let wall = start.elapsed().as_secs_f64();
    let status = status.map_err(|e| format!("cannot run `{}`: {e}", program.display()))?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| format!("cannot ask for the cost: {e}"))?;
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6;
    let unit = if cfg!(target_vendor = "apple") { 1e6 } else { 1e6 / 1024.0 };
    let text = format!("{cpu} {wall} {}\n", usage.max_rss() as f64 / unit);
    fs::write(into, text).map_err(|e| format!("cannot write `{}`: {e}", into.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Elsewhere the system does not tell.
#[cfg(not(unix))]
pub(crate) fn measure(_into: &Path, _command: &[OsString]) -> Result<ExitCode, String> {
    Err("only Unix systems tell what a program cost".to_owned())
}
