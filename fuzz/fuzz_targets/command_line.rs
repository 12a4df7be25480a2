//! The whole program over a log: what it prints holds no character that acts on a terminal, and its JSON is JSON. The
//! first byte picks a command line, the rest of the first line is what it asks for, and what follows is the log.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::sync::LazyLock;

/// `@` is what is asked for.
const COMMANDS: [&str; 34] = [
    "who @",
    "who @ --trace --json",
    "who-created @ --format csv",
    "who-changed @ --wide",
    "who-deleted @ --json",
    "who-read @ --format jsonl",
    "timeline @",
    "timeline @ --related --json",
    "timeline @ --format csv",
    "state @",
    "state @ --json",
    "diff @ --from 2020-01-01 --to 2030-01-01",
    "diff @ --from 2020-01-01 --to 2030-01-01 --json",
    "inventory",
    "inventory --json",
    "graph @",
    "graph @ --json",
    "graph @ --format dot",
    "revert @",
    "revert @ --json",
    "events",
    "events --json",
    "events --format jsonl",
    "events --actor @ --format csv",
    "events --event @ --wide",
    "actor @",
    "actor @ --json",
    "logins",
    "logins --json",
    "stats --by eventName --json",
    "new --since 2023-01-01 --json",
    "trace @",
    "trace @ --json",
    "coverage --json",
];

/// Where the log lies, and what stdout is.
struct Place {
    log: PathBuf,
    output: File,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let dir = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let named = |what: &str| dir.join(format!("trailscan-{what}-{}", std::process::id()));
    let path = named("output");
    let output =
        File::options().read(true).write(true).create(true).truncate(true).open(&path).expect("a file");
    // It is gone when the process is.
    std::fs::remove_file(&path).expect("it is there");
    rustix::stdio::dup2_stdout(&output).expect("stdout is a file");
    Place { log: named("log.json"), output }
});

fuzz_target!(|input: &[u8]| {
    let Some((pick, rest)) = input.split_first() else { return };
    let line = COMMANDS[usize::from(*pick) % COMMANDS.len()];
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let Ok(asked) = std::str::from_utf8(&rest[..end]) else { return };
    // What begins so would be an option, or is no argument.
    if asked.starts_with('-') || asked.contains('\0') {
        return;
    }
    let text = run(line, asked, rest.get(end + 1..).unwrap_or_default());
    // Lines of CSV end so.
    let text = if line.contains("csv") { text.replace("\r\n", "\n") } else { text };
    let is_json = line.contains("json");
    let acts = |letter: &char| letter.is_control() && *letter != '\n' || is_unseen(*letter);
    let found = text.chars().find(|letter| acts(letter));
    assert!(found.is_none(), "`{line}` prints {found:?}");
    if is_json {
        let documents = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
        assert!(documents.into_iter().all(|it| it.is_ok()), "`{line}`: {text}");
    }
});

/// Marks that turn the direction of what follows.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn run(line: &str, asked: &str, log: &[u8]) -> String {
    let Place { log: path, output } = &*PLACE;
    let mut output = output;
    std::fs::write(path, log).expect("the log can be written");
    output.set_len(0).and_then(|()| output.rewind()).expect("the file can be cut");
    let words = line.split(' ').map(|word| OsString::from(if word == "@" { asked } else { word }));
    let paths = ["--threads=1".into(), "--no-index".into(), "--quiet".into(), "--".into(), path.into()];
    let _ = trailscan::cli::run([OsString::from("trailscan")].into_iter().chain(words).chain(paths));
    let _ = std::fs::remove_file(path);
    let mut text = String::new();
    output.rewind().and_then(|()| output.read_to_string(&mut text)).expect("what is printed is UTF-8");
    text
}
