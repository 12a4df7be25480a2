//! The JSON of every command is as its schema in `docs/schema/` says, and a schema names nothing that never occurs.

mod check;
mod story;

use crate::docs::schema;
use crate::world::{World, fixture, names};
use check::check;
use clap::{Command, CommandFactory};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use trailscan::cli::Cli;

/// Properties that no answer below has, each with the reason.
#[cfg(unix)]
const NEVER_SEEN: &[(&str, &str)] = &[];
#[cfg(not(unix))]
const NEVER_SEEN: &[(&str, &str)] = &[
    ("common.json#/$defs/skippedBy/properties/specialFile", "the story has a socket on Unix only"),
    ("common.json#/$defs/skippedBy/properties/readByAnotherName", "the story has a link on Unix only"),
];

/// What is asked of every folder of the fixtures.
const OF_FOLDERS: [&str; 9] = [
    "events",
    "logins",
    "inventory",
    "stats --by eventName,actor.type --every 1h",
    "stats --every 1h",
    "coverage",
    "coverage --by hour --format jsonl",
    "validate",
    "new --window 10m --baseline 30d",
];

/// What is asked of a resource of each type that a folder has.
const OF_RESOURCES: [&str; 10] = [
    "who --all",
    "who-created",
    "who-changed",
    "who-deleted",
    "who-read",
    "timeline --related",
    "state",
    "diff --from 2020-01-01",
    "graph",
    "revert --to 2020-01-01",
];

/// So many resources of a folder are asked about.
const RESOURCES: usize = 2;

/// What shows what the others do not: proofs, origins, other forms, damage.
const FURTHER: &str = "
who-deleted bucket/stratus-red-team-ctlr-bucket-zqfsvooxqj invictus --trace --verify
who-deleted bucket/payroll trace --trace
who-deleted bucket/ledger trace --trace
who-deleted sgr-035a6016fe8ef01c5 invictus
who-deleted s3://payroll/a/b.txt cases/delete-objects-unnamed-keys
who-deleted s3://payroll/a/b.txt cases/lifecycle-not-logged
timeline snap-083d3b857c13988bc --trace --verify invictus
timeline sg-04cfb7a4712d75b00 invictus --format jsonl
timeline user/bert-jan invictus
state snap-083d3b857c13988bc --trace --verify invictus
state user/bert-jan invictus
state secret/stratus-red-team-retrieve-secret-0 invictus
state 11111111-2222-4333-8444-555555555555 cases/kms-alias-of-deleted-key
state user/alice cases/config-items-differ --format jsonl
diff snap-083d3b857c13988bc --from 2023-07-10T12:00:00Z --trace --verify invictus
diff user/bert-jan --from 2023-07-10T12:00:00Z invictus
revert sg-04cfb7a4712d75b00 --to 2023-07-10T12:11:00Z invictus
inventory --verify invictus
inventory cases/config-notifications trace
events cases/config-notifications shapes
events digest/log-tampered/trail --verify --public-keys digest/log-tampered/public-keys.json --metadata digest/log-tampered/head-objects.json
validate digest/none/trail --public-keys digest/none/public-keys.json --metadata digest/none/head-objects.json
validate digest/digest-deleted/trail --public-keys digest/digest-deleted/public-keys.json --format jsonl
validate digest/key-rotation/trail --public-keys digest/key-rotation/public-keys.json
trace alice trace --at 2024-05-01T13:30:00Z
trace bob trace --format jsonl
trace user/bert-jan invictus
trace 00000000-0000-4000-8000-000000000002 trace
actor alice trace
actor mallory cases/trail-narrowed
actor alice trace --format jsonl
actor bert-jan invictus
";

/// The folders of the fixtures that hold logs.
fn folders() -> Vec<String> {
    let all = ["trace", "shapes", "damaged", "invictus"].map(str::to_owned).into_iter();
    let cases = names("cases").into_iter().map(|name| format!("cases/{name}"));
    let trails = names("digest").into_iter().map(|name| format!("digest/{name}/trail"));
    all.chain(cases).chain(trails).filter(|folder| fixture(folder).is_dir()).collect()
}

/// Resources of a folder to ask about, one of a type.
fn resources(folder: &str) -> Vec<String> {
    let inventory = World::fixtures().run(&format!("inventory {folder} --json"));
    let mut kinds = BTreeSet::new();
    let all = inventory.json()["answer"].as_array().unwrap().clone().into_iter();
    let names = all.filter_map(|it| {
        let text = |name: &str| it[name].as_str().unwrap().to_owned();
        let name = format!("{}/{}", text("resourceType"), text("resourceId"));
        (!name.contains(' ') && kinds.insert(text("resourceType"))).then_some(name)
    });
    names.take(RESOURCES).collect()
}

/// The schemas, and what is seen of them.
struct Schemas {
    all: BTreeMap<String, Value>,
    common: BTreeSet<String>,
}

impl Schemas {
    fn read() -> Self {
        let all = schema::commands().into_iter().map(|name| (name.clone(), schema::read(&name))).collect();
        Self { all, common: schema::common().keys().cloned().collect() }
    }

    /// A property as one place, whichever copy of a shared definition it stands in.
    fn place(&self, command: &str, place: &str) -> String {
        let part = place.strip_prefix("#/$defs/").and_then(|it| it.split('/').next()).unwrap_or_default();
        let file = if self.common.contains(part) { "common" } else { command };
        format!("{file}.json{place}")
    }

    /// Asks one question, and returns the properties that its answer has.
    fn ask(&self, world: &World, question: &str) -> BTreeSet<String> {
        let command = question.split(' ').next().unwrap();
        let schema = &self.all[command];
        let lines = question.contains("--format jsonl");
        let reply = world.run(&format!("{question}{}", if lines { " --quiet" } else { " --json --quiet" }));
        let (place, values): (_, Vec<Value>) = match lines {
            // Nothing that could be used is no answer.
            _ if reply.status == 2 && reply.stderr.contains("error: no ") => return BTreeSet::new(),
            _ if reply.status == 2 => panic!("{question}: {reply}"),
            true => {
                ("#/$defs/item", reply.text().lines().map(|it| serde_json::from_str(it).unwrap()).collect())
            }
            false => ("#", vec![reply.json()]),
        };
        let found = values.iter().map(|value| {
            check(schema, place, value).unwrap_or_else(|wrong| panic!("`trailscan {question}`: {wrong}"))
        });
        found.flat_map(|it| it.used).map(|it| self.place(command, &it)).collect()
    }

    /// Every property of the schemas.
    fn properties(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (command, schema) in &self.all {
            properties(schema, "#", &mut |place| {
                all.insert(self.place(command, place));
            });
        }
        all
    }
}

/// Tells of every property below a place, and checks that it says what it is.
fn properties(schema: &Value, place: &str, tell: &mut dyn FnMut(&str)) {
    let members = schema.as_object().into_iter().flatten();
    for (name, inner) in members.filter(|(_, it)| it.is_object()) {
        match name.as_str() {
            "properties" | "$defs" => {
                for (member, rule) in inner.as_object().unwrap() {
                    let place = format!("{place}/{name}/{member}");
                    assert!(rule["description"].is_string(), "{place} has no description");
                    if name == "properties" {
                        tell(&place);
                    }
                    properties(rule, &place, tell);
                }
            }
            _ => properties(inner, &format!("{place}/{name}"), tell),
        }
    }
}

#[test]
fn every_answer_is_as_its_schema_says() {
    let schemas = Schemas::read();
    let (fixtures, told) = (World::fixtures(), story::world());
    let mut questions: Vec<(&World, String)> = Vec::new();
    for folder in folders() {
        questions.extend(OF_FOLDERS.iter().map(|it| (&fixtures, format!("{it} {folder}"))));
        for resource in resources(&folder) {
            let of = OF_RESOURCES.iter().map(|it| format!("{it} {resource} {folder}"));
            questions.extend(of.map(|it| (&fixtures, it)));
        }
    }
    questions.extend(FURTHER.trim().lines().map(|it| (&fixtures, it.to_owned())));
    questions.extend(story::QUESTIONS.trim().lines().map(|it| (&told, it.to_owned())));
    assert!(questions.len() > 500, "only {} questions", questions.len());
    let asked: BTreeSet<&str> = questions.iter().filter_map(|(_, it)| it.split(' ').next()).collect();
    assert!(
        schemas.all.keys().all(|it| asked.contains(it.as_str())),
        "not all commands are asked: {asked:?}"
    );
    let seen: BTreeSet<String> =
        questions.par_iter().flat_map_iter(|(world, question)| schemas.ask(world, question)).collect();
    let excused: BTreeSet<&str> = NEVER_SEEN.iter().map(|it| it.0).collect();
    let all = schemas.properties();
    let unseen: Vec<&String> =
        all.iter().filter(|it| !seen.contains(*it) && !excused.contains(it.as_str())).collect();
    assert!(unseen.is_empty(), "in no answer: {unseen:#?}");
    let idle: Vec<&&str> = excused.iter().filter(|it| seen.contains(**it) || !all.contains(**it)).collect();
    assert!(idle.is_empty(), "not to be excused: {idle:?}");
}

/// Whatever prints JSON has a schema: every command that takes `--json`.
#[test]
fn every_command_that_prints_json_has_a_schema() {
    let program = Cli::command();
    let prints_json = |command: &&Command| command.get_arguments().any(|it| it.get_long() == Some("json"));
    let with_json = program.get_subcommands().filter(prints_json);
    let mut sorted: Vec<&str> = with_json.map(Command::get_name).collect();
    sorted.sort_unstable();
    assert_eq!(sorted, schema::commands());
}
