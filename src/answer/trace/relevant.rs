//! Leaves out what a trace cannot come to, before anything is put together: an archive holds far more
//! issuances than the few that one trace goes through.
//!
//! What is left may be too much, never too little: links are made by keys, ARNs, unique ids and the
//! names of users only, and these are followed here without regard to times.

use super::caller::{Caller, CallerKind};
use super::facts::CredentialFacts;
use super::grant::{Issuance, account_of};
use super::target::{TraceTarget, role_and_session};
use crate::hash::{Seeded, seeded_hash};
use std::collections::HashSet;

impl CredentialFacts {
    /// Leaves what the trace of something can come to.
    pub fn relevant_to(&mut self, wanted: &TraceTarget) {
        let mut seeds = MetNames::default();
        for asked in &self.asked {
            seeds.extend(hash_names(|each| of_caller(&asked.caller, each)));
            seeds.extend(asked.made.iter().map(|key| seeded_hash(key.as_str())));
        }
        if wanted.event_id().is_none() {
            let literal = wanted.literal().to_ascii_lowercase();
            if literal.is_empty() {
                return;
            }
            let mut seed = |names: NamesOf<'_>| {
                let mut is_named = false;
                names(&mut |name| is_named |= name.to_ascii_lowercase().contains(&literal));
                if is_named {
                    seeds.extend(hash_names(names));
                }
            };
            self.uses.keys().for_each(|caller| seed(&|each| of_caller(caller, each)));
            for grant in &self.grants {
                seed(&|each| visit_input_names(grant, each));
                seed(&|each| visit_output_names(grant, each));
            }
        }
        self.relevant(seeds, true);
    }

    /// Leaves what stands behind these callers.
    pub fn relevant_behind<'c>(&mut self, callers: impl Iterator<Item = &'c Caller>) {
        let seeds = callers.flat_map(|caller| hash_names(|each| of_caller(caller, each)));
        self.relevant(seeds.collect(), false);
    }

    fn relevant(&mut self, mut names: MetNames, down: bool) {
        let uses: Vec<_> = self.uses.drain().collect();
        let grants: Vec<_> = self.grants.drain().collect();
        let callers = NameLists::of(&uses, |(caller, _), each| of_caller(caller, each));
        let from = NameLists::of(&grants, |grant, each| visit_input_names(grant, each));
        let to = NameLists::of(&grants, |grant, each| visit_output_names(grant, each));
        // All names of one thing belong together, whoever tells of them.
        let mut together = NameLinks::default();
        callers.iter().chain(to.iter()).for_each(|names| together.add(names, names));
        if down {
            let mut steps = together.clone();
            from.iter().zip(to.iter()).for_each(|(from, to)| steps.add(from, to));
            steps.follow(&mut names);
        }
        // Also of what comes out of it all other ways in are kept: they are told beside.
        let mut steps = together;
        from.iter().zip(to.iter()).for_each(|(from, to)| steps.add(to, from));
        steps.follow(&mut names);
        let is_met = |list: &[u64]| list.iter().any(|name| names.contains(name));
        let kept = grants.into_iter().zip(from.iter().zip(to.iter())).filter(|(_, (from, to))| {
            // A sign-in may name nothing but who signed in.
            is_met(if to.is_empty() { from } else { to })
        });
        self.grants.extend(kept.map(|(grant, _)| grant));
        let kept = uses.into_iter().zip(callers.iter()).filter(|(_, names)| is_met(names));
        self.uses.extend(kept.map(|(used, _)| used));
    }
}

/// What tells names to a function, one after the other.
type NamesOf<'n> = &'n dyn Fn(&mut dyn FnMut(&str));

/// Names that were met.
type MetNames = HashSet<u64, Seeded>;

/// The names of many things, as hashes.
#[derive(Default)]
struct NameLists {
    hashes: Vec<u64>,
    ends: Vec<usize>,
}

impl NameLists {
    fn of<T>(all: &[T], names: impl Fn(&T, &mut dyn FnMut(&str))) -> Self {
        let mut lists = Self::default();
        for one in all {
            names(one, &mut |name| lists.hashes.push(seeded_hash(name)));
            lists.ends.push(lists.hashes.len());
        }
        lists
    }

    fn iter(&self) -> impl Iterator<Item = &[u64]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.hashes[*start..*end])
    }
}

/// What leads from some names to others.
#[derive(Clone, Default)]
struct NameLinks<'l> {
    to: Vec<&'l [u64]>,
    /// From which name, by which of the steps.
    from: Vec<(u64, usize)>,
}

impl<'l> NameLinks<'l> {
    fn add(&mut self, from: &[u64], to: &'l [u64]) {
        self.from.extend(from.iter().map(|name| (*name, self.to.len())));
        self.to.push(to);
    }

    /// Adds all names that can be reached.
    fn follow(mut self, names: &mut MetNames) {
        self.from.sort_unstable();
        let mut open: Vec<u64> = names.iter().copied().collect();
        while let Some(name) = open.pop() {
            let start = self.from.partition_point(|(from, _)| *from < name);
            for (_, step) in self.from[start..].iter().take_while(|(from, _)| *from == name) {
                // Nothing has to be gone through twice.
                let to = std::mem::take(&mut self.to[*step]);
                open.extend(to.iter().copied().filter(|name| names.insert(*name)));
            }
        }
    }
}

/// Names as hashes: equal hashes of different names keep too much, and nothing is lost.
fn hash_names(names: impl Fn(&mut dyn FnMut(&str))) -> Vec<u64> {
    let mut hashes = Vec::new();
    names(&mut |name| hashes.push(seeded_hash(name)));
    hashes
}

/// The names that a caller can be linked by.
fn of_caller(caller: &Caller, each: &mut dyn FnMut(&str)) {
    [&caller.key, &caller.arn, &caller.principal_id].into_iter().flatten().for_each(|name| each(name));
    match &caller.kind {
        CallerKind::IamUser => each(&user_key(caller.account.as_deref(), &caller.name)),
        // Without an ARN only the name tells who it is.
        kind if caller.arn.is_none() => each(&format!("{} {}", kind.as_str(), caller.name)),
        _ => {}
    }
    if let Some(user) = &caller.on_behalf_of {
        each(&format!("IdentityCenterUser {user}"));
    }
}

/// The names of what a call came from.
fn visit_input_names(grant: &Issuance, each: &mut dyn FnMut(&str)) {
    of_caller(&grant.caller, each);
    if let Some(from) = &grant.made.from {
        each(from);
        if let Some((_, path)) = from.split_once(":user/") {
            each(&user_key(account_of(from).as_deref(), path.rsplit('/').next().unwrap_or(path)));
        }
    }
    if let Some(set) = grant.made.arn.as_deref().and_then(permission_set) {
        each(&set);
    }
}

/// The names of what a call made.
fn visit_output_names(grant: &Issuance, each: &mut dyn FnMut(&str)) {
    let made = &grant.made;
    [&made.key, &made.arn, &made.principal_id].into_iter().flatten().for_each(|name| each(name));
    if let Some(set) = &made.permission_set {
        each(&permission_set_key(made.account.as_deref(), set));
    }
    if let Some(name) = &made.user {
        each(&user_key(made.account.as_deref(), name));
    }
}

/// The permission set that Identity Center made a role for, in its account.
fn permission_set(arn: &str) -> Option<String> {
    let (role, _) = role_and_session(arn)?;
    let (set, _hash) = role.strip_prefix("AWSReservedSSO_")?.rsplit_once('_')?;
    Some(permission_set_key(account_of(arn).as_deref(), set))
}

fn permission_set_key(account: Option<&str>, set: &str) -> String {
    format!("permission set {} {set}", account.unwrap_or_default())
}

fn user_key(account: Option<&str>, name: &str) -> String {
    format!("user {} {}", account.unwrap_or_default(), name.to_ascii_lowercase())
}
