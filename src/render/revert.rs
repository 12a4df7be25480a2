//! `revert`: commands to copy, and beside them what cannot be undone.

use super::OutputStyle;
use super::title::resource_title;
use super::view::{TableSection, View};
use crate::resource::Resource;
use crate::text::escape_for_terminal;
use crate::timeline::UndoCommand;
use serde_json::{Value, json};
use std::borrow::Cow;

/// The ways back, resource by resource.
pub struct RevertView {
    /// The resources, with their commands in order.
    pub all: Vec<(Resource, Vec<UndoCommand>)>,
}

/// The paths of a step.
pub const REVERT_FIELDS: &[&str] = &["resource.type", "resource.id", "path", "command", "note"];

impl View for RevertView {
    fn len(&self) -> usize {
        self.all.iter().map(|(_, steps)| steps.len()).sum()
    }

    fn item(&self, index: usize) -> Value {
        let mut steps =
            self.all.iter().flat_map(|(resource, steps)| steps.iter().map(move |step| (resource, step)));
        let Some((resource, step)) = steps.nth(index) else { return Value::Null };
        json!({
            "resource": {"type": resource.kind, "id": resource.id},
            "path": step.path,
            "command": step.command,
            "note": step.note,
        })
    }

    fn fields(&self) -> Vec<Cow<'static, str>> {
        REVERT_FIELDS.iter().copied().map(Cow::Borrowed).collect()
    }

    /// Everything but the commands is a comment of the shell.
    fn sections(&self, order: &[usize], _style: OutputStyle) -> Vec<TableSection> {
        let mut first = 0;
        let mut sections = Vec::new();
        for (resource, steps) in &self.all {
            let shown = (0..steps.len()).filter(|at| order.contains(&(first + at)));
            let lines: Vec<String> = shown.flat_map(|at| command_lines(&steps[at])).collect();
            first += steps.len();
            if !lines.is_empty() {
                sections.push(TableSection {
                    title: Some(format!("# {}", resource_title(resource))),
                    lines,
                    is_script: true,
                    ..TableSection::default()
                });
            }
        }
        sections
    }
}

/// A step; what its command does not bring back stands before it.
fn command_lines(step: &UndoCommand) -> Vec<String> {
    let note = step.command.as_ref().and(step.note.as_ref());
    let note = note.map(|note| format!("# {}: {note}", step.path));
    note.into_iter().chain([command_line(step)]).collect()
}

fn command_line(step: &UndoCommand) -> String {
    match (&step.command, &step.note) {
        // What a terminal acts on would be written otherwise, and be another command then.
        (Some(command), _) if escape_for_terminal(command) != *command => {
            format!("# {}: not undone: a value holds characters that are not safe to print", step.path)
        }
        (Some(command), _) => command.clone(),
        (None, Some(note)) if step.path == "exists" && note.starts_with("nothing to undo") => {
            format!("# {note}")
        }
        // Of the resource itself the sentence says it all.
        (None, Some(note)) if step.path == "exists" => format!("# not undone: {note}"),
        (None, note) => format!("# {}: not undone: {}", step.path, note.as_deref().unwrap_or_default()),
    }
}
