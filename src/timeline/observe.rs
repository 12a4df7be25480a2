//! Takes an item of AWS Config into a state: what was unknown is filled in, and what differs is told.

use super::config::is_mapped;
use super::state::{Change, Existence, State};
use super::step::{Op, Step};
use super::val::Val;
use crate::catalog::Action;

impl State {
    /// Takes an item: what was unknown is filled in, and what was known otherwise is returned as
    /// changes that no event of these logs made.
    pub(super) fn observe(&mut self, step: &Step) -> (Vec<Change>, Vec<String>) {
        let by = &step.origin;
        let mut notes = Vec::new();
        let gone = step.action == Action::Deleted;
        match (self.exists, gone) {
            (Existence::Exists, true) => notes.push("NOT LOGGED: it was deleted before this".to_owned()),
            (Existence::Gone, false) => {
                notes.push("NOT LOGGED: it is there again".to_owned());
                let incarnation = self.incarnation + 1;
                *self = Self { incarnation, ..Self::default() };
            }
            _ => {}
        }
        self.exist(if gone { Existence::Gone } else { Existence::Exists }, by);
        let checked = is_mapped(&step.resource.kind);
        // Parts of an item prepare for others: what counts is what was known before all of it.
        let earlier = self.clone();
        let mut changes = Vec::new();
        for op in &step.ops {
            let fills = match op {
                Op::Set { path, .. } => matches!(self.get(path), Val::Unknown(_)),
                Op::Only { path, .. } | Op::Shape { path, .. } => {
                    matches!(self.cell(path).val, Val::Unknown(_))
                }
                _ => true,
            };
            let is_tag = matches!(op, Op::Set { path, .. } | Op::Only { path, .. } | Op::Shape { path, .. } if path.is_asked_by("tags"));
            if checked || fills || is_tag {
                changes.extend(self.apply(op, by));
            }
        }
        for change in &mut changes {
            change.before = earlier.cell(&change.path).val;
        }
        changes.retain(|change| !change.before.same(&change.after));
        let unlogged = changes.iter().filter(|it| !matches!(it.before, Val::Unknown(_))).count();
        if unlogged > 0 {
            notes.push(format!(
                "NOT LOGGED: {unlogged} of its settings are not as the logs left them: an unlogged change, or a missing log"
            ));
        }
        (changes, notes)
    }
}
