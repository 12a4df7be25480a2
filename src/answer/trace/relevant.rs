//! Leaves out what a trace cannot come to, before anything is put together: an archive holds far more
//! makings than the few that one trace goes through.
//!
//! What is left may be too much, never too little: links are made by keys, ARNs, unique ids and the
//! names of users only, and these are followed here without regard to times.

use super::caller::Caller;
use super::facts::Facts;
use super::grant::{Grant, How};
use super::wanted::{Wanted, role_and_session};
use std::collections::{HashMap, HashSet};

impl Facts {
    /// Leaves what the trace of something can come to.
    pub fn relevant_to(&mut self, wanted: &Wanted) {
        let literal = wanted.literal().to_ascii_lowercase();
        if wanted.event_id().is_none() && literal.is_empty() {
            return;
        }
        let is_named =
            |names: &[String]| names.iter().any(|name| name.to_ascii_lowercase().contains(&literal));
        let mut seeds = HashSet::new();
        if wanted.event_id().is_none() {
            let callers = self.uses.keys().map(|caller| of_caller(caller));
            let made = self.grants.iter().map(outputs);
            seeds.extend(callers.chain(made).filter(|names| is_named(names)).flatten());
        }
        for asked in &self.asked {
            seeds.extend(of_caller(&asked.caller));
            seeds.extend(asked.made.iter().cloned());
        }
        self.relevant(seeds, true);
    }

    /// Leaves what stands behind these callers.
    pub fn relevant_behind<'c>(&mut self, callers: impl Iterator<Item = &'c Caller>) {
        self.relevant(callers.flat_map(of_caller).collect(), false);
    }

    fn relevant(&mut self, seeds: HashSet<String>, down: bool) {
        let grants: Vec<&Grant> = self.grants.iter().collect();
        let (mut into, mut out): (Index, Index) = (HashMap::new(), HashMap::new());
        for (at, grant) in grants.iter().enumerate() {
            inputs(grant).into_iter().for_each(|name| into.entry(name).or_default().push(at));
            outputs(grant).into_iter().for_each(|name| out.entry(name).or_default().push(at));
        }
        let mut below = seeds.clone();
        if down {
            follow(&mut below, &into, &|at| outputs(grants[at]));
        }
        // How the keys and passwords of a user came to be belongs to the user.
        let owned = grants.iter().filter(|grant| matches!(grant.how, How::KeyCreated | How::PasswordSet));
        let owned =
            owned.map(|grant| outputs(grant)).filter(|names| names.iter().any(|name| seeds.contains(name)));
        let mut above: HashSet<String> = owned.flatten().chain(seeds.iter().cloned()).collect();
        follow(&mut above, &out, &|at| inputs(grants[at]));
        let is_in = |name: &String| below.contains(name) || above.contains(name);
        let keeps = |grant: &Grant| {
            outputs(grant).iter().any(is_in) || inputs(grant).iter().any(|name| down && below.contains(name))
        };
        self.grants.retain(|grant| keeps(grant));
        let makers: HashSet<&Caller> = self.grants.iter().map(|grant| grant.caller.as_ref()).collect();
        let makers: HashSet<Caller> = makers.into_iter().cloned().collect();
        self.uses.retain(|caller, _| makers.contains(caller) || of_caller(caller).iter().any(is_in));
    }
}

/// Which grants have a name.
type Index = HashMap<String, Vec<usize>>;

/// Adds all names that can be reached.
fn follow(names: &mut HashSet<String>, index: &Index, next: &dyn Fn(usize) -> Vec<String>) {
    let mut open: Vec<String> = names.iter().cloned().collect();
    let mut done = HashSet::new();
    while let Some(name) = open.pop() {
        for at in index.get(&name).into_iter().flatten() {
            if done.insert(*at) {
                open.extend(next(*at).into_iter().filter(|name| names.insert(name.clone())));
            }
        }
    }
}

/// The names that a caller can be linked by.
fn of_caller(caller: &Caller) -> Vec<String> {
    let mut names: Vec<String> =
        [&caller.key, &caller.arn, &caller.principal_id].into_iter().flatten().cloned().collect();
    match caller.kind.as_str() {
        "IAMUser" => names.push(user(caller.account.as_deref(), &caller.name)),
        // Without an ARN only the name tells who it is.
        _ if caller.arn.is_none() => names.push(format!("{} {}", caller.kind, caller.name)),
        _ => {}
    }
    names.extend(caller.on_behalf_of.as_ref().map(|user| format!("IdentityCenterUser {user}")));
    names
}

fn inputs(grant: &Grant) -> Vec<String> {
    let mut names = of_caller(&grant.caller);
    names.extend(grant.made.from.clone());
    names.extend(grant.made.arn.as_deref().and_then(permission_set));
    if let Some(from) = grant.made.from.as_deref().and_then(|arn| arn.split_once(":user/")) {
        let account = grant.made.from.as_deref().and_then(super::grant::account_of);
        names.push(user(account.as_deref(), from.1.rsplit('/').next().unwrap_or(from.1)));
    }
    names
}

fn outputs(grant: &Grant) -> Vec<String> {
    let made = &grant.made;
    let mut names: Vec<String> =
        [&made.key, &made.arn, &made.principal_id].into_iter().flatten().cloned().collect();
    names.extend(made.permission_set.as_ref().map(|set| sso(made.account.as_deref(), set)));
    names.extend(made.user.as_ref().map(|name| user(made.account.as_deref(), name)));
    names
}

/// The permission set that Identity Center made a role for, in its account.
fn permission_set(arn: &str) -> Option<String> {
    let (role, _) = role_and_session(arn)?;
    let (set, _hash) = role.strip_prefix("AWSReservedSSO_")?.rsplit_once('_')?;
    Some(sso(super::grant::account_of(arn).as_deref(), set))
}

fn sso(account: Option<&str>, set: &str) -> String {
    format!("permission set {} {set}", account.unwrap_or_default())
}

fn user(account: Option<&str>, name: &str) -> String {
    format!("user {} {}", account.unwrap_or_default(), name.to_ascii_lowercase())
}
