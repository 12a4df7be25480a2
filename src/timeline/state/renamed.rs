//! What a new name changes in a state: the settings that say the old one.

use super::super::path::SettingPath;
use super::super::step::{Operation, Step};
use super::super::val::{Knowledge, UnknownReason};
use super::{SettingChange, State};
use serde_json::Value;

impl State {
    /// Takes a new name: what said the old one says the new one, and so does an ARN that ended in it.
    pub(in super::super) fn renamed(&mut self, step: &Step, name: &str) -> Vec<SettingChange> {
        let last = |text: &str| text.rsplit('/').next().unwrap_or(text).to_owned();
        let new = last(name);
        let mut old: Vec<String> = step.resource.identifiers().into_iter().map(last).collect();
        old.extend(step.resource.name.as_deref().map(last));
        old.retain(|it| *it != new && !it.contains(':'));
        // The path is a part of the ARN.
        let path = SettingPath::field("path");
        let is_moved = step.ops.iter().any(|op| matches!(op, Operation::Set { path: at, .. } if *at == path));
        let said = |(at, value): (&SettingPath, &str)| {
            let key = at.parts().next_back().unwrap_or_default().to_ascii_lowercase();
            if (key.ends_with("name") || key.ends_with("identifier")) && old.iter().any(|it| it == value) {
                return Some((at.clone(), Knowledge::Known(Value::String(new.clone()))));
            }
            let (front, tail) = value.strip_prefix("arn:").and(value.rsplit_once(['/', ':']))?;
            old.iter().any(|it| it == tail).then(|| {
                let end = value.get(front.len()..=front.len()).unwrap_or_default();
                let renamed = Knowledge::Known(Value::String(format!("{front}{end}{new}")));
                (at.clone(), if is_moved { Knowledge::Unknown(UnknownReason::Unseen) } else { renamed })
            })
        };
        let top = self.cells.iter().filter(|(at, _)| at.parts().len() == 1);
        let texts = top.filter_map(|(at, cell)| Some((at, cell.val.known()?.as_str()?)));
        let new: Vec<(SettingPath, Knowledge)> = texts.filter_map(said).collect();
        new.into_iter().flat_map(|(at, val)| self.set(&at, val, false, &step.origin)).collect()
    }
}
