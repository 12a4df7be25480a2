//! Which calls take data out of a resource, though they leave it as it was.
//!
//! To export a table, to copy a snapshot or to query into a bucket changes nothing in the source, and is no mere look
//! at it either: CloudTrail calls it a write (`readOnly: false`), and it is the first thing to know of a theft. The rows
//! have `read` of the source and `related` of where the data goes.

use super::{Action, CallActions, Relation, ResourceAction, api_name, fallback};
use crate::event::Event;

/// How the names of calls begin that name the source alone.
const VERBS: [&str; 6] = ["Export", "Copy", "Replicate", "Bundle", "Unload", "SharedSnapshot"];

/// Returns whether an event does more than to read what it reads: it makes or changes something of it, or takes
/// it elsewhere.
pub fn takes_from(event: &Event<'_>, acts: &CallActions) -> bool {
    let is_subject = |act: &&ResourceAction| act.relation == Relation::Subject;
    if acts.action != Action::Read
        || acts.list.iter().filter(is_subject).any(|act| act.action != Action::Read)
    {
        return true;
    }
    let name = api_name(event.name());
    let is_named_so = VERBS.iter().any(|verb| name.starts_with(verb));
    let writes = match event.read_only() {
        Some(read_only) => !read_only,
        None => is_named_so || fallback::infer_action(name, None) != Action::Read,
    };
    writes && (is_named_so || acts.list.iter().any(|act| act.relation == Relation::Related))
}
