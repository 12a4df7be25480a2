//! One record, and a file full of them.

use crate::actors::{self, Actor};
use crate::kinds::{ERRORS, KINDS, Kind, Who};
use crate::plan::{Plan, START, Slot};
use crate::rng::{Rng, Weighted, skewed, uuid};
use crate::story::{self, Story};
use crate::tally::Tally;
use crate::template::{Scene, Template};
use crate::words;

/// The texts of one kind of event, cut at their slots.
#[derive(Debug)]
pub(crate) struct Form {
    kind: Kind,
    read_only: bool,
    params: Template,
    response: Template,
    extra: Template,
    resources: Template,
    errors: Vec<(&'static str, Template)>,
}

impl Form {
    /// Prepares a kind.
    pub(crate) fn new(kind: Kind) -> Self {
        let any = ERRORS.iter().filter(|(source, ..)| *source == kind.source || *source == "*");
        let any = any.map(|(_, code, message)| (*code, *message));
        let errors = kind.error.or(kind.own_error).into_iter().chain(any);
        Self {
            kind,
            read_only: kind.read_only(),
            params: Template::new(kind.params),
            response: Template::new(kind.response),
            extra: Template::new(kind.extra),
            resources: Template::new(kind.resources),
            errors: errors.map(|(code, message)| (code, Template::new(message))).collect(),
        }
    }

    /// Tells whether every event of the kind is a failure.
    pub(crate) fn fails_always(&self) -> bool {
        self.kind.error.is_some()
    }

    /// Returns the event name, and the error code of a kind that always fails.
    pub(crate) fn names(&self) -> (&'static str, Option<&'static str>) {
        (self.kind.name, self.kind.error.map(|(code, _)| code))
    }
}

/// Every kind, prepared, with the planted events and the traps.
#[derive(Debug)]
pub(crate) struct Book {
    forms: Vec<Form>,
    everywhere: Weighted<usize>,
    regional: Weighted<usize>,
    /// What is planted.
    pub(crate) story: Story,
}

impl Book {
    /// Prepares everything for an archive.
    pub(crate) fn new() -> Self {
        let weights = |global: bool| {
            let kinds = KINDS.iter().enumerate().filter(move |(_, kind)| global || !kind.global);
            Weighted::new(kinds.map(|(i, kind)| (kind.weight, i)))
        };
        Self {
            forms: KINDS.iter().copied().map(Form::new).collect(),
            everywhere: weights(true),
            regional: weights(false),
            story: Story::new(),
        }
    }

    fn draw(&self, region: &str, rng: &mut Rng) -> usize {
        if region == "us-east-1" { self.everywhere.draw(rng) } else { self.regional.draw(rng) }
    }
}

/// Of so many records of the account of the planted actor, one is theirs if
/// anyone can make the call: 1 % of all.
const ONE_PLANTED: u64 = 34;
/// Of so many records one is a trap.
const ONE_TRAP: u64 = 2500;

/// Writes the content of one file and counts what it holds.
pub(crate) fn file(text: &mut String, plan: &Plan, book: &Book, slot: &Slot, rng: &mut Rng) -> Tally {
    let mut tally = Tally::new(slot, plan.seed);
    text.clear();
    text.push_str("{\"Records\":[");
    let cast = actors::cast(slot, rng);
    let planted = (slot.account == story::ACCOUNT).then(|| actors::planted(slot.account, START));
    let mut of_story = book.story.in_file(slot.index).peekable();
    let (mut kind, mut who, mut thing) = (book.draw(slot.region, rng), 0, rng.next());
    for i in 0..slot.records {
        // Programs make the same call in a row, often about the same thing.
        if rng.chance(1, 5) {
            kind = book.draw(slot.region, rng);
            who = skewed(rng.next(), cast.len() as u64) as usize;
        }
        if rng.chance(1, 3) {
            thing = rng.next();
        }
        let form = &book.forms[kind];
        let back = 500 * (slot.records - i) / slot.records + rng.below(40);
        let mut writer = Writer { text, slot, tally: &mut tally, time: slot.time - back as i64, thing };
        if planted.is_some() && rng.chance(1, ONE_PLANTED) && form.kind.who == Who::Anyone {
            writer.ordinary(form, planted.as_ref().unwrap_or(&cast[0]), rng);
        } else if rng.chance(1, ONE_TRAP) {
            let trap = book.story.trap(rng);
            trap.write(&mut writer, rng);
        } else if form.kind.who == Who::Anyone {
            writer.ordinary(form, &cast[who], rng);
        } else {
            writer.ordinary(form, &actors::special(form.kind.who, slot, rng), rng);
        }
        if i % 3 == 0
            && let Some(entry) = of_story.next()
        {
            entry.write(text, slot, &mut tally, plan.seed);
        }
    }
    of_story.for_each(|entry| entry.write(text, slot, &mut tally, plan.seed));
    text.pop();
    text.push_str("]}");
    tally.inflated = text.len() as u64;
    tally
}

/// Writes records at the end of a file.
pub(crate) struct Writer<'a> {
    /// The content so far.
    pub(crate) text: &'a mut String,
    /// The file.
    pub(crate) slot: &'a Slot,
    /// What it holds.
    pub(crate) tally: &'a mut Tally,
    /// When the event happened.
    pub(crate) time: i64,
    /// Chooses the things that the event is about.
    pub(crate) thing: u64,
}

impl Writer<'_> {
    /// Writes an event that may fail, as some do.
    fn ordinary(&mut self, form: &Form, actor: &Actor, rng: &mut Rng) {
        let can_fail = form.kind.who == Who::Anyone;
        let fails = can_fail && rng.chance(50, 1000);
        let error =
            fails.then(|| if rng.chance(1, 2) { 0 } else { rng.below(form.errors.len() as u64) as usize });
        self.record(form, actor, error, rng);
    }

    /// Writes an event, failed with one of the errors of its form if `error` is given; returns its id.
    pub(crate) fn record(
        &mut self,
        form: &Form,
        actor: &Actor,
        error: Option<usize>,
        rng: &mut Rng,
    ) -> String {
        let (kind, slot) = (&form.kind, self.slot);
        let scene = Scene {
            account: slot.account,
            region: slot.region,
            caller: &actor.arn,
            address: &actor.address,
            action: (kind.source, kind.name),
            time: self.time,
            thing: self.thing,
        };
        let error = error.map(|i| &form.errors[i]);
        let refused = kind.who == Who::SignIn && rng.chance(1, 8);
        self.tally.count(kind, actor, error.map(|(code, _)| *code), self.time);
        self.tally.refused_sign_ins += u64::from(refused);
        let out = &mut *self.text;
        put(out, &["{\"eventVersion\":\"1.11\",\"userIdentity\":", &actor.identity, ",\"eventTime\":\""]);
        words::time(out, self.time);
        put(out, &["\",\"eventSource\":\"", kind.source, ".amazonaws.com\",\"eventName\":\"", kind.name]);
        put(out, &["\",\"awsRegion\":\"", slot.region, "\",\"sourceIPAddress\":\"", &actor.address]);
        let agent = if kind.agent.is_empty() { &actor.agent } else { kind.agent };
        put(out, &["\",\"userAgent\":\"", agent, "\""]);
        if let Some((code, message)) = error {
            put(out, &[",\"errorCode\":\"", code, "\",\"errorMessage\":\""]);
            message.fill(out, &scene, rng);
            out.push('"');
        } else if refused {
            out.push_str(",\"errorMessage\":\"Failed authentication\"");
        }
        out.push_str(",\"requestParameters\":");
        form.params.fill(out, &scene, rng);
        out.push_str(",\"responseElements\":");
        match (error, refused) {
            (Some(_), _) => out.push_str("null"),
            (_, true) => out.push_str("{\"ConsoleLogin\":\"Failure\"}"),
            _ => form.response.fill(out, &scene, rng),
        }
        let id = self.rest(form, actor, &scene, rng);
        self.text.push_str("},");
        id
    }

    /// Writes what follows the response; returns the event id.
    fn rest(&mut self, form: &Form, actor: &Actor, scene: &Scene<'_>, rng: &mut Rng) -> String {
        let (kind, out) = (&form.kind, &mut *self.text);
        if !kind.extra.is_empty() {
            out.push_str(",\"additionalEventData\":");
            form.extra.fill(out, scene, rng);
        } else if kind.who == Who::SignIn {
            out.push_str(r#","additionalEventData":{"LoginTo":"https://console.aws.amazonaws.com/console/home?state=hashArgs%23\u0026isauthcode=true","MobileVersion":"No","MFAUsed":"Yes"}"#);
        }
        let report = matches!(kind.who, Who::Report(_));
        if !report {
            out.push_str(",\"requestID\":\"");
            request_id(out, kind.source, rng);
            out.push('"');
        }
        let mut id = String::with_capacity(36);
        uuid(&mut id, rng);
        put(
            out,
            &[",\"eventID\":\"", &id, "\",\"readOnly\":", if form.read_only { "true" } else { "false" }],
        );
        if !kind.resources.is_empty() {
            out.push_str(",\"resources\":[");
            form.resources.fill(out, scene, rng);
            out.push(']');
        }
        let of_type = match kind.source {
            _ if report => "AwsServiceEvent",
            "signin" => "AwsConsoleSignIn",
            _ => "AwsApiCall",
        };
        let management = if kind.data { "false" } else { "true" };
        put(out, &[",\"eventType\":\"", of_type, "\",\"managementEvent\":", management]);
        put(out, &[",\"recipientAccountId\":\"", scene.account, "\""]);
        self.end(form, actor, scene, rng);
        id
    }

    /// Writes the category and how the connection was made.
    fn end(&mut self, form: &Form, actor: &Actor, scene: &Scene<'_>, rng: &mut Rng) {
        let (kind, out) = (&form.kind, &mut *self.text);
        if matches!(kind.who, Who::Foreign | Who::Service("ec2.amazonaws.com")) {
            out.push_str(",\"sharedEventID\":\"");
            uuid(out, rng);
            out.push('"');
        }
        if actor.endpoint && kind.source != "iam" {
            put(
                out,
                &[",\"vpcEndpointId\":\"vpce-0d1f", &scene.account[..8], "\",\"vpcEndpointAccountId\":\""],
            );
            put(out, &[scene.account, "\""]);
        }
        put(out, &[",\"eventCategory\":\"", if kind.data { "Data" } else { "Management" }, "\""]);
        let direct = actor.address.starts_with(|c: char| c.is_ascii_digit());
        if direct && kind.who != Who::SignIn {
            put(
                out,
                &[",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\""],
            );
            put(
                out,
                &[",\"clientProvidedHostHeader\":\"", kind.source, ".", scene.region, ".amazonaws.com\"}"],
            );
        }
        if actor.console && direct && kind.who == Who::Anyone {
            out.push_str(",\"sessionCredentialFromConsole\":\"true\"");
        }
    }
}

/// Appends a request id: a UUID, but for S3.
fn request_id(out: &mut String, source: &str, rng: &mut Rng) {
    if source == "s3" { crate::rng::base32(out, rng, 16) } else { uuid(out, rng) }
}

/// Appends texts one after another.
fn put(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}
