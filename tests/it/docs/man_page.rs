//! `trailscan.1`: the commands in short, and what holds for all of them. Each command has a page of its own.

use super::command_page::{page_name, section, term, terms, title};
use clap::{Command, CommandFactory};
use clap_mangen::roff::{Roff, bold, roman};
use trailscan::cli::{Cli, command_group};

/// The parts of the man page that no argument has for its help.
const RESOURCES: &[(&str, &str)] = &[
    (
        "bucket/payroll, user/alice, role/Admin, key/UUID, alias/x, function/f, table/t, secret/s, trail/t, db/d, …",
        "A typed name. Any type of AWS Config is a word (AWS::EC2::SecurityGroup/sg-1, security-group/sg-1); a word may stand for several types (cluster/, snapshot/, policy/).",
    ),
    (
        "s3://bucket/, s3://bucket/a/, s3://bucket/a/b.txt",
        "Every object in a bucket, those below a prefix, one object. s3://bucket is the bucket itself, as bucket/bucket: a bucket is not its objects.",
    ),
    ("arn:aws:…", "An ARN of any service. Its account and region restrict the answer."),
    ("sg-…, i-…, vpc-…, AKIA…, AIDA…, …", "An id: the letters in front tell the type."),
    (
        "a plain name",
        "Matches that name of any type; the answer says which types it found. A name with / inside needs its type in front, unless it begins with /.",
    ),
];

const STATUS: &[(&str, &str)] = &[
    ("0", "Answered."),
    ("1", "Everything was read and nothing matched."),
    ("2", "The request could not be carried out: usage, no such path, no usable file."),
    (
        "3",
        "Answered, but something could not be read: the warnings and the troubles in the JSON output name it.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("TRAILSCAN_PATH", "The paths to read when none is given, separated as in PATH."),
    (
        "XDG_CACHE_HOME",
        "Where indexes lie when `--index-dir` does not say: in `trailscan` below it, else below `~/.cache`. On Windows it is `%LOCALAPPDATA%` that counts.",
    ),
    ("NO_COLOR", "No colours when set and not empty."),
    ("TERM", "No colours when it is `dumb`."),
    ("COLUMNS", "How wide the help is where the terminal does not say."),
];

const FILES: &[(&str, &str)] = &[
    (
        "~/.cache/trailscan/",
        "The indexes, one for each archive. Each can be deleted: it is made again by `trailscan index`.",
    ),
    (
        "AWSLogs/ACCOUNT/CloudTrail/REGION/YEAR/MONTH/DAY/",
        "Where an archive has its logs, as CloudTrail delivers them; beside them CloudTrail-Digest and Config.",
    ),
];

/// What every time that is typed or printed has in common.
const TIMES: &str = "All times are UTC, those that are typed and those that are printed. A time that is typed is a date (its first moment), `2024-03-01 15:42`, `2024-03-01T15:42:00Z`, `15:42` of today, `yesterday 15:42`, an age as `2 days ago` or `-90m`, or seconds since 1970; with another offset (`2024-03-01T15:42:00+02:00`) it says so.";

/// What an answer takes into account, and what it cannot know; `docs/guide.md` has the same list.
const LIMITS: &[(&str, &str)] = &[
    (
        "other names",
        "Every name that the logs teach is looked for: id, name, ARN, alias, address. A name that no record has beside the others is not found: ask for it by that name.",
    ),
    (
        "what ends with what",
        "What cannot outlive something else has ended with it, and who ended that is not said to have deleted what had to be gone before. A rule of a security group that is revoked by its ports and addresses is found by them; where nothing tells which one it was, the answer says that it may be this one.",
    ),
    (
        "withheld values",
        "What CloudTrail or a service leaves out or empties (passwords, environments, code, records that are too large) is unknown, never absent. Who saw a value did not set it.",
    ),
    (
        "calls that name nothing",
        "Batch deletions, copies and settings by which a service acts later do not name what they act on: they stand beside the answer as what may have acted on it.",
    ),
    (
        "data events",
        "Calls on objects, items, messages and functions are logged only where a trail was told to. The answer says since when they were, by these logs; where they were not, an empty answer says nothing.",
    ),
    (
        "what services do",
        "What a service deletes by itself (lifecycle, expiry, time to live) is mostly not logged.",
    ),
    (
        "AWS Config",
        "Its files fill in and check what calls tell (--config). Between two of its items nothing is known but the calls.",
    ),
    (
        "pending deletions",
        "A deletion that is scheduled is told with its date. After that the resource should be gone; whether it is, no record says.",
    ),
    (
        "moments outside the logs",
        "Before the first event and after the last, in holes and in regions and accounts that are not in the files, anything may have happened. What a resource held before the first event is unknown unless a record proves it.",
    ),
    (
        "one second",
        "CloudTrail gives times in seconds: of two calls in one second only their content can tell which came first.",
    ),
    (
        "names of files",
        "What --since and --until leave out they leave out by the time in its name. Some of these files are opened, and a hint says where names and events disagree; --ignore-names reads every file.",
    ),
    (
        "forged archives",
        "A record, a file, a package or a pipe that is larger than the limits is not read, or not to its end, and named (--max-record, --max-inflated); so are links that lead out of the paths given (--follow-links). Answers are in the order of time, so that --limit does not end a reading earlier.",
    ),
    (
        "calls without a rule",
        "A change that no rule unfolds makes the settings that it may have touched unknown (--rules).",
    ),
];

const EXAMPLES: &[(&str, &str)] = &[
    ("trailscan who-deleted bucket/payroll ./logs", "Who deleted a bucket, and who tried."),
    (
        "trailscan who sg-0a1b2c3d4e5f60718 ./logs --since 2024-03-01 --json",
        "What was done to a security group, as one JSON document.",
    ),
    (
        "trailscan trace ASIA… ./logs --at '2024-03-01 15:42'",
        "Who stands behind a key, what came out of it, and what could be used at that time.",
    ),
    (
        "trailscan index ./logs",
        "Make the index of an archive: what is asked of it from now on is answered sooner.",
    ),
    (
        "trailscan events --actor 'alice*' --denied --format jsonl ./logs | jq -r .eventName | sort | uniq -c",
        "What was refused to whom.",
    ),
    (
        "aws cloudtrail list-public-keys --region us-east-1 --start-time 2025-03-01 --end-time 2025-04-01 > keys.json",
        "Fetch the public keys that validate needs; once for each region, for the time of its digests.",
    ),
    (
        "aws s3api list-objects-v2 --bucket B --prefix AWSLogs/ --query 'Contents[].[Key]' --output text | grep CloudTrail-Digest/ | while read -r k; do aws s3api head-object --bucket B --key \"$k\" --output json | jq --arg k \"$k\" '{($k): .}'; done | jq -s add > head-objects.json",
        "Fetch the S3 metadata of the digests; those of the newest digest of each chain are enough.",
    ),
    (
        "trailscan validate ./logs --public-keys keys.json --metadata head-objects.json",
        "Prove that the files are what CloudTrail delivered.",
    ),
    ("aws s3 cp s3://logs/AWSLogs/…/x.json.gz - | trailscan events -", "One file from stdin."),
];

const OUTPUT: &[(&str, &str)] = &[
    (
        "table",
        "What was done, then what was tried in vain. Fitted to the terminal; --wide shows every value in full.",
    ),
    (
        "json",
        "One document: schema, command, answer (the rows), coverage (what was searched), troubles (what could not be read). Each row has eventTime, eventName, eventSource, action (created, changed, deleted, read), outcome (succeeded, failed), errorCode, actor, sourceIPAddress, userAgent, awsRegion, recipientAccountId, resource, relation (subject: acted on; related: only used by the call, whose action is given), eventID and evidence: every file and place (counted from 0) where the same record was found.",
    ),
    ("jsonl, csv", "The rows alone."),
    ("dot", "The answer of trace as a graph for Graphviz."),
    ("raw", "The matching CloudTrail records, byte for byte, one a line."),
];

/// Returns the page.
pub(super) fn man_page() -> String {
    let program = Cli::command();
    let about = program.get_long_about().unwrap_or_default().to_string();
    let mut roff = Roff::new();
    title(&mut roff, "trailscan", &program);
    section(&mut roff, "SYNOPSIS");
    roff.text([bold("trailscan"), roman(" COMMAND [OPTIONS] [RESOURCE] [PATH]...")]);
    section(&mut roff, "DESCRIPTION");
    for paragraph in about.split("\n\n") {
        roff.control("PP", []).text([roman(paragraph.replace('\n', " "))]);
    }
    commands(&mut roff, &program);
    terms(&mut roff, "RESOURCES", RESOURCES);
    section(&mut roff, "TIMES");
    roff.text([roman(TIMES)]);
    terms(&mut roff, "OUTPUT FORMS", OUTPUT);
    terms(&mut roff, "LIMITS", LIMITS);
    terms(&mut roff, "EXIT STATUS", STATUS);
    terms(&mut roff, "ENVIRONMENT", ENVIRONMENT);
    terms(&mut roff, "FILES", FILES);
    terms(&mut roff, "EXAMPLES", EXAMPLES);
    section(&mut roff, "SEE ALSO");
    let pages: Vec<String> =
        program.get_subcommands().map(|it| format!("{}(1)", page_name(it.get_name()))).collect();
    roff.text([roman(pages.join(", "))]);
    roff.render()
}

/// The commands, in the groups of the help.
fn commands(roff: &mut Roff, program: &Command) {
    section(roff, "COMMANDS");
    roff.text([roman("Each has a page of its own, which `trailscan man COMMAND` prints as well.")]);
    let mut last = None;
    for command in program.get_subcommands() {
        let group = command_group(command.get_name());
        if group != last {
            roff.control("SS", group);
            last = group;
        }
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        term(roff, vec![bold(command.get_name())], &about);
    }
}
