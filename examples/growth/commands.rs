//! The commands that are measured, and what each of them costs.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command as it is typed; `TARGET` is what the shape is about, `CALLER` too where that holds credentials.
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    args: &'static [&'static str],
}

/// All of them.
pub(crate) const ALL: &[Asked] = &[
    Asked { name: "who", args: &["who", "TARGET"] },
    Asked { name: "who-deleted", args: &["who-deleted", "TARGET", "--json"] },
    Asked { name: "who-created", args: &["who-created", "TARGET"] },
    Asked { name: "who --trace", args: &["who", "TARGET", "--trace", "--json"] },
    Asked { name: "timeline", args: &["timeline", "TARGET"] },
    Asked { name: "timeline --json", args: &["timeline", "TARGET", "--json"] },
    Asked { name: "state", args: &["state", "TARGET"] },
    Asked { name: "state --json", args: &["state", "TARGET", "--json"] },
    Asked { name: "diff", args: &["diff", "TARGET", "--from", "2024-01-01T00:02:00Z"] },
    Asked { name: "revert", args: &["revert", "TARGET", "--to", "2024-01-01T00:00:50Z"] },
    Asked { name: "graph", args: &["graph", "TARGET"] },
    Asked { name: "graph --json", args: &["graph", "TARGET", "--json"] },
    Asked { name: "inventory", args: &["inventory"] },
    Asked { name: "inventory --json", args: &["inventory", "--json"] },
    Asked { name: "events", args: &["events", "--limit", "10"] },
    Asked { name: "events --json", args: &["events", "--json"] },
    Asked { name: "actor *", args: &["actor", "*"] },
    Asked { name: "actor alice", args: &["actor", "alice", "--json"] },
    Asked { name: "logins", args: &["logins"] },
    Asked { name: "stats", args: &["stats", "--by", "actor", "--by", "eventName", "--by", "errorCode"] },
    Asked { name: "stats by hour", args: &["stats", "--by", "eventName", "--every", "1h"] },
    Asked { name: "new", args: &["new", "--window", "1h", "--baseline", "300d"] },
    Asked { name: "trace", args: &["trace", "CALLER"] },
    Asked { name: "trace --json", args: &["trace", "CALLER", "--json"] },
    Asked { name: "coverage", args: &["coverage", "--by", "hour"] },
    Asked { name: "validate", args: &["validate"] },
    Asked { name: "index", args: &["index"] },
];

/// How a run ended.
pub(crate) enum RunEnd {
    /// With an answer, after so many seconds of CPU.
    Answered(f64),
    /// Not in time.
    TooLong,
    /// Without an answer, or by a signal, as a program does whose stack is full.
    Failed(String),
}

/// The program that is measured.
pub(crate) struct Program<'p> {
    path: &'p Path,
    scratch: PathBuf,
    limit: u64,
}

impl<'p> Program<'p> {
    pub(crate) fn new(path: &'p Path, scratch: &Path, limit: u64) -> Self {
        Self { path, scratch: scratch.to_owned(), limit }
    }

    /// Runs a command; its answer may be any.
    pub(crate) fn measure(&self, asked: &Asked, target: &str, archive: &Path) -> Result<RunEnd, String> {
        let create = |name: &str| {
            File::create(self.scratch.join(name)).map_err(|e| format!("cannot write a temporary file: {e}"))
        };
        let mut args: Vec<OsString> = Vec::new();
        let is_caller = ["ASIA", "user/", "role/"].iter().any(|kind| target.starts_with(kind));
        args.extend(asked.args.iter().map(|arg| match *arg {
            "TARGET" => target.into(),
            "CALLER" => if is_caller { target } else { "user/alice" }.into(),
            arg => arg.into(),
        }));
        args.push(archive.into());
        args.extend(["--quiet", "--threads", "1"].map(OsString::from));
        let before = children_cpu()?;
        // The shell takes the limit on, and then is the program.
        let status = Command::new("sh")
            .args(["-c", "ulimit -t \"$0\" && exec \"$@\""])
            .arg(self.limit.to_string())
            .arg(self.path)
            .args(&args)
            .env("XDG_CACHE_HOME", &self.scratch)
            .stdin(Stdio::null())
            .stdout(create("out")?)
            .stderr(create("err")?)
            .status()
            .map_err(|e| format!("cannot run `{}`: {e}", self.path.display()))?;
        let seconds = children_cpu()? - before;
        Ok(match status.code() {
            Some(0 | 1 | 3) => RunEnd::Answered(seconds),
            // The limit is counted in whole seconds.
            None if seconds >= self.limit as f64 - 1.0 => RunEnd::TooLong,
            _ => {
                let said = std::fs::read_to_string(self.scratch.join("err")).unwrap_or_default();
                RunEnd::Failed(format!("{status}: {}", said.lines().next().unwrap_or_default()))
            }
        })
    }
}

/// The CPU time of all programs that were run and waited for.
#[cfg(unix)]
fn children_cpu() -> Result<f64, String> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| format!("cannot ask for the cost: {e}"))?;
    Ok((usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6)
}

/// Elsewhere the system does not tell.
#[cfg(not(unix))]
fn children_cpu() -> Result<f64, String> {
    Err("only Unix systems tell what a program cost".to_owned())
}
