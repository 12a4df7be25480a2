//! The calls that change what is logged, where nothing else is asked for.

use super::Coverage;
use super::archive_coverage::{Switch, is_switch};
use super::fold::{Concern, Fold, Needs, Told};
use crate::event::Event;

/// Asks for the calls that change what is logged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Switches;

impl Fold for Switches {
    type Part = Vec<Switch>;
    type Answer = Vec<Switch>;

    fn needs(&self) -> Needs<'_> {
        // The copies of a call tell the same.
        Needs { merges_copies: true, days: true, ..Needs::default() }
    }

    fn concern(&self, source: &str, name: &str) -> Concern {
        if is_switch(source, name) { Concern::Always } else { Concern::Never }
    }

    fn event(&self, part: &mut Vec<Switch>, event: &Event<'_>, told: &Told<'_>) {
        if is_switch(event.source(), event.name()) {
            part.push(Switch::new(event, told));
        }
    }

    fn merge(&self, into: &mut Vec<Switch>, part: Vec<Switch>) {
        into.extend(part);
    }

    fn finish(&self, mut part: Vec<Switch>, _coverage: &mut Coverage) -> Vec<Switch> {
        Switch::settle(&mut part);
        part
    }
}
