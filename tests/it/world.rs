//! Runs the program in a directory, with nothing of the outside but `PATH`.

use assert_cmd::Command;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_trailscan");

/// The bucket that the records in `shapes/` are about.
pub(crate) const BUCKET: &str = "bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj";

/// A directory to run the program in.
pub(crate) struct World {
    dir: PathBuf,
    /// Deletes the directory, unless it is that of the fixtures.
    _own: Option<TempDir>,
}

impl World {
    /// The directory of the fixtures, to be read only.
    pub(crate) fn fixtures() -> Self {
        Self { dir: fixture(""), _own: None }
    }

    /// An empty directory.
    pub(crate) fn empty() -> Self {
        let own = tempfile::tempdir().unwrap();
        Self { dir: own.path().canonicalize().unwrap(), _own: Some(own) }
    }

    /// Adds a file, and the directories above it.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        assert!(self._own.is_some(), "fixtures are not written to");
        let path = self.dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Adds a copy of a fixture.
    pub(crate) fn copy(self, from: &str, name: &str) -> Self {
        self.file(name, fs::read(fixture(from)).unwrap())
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Prepares a run; `args` are parted by spaces.
    pub(crate) fn command(&self, args: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(args.split_whitespace()).current_dir(&self.dir).env_clear();
        // Without `HOME` the list of users tells where home is, and with it the indexes of whoever runs the tests.
        command.env("HOME", "relative");
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command
    }

    pub(crate) fn run(&self, args: &str) -> Reply {
        self.reply(&mut self.command(args))
    }

    /// Runs what [`World::command`] prepared.
    pub(crate) fn reply(&self, command: &mut Command) -> Reply {
        let output = command.output().unwrap();
        let status = output.status.code().expect("the program is not killed");
        let stderr = String::from_utf8(output.stderr).expect("messages are UTF-8");
        let names =
            [(fixture("").display().to_string(), "$FIXTURES"), (self.dir.display().to_string(), "$DIR")];
        Reply { stdout: output.stdout, stderr, status, names }
    }
}

/// What the program said, and how it ended.
pub(crate) struct Reply {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) status: i32,
    names: [(String, &'static str); 2],
}

impl Reply {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("answers are UTF-8")
    }

    /// The one document on stdout.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{self}"))
    }

    /// The rows of a JSON answer, without where they were found.
    pub(crate) fn rows(&self) -> Vec<Value> {
        let mut rows = self.json()["answer"].as_array().unwrap().clone();
        for row in &mut rows {
            row.as_object_mut().unwrap().shift_remove("evidence");
        }
        rows
    }

    /// The troubles of a JSON answer, one a line: file, kind, records used, cause.
    pub(crate) fn troubles(&self) -> Vec<String> {
        let json = self.json();
        let line = |trouble: &Value| {
            let text = |key: &str| trouble[key].as_str().unwrap().to_owned();
            let file = text("file");
            // A member of a package by its last name: what it is called in full is long.
            let file = match file.split_once('!') {
                Some((package, member)) => format!("{package}!…{}", member.rsplit('_').next().unwrap()),
                None => file,
            };
            format!("{file}: {}, {} used: {}", text("kind"), trouble["recordsUsed"], text("cause"))
        };
        json["troubles"].as_array().unwrap().iter().map(line).collect()
    }
}

/// For snapshots: nothing in it depends on the machine, and a CR can be seen.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout).replace('\r', "\\r");
        let all = format!("{stdout}--- stderr\n{}--- exit {}", self.stderr, self.status);
        let shown = self.names.iter().fold(all, |text, (path, name)| text.replace(path, name));
        f.write_str(&shown)
    }
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The names of the files in a directory of the fixtures, in order.
pub(crate) fn names(dir: &str) -> Vec<String> {
    let entries = fs::read_dir(fixture(dir)).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The log files of `invictus/` in order, by path relative to the fixtures.
pub(crate) fn invictus() -> Vec<String> {
    let mut logs = Vec::new();
    let mut dirs = vec!["invictus/AWSLogs".to_owned()];
    while let Some(dir) = dirs.pop() {
        for name in names(&dir) {
            let path = format!("{dir}/{name}");
            if fixture(&path).is_dir() { dirs.push(path) } else { logs.push(path) }
        }
    }
    logs.sort();
    logs
}

/// Inflates a fixture, by other means than the program's.
pub(crate) fn inflated(name: &str) -> String {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(fixture(name)).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// The real records, read without the program.
pub(crate) fn records() -> Vec<Value> {
    let mut records = Vec::new();
    for log in invictus() {
        let file: Value = serde_json::from_str(&inflated(&log)).unwrap();
        records.extend(file["Records"].as_array().unwrap().iter().cloned());
    }
    records
}
