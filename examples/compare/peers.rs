//! The same questions, put to other programs.
//!
//! They get the form of the question that costs them least, as far as we found it: only the fields that
//! are needed are read, and only ids and a few columns come out. DuckDB and ClickHouse run inside Python,
//! whose start is part of what they cost, as it is for who uses them so.

use crate::check::{self, Check};
use crate::measure::{Bench, Task};
use clap::ValueEnum;
use std::ffi::OsStr;
use std::path::Path;

/// Another program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// `zcat` into `jq`
    Jq,
    /// `rg -z`, and `jq` for what it found
    Ripgrep,
    /// The Python module `duckdb`
    #[value(name = "duckdb")]
    DuckDb,
    /// The Python module `chdb`
    #[value(name = "clickhouse")]
    ClickHouse,
}

/// A question put to a program.
pub(crate) struct Query {
    pub(crate) tool: Tool,
    /// The case that asks the same.
    pub(crate) case: &'static str,
    text: &'static str,
    pub(crate) check: Check,
}

const fn query(tool: Tool, case: &'static str, text: &'static str, check: Check) -> Query {
    Query { tool, case, text, check }
}

/// All of them. In shell scripts `$1` is the archive; in SQL `FILES` is a pattern of its files.
pub(crate) const QUERIES: &[Query] = &[
    query(Tool::Jq, "count", JQ_COUNT, check::counts),
    query(Tool::Ripgrep, "count", RG_COUNT, check::counts),
    query(Tool::DuckDb, "count", DUCKDB_COUNT, check::counts),
    query(Tool::ClickHouse, "count", CLICKHOUSE_COUNT, check::counts),
    query(Tool::Jq, "who-deleted", JQ_WHO_DELETED, check::who_deleted_lines),
    query(Tool::Ripgrep, "who-deleted", RG_WHO_DELETED, check::who_deleted_lines),
    query(Tool::DuckDb, "who-deleted", DUCKDB_WHO_DELETED, check::who_deleted_lines),
    query(Tool::ClickHouse, "who-deleted", CLICKHOUSE_WHO_DELETED, check::who_deleted_lines),
    query(Tool::Jq, "deletes", JQ_DELETES, check::delete_lines),
    query(Tool::DuckDb, "deletes", DUCKDB_DELETES, check::delete_lines),
    query(Tool::ClickHouse, "deletes", CLICKHOUSE_DELETES, check::delete_lines),
    query(Tool::Jq, "actor", JQ_ACTOR, check::actor_lines),
    query(Tool::Ripgrep, "actor", RG_ACTOR, check::actor_lines),
    query(Tool::DuckDb, "actor", DUCKDB_ACTOR, check::actor_lines),
    query(Tool::ClickHouse, "actor", CLICKHOUSE_ACTOR, check::actor_lines),
];

const JQ_COUNT: &str = r#"find "$1" -name '*.json.gz' -print0 | xargs -0 zcat | jq -r '.Records[].eventName' |
    LC_ALL=C sort | uniq -c | awk '{ print $2 "\t" $1 }'"#;
const JQ_WHO_DELETED: &str = r#"find "$1" -name '*.json.gz' -print0 | xargs -0 zcat | jq -r '.Records[] |
    select(.eventName == "DeleteBucket" and .requestParameters.bucketName == "planted-payroll") |
    [.eventID, .eventTime, .errorCode, .userIdentity.arn] | @tsv' | LC_ALL=C sort -u"#;
const JQ_DELETES: &str = r#"find "$1" -name '*.json.gz' -print0 | xargs -0 zcat | jq -r '.Records[] |
    select(.eventName | startswith("Delete")) |
    [.eventID, .eventTime, .eventName, .userIdentity.arn] | @tsv' | LC_ALL=C sort -u"#;
const JQ_ACTOR: &str = r#"find "$1" -name '*.json.gz' -print0 | xargs -0 zcat | jq -r '.Records[] |
    select(.userIdentity.arn // "" | endswith("/planted-actor")) |
    [.eventID, .eventTime, .eventName, .userIdentity.arn] | @tsv' | LC_ALL=C sort -u"#;

/// A text search alone can count, so far as what it finds is where it is thought to be; for the rest it finds
/// the files that `jq` has to read.
const RG_COUNT: &str = r#"rg -z --threads "$2" --no-filename --no-line-number -o '"eventName":"[^"]*"' "$1" |
    LC_ALL=C sort | uniq -c | awk '{ split($2, name, "\""); print name[4] "\t" $1 }'"#;
const RG_WHO_DELETED: &str = r#"rg -z --threads "$2" -l0F planted-payroll "$1" | xargs -0 zcat | jq -r '.Records[] |
    select(.eventName == "DeleteBucket" and .requestParameters.bucketName == "planted-payroll") |
    [.eventID, .eventTime, .errorCode, .userIdentity.arn] | @tsv' | LC_ALL=C sort -u"#;
const RG_ACTOR: &str = r#"rg -z --threads "$2" -l0F planted-actor "$1" | xargs -0 zcat | jq -r '.Records[] |
    select(.userIdentity.arn // "" | endswith("/planted-actor")) |
    [.eventID, .eventTime, .eventName, .userIdentity.arn] | @tsv' | LC_ALL=C sort -u"#;

/// A path into the text is an order of magnitude cheaper here than a struct with the columns.
const DUCKDB_COUNT: &str = "SELECT name, count(*) FROM (SELECT unnest(json->>'$.Records[*].eventName') AS name
    FROM read_json_objects('FILES', maximum_object_size = 67108864, format = 'newline_delimited')) GROUP BY 1";
const DUCKDB_WHO_DELETED: &str =
    "SELECT DISTINCT r->>'eventID', r->>'eventTime', r->>'errorCode', r->>'$.userIdentity.arn'
    FROM (SELECT unnest(json->'$.Records[*]') AS r
        FROM read_json_objects('FILES', maximum_object_size = 67108864, format = 'newline_delimited'))
    WHERE r->>'eventName' = 'DeleteBucket' AND r->>'$.requestParameters.bucketName' = 'planted-payroll'";
const DUCKDB_DELETES: &str =
    "SELECT DISTINCT r->>'eventID', r->>'eventTime', r->>'eventName', r->>'$.userIdentity.arn'
    FROM (SELECT unnest(json->'$.Records[*]') AS r
        FROM read_json_objects('FILES', maximum_object_size = 67108864, format = 'newline_delimited'))
    WHERE r->>'eventName' LIKE 'Delete%'";
const DUCKDB_ACTOR: &str =
    "SELECT DISTINCT r->>'eventID', r->>'eventTime', r->>'eventName', r->>'$.userIdentity.arn'
    FROM (SELECT unnest(json->'$.Records[*]') AS r
        FROM read_json_objects('FILES', maximum_object_size = 67108864, format = 'newline_delimited'))
    WHERE r->>'$.userIdentity.arn' LIKE '%/planted-actor'";

/// The columns are taken out of whole files: a third less work than reading them as `JSONEachRow`.
const CLICKHOUSE_COUNT: &str = "SELECT r.eventName, count()
    FROM (SELECT arrayJoin(JSONExtract(text, 'Records', 'Array(Tuple(eventName String))')) AS r
        FROM file('FILES', 'RawBLOB', 'text String')) GROUP BY 1";
const CLICKHOUSE_WHO_DELETED: &str = "SELECT DISTINCT r.eventID, r.eventTime, r.errorCode, r.userIdentity.arn
    FROM (SELECT arrayJoin(JSONExtract(text, 'Records', 'Array(Tuple(eventID String, eventTime String,
            eventName String, errorCode String, userIdentity Tuple(arn String),
            requestParameters Tuple(bucketName String)))')) AS r
        FROM file('FILES', 'RawBLOB', 'text String'))
    WHERE r.eventName = 'DeleteBucket' AND r.requestParameters.bucketName = 'planted-payroll'";
const CLICKHOUSE_DELETES: &str = "SELECT DISTINCT r.eventID, r.eventTime, r.eventName, r.userIdentity.arn
    FROM (SELECT arrayJoin(JSONExtract(text, 'Records', 'Array(Tuple(eventID String, eventTime String,
            eventName String, userIdentity Tuple(arn String)))')) AS r
        FROM file('FILES', 'RawBLOB', 'text String'))
    WHERE r.eventName LIKE 'Delete%'";
const CLICKHOUSE_ACTOR: &str = "SELECT DISTINCT r.eventID, r.eventTime, r.eventName, r.userIdentity.arn
    FROM (SELECT arrayJoin(JSONExtract(text, 'Records', 'Array(Tuple(eventID String, eventTime String,
            eventName String, userIdentity Tuple(arn String)))')) AS r
        FROM file('FILES', 'RawBLOB', 'text String'))
    WHERE r.userIdentity.arn LIKE '%/planted-actor'";

/// What runs SQL: the query and the number of threads are the arguments; rows come out as CSV.
const DUCKDB: &str = "import csv, duckdb, sys
db = duckdb.connect(config={'threads': int(sys.argv[2])})
db.sql('SET enable_progress_bar = false')
csv.writer(sys.stdout).writerows(db.sql(sys.argv[1]).fetchall())";
const CLICKHOUSE: &str = "import chdb, sys
settings = ' SETTINGS max_threads = ' + sys.argv[2]
sys.stdout.write(str(chdb.query(sys.argv[1] + settings, 'CSV')))";

impl Tool {
    /// Returns the name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jq => "`zcat \\| jq`",
            Self::Ripgrep => "`rg -z`, then `jq`",
            Self::DuckDb => "DuckDB",
            Self::ClickHouse => "ClickHouse (chdb)",
        }
    }

    /// Returns its version, or `None` where it is not installed.
    pub(crate) fn version(self, bench: &Bench, python: &OsStr) -> Option<String> {
        let task = match self {
            Self::Jq => Task::new("jq").args(["--version"]),
            Self::Ripgrep => Task::new("rg").args(["--version"]),
            Self::DuckDb => {
                Task::new(python).args(["-c", "import duckdb; print('DuckDB', duckdb.__version__)"])
            }
            Self::ClickHouse => {
                Task::new(python).args(["-c", "import chdb; print('ClickHouse', chdb.engine_version)"])
            }
        };
        bench.run(&task, &[0]).ok()?;
        let printed = bench.output().ok()?;
        Some(String::from_utf8_lossy(&printed).lines().next()?.to_owned())
    }
}

impl Query {
    /// Returns the command that asks it.
    pub(crate) fn task(&self, archive: &Path, threads: usize, python: &OsStr) -> Task {
        let sql = || {
            let files = format!("{}/**/*.json.gz", archive.display()).replace('\'', "''");
            self.text.replace("FILES", &files)
        };
        match self.tool {
            Tool::DuckDb => Task::new(python).args(["-c", DUCKDB, &sql(), &threads.to_string()]),
            Tool::ClickHouse => Task::new(python).args(["-c", CLICKHOUSE, &sql(), &threads.to_string()]),
            Tool::Jq | Tool::Ripgrep => {
                Task::new("sh").args(["-c", self.text, "sh"]).args([archive]).args([threads.to_string()])
            }
        }
    }
}
