//! All questions: those of `questions.txt`, those in the documents, and what is asked of every resource, archive, form
//! of output and damaged file.

use crate::ask::INDEX;
use crate::damage::{self, Harm};
use crate::learn::Subject;
use std::fs;
use std::path::Path;

/// Questions that are asked one by one: a line each, `#` in front of what is none, `< FILE` for what is read from a pipe.
const SINGLE: &str = include_str!("questions.txt");

/// Documents with lines `$ trailscan …`.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "docs/guide.md",
    "docs/runbook.md",
    "docs/output.md",
    "docs/validate.md",
    "docs/extending.md",
];

const ARCHIVES: &[&str] = &[
    "tests/fixtures/invictus",
    "tests/fixtures/trace",
    "tests/fixtures/cases",
    "tests/fixtures/shapes",
    "tests/fixtures/damaged",
    "tests/fixtures/digest/none/trail",
    "tests/fixtures/digest/log-tampered/trail",
];

const FORMATS: &[&str] = &["table", "json", "jsonl", "csv", "raw", "dot"];

/// What may be asked of a resource; `REF`, `FIRST` and `LAST` stand for it and its moments.
const OF_RESOURCE: &[&str] = &[
    "who REF --all --json",
    "timeline REF --json",
    "state REF --at LAST --json",
    "who-deleted REF",
    "timeline REF --related",
    "diff REF --from FIRST --to LAST",
    "revert REF --to FIRST",
    "graph REF --format dot",
    "who NAME --trace",
    "state NAME --at FIRST",
    "diff REF --from FIRST --json",
    "revert REF --to FIRST --json",
    "graph NAME --at LAST --json",
    "who-created REF --verify",
    "who-changed NAME --json --trace",
    "who-read REF --format csv",
    "trace NAME --json",
];

/// A program's arguments, and what it reads from a pipe.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) args: Vec<String>,
    pub(crate) stdin: Option<String>,
}

impl Question {
    pub(crate) fn new<S: Into<String>>(args: impl IntoIterator<Item = S>) -> Self {
        Self { args: args.into_iter().map(Into::into).collect(), stdin: None }
    }

    /// Reads a line as a shell would, as far as the documents need it: quotes, and `< FILE`; a pipe ends it.
    fn of_line(line: &str) -> Result<Self, String> {
        let mut words = words(line).ok_or_else(|| format!("a quote is not closed: `{line}`"))?;
        let stdin = words.iter().position(|word| word == "<").map(|at| words.split_off(at).swap_remove(1));
        Ok(Self { args: words, stdin })
    }

    /// Returns whether the questions behind it need what it does.
    pub(crate) fn is_step(&self) -> bool {
        self.args.first().is_some_and(|it| it == "index")
    }

    /// Returns it as it would be typed.
    pub(crate) fn text(&self) -> String {
        let plain = |it: char| it.is_ascii_alphanumeric() || "-_./:,=@{}".contains(it);
        let quoted = |arg: &String| match !arg.is_empty() && arg.chars().all(plain) {
            true => arg.clone(),
            false => format!("'{arg}'"),
        };
        let mut text = "trailscan".to_owned();
        self.args.iter().for_each(|arg| text.extend([" ", &quoted(arg)]));
        self.stdin.iter().for_each(|file| text.extend([" < ", file]));
        text
    }
}

/// Questions that may be asked at once, and what happens to the indexes afterwards.
pub(crate) struct Round {
    pub(crate) questions: Vec<Question>,
    /// Asked one after the other, as they write.
    pub(crate) in_order: bool,
    pub(crate) harm: Harm,
}

/// Returns all questions; `made` has the damaged files.
pub(crate) fn rounds(subjects: &[Subject], made: &Path) -> Result<Vec<Round>, String> {
    let made = made.display().to_string();
    let mut first = single(&made)?;
    first.extend(documented()?);
    first.extend(of_archives());
    first.extend(of_files(&made).map_err(|error| format!("`tests/fixtures/shapes`: {error}"))?);
    first.extend(of_resources(subjects));
    let asked = |harm| Round { questions: indexed(subjects), in_order: false, harm };
    let made_index = || Round { questions: index_made(&made), in_order: true, harm: Harm::None };
    let free = Round { questions: first, in_order: false, harm: Harm::None };
    Ok(vec![
        free,
        made_index(),
        asked(Harm::Flip),
        asked(Harm::None),
        made_index(),
        asked(Harm::Cut),
        asked(Harm::None),
    ])
}

fn single(made: &str) -> Result<Vec<Question>, String> {
    let lines = SINGLE.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| Question::of_line(&line.replace("{made}", made))).collect()
}

fn documented() -> Result<Vec<Question>, String> {
    let mut questions = Vec::new();
    for document in DOCUMENTS {
        // One that moved has its questions elsewhere.
        let Ok(text) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(document)) else {
            continue;
        };
        let lines = text.lines().filter_map(|line| line.strip_prefix("$ trailscan "));
        // An index is written to the user's own place: those questions are in `indexed`.
        for line in lines.filter(|line| !line.starts_with("index")) {
            questions.push(Question::of_line(line)?);
        }
    }
    Ok(questions)
}

fn of_archives() -> Vec<Question> {
    const COMMANDS: &[&str] = &[
        "events",
        "inventory",
        "logins",
        "coverage",
        "stats --by eventName,outcome",
        "new --window 20m --baseline 40m",
        "validate",
        "actor bert-jan",
        "trace alice",
        "who-deleted bucket/payroll",
    ];
    let mut questions = Vec::new();
    for archive in ARCHIVES {
        for command in COMMANDS {
            for format in FORMATS {
                let words = command.split(' ').chain(["--format", format, archive]);
                questions.push(Question::new(words));
            }
        }
    }
    questions
}

fn of_files(made: &str) -> std::io::Result<Vec<Question>> {
    let mut questions = Vec::new();
    for file in damage::files()? {
        for dir in ["tests/fixtures/shapes", "tests/fixtures/damaged"] {
            let path = format!("{dir}/{file}");
            questions.push(Question::new(["coverage", "--json", &path]));
            let piped =
                Question::new(["who-deleted", "stratus-red-team-ctlr-bucket-zqfsvooxqj", "--json", "-"]);
            questions.push(Question { stdin: Some(path), ..piped });
        }
        for damage in damage::names() {
            questions.push(Question::new(["events", "--json", &format!("{made}/{damage}/{file}")]));
        }
    }
    for damage in damage::names() {
        for command in ["events", "inventory", "validate"] {
            questions.push(Question::new([command, &format!("{made}/{damage}")]));
        }
    }
    Ok(questions)
}

fn of_resource(command: &str, subject: &Subject) -> Question {
    let word = |word: &str| match word {
        "REF" => subject.reference.clone(),
        "NAME" => subject.name.clone(),
        "FIRST" => subject.first.clone(),
        "LAST" => subject.last.clone(),
        _ => word.to_owned(),
    };
    Question::new(command.split(' ').map(word).chain([subject.archive.to_owned()]))
}

/// The first three of every resource, and two of the others in turn.
fn of_resources(subjects: &[Subject]) -> Vec<Question> {
    let (always, others) = OF_RESOURCE.split_at(3);
    let mut questions = Vec::new();
    for (number, subject) in subjects.iter().enumerate() {
        let turn = (0..2).map(|it| &others[(number * 2 + it) % others.len()]);
        questions.extend(always.iter().chain(turn).map(|command| of_resource(command, subject)));
    }
    questions
}

/// What is asked with an index, of some resources.
fn indexed(subjects: &[Subject]) -> Vec<Question> {
    let few = subjects.iter().step_by(5);
    let mut questions: Vec<Question> =
        few.zip(OF_RESOURCE.iter().cycle()).map(|(subject, command)| of_resource(command, subject)).collect();
    let lines = [
        "events --event Delete* --json tests/fixtures/invictus",
        "stats --by eventName --service iam.amazonaws.com tests/fixtures/invictus",
        "events --ip 192.168.10.20 --event ConsoleLogin tests/fixtures/invictus",
        "logins --json tests/fixtures/invictus",
        "coverage tests/fixtures/damaged",
        "who bucket/nowhere tests/fixtures/invictus",
    ];
    questions.extend(lines.iter().map(|line| Question::new(line.split(' '))));
    questions.iter_mut().for_each(|it| it.args.extend(["--index-dir".to_owned(), INDEX.to_owned()]));
    questions
}

fn index_made(made: &str) -> Vec<Question> {
    let twice = format!("{made}/twice");
    let archives = ARCHIVES.iter().chain([&"tests/fixtures/invictus", &"tests/fixtures/nowhere"]);
    let archives = archives.copied().chain([twice.as_str()]);
    archives.map(|archive| Question::new(["index", "--index-dir", INDEX, archive])).collect()
}

/// Parts a line at its spaces, quotes kept together; `None` where a quote is not closed.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(next) = chars.next() {
        match next {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        end if end == next => break,
                        inner => word.push(inner),
                    }
                }
            }
            ' ' => words.extend(word.take()),
            '|' | '>' if word.is_none() => return Some(words),
            _ => word.get_or_insert_default().push(next),
        }
    }
    words.extend(word);
    Some(words)
}
