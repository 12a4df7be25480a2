//! The fold behind `new`: what a window of time has that the time before it never had.
//!
//! Pairs are compared: who and call, who and region, who and address (and its network), who and user agent,
//! call and account. How unusual a new pair is, in bits: how much the one did before without ever
//! doing this, and how rare the other was for everybody.

use super::{Coverage, EventContext, EventTally, Fold, FoldNeeds};
use crate::event::{Actor, Event, Time};
use crate::intern::Interner;
use ipnet::IpNet;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::net::IpAddr;

/// What two things a pair is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NoveltyPair {
    /// Somebody who was never there before. What they did is no news beside that.
    Actor,
    /// A call that somebody never made.
    ActorCall,
    /// A region that somebody was never in.
    ActorRegion,
    /// A network that somebody never came from.
    ActorNetwork,
    /// An address that somebody never came from, though from its network.
    ActorAddress,
    /// A program that somebody never used.
    ActorUserAgent,
    /// A call that was never made in an account.
    CallAccount,
}

impl NoveltyPair {
    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Actor => "new caller",
            Self::ActorCall => "new call",
            Self::ActorRegion => "new region",
            Self::ActorNetwork => "new network",
            Self::ActorAddress => "new address",
            Self::ActorUserAgent => "new user agent",
            Self::CallAccount => "new in the account",
        }
    }
}

/// The window, and the time before it.
#[derive(Clone, Copy, Debug)]
pub struct BaselineComparison {
    /// Where the time that is compared with begins.
    pub baseline: Time,
    /// Where the window begins.
    pub from: Time,
    /// Where it ends; the moment itself belongs to it.
    pub until: Time,
}

/// Looks at no event, so that only coverage is counted: from when to when the logs are.
#[derive(Debug)]
pub struct LogExtent;

impl Fold for LogExtent {
    type Accumulator = ();
    type Answer = ();

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds { merges_copies: true, ..FoldNeeds::default() }
    }

    fn event(&self, _part: &mut (), _event: &Event<'_>, _context: &EventContext<'_>) {}

    fn merge(&self, _into: &mut (), _part: ()) {}

    fn finish(&self, _part: (), _coverage: &mut Coverage) {}
}

/// What one thread gathers.
#[derive(Debug, Default)]
pub struct NoveltyState {
    texts: Interner<[u8]>,
    /// By the pair; of the baseline and of the window.
    pairs: HashMap<(NoveltyPair, u32, u32), (u64, EventTally)>,
    /// How often each thing was met in the baseline.
    sides: HashMap<(BaselineSide, u32), u64>,
    /// The events of the baseline, and of the window.
    events: [u64; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum BaselineSide {
    Actor,
    Call,
    Region,
    Network,
    Address,
    UserAgent,
    Account,
}

/// What is new.
#[derive(Debug, Default)]
pub struct NoveltyReport {
    /// The most unusual first.
    pub rows: Vec<Novelty>,
    /// How many events the baseline has.
    pub baseline: u64,
    /// How many events the window has.
    pub window: u64,
}

/// One thing that is new.
#[derive(Debug)]
pub struct Novelty {
    /// What is new about it.
    pub pair: NoveltyPair,
    /// Who; nobody for [`NoveltyPair::CallAccount`].
    pub who: String,
    /// The account of the caller, where it has one; that of the events for [`NoveltyPair::CallAccount`].
    pub account: Option<String>,
    /// What was never there together with that: a call, a region, an address.
    pub what: String,
    /// What happened in the window.
    pub tally: EventTally,
    /// How many events of the baseline are theirs, or the account's.
    pub before: u64,
    /// How many events of the baseline have the other, by whomever.
    pub others: u64,
    /// How unusual, in bits.
    pub bits: f64,
}

impl Fold for BaselineComparison {
    type Accumulator = NoveltyState;
    type Answer = NoveltyReport;

    fn needs(&self) -> FoldNeeds<'_> {
        FoldNeeds { subtracts: true, ..FoldNeeds::everything() }
    }

    fn event(&self, part: &mut NoveltyState, event: &Event<'_>, _context: &EventContext<'_>) {
        let Some(time) = event.time().filter(|time| (self.baseline..=self.until).contains(time)) else {
            return;
        };
        let is_new = time >= self.from;
        part.events[usize::from(is_new)] += 1;
        let pairs = collect_pairs(part, event);
        for (pair, [one, other]) in &pairs {
            let entry = part.pairs.entry((*pair, one.1, other.1)).or_default();
            match is_new {
                true => entry.1.add(Some(time), event.outcome()),
                false => entry.0 += 1,
            }
        }
        if !is_new {
            let mut sides: Vec<_> = pairs.iter().flat_map(|(_, sides)| *sides).collect();
            sides.sort_unstable();
            sides.dedup();
            sides.into_iter().for_each(|side| *part.sides.entry(side).or_default() += 1);
        }
    }

    fn merge(&self, into: &mut NoveltyState, part: NoveltyState) {
        let numbers = into.texts.merge(part.texts);
        let number = |number: u32| numbers[number as usize];
        for ((pair, one, other), (before, tally)) in part.pairs {
            let entry = into.pairs.entry((pair, number(one), number(other))).or_default();
            entry.0 += before;
            entry.1.merge(tally);
        }
        for ((side, text), count) in part.sides {
            *into.sides.entry((side, number(text))).or_default() += count;
        }
        into.events = [0, 1].map(|at| into.events[at] + part.events[at]);
    }

    fn subtract(&self, from: &mut NoveltyState, copies: NoveltyState) {
        let numbers = from.texts.merge(copies.texts);
        let number = |number: u32| numbers[number as usize];
        for ((pair, one, other), (before, tally)) in copies.pairs {
            let entry = from.pairs.entry((pair, number(one), number(other))).or_default();
            entry.0 = entry.0.saturating_sub(before);
            entry.1.subtract(tally);
        }
        for ((side, text), count) in copies.sides {
            let entry = from.sides.entry((side, number(text))).or_default();
            *entry = entry.saturating_sub(count);
        }
        from.events = [0, 1].map(|at| from.events[at].saturating_sub(copies.events[at]));
    }

    fn finish(&self, part: NoveltyState, _coverage: &mut Coverage) -> NoveltyReport {
        let texts = part.texts.into_texts();
        let text = |number: u32| String::from_utf8_lossy(&texts[number as usize]).into_owned();
        let before =
            |side: BaselineSide, number: u32| part.sides.get(&(side, number)).copied().unwrap_or_default();
        let [baseline, window] = part.events;
        let mut rows = Vec::new();
        for ((pair, one, other), (seen, tally)) in part.pairs {
            let (first, second) = pair_sides(pair);
            let (mine, others) = (before(first, one), before(second, other));
            // What somebody new does is all new, and so are the calls of an account that is.
            let is_told = match pair {
                NoveltyPair::Actor => true,
                NoveltyPair::CallAccount => others > 0,
                _ => mine > 0,
            };
            if seen > 0 || tally.count == 0 || !is_told {
                continue;
            }
            let share = |count: u64| ((baseline + 1) as f64 / (count + 1) as f64).log2();
            let unusual = |before: u64, others: u64| ((before + 1) as f64).log2() + share(others);
            let one = text(one);
            rows.push(match pair {
                NoveltyPair::Actor => {
                    let (who, account) = split_actor_key(&one);
                    Novelty {
                        pair,
                        who,
                        account,
                        what: String::new(),
                        tally,
                        before: 0,
                        others: 0,
                        bits: share(0),
                    }
                }
                NoveltyPair::CallAccount => {
                    let (who, account, bits) = (String::new(), Some(text(other)), unusual(others, mine));
                    Novelty { pair, who, account, what: one, tally, before: others, others: mine, bits }
                }
                _ => {
                    let ((who, account), bits) = (split_actor_key(&one), unusual(mine, others));
                    Novelty { pair, who, account, what: text(other), tally, before: mine, others, bits }
                }
            });
        }
        let bits = |a: &Novelty, b: &Novelty| b.bits.partial_cmp(&a.bits).unwrap_or(Ordering::Equal);
        let names = |it: &Novelty| (it.pair, it.who.clone(), it.account.clone(), it.what.clone());
        rows.sort_by(|a, b| bits(a, b).then_with(|| names(a).cmp(&names(b))));
        drop_addresses(&mut rows);
        NoveltyReport { rows, baseline, window }
    }
}

/// Takes apart what [`actor_key`] put together.
fn split_actor_key(actor: &str) -> (String, Option<String>) {
    let (who, account) = actor.split_once('\0').unwrap_or((actor, ""));
    (who.to_owned(), Some(account.to_owned()).filter(|it| !it.is_empty()))
}

/// Leaves out the addresses of networks that are new themselves.
fn drop_addresses(rows: &mut Vec<Novelty>) {
    let key = |row: &Novelty, what: String| (row.who.clone(), row.account.clone(), what);
    let networks: std::collections::HashSet<_> = rows
        .iter()
        .filter(|row| row.pair == NoveltyPair::ActorNetwork)
        .map(|row| key(row, row.what.clone()))
        .collect();
    rows.retain(|row| {
        row.pair != NoveltyPair::ActorAddress || !networks.contains(&key(row, network_of_address(&row.what)))
    });
}

/// What the two of a pair are.
fn pair_sides(pair: NoveltyPair) -> (BaselineSide, BaselineSide) {
    match pair {
        NoveltyPair::Actor => (BaselineSide::Actor, BaselineSide::Actor),
        NoveltyPair::ActorCall => (BaselineSide::Actor, BaselineSide::Call),
        NoveltyPair::ActorRegion => (BaselineSide::Actor, BaselineSide::Region),
        NoveltyPair::ActorNetwork => (BaselineSide::Actor, BaselineSide::Network),
        NoveltyPair::ActorAddress => (BaselineSide::Actor, BaselineSide::Address),
        NoveltyPair::ActorUserAgent => (BaselineSide::Actor, BaselineSide::UserAgent),
        NoveltyPair::CallAccount => (BaselineSide::Call, BaselineSide::Account),
    }
}

/// The pairs of an event, each side with its number.
fn collect_pairs(part: &mut NoveltyState, event: &Event<'_>) -> Vec<(NoveltyPair, [(BaselineSide, u32); 2])> {
    let mut number = |side: BaselineSide, text: &str| (side, part.texts.number(text.as_bytes()));
    let actor = number(BaselineSide::Actor, &actor_key(&event.actor()));
    let service = event.source();
    let call = format!("{}:{}", service.strip_suffix(".amazonaws.com").unwrap_or(service), event.name());
    let call = number(BaselineSide::Call, &call);
    let mut pairs = vec![(NoveltyPair::Actor, [actor, actor]), (NoveltyPair::ActorCall, [actor, call])];
    if let Some(region) = event.text("awsRegion") {
        pairs.push((NoveltyPair::ActorRegion, [actor, number(BaselineSide::Region, region)]));
    }
    if let Some(address) = event.text("sourceIPAddress") {
        pairs.push((
            NoveltyPair::ActorNetwork,
            [actor, number(BaselineSide::Network, &network_of_address(address))],
        ));
        pairs.push((NoveltyPair::ActorAddress, [actor, number(BaselineSide::Address, address)]));
    }
    if let Some(agent) = event.text("userAgent") {
        pairs.push((
            NoveltyPair::ActorUserAgent,
            [actor, number(BaselineSide::UserAgent, program_of_agent(agent))],
        ));
    }
    if let Some(account) = event.recipient_account() {
        pairs.push((NoveltyPair::CallAccount, [call, number(BaselineSide::Account, &account)]));
    }
    pairs
}

/// Who, and of which account. The sessions of a role are one: their names change from day to day.
fn actor_key(actor: &Actor<'_>) -> String {
    let who = match actor.kind {
        "AssumedRole" => format!("role {}", actor.name),
        _ => actor.who(),
    };
    format!("{who}\0{}", actor.account.unwrap_or_default())
}

/// The network of an address: /24, or /48 of the longer ones. What is no address is the name of a service.
fn network_of_address(address: &str) -> String {
    let Ok(parsed) = address.parse::<IpAddr>().map(|it| it.to_canonical()) else { return address.to_owned() };
    let length = if parsed.is_ipv4() { 24 } else { 48 };
    IpNet::new(parsed, length).map_or_else(|_| address.to_owned(), |net| net.trunc().to_string())
}

/// The program in a user agent, without versions and surroundings. Of those that build on others the one
/// that somebody chose: Terraform, not the SDK below it.
fn program_of_agent(agent: &str) -> &str {
    const CHOSEN: [&str; 6] = ["Terraform", "Pulumi", "Ansible", "kubectl", "CloudFormation", "S3Console"];
    if let Some(chosen) = CHOSEN.iter().find(|name| agent.contains(*name)) {
        return chosen;
    }
    let start = agent.trim_start_matches('[');
    start.split(['/', ' ', ',', ';', ']']).next().filter(|name| !name.is_empty()).unwrap_or(agent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_programs() {
        for (address, want) in [
            ("192.0.2.7", "192.0.2.0/24"),
            ("::ffff:192.0.2.7", "192.0.2.0/24"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
            ("lambda.amazonaws.com", "lambda.amazonaws.com"),
            ("AWS Internal", "AWS Internal"),
        ] {
            assert_eq!(network_of_address(address), want);
        }
        for (agent, want) in [
            ("aws-cli/2.15.43 md/awscrt#0.19.19", "aws-cli"),
            ("Boto3/1.26.0 Python/3.9", "Boto3"),
            ("APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io)", "Terraform"),
            ("[S3Console/0.4, aws-internal/3]", "S3Console"),
            ("Mozilla/5.0 (X11)", "Mozilla"),
            ("s3.amazonaws.com", "s3.amazonaws.com"),
            ("[", "["),
            ("/", "/"),
        ] {
            assert_eq!(program_of_agent(agent), want);
        }
    }
}
