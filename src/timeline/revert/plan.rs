//! Which commands, and in which order: from what differs between two states to
//! steps, each a command or the reason why there is none.

use super::super::fold::diff_states;
use super::super::path::SettingPath;
use super::super::place::scalar_text;
use super::super::state::{Existence, Setting, SettingChange, State};
use super::super::val::{Knowledge, UnknownReason};
use super::table::{RevertRule, RevertTable, TABLE, is_kind};
use super::template::{SERVICE_PATH, TemplateFilling};
use super::{UndoCommand, shell, template};
use crate::resource::Resource;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A way back, from one state to another.
#[derive(Clone, Copy)]
pub(super) struct UndoPlan<'a> {
    pub(super) resource: &'a Resource,
    pub(super) now: &'a State,
    pub(super) then: &'a State,
    /// Whether the resource is made first, and gets an id that nobody knows yet.
    pub(super) is_renewed: bool,
}

/// The variable of the shell that holds the id of what was made.
pub(super) const NEW_ID: &str = "NEW_ID";

impl UndoPlan<'_> {
    /// Returns the steps for what is wanted, or for the resource itself where that is gone or new.
    pub(super) fn all(&self, wanted: &[SettingChange]) -> Vec<UndoCommand> {
        let Some(table) = TABLE.as_ref() else { return Vec::new() };
        let refuse = |note: &str| vec![UndoCommand::refused("exists", note)];
        match (self.now.exists, self.then.exists) {
            (Existence::Gone, Existence::Exists) => self.made_again(table),
            (Existence::Exists, Existence::Gone) => self.taken_away(table),
            (Existence::Gone, Existence::Gone) => refuse(NOTHING_LEFT),
            (Existence::Gone, _) => refuse("it was deleted, and whether it existed then is not known"),
            _ if wanted.is_empty() && self.now.due.is_some() == self.then.due.is_some() => Vec::new(),
            _ => {
                let mut steps = self.deletion(table);
                steps.extend(self.settings(table, wanted));
                steps
            }
        }
    }

    /// The type to look up; a role that belongs to a service is made and deleted with its service.
    fn kind(&self, state: &State) -> Cow<'static, str> {
        let path = state.cell(&SettingPath::field("path")).val;
        let of_service =
            path.known().and_then(Value::as_str).is_some_and(|path| path.starts_with(SERVICE_PATH));
        match of_service && self.resource.kind == "AWS::IAM::Role" {
            true => Cow::Borrowed("AWS::IAM::Role+ServiceLinked"),
            false => self.resource.kind.clone(),
        }
    }

    /// What was deleted is made, and given its settings one by one: a new one has none.
    fn made_again(&self, table: &RevertTable) -> Vec<UndoCommand> {
        let kind = self.kind(self.then);
        let Some(template) = table.create.get(kind.as_ref()) else {
            let why =
                table.lost.get(kind.as_ref()).map_or("no command brings it back as it was", String::as_str);
            return vec![UndoCommand::refused("exists", format!("it was deleted: {why}"))];
        };
        let mut made = self.existence(template, self.then);
        if made.command.is_none() || kind != self.resource.kind {
            return vec![made];
        }
        let unseen = matches!(self.then.cell(&SettingPath::root()).val, Knowledge::Unknown(_));
        let unseen = unseen.then(|| "what was set before the archive is not brought back".to_owned());
        let notes = [made.note, table.again.get(kind.as_ref()).cloned(), unseen];
        made.note = join_notes(notes.into_iter().flatten());
        let empty = State::new_like(self.then);
        let mut wanted = diff_states(&empty, self.then);
        wanted.retain(|change| !template::has_placeholder_for(template, &change.path));
        let query = table.renewed.get(kind.as_ref());
        let is_renewed = query.is_some();
        let settings = UndoPlan { now: &empty, is_renewed, ..*self }.settings(table, &wanted);
        let uses_id = |step: &UndoCommand| step.command.as_ref().is_some_and(|it| it.contains(NEW_ID));
        if let (Some(query), Some(command), true) = (query, &mut made.command, settings.iter().any(uses_id)) {
            *command =
                format!("{NEW_ID}=\"$({command} --query {} --output text)\"", shell::quote_for_shell(query));
        }
        let mut steps = vec![made];
        steps.extend(settings);
        steps
    }

    /// What was made is deleted, after what has to be taken off before. Other settings go with it.
    fn taken_away(&self, table: &RevertTable) -> Vec<UndoCommand> {
        let kind = self.kind(self.now);
        let Some(template) = table.delete.get(kind.as_ref()) else {
            let why =
                "it was not there before this, but deleting it may lose data: that is for a person to decide";
            let losing = table.losing.get(kind.as_ref()).map(|template| self.existence(template, self.now));
            let command =
                losing.and_then(|step| step.command).map(|command| format!("the command is {command}"));
            return vec![UndoCommand {
                note: join_notes([why.to_owned()].into_iter().chain(command)),
                ..UndoCommand::refused("exists", "")
            }];
        };
        let gone = State::new_like(self.now);
        let parts = diff_states(self.now, &gone);
        let mut steps = Vec::new();
        for rule in table.rule.iter().filter(|rule| is_kind(&rule.kind, &kind)) {
            let Some(template) = rule.detach.as_deref() else { continue };
            let mut done = BTreeSet::new();
            let stays = rule
                .stays
                .as_ref()
                .and_then(|name| self.now.get(&SettingPath::field(name)).known().and_then(scalar_text));
            for change in parts.iter().filter(|change| change.before.known().is_some()) {
                let Some(base) = rule.field(&change.path) else { continue };
                if stays.is_some() && change.path.parts().next_back() == stays.as_deref() {
                    continue;
                }
                let path = if rule.whole { base } else { change.path.clone() };
                if done.insert(path.clone()) {
                    let of = SettingChange { before: self.now.get(&path), after: Knowledge::Absent, path };
                    steps.extend(self.detached(rule, template, &of));
                }
            }
        }
        let mut last = self.existence(template, self.now);
        last.note = join_notes(last.note.into_iter().chain(table.instead.get(kind.as_ref()).cloned()));
        steps.push(last);
        steps
    }

    fn detached(&self, rule: &RevertRule, template: &str, change: &SettingChange) -> Option<UndoCommand> {
        let template = if template == "unset" { rule.unset.as_deref()? } else { template };
        Some(self.filled(rule, template, std::slice::from_ref(change), self.now))
    }

    fn existence(&self, template: &str, state: &State) -> UndoCommand {
        let Self { resource, is_renewed, .. } = *self;
        let filling = TemplateFilling { resource, state, rule: None, changes: &[], is_renewed };
        match filling.command(template) {
            Ok((command, note)) => UndoCommand { path: "exists".to_owned(), command: Some(command), note },
            Err(note) => UndoCommand::refused("exists", note),
        }
    }

    /// A deletion that is scheduled is called off.
    fn deletion(&self, table: &RevertTable) -> Vec<UndoCommand> {
        let refuse = |note: &str| vec![UndoCommand::refused("deletion", note)];
        match (self.now.due.is_some(), self.then.due.is_some()) {
            (true, false) => match table.cancel.get(self.resource.kind.as_ref()) {
                Some(template) => {
                    vec![UndoCommand { path: "deletion".to_owned(), ..self.existence(template, self.now) }]
                }
                None => refuse("it is scheduled, and no command is known that calls it off"),
            },
            (false, true) => {
                refuse("it was scheduled then and was called off since: it is not scheduled again")
            }
            _ => Vec::new(),
        }
    }

    /// The commands for settings, in the order of the table, then what no command is for.
    fn settings(&self, table: &RevertTable, wanted: &[SettingChange]) -> Vec<UndoCommand> {
        let mut left: Vec<&SettingChange> =
            wanted.iter().filter(|change| !table.is_kept(&self.resource.kind, &change.path)).collect();
        let rules = || table.rule.iter().filter(|rule| is_kind(&rule.kind, &self.resource.kind));
        let mut steps = Vec::new();
        for rule in rules() {
            match (rule.whole, rule.together) {
                (true, _) => self.wholes(rule, &mut left, &mut steps),
                (_, true) => self.together(rule, &mut left, &mut steps),
                _ => self.one_by_one(rule, &mut left, &mut steps),
            }
        }
        // Several settings may come to the same command.
        let mut given = BTreeSet::new();
        steps.retain(|step| step.command.is_none() || given.insert(step.command.clone()));
        steps.extend(left.into_iter().map(|change| {
            let rule = rules().find(|rule| rule.field(&change.path).is_some());
            match change.after {
                Knowledge::Unknown(UnknownReason::BeforeArchive) => self.as_if_new(rule, change),
                _ => UndoCommand::refused(
                    &change.path,
                    refusal_reason(&change.after, rule.and_then(|rule| rule.why.as_deref())),
                ),
            }
        }));
        steps
    }

    /// The creation that it is known by, where that succeeds as well for what is there already.
    fn perhaps_made(&self) -> Option<&str> {
        let by = self.then.exists_by.as_deref().filter(|_| self.then.created.is_none())?;
        by.event_name.starts_with("Create").then_some(by.event_name.as_str())
    }

    /// What to do about a setting of which nothing is known before the logs.
    fn as_if_new(&self, rule: Option<&RevertRule>, change: &SettingChange) -> UndoCommand {
        let refused = UndoCommand::refused(&change.path, refusal_reason(&change.after, None));
        let Some(rule) = rule else { return refused };
        let gone = SettingChange { after: Knowledge::Absent, ..change.clone() };
        // Of what a creation made or found, what it did not say is most likely not set.
        if let (Some(by), Some(template)) = (self.perhaps_made(), rule.template(&gone)) {
            let mut undo = self.filled(rule, template, &[gone], self.now);
            undo.note = join_notes([either_way(by)].into_iter().chain(undo.note));
            return undo;
        }
        if is_membership(change)
            && let Some(template) = rule.unset.as_deref()
        {
            // Taking it off can be taken back; leaving it is what an attacker would want.
            let by = self.now.cell(&change.path).by.map(|by| by.event_name.clone()).unwrap_or_default();
            let mut undo = self.filled(rule, template, &[gone], self.now);
            undo.note = join_notes([either_way(&by)].into_iter().chain(undo.note));
            return undo;
        }
        let once =
            SettingChange { after: Knowledge::Known(Value::String(ONCE_KNOWN.to_owned())), ..change.clone() };
        let known = rule.set.as_deref().or(rule.replace.as_deref());
        let ways = [
            ("if there was none", rule.unset.as_deref().map(|template| (template, gone))),
            ("once it is known", known.map(|template| (template, once))),
        ];
        let hint = ways.into_iter().find_map(|(when, way)| {
            let (template, change) = way?;
            let way = self.filled(rule, template, std::slice::from_ref(&change), self.now);
            // A text stands for a document too.
            let bare = |command: String| command.replace(&format!("'\"{ONCE_KNOWN}\"'"), ONCE_KNOWN);
            way.command.map(|command| format!("{when}: {}", bare(command)))
        });
        UndoCommand { note: join_notes(refused.note.into_iter().chain(hint)), ..refused }
    }

    /// Fields that are set with all their parts: all of the prior value has to be known.
    fn wholes(&self, rule: &RevertRule, left: &mut Vec<&SettingChange>, steps: &mut Vec<UndoCommand>) {
        let bases: BTreeSet<SettingPath> =
            left.iter().filter_map(|change| rule.field(&change.path)).collect();
        let mut done = BTreeSet::new();
        for base in bases {
            let cells = self.then.below(&base).filter(|(path, _)| rule.field(path).is_some());
            let mut vals =
                std::iter::once(self.then.cell(&base).val).chain(cells.map(|(_, cell)| cell.val.clone()));
            // An unknown part would be lost with the command that sets all of them.
            let after = vals.find(|val| !val.is_whole()).unwrap_or_else(|| self.then.get(&base));
            let change = SettingChange { before: self.now.get(&base), after, path: base.clone() };
            if change.after == Knowledge::Unknown(UnknownReason::BeforeArchive) {
                steps.push(self.as_if_new(Some(rule), &change));
            } else if !change.after.is_whole() {
                steps.push(UndoCommand::refused(&change.path, refusal_reason(&change.after, None)));
            } else if let Some(template) = rule.template(&change) {
                steps.push(self.filled(rule, template, std::slice::from_ref(&change), self.then));
            } else if let Some(why) = &rule.why {
                steps.push(UndoCommand::refused(&change.path, why.as_str()));
            } else {
                continue;
            }
            done.insert(change.path);
        }
        left.retain(|it| !rule.field(&it.path).is_some_and(|base| done.contains(&base)));
    }

    /// Fields that one command sets together: a second call would find the first still under way.
    fn together(&self, rule: &RevertRule, left: &mut Vec<&SettingChange>, steps: &mut Vec<UndoCommand>) {
        let fits = |change: &SettingChange| {
            change.after.is_whole() && rule.field(&change.path).is_some() && rule.template(change).is_some()
        };
        let changes: Vec<SettingChange> = left.iter().filter(|it| fits(it)).map(|it| (*it).clone()).collect();
        let Some(template) = changes.first().and_then(|first| rule.template(first)) else { return };
        steps.push(self.filled(rule, template, &changes, self.then));
        left.retain(|it| !fits(it));
    }

    /// Settings with a command each. What closes is done before what opens.
    fn one_by_one(&self, rule: &RevertRule, left: &mut Vec<&SettingChange>, steps: &mut Vec<UndoCommand>) {
        let fits = |change: &SettingChange| {
            change.after.is_whole() && rule.field(&change.path).is_some() && rule.template(change).is_some()
        };
        let mut changes: Vec<SettingChange> =
            left.iter().filter(|it| fits(it)).map(|it| (*it).clone()).collect();
        changes.sort_by_key(|change| change.after != Knowledge::Absent);
        for change in changes {
            let Some(template) = rule.template(&change) else { continue };
            steps.push(self.filled(rule, template, &[change], self.then));
        }
        left.retain(|it| !fits(it));
    }

    fn filled(
        &self,
        rule: &RevertRule,
        template: &str,
        changes: &[SettingChange],
        state: &State,
    ) -> UndoCommand {
        let names: Vec<String> = changes.iter().map(|change| change.path.to_string()).collect();
        let path = names.join(", ");
        let Self { resource, is_renewed, .. } = *self;
        match (TemplateFilling { resource, state, rule: Some(rule), changes, is_renewed }).command(template) {
            Ok((command, note)) => {
                let note = join_notes(note.into_iter().chain(rule.note.clone()));
                UndoCommand { path, command: Some(command), note }
            }
            Err(note) => UndoCommand::refused(path, note),
        }
    }
}

/// What is said where both before and after an event the resource is not there.
const NOTHING_LEFT: &str = "nothing to undo: it does not exist any more";

/// What stands in a command for a value that has to be found first.
const ONCE_KNOWN: &str = "VALUE-BEFORE";

/// That what a command takes away may have been there before.
fn either_way(by: &str) -> String {
    format!("it may have been so before these logs: `{by}` succeeds either way")
}

/// Whether a setting says no more than that something is a member: a group that a user is in.
fn is_membership(change: &SettingChange) -> bool {
    let name = change.before.known().and_then(scalar_text);
    change.path.parts().len() > 1 && name.as_deref() == change.path.parts().next_back()
}

/// Why a setting is not set back.
fn refusal_reason(after: &Knowledge, why: Option<&str>) -> String {
    match after {
        Knowledge::Unknown(why) => format!("the value before is unknown: {}", why.words()),
        after if !after.is_whole() => "the value before is redacted in part".to_owned(),
        _ => why.unwrap_or("no command is known that sets it").to_owned(),
    }
}

fn join_notes(notes: impl Iterator<Item = String>) -> Option<String> {
    let notes: Vec<String> = notes.collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

impl State {
    /// A state in which it is there with nothing set, as a new one would be.
    fn new_like(other: &Self) -> Self {
        let mut state = Self { exists: Existence::Exists, ..Self::default() };
        state.cells.insert(SettingPath::root(), Setting { val: Knowledge::Absent, by: None });
        state.shapes.clone_from(&other.shapes);
        state
    }

    /// What is known below a path, by the last names: the members of a set with their keys.
    pub(super) fn members(&self, base: &SettingPath) -> Map<String, Value> {
        let members = self.below(base).filter(|(path, _)| path.below(base).count() == 1);
        let known = members.filter_map(|(path, cell)| {
            Some((path.parts().next_back()?.to_owned(), cell.val.known()?.clone()))
        });
        known.collect()
    }
}
