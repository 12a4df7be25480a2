//! Who calls, and how each of them is written as `userIdentity`.

use crate::kinds::Who;
use crate::plan::Slot;
use crate::rng::{Rng, base32, hex, mix, skewed};
use crate::template::name_of;
use crate::words::{self, AGENTS, BROWSER};

/// The role whose one session is the planted actor.
pub(crate) const PLANTED_ROLE: &str = "PlantedRole";
/// The planted session.
pub(crate) const PLANTED_SESSION: &str = "planted-actor";

/// Someone who calls, ready to be written into records.
#[derive(Debug)]
pub(crate) struct Actor {
    /// The `userIdentity` as JSON.
    pub(crate) identity: String,
    /// Its type, for the counts.
    pub(crate) kind: &'static str,
    /// The ARN, or what stands for it.
    pub(crate) arn: String,
    /// The source address, or the name of the service.
    pub(crate) address: String,
    /// The user agent, escaped for JSON.
    pub(crate) agent: String,
    /// Whether the calls come through a VPC endpoint.
    pub(crate) endpoint: bool,
    /// Whether the calls come from the console.
    pub(crate) console: bool,
}

impl Actor {
    fn new(kind: &'static str, identity: String, arn: &str, address: String, agent: &str) -> Self {
        let (arn, agent) = (arn.to_owned(), agent.to_owned());
        Self { identity, kind, arn, address, agent, endpoint: false, console: false }
    }
}

/// Returns the people and programs that are at work in one file, the busiest first.
pub(crate) fn cast(slot: &Slot, rng: &mut Rng) -> Vec<Actor> {
    let many = 2 + (slot.records / 20).min(50);
    (0..many).map(|_| anyone(slot, rng)).collect()
}

/// Returns a caller of the ordinary sort.
fn anyone(slot: &Slot, rng: &mut Rng) -> Actor {
    match rng.below(1000) {
        0..850 => {
            let n = skewed(rng.next(), 200);
            let run = rng.below(3);
            session(slot, n, run)
        }
        850..980 => user(slot, skewed(rng.next(), 60), rng.chance(1, 4)),
        980..994 => federated(slot, rng),
        _ => root(slot, rng),
    }
}

/// Returns session `run` of the hour of role number `n`; the same one in every file of the hour.
fn session(slot: &Slot, n: u64, run: u64) -> Actor {
    let own = mix(name_of(slot.account), n);
    let hour = slot.time.div_euclid(3600);
    let mut rng = Rng::new(mix(own, hour as u64), run);
    let (mut role, mut name) = (String::new(), String::new());
    words::role(&mut role, n);
    words::session(&mut name, n, &mut rng);
    let created = hour * 3600 - rng.below(3000) as i64;
    let through = if rng.chance(1, 12) { Some("cloudformation.amazonaws.com") } else { None };
    let identity = role_session(slot.account, &role, &name, created, through, &mut rng);
    let arn = format!("arn:aws:sts::{}:assumed-role/{role}/{name}", slot.account);
    if let Some(service) = through {
        return Actor::new("AssumedRole", identity, &arn, service.to_owned(), service);
    }
    let person = matches!(n % 10, 4 | 8);
    let agent = if person { BROWSER } else { AGENTS[(own % AGENTS.len() as u64) as usize] };
    let inside = !person && rng.chance(1, 3);
    let mut actor = Actor::new("AssumedRole", identity, &arn, address(inside, &mut rng), agent);
    (actor.endpoint, actor.console) = (inside, person);
    actor
}

/// Writes the identity of a session of a role.
fn role_session(
    account: &str,
    role: &str,
    session: &str,
    created: i64,
    through: Option<&str>,
    rng: &mut Rng,
) -> String {
    let id = with(|out| base32(out, &mut Rng::new(name_of(role), name_of(account)), 17));
    let key = with(|out| base32(out, rng, 16));
    let created = with(|out| words::time(out, created));
    let through = through.map_or_else(String::new, |service| format!(r#","invokedBy":"{service}""#));
    format!(
        r#"{{"type":"AssumedRole","principalId":"AROA{id}:{session}","arn":"arn:aws:sts::{account}:assumed-role/{role}/{session}","accountId":"{account}","accessKeyId":"ASIA{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{id}","arn":"arn:aws:iam::{account}:role/{role}","accountId":"{account}","userName":"{role}"}},"webIdFederationData":{{}},"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}}}{through}}}"#
    )
}

/// Returns the planted actor: one session, whatever the hour.
pub(crate) fn planted(account: &str, start: i64) -> Actor {
    suffixed(account, start, PLANTED_SESSION)
}

/// Returns a session of the planted role, or of the role beside it when the session is another one.
pub(crate) fn suffixed(account: &str, start: i64, session: &str) -> Actor {
    let role = if session == PLANTED_SESSION { PLANTED_ROLE } else { "PlantedRole2" };
    let mut rng = Rng::new(name_of(session), name_of(account));
    let identity = role_session(account, role, session, start - 600, None, &mut rng);
    let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/{session}");
    Actor::new("AssumedRole", identity, &arn, "203.0.113.99".to_owned(), AGENTS[1])
}

/// Returns user number `n`, with a key of their own or in the console.
fn user(slot: &Slot, n: u64, console: bool) -> Actor {
    let name = with(|out| words::user(out, n));
    let mut rng = Rng::new(name_of(slot.account), n);
    let key = with(|out| base32(out, &mut rng, 16));
    let agent = AGENTS[rng.below(AGENTS.len() as u64) as usize];
    let mut actor = named_user(slot.account, &name, &format!("AKIA{key}"), &address(false, &mut rng));
    agent.clone_into(&mut actor.agent);
    if console {
        let created = with(|out| words::time(out, slot.time.div_euclid(3600) * 3600));
        let end = format!(
            r#","sessionContext":{{"attributes":{{"creationDate":"{created}","mfaAuthenticated":"true"}}}}}}"#
        );
        actor.identity.truncate(actor.identity.len() - 1);
        actor.identity = actor.identity.replace("\"AKIA", "\"ASIA") + &end;
        BROWSER.clone_into(&mut actor.agent);
        actor.console = true;
    }
    actor
}

/// Returns a user with a given key and address.
pub(crate) fn named_user(account: &str, name: &str, key: &str, address: &str) -> Actor {
    let id = with(|out| base32(out, &mut Rng::new(name_of(name), name_of(account)), 17));
    let arn = format!("arn:aws:iam::{account}:user/{name}");
    let identity = format!(
        r#"{{"type":"IAMUser","principalId":"AIDA{id}","arn":"{arn}","accountId":"{account}","accessKeyId":"{key}","userName":"{name}"}}"#
    );
    Actor::new("IAMUser", identity, &arn, address.to_owned(), AGENTS[5])
}

fn federated(slot: &Slot, rng: &mut Rng) -> Actor {
    let (account, n) = (slot.account, rng.below(12));
    let key = with(|out| base32(out, rng, 16));
    let arn = format!("arn:aws:sts::{account}:federated-user/partner-{n}");
    let identity = format!(
        r#"{{"type":"FederatedUser","principalId":"{account}:partner-{n}","arn":"{arn}","accountId":"{account}","accessKeyId":"ASIA{key}","sessionContext":{{"sessionIssuer":{{"type":"IAMUser","principalId":"AIDAEXAMPLEPARTNER{n:03}","arn":"arn:aws:iam::{account}:user/broker","accountId":"{account}","userName":"broker"}},"attributes":{{"mfaAuthenticated":"false"}}}}}}"#
    );
    Actor::new("FederatedUser", identity, &arn, address(false, rng), AGENTS[0])
}

fn root(slot: &Slot, rng: &mut Rng) -> Actor {
    let account = slot.account;
    let key = with(|out| base32(out, &mut Rng::new(name_of(account), 1), 16));
    let arn = format!("arn:aws:iam::{account}:root");
    let identity = format!(
        r#"{{"type":"Root","principalId":"{account}","arn":"{arn}","accountId":"{account}","accessKeyId":"ASIA{key}"}}"#
    );
    let mut actor = Actor::new("Root", identity, &arn, address(false, rng), BROWSER);
    actor.console = true;
    actor
}

/// Returns the caller of an event that not just anyone causes; for `Who::Anyone` a user.
pub(crate) fn special(who: Who, slot: &Slot, rng: &mut Rng) -> Actor {
    let account = slot.account;
    match who {
        Who::Anyone => user(slot, skewed(rng.next(), 60), false),
        Who::Service(name) => {
            let identity = format!(r#"{{"type":"AWSService","invokedBy":"{name}"}}"#);
            Actor::new("AWSService", identity, name, name.to_owned(), name)
        }
        Who::Report(name) => {
            let identity = format!(r#"{{"accountId":"{account}","invokedBy":"{name}"}}"#);
            Actor::new("none", identity, name, name.to_owned(), name)
        }
        Who::SignIn => sign_in(slot, rng),
        Who::WebIdentity => {
            let provider = "token.actions.githubusercontent.com";
            let name = format!("repo:example/{}:ref:refs/heads/main", rng.one(words::TEAMS));
            let identity = format!(
                r#"{{"type":"WebIdentityUser","principalId":"arn:aws:iam::{account}:oidc-provider/{provider}:sts.amazonaws.com:{name}","userName":"{name}","identityProvider":"arn:aws:iam::{account}:oidc-provider/{provider}"}}"#
            );
            Actor::new("WebIdentityUser", identity, &name, address(false, rng), AGENTS[4])
        }
        Who::Saml => {
            let name = with(|out| words::user(out, skewed(rng.next(), 60)));
            let identity = format!(
                r#"{{"type":"SAMLUser","principalId":"Qm9ndXMgYnV0IHZhbGlkIQ==:{name}@example.com","userName":"{name}@example.com","identityProvider":"Qm9ndXMgYnV0IHZhbGlkIQ=="}}"#
            );
            Actor::new("SAMLUser", identity, &name, address(false, rng), BROWSER)
        }
        Who::Foreign => {
            let id = with(|out| base32(out, &mut Rng::new(rng.below(20), 9), 17));
            let identity = format!(
                r#"{{"type":"AWSAccount","principalId":"AROA{id}:partner","accountId":"999988887777"}}"#
            );
            Actor::new("AWSAccount", identity, "999988887777", address(false, rng), AGENTS[0])
        }
        Who::IdentityCenter => identity_center(slot, rng),
        Who::Unknown => {
            let identity = format!(
                r#"{{"type":"Unknown","principalId":"{account}","arn":"","accountId":"{account}","accessKeyId":""}}"#
            );
            Actor::new("Unknown", identity, "", address(false, rng), BROWSER)
        }
    }
}

fn sign_in(slot: &Slot, rng: &mut Rng) -> Actor {
    if rng.chance(1, 20) {
        return root(slot, rng);
    }
    let mut actor = user(slot, skewed(rng.next(), 60), false);
    // A sign-in carries no key: `"accessKeyId":"AKIA..16..",` goes.
    if let Some(at) = actor.identity.find("\"accessKeyId\"") {
        actor.identity.replace_range(at..at + 37, "");
    }
    BROWSER.clone_into(&mut actor.agent);
    actor
}

fn identity_center(slot: &Slot, rng: &mut Rng) -> Actor {
    let user = with(|out| hex(out, &mut Rng::new(rng.below(60), 2), 32));
    let key = with(|out| hex(out, rng, 40));
    let identity = format!(
        r#"{{"type":"IdentityCenterUser","accountId":"{}","onBehalfOf":{{"userId":"{user}","identityStoreArn":"arn:aws:identitystore::111122223333:identitystore/d-0example01"}},"credentialId":"{key}"}}"#,
        slot.account
    );
    Actor::new("IdentityCenterUser", identity, &user, address(false, rng), AGENTS[5])
}

/// Returns an address inside the network, or one of those kept for documentation.
fn address(inside: bool, rng: &mut Rng) -> String {
    let host = rng.below(250) + 1;
    match rng.below(if inside { 1 } else { 8 }) {
        0 => format!("10.{}.{}.{host}", rng.below(200), rng.below(16)),
        1..4 => format!("192.0.2.{host}"),
        4 => format!("2001:db8:{:x}::{host:x}", rng.below(4096)),
        5 => format!("198.51.100.{}", 100 + host % 150),
        _ => format!("203.0.113.{}", host % 90),
    }
}

/// Returns the text that `write` appends.
fn with(write: impl FnOnce(&mut String)) -> String {
    let mut out = String::new();
    write(&mut out);
    out
}
