//! Leaves out what a trace cannot come to, before anything is put together: an archive holds far more
//! makings than the few that one trace goes through.
//!
//! What is left may be too much, never too little: links are made by keys, ARNs, unique ids and the
//! names of users only, and these are followed here without regard to times.

use super::caller::Caller;
use super::facts::Facts;
use super::grant::{Grant, account_of};
use super::wanted::{Wanted, role_and_session};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

impl Facts {
    /// Leaves what the trace of something can come to.
    pub fn relevant_to(&mut self, wanted: &Wanted) {
        let mut seeds = HashSet::new();
        for asked in &self.asked {
            seeds.extend(hashes(|each| of_caller(&asked.caller, each)));
            seeds.extend(asked.made.iter().map(|key| hash(key)));
        }
        if wanted.event_id().is_none() {
            let literal = wanted.literal().to_ascii_lowercase();
            if literal.is_empty() {
                return;
            }
            let mut seed = |names: Names<'_>| {
                let mut is_named = false;
                names(&mut |name| is_named |= name.to_ascii_lowercase().contains(&literal));
                if is_named {
                    seeds.extend(hashes(names));
                }
            };
            self.uses.keys().for_each(|caller| seed(&|each| of_caller(caller, each)));
            for grant in &self.grants {
                seed(&|each| inputs(grant, each));
                seed(&|each| outputs(grant, each));
            }
        }
        self.relevant(seeds, true);
    }

    /// Leaves what stands behind these callers.
    pub fn relevant_behind<'c>(&mut self, callers: impl Iterator<Item = &'c Caller>) {
        let seeds = callers.flat_map(|caller| hashes(|each| of_caller(caller, each)));
        self.relevant(seeds.collect(), false);
    }

    fn relevant(&mut self, mut names: HashSet<u64>, down: bool) {
        // All names of one thing belong together, whoever tells of them.
        let callers = || self.uses.keys().map(|caller| hashes(|each| of_caller(caller, each)));
        if down {
            let mut steps = Steps::default();
            callers().for_each(|names| steps.add(&names, &names));
            for grant in &self.grants {
                let (from, to) = (hashes(|each| inputs(grant, each)), hashes(|each| outputs(grant, each)));
                steps.add(&from, &to);
                steps.add(&to, &to);
            }
            steps.follow(&mut names);
        }
        // Also of what comes out of it all other ways in are kept: they are told beside.
        let mut steps = Steps::default();
        callers().for_each(|names| steps.add(&names, &names));
        for grant in &self.grants {
            let (from, to) = (hashes(|each| inputs(grant, each)), hashes(|each| outputs(grant, each)));
            steps.add(&to, &from);
            steps.add(&to, &to);
        }
        steps.follow(&mut names);
        self.grants.retain(|grant| {
            let to = hashes(|each| outputs(grant, each));
            // A sign-in may name nothing but who signed in.
            let told = if to.is_empty() { hashes(|each| inputs(grant, each)) } else { to };
            told.iter().any(|name| names.contains(name))
        });
        self.uses
            .retain(|caller, _| hashes(|each| of_caller(caller, each)).iter().any(|it| names.contains(it)));
    }
}

/// What gives names to a function, one after the other.
type Names<'n> = &'n dyn Fn(&mut dyn FnMut(&str));

/// What leads from some names to others.
#[derive(Default)]
struct Steps {
    to: Vec<Box<[u64]>>,
    from: HashMap<u64, Vec<u32>>,
}

impl Steps {
    fn add(&mut self, from: &[u64], to: &[u64]) {
        let Ok(at) = u32::try_from(self.to.len()) else { return };
        from.iter().for_each(|name| self.from.entry(*name).or_default().push(at));
        self.to.push(to.into());
    }

    /// Adds all names that can be reached.
    fn follow(mut self, names: &mut HashSet<u64>) {
        let mut open: Vec<u64> = names.iter().copied().collect();
        while let Some(name) = open.pop() {
            // Nothing has to be gone through twice.
            for at in self.from.remove(&name).unwrap_or_default() {
                let to = std::mem::take(&mut self.to[at as usize]);
                open.extend(to.iter().copied().filter(|name| names.insert(*name)));
            }
        }
    }
}

/// Names as hashes: equal hashes of different names keep too much, and nothing is lost.
fn hashes(names: impl Fn(&mut dyn FnMut(&str))) -> Vec<u64> {
    let mut hashes = Vec::new();
    names(&mut |name| hashes.push(hash(name)));
    hashes
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// The names that a caller can be linked by.
fn of_caller(caller: &Caller, each: &mut dyn FnMut(&str)) {
    [&caller.key, &caller.arn, &caller.principal_id].into_iter().flatten().for_each(|name| each(name));
    match caller.kind.as_str() {
        "IAMUser" => each(&user(caller.account.as_deref(), &caller.name)),
        // Without an ARN only the name tells who it is.
        _ if caller.arn.is_none() => each(&format!("{} {}", caller.kind, caller.name)),
        _ => {}
    }
    if let Some(user) = &caller.on_behalf_of {
        each(&format!("IdentityCenterUser {user}"));
    }
}

/// The names of what a call came from.
fn inputs(grant: &Grant, each: &mut dyn FnMut(&str)) {
    of_caller(&grant.caller, each);
    if let Some(from) = &grant.made.from {
        each(from);
        if let Some((_, path)) = from.split_once(":user/") {
            each(&user(account_of(from).as_deref(), path.rsplit('/').next().unwrap_or(path)));
        }
    }
    if let Some(set) = grant.made.arn.as_deref().and_then(permission_set) {
        each(&set);
    }
}

/// The names of what a call made.
fn outputs(grant: &Grant, each: &mut dyn FnMut(&str)) {
    let made = &grant.made;
    [&made.key, &made.arn, &made.principal_id].into_iter().flatten().for_each(|name| each(name));
    if let Some(set) = &made.permission_set {
        each(&sso(made.account.as_deref(), set));
    }
    if let Some(name) = &made.user {
        each(&user(made.account.as_deref(), name));
    }
}

/// The permission set that Identity Center made a role for, in its account.
fn permission_set(arn: &str) -> Option<String> {
    let (role, _) = role_and_session(arn)?;
    let (set, _hash) = role.strip_prefix("AWSReservedSSO_")?.rsplit_once('_')?;
    Some(sso(account_of(arn).as_deref(), set))
}

fn sso(account: Option<&str>, set: &str) -> String {
    format!("permission set {} {set}", account.unwrap_or_default())
}

fn user(account: Option<&str>, name: &str) -> String {
    format!("user {} {}", account.unwrap_or_default(), name.to_ascii_lowercase())
}
