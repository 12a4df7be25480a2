//! What is measured against inflating alone.

use crate::check::{self, Check};
use crate::decoder::Kind;
use crate::measure::Task;
use std::path::Path;

/// One way to use trailscan, with the answer known.
pub(crate) struct Case {
    /// What `--only` knows it by.
    pub(crate) name: &'static str,
    /// What the table calls it.
    pub(crate) title: &'static str,
    program: Program,
    args: &'static [&'static str],
    pub(crate) statuses: &'static [i32],
    pub(crate) check: Check,
}

#[derive(Clone, Copy)]
enum Program {
    /// The binary.
    Trailscan,
    /// The library, in a process of this example.
    Library,
}

/// Where things are.
pub(crate) struct Places<'p> {
    pub(crate) trailscan: &'p Path,
    pub(crate) me: &'p Path,
    pub(crate) archive: &'p Path,
}

/// All of them, from the cheapest on.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "count",
        title: "count by event name (library)",
        program: Program::Library,
        args: &["count"],
        statuses: &[0],
        check: check::counts,
    },
    Case {
        name: "stats",
        title: "`stats --by eventName --json`",
        program: Program::Trailscan,
        args: &["stats", "--by", "eventName", "--json"],
        statuses: &[0],
        check: check::stats,
    },
    Case {
        name: "stats-count",
        title: "`stats --by eventName --fields eventName,count --json`",
        program: Program::Trailscan,
        args: &["stats", "--by", "eventName", "--fields", "eventName,count", "--json"],
        statuses: &[0],
        check: check::stats,
    },
    Case {
        name: "who-deleted",
        title: "`who-deleted bucket/planted-payroll`",
        program: Program::Trailscan,
        args: &["who-deleted", "bucket/planted-payroll", "--json"],
        statuses: &[0],
        check: check::who_deleted,
    },
    Case {
        name: "who",
        title: "`who planted-payroll`",
        program: Program::Trailscan,
        args: &["who", "planted-payroll", "--json"],
        statuses: &[0],
        check: check::who,
    },
    Case {
        name: "deletes",
        title: "`events --event 'Delete*' --format jsonl`",
        program: Program::Trailscan,
        args: &["events", "--event", "Delete*", "--format", "jsonl"],
        statuses: &[0],
        check: check::deletes,
    },
    Case {
        name: "actor",
        title: "`events --actor planted-actor --json`",
        program: Program::Trailscan,
        args: &["events", "--actor", "planted-actor", "--json"],
        statuses: &[0],
        check: check::actor,
    },
    Case {
        name: "trace",
        title: "`trace session/planted-actor --json` (looks twice)",
        program: Program::Trailscan,
        args: &["trace", "session/planted-actor", "--json"],
        statuses: &[0],
        check: check::trace,
    },
    Case {
        name: "where",
        title: "`events --where` on a deep path that every record may match",
        program: Program::Trailscan,
        args: &[
            "events",
            "--where",
            "{ $.userIdentity.sessionContext.attributes.creationDate = %^1999% }",
            "--json",
        ],
        statuses: &[1],
        check: check::nothing,
    },
    Case {
        name: "parse",
        title: "every record parsed (library)",
        program: Program::Library,
        args: &["count", "--parse"],
        statuses: &[0],
        check: check::counts,
    },
];

impl Case {
    /// Returns the command that runs it.
    pub(crate) fn task(&self, places: &Places<'_>, threads: usize) -> Task {
        let threads = threads.to_string();
        match self.program {
            Program::Trailscan => {
                Task::new(places.trailscan).args(self.args).args(["--quiet", "--threads", threads.as_str()])
            }
            Program::Library => Task::new(places.me).args(self.args).args(["--threads", threads.as_str()]),
        }
        .args([places.archive])
    }
}

/// Returns the command that inflates with `gzip`, which is found nearly everywhere.
pub(crate) fn gzip(places: &Places<'_>) -> Task {
    Task::new("gzip").args(["-tr"]).args([places.archive])
}

/// Returns the command that inflates and does nothing else.
pub(crate) fn inflate(places: &Places<'_>, threads: usize, kind: Kind) -> Task {
    let threads = threads.to_string();
    let options = ["inflate", "--threads", threads.as_str(), "--decoder", kind.name()];
    Task::new(places.me).args(options).args([places.archive])
}
