//! Text with `$slots`, cut into pieces once and filled in many times.
//!
//! A slot is a dollar sign and lower case letters or digits. Slots of one kind (`$bucket`) name the same
//! thing wherever they stand in one record; those of the other kind (`$uuid`) are new every time.

use crate::rng::{Rng, base32, base64, hex, mix, skewed, uuid};
use crate::words::{self, FUNCTIONS, TAGS, TEAMS};
use std::fmt::Write as _;

/// A text, cut at its slots.
#[derive(Debug)]
pub(crate) struct Template(Vec<(&'static str, Option<&'static str>)>);

/// What the slots of one record stand for.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    /// The account that the event is about.
    pub(crate) account: &'a str,
    /// The region that the event happened in.
    pub(crate) region: &'a str,
    /// The ARN of the caller, for error messages.
    pub(crate) caller: &'a str,
    /// The source address of the caller.
    pub(crate) address: &'a str,
    /// `service:EventName`, for error messages.
    pub(crate) action: (&'a str, &'a str),
    /// When it happened, in seconds since 1970.
    pub(crate) time: i64,
    /// Chooses the things that stay the same within one record.
    pub(crate) thing: u64,
}

impl Template {
    /// Cuts `text` at its slots.
    pub(crate) fn new(text: &'static str) -> Self {
        let mut parts = text.split('$');
        let mut cut = vec![(parts.next().unwrap_or_default(), None)];
        for part in parts {
            let end =
                part.find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).unwrap_or(part.len());
            let (slot, rest) = part.split_at(end);
            if let Some(last) = cut.last_mut() {
                last.1 = Some(slot);
            }
            cut.push((rest, None));
        }
        Self(cut)
    }

    /// Appends the text with every slot filled in.
    pub(crate) fn fill(&self, out: &mut String, scene: &Scene<'_>, rng: &mut Rng) {
        for (text, slot) in &self.0 {
            out.push_str(text);
            if let Some(slot) = slot {
                fresh(out, slot, scene, rng);
            }
        }
    }
}

/// Fills in a slot that is new every time, or belongs to the whole record.
fn fresh(out: &mut String, slot: &str, scene: &Scene<'_>, rng: &mut Rng) {
    match slot {
        "account" => out.push_str(scene.account),
        "region" => out.push_str(scene.region),
        "caller" => out.push_str(scene.caller),
        "ip" => out.push_str(scene.address),
        "action" => {
            out.push_str(scene.action.0);
            out.push(':');
            out.push_str(scene.action.1);
        }
        "time" => words::time(out, scene.time),
        "expiry" => words::spoken_time(out, scene.time + 3600),
        "ms" => number(out, scene.time as u64 * 1000),
        "uuid" => uuid(out, rng),
        "hex17" => hex(out, rng, 17),
        "hex32" => hex(out, rng, 32),
        "key16" => base32(out, rng, 16),
        "token" => base64(out, rng, 120),
        "blob" => base64(out, rng, 56),
        "num" => number(out, rng.below(10_000)),
        "bytes" => {
            let magnitude = 4 + rng.below(20);
            number(out, rng.below(1 << magnitude));
        }
        "" => out.push('$'), // a dollar sign before anything else stands for itself
        "instances" => instances(out, scene, rng),
        "tags" => tags(out, rng),
        _ => fixed(out, slot, scene),
    }
}

/// Fills in a slot that names one thing of the account: the same one within a record.
///
/// # Panics
///
/// When there is no such slot, which is a mistake in one of the templates.
fn fixed(out: &mut String, slot: &str, scene: &Scene<'_>) {
    let pick = |n: u64| skewed(scene.thing, n);
    match slot {
        "bucket" => words::bucket(out, scene.account, pick(90)),
        "prefix" => out.push_str(TEAMS[pick(TEAMS.len() as u64) as usize]),
        "object" => words::object(out, scene.thing, scene.time),
        "function" => out.push_str(FUNCTIONS[pick(FUNCTIONS.len() as u64) as usize]),
        "role" => words::role(out, pick(200)),
        "user" => words::user(out, pick(60)),
        "az" => {
            out.push_str(scene.region);
            out.push(char::from(b'a' + (scene.thing % 3) as u8));
        }
        "clienttoken" => uuid(out, &mut Rng::new(scene.thing, 11)),
        "privateip" => address(out, scene, pick(120)),
        "privatehost" => {
            let mut ip = String::new();
            address(&mut ip, scene, pick(120));
            out.push_str(&ip.replace('.', "-"));
        }
        _ => {
            let (pool, digits) = match slot {
                "instance" => (120, 17),
                "keyid" | "secret" => (24, 0),
                "eni" | "vol" | "snapshot" => (900, 17),
                "sg" | "subnet" | "ami" => (40, 17),
                "vpc" | "vpce" => (4, 17),
                "identity" => (200, 16),
                "stack" => (30, 0),
                unknown => panic!("no slot is called `${unknown}`"),
            };
            let mut own = Rng::new(mix(name_of(slot), name_of(scene.account)), pick(pool));
            if digits == 0 { uuid(out, &mut own) } else { hex(out, &mut own, digits) }
        }
    }
}

/// Appends one private address of the network of the account and region.
fn address(out: &mut String, scene: &Scene<'_>, host: u64) {
    let net = mix(name_of(scene.account), name_of(scene.region)) % 200;
    let _ = write!(out, "10.{net}.{}.{}", host % 4, 10 + host);
}

/// Appends a list of a few to a few dozen instances, as DescribeInstances has it.
fn instances(out: &mut String, scene: &Scene<'_>, rng: &mut Rng) {
    let many = if rng.chance(1, 8) { 20 } else { 3 };
    let start = rng.below(100);
    for i in 0..=rng.below(many) {
        out.push_str(if i == 0 { "{\"instanceId\":\"i-" } else { ",{\"instanceId\":\"i-" });
        hex(out, &mut Rng::new(mix(name_of("instance"), name_of(scene.account)), start + i), 17);
        out.push_str("\"}");
    }
}

/// Appends one to four tags.
fn tags(out: &mut String, rng: &mut Rng) {
    let first = rng.below(TAGS.len() as u64);
    for i in 0..=rng.below(4) {
        if i > 0 {
            out.push(',');
        }
        out.push_str(TAGS[((first + i) % TAGS.len() as u64) as usize]);
    }
}

/// Returns a number that stands for `text`.
pub(crate) fn name_of(text: &str) -> u64 {
    text.bytes().fold(0, |sum, byte| mix(sum, u64::from(byte)))
}

/// Appends a decimal number.
pub(crate) fn number(out: &mut String, n: u64) {
    let _ = write!(out, "{n}");
}
