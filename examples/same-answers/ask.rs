//! Asks one question of two programs and finds the first thing in which they differ.

use crate::questions::Question;
use chrono::{Days, Utc};
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Stands in questions for the directory that holds a program's own indexes.
pub(crate) const INDEX: &str = "{index}";

/// How far back questions go that count from now, in days.
const RECENT: u64 = 7;

/// How often both are asked again where they differ.
const AGAIN: usize = 8;

/// One of the two programs.
pub(crate) struct Program {
    path: PathBuf,
    index: PathBuf,
}

impl Program {
    /// Copies a program into a directory of its own, which will hold its indexes too: help texts have the name that
    /// a program is called by, so that is to be the same.
    pub(crate) fn new(path: &Path, dir: &Path) -> Result<Self, String> {
        let failed = |error: io::Error| format!("`{}`: {error}", path.display());
        let index = dir.join("index");
        fs::create_dir_all(&index).map_err(failed)?;
        let copy = dir.join(format!("trailscan{}", std::env::consts::EXE_SUFFIX));
        fs::copy(path, &copy).map_err(failed)?;
        Ok(Self { path: copy, index })
    }

    pub(crate) fn index(&self) -> &Path {
        &self.index
    }

    /// Asks, in the directory of the project, with nothing of the outside.
    pub(crate) fn ask(&self, question: &Question) -> Result<Reply, String> {
        let index = self.index.display().to_string();
        let mut command = Command::new(&self.path);
        command.args(question.args.iter().map(|arg| arg.replace(INDEX, &index)));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear();
        // The default place of indexes is never looked into: it may hold one of these archives.
        command.env("XDG_CACHE_HOME", self.index.join("none")).env("HOME", self.index.join("none"));
        let stdin = match &question.stdin {
            Some(path) => File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
                .map_err(|error| format!("`{path}`: {error}"))?
                .into(),
            None => Stdio::null(),
        };
        let output = command.stdin(stdin).output();
        let output = output.map_err(|error| format!("`{}`: {error}", self.path.display()))?;
        Ok(Reply {
            stdout: normal(&output.stdout, &index),
            stderr: normal(&output.stderr, &index),
            status: output.status.to_string(),
        })
    }
}

/// What a program said.
#[derive(PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) stdout: Vec<u8>,
    stderr: Vec<u8>,
    status: String,
}

/// Puts a word in place of what has to differ: the directory of the indexes, and any time of the last days, as nothing
/// in a fixture is so young.
fn normal(text: &[u8], index: &str) -> Vec<u8> {
    let text = replaced(text, index.as_bytes(), |_| 0, INDEX);
    let today = Utc::now().date_naive();
    let days = (0..=RECENT).filter_map(|back| today.checked_sub_days(Days::new(back)));
    days.fold(text, |text, day| {
        let clock = |rest: &[u8]| rest.iter().take_while(|it| b"T:.Z0123456789".contains(it)).count();
        replaced(&text, day.to_string().as_bytes(), clock, "{now}")
    })
}

/// Replaces every `old`, and as much behind it as `more` says.
fn replaced(text: &[u8], old: &[u8], more: impl Fn(&[u8]) -> usize, new: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, old) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(new.as_bytes());
        rest = &rest[at + old.len()..];
        rest = &rest[more(rest)..];
    }
    out.extend_from_slice(rest);
    out
}

/// A question that both were asked.
pub(crate) struct Asked {
    pub(crate) question: String,
    pub(crate) difference: Option<Difference>,
    /// Whether the older program has several answers itself, and the newer one of them.
    pub(crate) is_unsteady: bool,
}

impl Asked {
    /// Asks both, and again where they differ: an answer may depend on what threads do first, which is a defect, but
    /// no difference.
    pub(crate) fn new(question: &Question, before: &Program, after: &Program) -> Result<Self, String> {
        let (old, new) = (before.ask(question)?, after.ask(question)?);
        let difference = Difference::find(&old, &new);
        let mut is_unsteady = false;
        // To ask for an index again is another question: it is there.
        if difference.is_some() && !question.is_step() {
            for _ in 0..AGAIN {
                is_unsteady |= before.ask(question)? == new;
            }
        }
        Ok(Self { question: question.text(), difference, is_unsteady })
    }
}

/// The first thing in which two replies differ.
pub(crate) struct Difference {
    place: String,
    before: String,
    after: String,
}

impl Difference {
    fn find(before: &Reply, after: &Reply) -> Option<Self> {
        if before == after {
            return None;
        }
        let status = (before.status != after.status).then(|| Self {
            place: "status".to_owned(),
            before: before.status.clone(),
            after: after.status.clone(),
        });
        status
            .or_else(|| Self::of_text("stdout", &before.stdout, &after.stdout))
            .or_else(|| Self::of_text("stderr", &before.stderr, &after.stderr))
    }

    fn of_text(stream: &str, before: &[u8], after: &[u8]) -> Option<Self> {
        // With its line break each: a last line without one differs from a last line with one.
        let mut lines = (before.split_inclusive(|it| *it == b'\n'), after.split_inclusive(|it| *it == b'\n'));
        for number in 1_usize.. {
            let (old, new) = (lines.0.next(), lines.1.next());
            if old.is_none() && new.is_none() {
                break;
            }
            if old != new {
                let [before, after] = excerpts(old, new);
                return Some(Self { place: format!("{stream}, line {number}"), before, after });
            }
        }
        None
    }
}

/// Returns both lines from a little before the place where they differ on, as JSON lines may be long.
fn excerpts(before: Option<&[u8]>, after: Option<&[u8]>) -> [String; 2] {
    let [old, new] = [before, after].map(Option::unwrap_or_default);
    let from = old.iter().zip(new).take_while(|(a, b)| a == b).count().saturating_sub(60);
    [before, after].map(|line| match line {
        Some(line) => {
            String::from_utf8_lossy(&line[from..line.len().min(from + 200)]).escape_debug().to_string()
        }
        None => "(no such line)".to_owned(),
    })
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {}\n  - {}\n  + {}", self.place, self.before, self.after)
    }
}
