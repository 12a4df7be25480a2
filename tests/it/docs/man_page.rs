//! The man page, made from the arguments of the program and from what no argument has for its help.

use clap::{Arg, Command, CommandFactory};
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use trailscan::cli::Cli;

/// The parts of the man page that no argument has for its help.
const REFERENCES: &[(&str, &str)] = &[
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

const VERDICTS: &[(&str, &str)] = &[
    (
        "valid",
        "As CloudTrail delivered it: a digest by a signature or by its hash in a proven digest, a log by a proven digest.",
    ),
    (
        "invalid",
        "Changed since: signature, hash-chain, moved, format (digests); hash-mismatch, truncated, undecodable, trailing-data (logs).",
    ),
    (
        "missing",
        "Delivered and not there: hole (older digests are there), before-copy, other-bucket (digests); a log that a digest lists.",
    ),
    (
        "unverified",
        "Nothing proves it: no-signature, no-key, signature-mismatch, link-mismatch, orphan (digests); digest-unverified, digest-invalid, changed since it was read (logs).",
    ),
    ("unlisted", "Digests cover the time of a log, and none lists it."),
    (
        "uncovered",
        "No digest covers the time of a log: gap, before-first, after-last, folder-never-listed, no-digests, not-named, packed.",
    ),
    (
        "status",
        "0 all proven; 1 something is invalid, missing or unlisted, or one of two files is wrong; 3 nothing wrong was found and not everything could be proven. A plain copy ends in 3: the signature of the newest digest is in the S3 metadata only (--metadata, --accept-unverified-head).",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("TRAILSCAN_PATH", "The paths to read when none is given, separated as in PATH."),
    (
        "XDG_CACHE_HOME",
        "Where indexes lie when `--index-dir` does not say: in `trailscan` below it, else below `~/.cache`. On Windows it is `%LOCALAPPDATA%` that counts.",
    ),
    ("NO_COLOR", "No colours when set and not empty."),
];

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

/// Returns the man page.
pub(super) fn man_page() -> Vec<u8> {
    let command = Cli::command();
    let about = command.get_long_about().unwrap_or_default().to_string();
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone()).manual("trailscan manual");
    // Writing to memory does not fail.
    let _ = man.render_title(&mut page).and_then(|()| man.render_name_section(&mut page));
    let mut roff = Roff::new();
    section(&mut roff, "SYNOPSIS");
    roff.text([bold("trailscan"), roman(" COMMAND [REFERENCE] [PATH]... [OPTIONS]")]);
    section(&mut roff, "DESCRIPTION");
    for paragraph in about.split("\n\n") {
        roff.control("PP", []).text([roman(paragraph.replace('\n', " "))]);
    }
    commands(&mut roff, &command);
    terms(&mut roff, "REFERENCES", REFERENCES);
    if let Some(who) = command.find_subcommand("who") {
        options(&mut roff, who);
        further(&mut roff, &command, who);
    }
    if let Some(validate) = command.find_subcommand("validate") {
        section(&mut roff, "OPTIONS OF VALIDATE");
        for argument in validate.get_arguments().filter(|it| !it.is_positional() && !it.is_hide_set()) {
            term(&mut roff, flag(argument), &help(argument));
        }
        terms(&mut roff, "VERDICTS OF VALIDATE", VERDICTS);
    }
    terms(&mut roff, "OUTPUT FORMS", OUTPUT);
    terms(&mut roff, "LIMITS", LIMITS);
    terms(&mut roff, "EXIT STATUS", STATUS);
    terms(&mut roff, "ENVIRONMENT", ENVIRONMENT);
    terms(&mut roff, "EXAMPLES", EXAMPLES);
    page.extend(roff.render().into_bytes());
    page
}

fn section(roff: &mut Roff, title: &str) {
    roff.control("SH", [title]);
}

fn term(roff: &mut Roff, name: Vec<Inline>, text: &str) {
    roff.control("TP", []).text(name).text([roman(text)]);
}

fn terms(roff: &mut Roff, title: &str, terms: &[(&str, &str)]) {
    section(roff, title);
    for (name, text) in terms {
        term(roff, vec![bold(*name)], text);
    }
}

fn commands(roff: &mut Roff, command: &Command) {
    section(roff, "COMMANDS");
    for command in command.get_subcommands().filter(|it| it.get_name() != "help") {
        let mut name = vec![bold(command.get_name())];
        for argument in command.get_positionals() {
            let value = argument.get_id().as_str().to_uppercase();
            name.push(roman(" "));
            name.push(italic(if value == "PATHS" { "PATH..." } else { &value }));
        }
        term(roff, name, &command.get_about().map(ToString::to_string).unwrap_or_default());
        own_options(roff, command);
    }
}

/// The options that a command has alone; those of `who` stand with the ones that all share.
fn own_options(roff: &mut Roff, command: &Command) {
    let is_own = |it: &&Arg| !it.is_positional() && !it.is_hide_set() && it.get_help_heading().is_none();
    if command.get_name().starts_with("who") {
        return;
    }
    for argument in command.get_arguments().filter(is_own) {
        roff.control("RS", []);
        term(roff, flag(argument), &help(argument));
        roff.control("RE", []);
    }
}

/// The options of a command, under the headings that its help has.
fn options(roff: &mut Roff, command: &Command) {
    let mut heading = None;
    for argument in command.get_arguments().filter(|it| !it.is_positional() && !it.is_hide_set()) {
        let own = argument.get_help_heading().unwrap_or("Options");
        if heading != Some(own) {
            section(roff, &own.split(" (").next().unwrap_or(own).to_uppercase());
            if let Some((_, note)) = own.split_once(" (") {
                roff.text([roman(format!("{}.", note.trim_end_matches(')')))]);
            }
            heading = Some(own);
        }
        term(roff, flag(argument), &help(argument));
    }
}

/// The options under headings that commands have and `who` has not, each once, with the commands that have them.
fn further(roff: &mut Roff, command: &Command, who: &Command) {
    let is_of_who = |it: &Arg| who.get_arguments().any(|other| other.get_long() == it.get_long());
    let mut found: Vec<(&str, &Arg, Vec<&str>)> = Vec::new();
    for command in command.get_subcommands().filter(|it| it.get_name() != "validate") {
        for argument in command.get_arguments().filter(|it| !it.is_hide_set() && !is_of_who(it)) {
            let Some(heading) = argument.get_help_heading().filter(|_| !argument.is_positional()) else {
                continue;
            };
            match found.iter_mut().find(|(_, known, _)| known.get_long() == argument.get_long()) {
                Some((.., commands)) => commands.push(command.get_name()),
                None => found.push((heading, argument, vec![command.get_name()])),
            }
        }
    }
    found.sort_by_key(|(heading, ..)| *heading);
    for group in found.chunk_by(|a, b| a.0 == b.0) {
        section(roff, &group[0].0.to_uppercase());
        for (_, argument, commands) in group {
            term(roff, flag(argument), &format!("{} (of {})", help(argument), commands.join(", ")));
        }
    }
}

fn flag(argument: &Arg) -> Vec<Inline> {
    let mut name = Vec::new();
    if let Some(short) = argument.get_short() {
        name.extend([bold(format!("-{short}")), roman(", ")]);
    }
    name.push(bold(format!("--{}", argument.get_long().unwrap_or_default())));
    if argument.get_action().takes_values() {
        for value in argument.get_value_names().unwrap_or_default() {
            name.extend([roman(" "), italic(value.as_str())]);
        }
    }
    name
}

fn help(argument: &Arg) -> String {
    let mut help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> =
        argument.get_possible_values().iter().map(|it| it.get_name().to_owned()).collect();
    if argument.get_action().takes_values() && !values.is_empty() {
        help.push_str(&format!(" (one of {})", values.join(", ")));
    }
    if let Some(value) =
        argument.get_default_values().first().filter(|_| !argument.is_hide_default_value_set())
    {
        help.push_str(&format!(" (default: {})", value.to_string_lossy()));
    }
    help
}
