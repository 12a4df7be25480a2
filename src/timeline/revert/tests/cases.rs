//! Undoing the last call of a case, and folding what the commands would leave,
//! gives back the state before it: one case and more for each row.
//!
//! `cases.txt` has them: a type, then the calls, the last being the one that is
//! undone. `%h` is in turn each of the hostile texts, `%p` a long policy as text,
//! `%P` the same as a document. After the type stands what is not the same
//! afterwards, with the reason: `new FIELD` (its keys are ids that AWS assigns
//! anew), `but FIELD` (left out of the comparison), `refuses FIELD` (a part of
//! the change that has no command), `stays` (it is there, switched off). `whole`:
//! all calls are undone, not only the last.

use super::super::table::{TABLE, is_kind};
use super::words::{HOSTILE, long_policy, shell_words, words_by_sh};
use super::{
    Existence, State, Timeline, UndoCommand, Value, commands, diff_states, event, json, replay, timeline_of,
    undo_changes, undo_event,
};
use crate::timeline::{Knowledge, Setting, SettingPath};
use serde_json::Map;
use std::collections::BTreeSet;

/// One case, with its texts filled in.
pub(super) struct Case {
    pub(super) kind: String,
    /// What is not the same afterwards.
    excused: Vec<(String, String)>,
    /// Service, call, request, response.
    pub(super) calls: Vec<(String, String, Value, Value)>,
}

/// Reads the cases; those with hostile texts once for each text.
pub(super) fn cases() -> Vec<Case> {
    let text: Vec<&str> = include_str!("cases.txt").lines().filter(|line| !line.starts_with('#')).collect();
    let blocks = text.split(|line| line.trim().is_empty()).filter(|block| !block.is_empty());
    let policy = long_policy(30);
    let escaped = |text: &str| json!(text).to_string().trim_matches('"').to_owned();
    let mut all = Vec::new();
    for block in blocks {
        let whole = block.join("\n");
        let texts = if whole.contains("%h") { &HOSTILE[..] } else { &HOSTILE[..1] };
        for text in texts {
            // A quote at an end is not to be trimmed.
            let text = json!(text).to_string();
            let text = &text[1..text.len() - 1];
            let filled = whole.replace("%h", text).replace("%P", &policy);
            all.push(case(&filled.replace("%p", &escaped(&policy))));
        }
    }
    all
}

fn case(text: &str) -> Case {
    let mut lines = text.lines();
    let mut head = lines.next().unwrap().split("; ");
    let kind = head.next().unwrap().to_owned();
    let excused = head.map(|it| {
        it.split_once(' ').map_or((it.to_owned(), String::new()), |(how, what)| {
            (how.to_owned(), what.split(':').next().unwrap().to_owned())
        })
    });
    let excused = excused.collect();
    let call = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (source, name) = (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned());
        let rest = parts.next().unwrap_or("{}");
        let (request, response) = rest.split_once(" -> ").unwrap_or((rest, "null"));
        let read = |text: &str| serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {line}"));
        (source, name, read(request), read(response))
    };
    Case { kind, excused, calls: lines.map(call).collect() }
}

impl Case {
    fn name(&self) -> &str {
        &self.calls.last().unwrap().1
    }

    /// Whether all is undone, from the last call to the first.
    fn is_whole(&self) -> bool {
        self.excuses("whole").next().is_some()
    }

    fn excuses(&self, how: &str) -> impl Iterator<Item = &str> {
        self.excused.iter().filter(move |(it, _)| it == how).map(|(_, what)| what.as_str())
    }

    /// The records, up to a call.
    pub(super) fn records(&self, upto: usize) -> Vec<String> {
        let calls = self.calls[..upto].iter().enumerate();
        calls
            .map(|(at, (source, name, request, response))| event(at, source, name, request, response))
            .collect()
    }

    /// The timeline with the change, and the state before it.
    pub(super) fn around(&self) -> (Timeline, State) {
        let now = timeline_of(&self.records(self.calls.len()), &self.kind);
        let before = match self.calls.len() {
            _ if self.is_whole() => unborn(),
            1 => unborn(),
            many => timeline_of(&self.records(many - 1), &self.kind).state,
        };
        (now, before)
    }

    /// The steps back, by state and by event.
    pub(super) fn ways(&self) -> [Vec<UndoCommand>; 2] {
        let (now, before) = self.around();
        let at = if self.is_whole() { 0 } else { self.calls.len() - 1 };
        [undo_changes(&now.resource, &now.state, &before), undo_event(&now, &format!("e-{at}"))]
    }

    /// A configuration to compare: without what AWS assigns anew, or has anyway.
    fn known_text(&self, state: &State) -> Map<String, Value> {
        let table = TABLE.as_ref().unwrap();
        let mut all = Map::new();
        for (path, cell) in state.cells() {
            let is_default = table.rule.iter().filter(|rule| is_kind(&rule.kind, &self.kind)).any(|rule| {
                let name = path.parts().next_back().unwrap_or_default();
                let default = rule.defaults.get(name).map(|it| json!(it));
                rule.field(path).is_some() && default.as_ref() == cell.val.known()
            });
            let is_left_out = self.excuses("but").any(|field| path.starts_with(&SettingPath::field(field)));
            if is_default || is_left_out || table.is_kept(&self.kind, path) {
                continue;
            }
            let mut value = match &cell.val {
                Knowledge::Known(value) => value.clone(),
                Knowledge::Unknown(why) => json!(why.words()),
                Knowledge::Absent => continue,
            };
            let mut path = path.clone();
            if let Some(field) =
                self.excuses("new").find(|field| path.starts_with(&SettingPath::field(field)))
            {
                path = SettingPath::field(field).join(&format!("new {}", sorted(&value)));
            }
            if let Value::Object(object) = &mut value {
                object.remove("securityGroupRuleId");
            }
            all.insert(path.to_string(), value);
        }
        all
    }
}

/// The same value, whatever the order of its members.
fn sorted(value: &Value) -> String {
    let mut members: Vec<String> = match value {
        Value::Object(object) => {
            object.iter().map(|(name, value)| format!("{name}: {}", sorted(value))).collect()
        }
        value => vec![value.to_string()],
    };
    members.sort();
    members.join(", ")
}

/// The state of what was not made yet.
fn unborn() -> State {
    let mut state = State { exists: Existence::Gone, ..State::default() };
    state.cells.insert(SettingPath::root(), Setting { val: Knowledge::Absent, by: None });
    state
}

/// What the commands of a way back lead to.
fn after(case: &Case, steps: &[UndoCommand]) -> Timeline {
    let mut records = case.records(case.calls.len());
    let start = records.len();
    records.extend(commands(steps).iter().enumerate().map(|(at, it)| replay::call(it).record(start + at)));
    timeline_of(&records, &case.kind)
}

#[test]
fn undoing_gives_back_the_state_before() {
    let cases = cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let (now, before) = case.around();
        let changes =
            !diff_states(&before, &now.state).is_empty() || before.due.is_some() != now.state.due.is_some();
        assert!(
            changes || before.exists != now.state.exists,
            "{} {} changes nothing",
            case.kind,
            case.name()
        );
        for steps in case.ways() {
            let refused: Vec<&UndoCommand> = steps.iter().filter(|step| step.command.is_none()).collect();
            let excused =
                |step: &&UndoCommand| case.excuses("refuses").any(|field| step.path.starts_with(field));
            if commands(&steps).is_empty() || !refused.iter().all(excused) {
                wrong.push(format!("{} {}: {refused:?}", case.kind, case.name()));
                continue;
            }
            let after = after(case, &steps).state;
            if case.excuses("stays").next().is_none() {
                let differs = unlike(case, &before, &after);
                wrong.extend(differs.map(|how| {
                    format!("{} {}: {how}\n{}", case.kind, case.name(), commands(&steps).join("\n"))
                }));
            }
        }
    }
    println!("{} cases undone twice", cases.len());
    // One of each kind tells enough.
    wrong.dedup_by_key(|it| it.split(':').take(5).collect::<String>());
    let some: Vec<String> = wrong.iter().take(60).map(|it| it.chars().take(1500).collect()).collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), some.join("\n\n"));
}

/// What is not as it was; `None` where all is.
fn unlike(case: &Case, before: &State, after: &State) -> Option<String> {
    if after.exists != before.exists || after.due.is_some() != before.due.is_some() {
        return Some(format!("{:?}, {:?}", after.exists, after.due));
    }
    if before.exists == Existence::Gone {
        return None;
    }
    let (want, have) = (case.known_text(before), case.known_text(after));
    let names: BTreeSet<&String> = want.keys().chain(have.keys()).collect();
    let differs = names.into_iter().filter(|name| want.get(*name) != have.get(*name));
    let lines: Vec<String> =
        differs.map(|name| format!("{name}: want {:?} have {:?}", want.get(name), have.get(name))).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A real shell hands every value of every command to the program as one word.
#[test]
fn a_shell_reads_the_commands_as_they_are_meant() {
    let steps: Vec<UndoCommand> = cases().iter().flat_map(|case| case.ways().concat()).collect();
    let lines: Vec<String> = commands(&steps).into_iter().map(str::to_owned).collect();
    let Some(words) = words_by_sh(&lines) else { return };
    let by_us: Vec<Vec<String>> = lines.iter().map(|line| shell_words(line)).collect();
    assert_eq!(words.len(), by_us.len());
    for ((sh, us), line) in words.iter().zip(&by_us).zip(&lines) {
        assert_eq!(sh, us, "{line}");
    }
    println!("{} commands, {} words", words.len(), words.iter().map(Vec::len).sum::<usize>());
    assert!(!std::path::Path::new("pwned").exists());
}
