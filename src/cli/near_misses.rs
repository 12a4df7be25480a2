//! What an answer that found nothing says of names: that there is one most like it, or that it is one of another kind.

use super::ask::Request;
use crate::answer::{MetNames, NameCounts};
use crate::error::Error;
use crate::ops::NameSampling;
use crate::resource::{Match, Reference, Resource};
use crate::text::count_noun;
use crate::timeline::quote_for_shell;
use std::path::{Path, PathBuf};

/// So many names are said.
const SHOWN: usize = 3;

/// Returns hints for what was typed and is not in the logs. `paths` is what follows a command that is named in a hint.
pub(super) fn find_near_misses(request: &Request<'_>, sampled: &NameSampling, paths: &str) -> Vec<String> {
    let NameSampling { met, is_whole } = sampled;
    let within = if *is_whole { "these logs" } else { "a sample of these logs" };
    let filters = request.filter.names_typed().into_iter().filter_map(|(option, typed)| {
        let names = match option {
            "--event" => &met.calls,
            "--service" => &met.services,
            "--error" => &met.errors,
            _ => &met.callers,
        };
        suggest(names, typed, within, |name| format!("`{option} {}`", quote_for_shell(name)))
    });
    let mut hints: Vec<String> = filters.collect();
    if let Some(asked) = request.asked {
        hints.extend(suggest_subject(request, met, asked, within, paths));
    }
    hints
}

/// Says what there is that is called nearly so; nothing where there is that very name, or none like it.
fn suggest(names: &NameCounts, typed: &str, within: &str, say: impl Fn(&str) -> String) -> Option<String> {
    let near = names.nearest(typed, SHOWN);
    if near.is_empty() || near.iter().any(|(name, _)| name.eq_ignore_ascii_case(typed)) {
        return None;
    }
    let said: Vec<String> = near
        .iter()
        .map(|(name, events)| format!("{} ({})", say(name), count_noun(*events, "event")))
        .collect();
    Some(format!("`{typed}` does not occur in {within}: did you mean {}?", said.join(" or ")))
}

/// What is like the resource or the caller that was asked for, or is the other of the two.
fn suggest_subject(
    request: &Request<'_>,
    met: &MetNames,
    asked: &str,
    within: &str,
    paths: &str,
) -> Vec<String> {
    let command = request.command;
    let bare = asked.rsplit(['/', ':']).next().unwrap_or(asked);
    let is_about_callers = command == "actor";
    let ask = |command: &str, name: &str| format!("`trailscan {command} {}{paths}`", quote_for_shell(name));
    let (own, others) =
        if is_about_callers { (&met.callers, &met.resources) } else { (&met.resources, &met.callers) };
    let mut hints = Vec::new();
    if let Some((name, events)) = others.nearest(bare, 1).first().filter(|(name, _)| is_named(name, bare)) {
        let events = count_noun(*events, "event");
        hints.push(match is_about_callers {
            true => format!("`{name}` is a resource in {within} ({events}): {}", ask("who", name)),
            false => format!("`{name}` is a caller in {within} ({events}): {}", ask("actor", name)),
        });
    }
    // What was asked for is there, and nothing was done to it that was asked for.
    let asks_for = Reference::parse(asked).ok();
    let near: Vec<(&str, u64)> = own
        .nearest(bare, SHOWN + 1)
        .into_iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case(asked) && !is_meant(asks_for.as_ref(), name))
        .take(SHOWN)
        .collect();
    if !near.is_empty() {
        let said: Vec<String> = near
            .iter()
            .map(|(name, events)| format!("{} ({})", ask(command, name), count_noun(*events, "event")))
            .collect();
        hints.push(format!("similar to `{asked}` in {within}: {}", said.join(", ")));
    }
    hints
}

/// Whether a name is the bare one, of whatever type.
fn is_named(name: &str, bare: &str) -> bool {
    name.rsplit('/').next().unwrap_or(name).eq_ignore_ascii_case(bare)
}

/// Whether a resource is what a reference asks for.
fn is_meant(reference: Option<&Reference>, name: &str) -> bool {
    let (Some(reference), Some((kind, id))) = (reference, name.split_once('/')) else { return false };
    reference.matches(&Resource::new(kind, id)) == Match::Yes
}

/// Says of a path that is not there what it may have been meant for.
pub(super) fn explain_path(error: Error, request: &Request<'_>) -> Error {
    let missing = |path: &&PathBuf| path.as_os_str() != "-" && !path.exists();
    let Some(path) = request.input.paths.iter().find(missing).and_then(|path| path.to_str()) else {
        return error;
    };
    let command = request.command;
    match request.asked {
        Some(asked) if Path::new(asked).exists() => error.hint(format!(
            "the resource comes first, then where to look: `trailscan {command} {} {}`",
            quote_for_shell(path),
            quote_for_shell(asked)
        )),
        // A word with a slash in it may be a path as well; of a type that is known it is none.
        None if Reference::parse(path).is_ok_and(|it| !it.kinds().is_empty()) => error.hint(format!(
            "`{command}` takes paths and no resource; `trailscan who {}` asks about one",
            quote_for_shell(path)
        )),
        _ => error,
    }
}

/// Returns whether anything was asked for by its name.
pub(super) fn has_names(request: &Request<'_>) -> bool {
    request.asked.is_some() || !request.filter.names_typed().is_empty()
}
