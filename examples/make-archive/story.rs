//! What is planted in every archive, and the traps beside it.
//!
//! The first [`FILES`] files hold the story: the life of the bucket `planted-payroll`, and a rare security
//! group. Traps hold the same words where they mean nothing, or names that differ by a suffix; a program
//! that searches text takes them for answers. They are in those files, one of each, and here and there in
//! all others.

use crate::actors::{self, Actor};
use crate::kinds::{Kind, call, s3};
use crate::plan::{START, Slot};
use crate::record::{Form, Writer};
use crate::rng::Rng;
use crate::tally::Tally;

/// The account that the story is set in.
pub(crate) const ACCOUNT: &str = "111122223333";
/// The region that the story is set in.
pub(crate) const REGION: &str = "us-east-1";
/// How many files hold the story.
pub(crate) const FILES: u64 = DELIVERIES.len() as u64;
/// When each of these files was delivered: day, hour, minute.
const DELIVERIES: &[(i64, i64, i64)] = &[
    (2, 9, 15),
    (16, 14, 5),
    (19, 22, 45),
    (19, 22, 50),
    (19, 23, 0),
    (19, 23, 5),
    (8, 3, 20),
    (9, 17, 40),
    (30, 11, 0),
    (33, 4, 55),
];

/// Which question an event answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// What happened to the bucket?
    Bucket,
    /// What happened to the security group?
    Group,
}

/// Who appears in the story.
#[derive(Clone, Copy, Debug)]
enum Part {
    User(&'static str, &'static str, &'static str),
    Session(&'static str),
}

impl Part {
    fn actor(self) -> Actor {
        match self {
            Part::User(name, key, address) => actors::named_user(ACCOUNT, name, key, address),
            Part::Session(actors::PLANTED_SESSION) => actors::planted(ACCOUNT, START),
            Part::Session(name) => actors::suffixed(ACCOUNT, START, name),
        }
    }
}

const MALLORY: Part = Part::User("mallory", "AKIAPLANTEDMALLORY0", "198.51.100.77");
const ALICE: Part = Part::User("alice", "AKIAPLANTEDALICE000", "192.0.2.40");
const TRENT: Part = Part::User("trent", "AKIAPLANTEDTRENT000", "192.0.2.41");
const PLANTED: Part = Part::Session(actors::PLANTED_SESSION);

const PAYROLL: &str =
    r#"{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::planted-payroll"}"#;
const NAMED: &str = r#"{"bucketName":"planted-payroll","Host":"planted-payroll.s3.us-east-1.amazonaws.com"}"#;
const DELETE: Kind = s3("DeleteBucket", 0, NAMED).on(PAYROLL);
const DENIED: (&str, &str) = (
    "AccessDenied",
    "User: $caller is not authorized to perform: s3:DeleteBucket on resource: \\\"arn:aws:s3:::planted-payroll\\\" because no identity-based policy allows the s3:DeleteBucket action",
);
const NOT_EMPTY: (&str, &str) = ("BucketNotEmpty", "The bucket you tried to delete is not empty");

/// One event of the story: the file, how many seconds before its delivery, what, who, for which question,
/// and the file that holds the same record again.
type Beat = (u64, i64, Kind, Part, Answer, Option<u64>);

/// The story.
const STORY: &[Beat] = &[
    (0, 140, s3("CreateBucket", 0, r#"{"bucketName":"planted-payroll","Host":"s3.us-east-1.amazonaws.com","x-amz-object-ownership":"BucketOwnerEnforced"}"#).on(PAYROLL), ALICE, Answer::Bucket, None),
    (1, 65, s3("PutBucketPolicy", 0, r#"{"bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"Everyone","Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::planted-payroll","arn:aws:s3:::planted-payroll/*"]}]},"bucketName":"planted-payroll","Host":"planted-payroll.s3.us-east-1.amazonaws.com","policy":""}"#).on(PAYROLL), MALLORY, Answer::Bucket, None),
    (2, 233, Kind { error: Some(DENIED), ..DELETE }, TRENT, Answer::Bucket, None),
    (3, 91, Kind { error: Some(NOT_EMPTY), ..DELETE }, MALLORY, Answer::Bucket, None),
    (4, 118, DELETE, MALLORY, Answer::Bucket, Some(5)),
    (6, 200, call("ec2", "AuthorizeSecurityGroupIngress", 0, r#"{"groupId":"sg-0planted0000000001","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"groups":{},"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}"#).answers(r#"{"requestId":"$uuid","_return":true}"#), PLANTED, Answer::Group, None),
    (7, 301, call("ec2", "RunInstances", 0, r#"{"instancesSet":{"items":[{"imageId":"ami-$ami","minCount":1,"maxCount":1}]},"groupSet":{"items":[{"groupId":"sg-0planted0000000001"}]},"instanceType":"t3.micro","monitoring":{"enabled":false},"disableApiTermination":false,"clientToken":"$clienttoken"}"#).answers(r#"{"requestId":"$uuid","reservationId":"r-$hex17","ownerId":"$account","groupSet":{},"instancesSet":{"items":[{"instanceId":"i-$hex17","instanceState":{"code":0,"name":"pending"},"groupSet":{"items":[{"groupId":"sg-0planted0000000001","groupName":"planted"}]},"launchTime":$ms}]}}"#), ALICE, Answer::Group, None),
    (8, 12, call("ec2", "RevokeSecurityGroupIngress", 0, r#"{"groupId":"sg-0planted0000000001","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"groups":{},"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}"#).answers(r#"{"requestId":"$uuid","_return":true}"#), PLANTED, Answer::Group, None),
];

const OPS: Part = Part::User("ops", "AKIAEXAMPLEOPS00000", "192.0.2.42");

/// The traps.
const TRAPS: &[(Kind, Part)] = &[
    // The words in a tag, a policy, a user agent, a description, an object key: all of it text.
    (call("ec2", "CreateTags", 0, r#"{"resourcesSet":{"items":[{"resourceId":"i-$instance"}]},"tagSet":{"items":[{"key":"last-seen","value":"{\"eventName\":\"DeleteBucket\",\"requestParameters\":{\"bucketName\":\"planted-payroll\"}}"}]}}"#), OPS),
    (call("iam", "PutRolePolicy", 0, r#"{"roleName":"$role","policyName":"guard","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"DeleteBucket\",\"Effect\":\"Deny\",\"Action\":\"s3:DeleteBucket\",\"Resource\":\"arn:aws:s3:::planted-payroll\",\"Condition\":{\"StringLike\":{\"aws:userid\":\"*:planted-actor\"}}}]}"}"#), OPS),
    (Kind { agent: r#"curl/8.7.1 {\"eventName\":\"DeleteBucket\",\"bucketName\":\"planted-payroll\",\"userName\":\"mallory\"}"#, ..call("sts", "GetCallerIdentity", 0, "null") }, OPS),
    (call("ec2", "CreateSecurityGroup", 0, r#"{"groupName":"copy","groupDescription":"was sg-0planted0000000001, \"eventName\":\"DeleteBucket\", ask mallory","vpcId":"vpc-$vpc"}"#).answers(r#"{"requestId":"$uuid","_return":true,"groupId":"sg-$hex17"}"#), OPS),
    (s3("GetObject", 0, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"planted-payroll/DeleteBucket.json"}"#), OPS),
    // A field of that very name, but not that of the event.
    (call("lambda", "TagResource20170331v2", 0, r#"{"resource":"arn:aws:lambda:$region:$account:function:$function","tags":{"eventName":"DeleteBucket","about":"planted-payroll","userName":"mallory"}}"#), OPS),
    // Names that begin like the planted ones.
    (s3("DeleteBucket", 0, r#"{"bucketName":"planted-payroll-1","Host":"planted-payroll-1.s3.$region.amazonaws.com"}"#).on(r#"{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::planted-payroll-1"}"#), OPS),
    (s3("DeleteBucket", 0, r#"{"bucketName":"planted-payroll-10","Host":"planted-payroll-10.s3.$region.amazonaws.com"}"#).on(r#"{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::planted-payroll-10"}"#), OPS),
    (s3("DeleteBucket", 0, r#"{"bucketName":"planted-payroll-archive","Host":"planted-payroll-archive.s3.$region.amazonaws.com"}"#).on(r#"{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::planted-payroll-archive"}"#), OPS),
    (call("ec2", "DescribeSecurityGroups", 0, r#"{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"sg-0planted00000000010"}]},"filterSet":{}}"#), OPS),
    (call("ec2", "DescribeInstances", 0, r#"{"instancesSet":{},"filterSet":{}}"#), Part::Session("planted-actor-2")),
    (call("sts", "GetCallerIdentity", 0, "null"), Part::User("mallory2", "AKIAPLANTEDMALLORY00", "198.51.100.177")),
];

/// Returns when a file of the story is delivered, or nothing for any other file.
pub(crate) fn delivery_of(index: u64) -> Option<i64> {
    let (day, hour, minute) = DELIVERIES.get(usize::try_from(index).ok()?)?;
    Some(START + ((day * 24 + hour) * 60 + minute) * 60)
}

/// The story and the traps, prepared.
#[derive(Debug)]
pub(crate) struct Story {
    events: Vec<Event>,
    traps: Vec<Trap>,
}

/// One planted event.
#[derive(Debug)]
struct Event {
    number: u64,
    form: Form,
    actor: Actor,
    answer: Answer,
    file: u64,
    time: i64,
    again: Option<u64>,
}

/// One kind of trap.
#[derive(Debug)]
pub(crate) struct Trap {
    form: Form,
    actor: Actor,
}

/// Something that belongs into one of the files of the story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a>(Piece<'a>);

#[derive(Clone, Copy, Debug)]
enum Piece<'a> {
    Event(&'a Event),
    Trap(u64, &'a Trap),
}

impl Story {
    /// Prepares the story.
    pub(crate) fn new() -> Self {
        let events = STORY.iter().zip(0..).map(|((file, before, kind, part, answer, again), number)| Event {
            number,
            form: Form::new(*kind),
            actor: part.actor(),
            answer: *answer,
            file: *file,
            time: delivery_of(*file).unwrap_or(START) - before,
            again: *again,
        });
        let traps = TRAPS.iter().map(|(kind, part)| Trap { form: Form::new(*kind), actor: part.actor() });
        Self { events: events.collect(), traps: traps.collect() }
    }

    /// Returns what belongs into a file.
    pub(crate) fn in_file(&self, index: u64) -> impl Iterator<Item = Entry<'_>> {
        let events =
            self.events.iter().filter(move |event| event.file == index || event.again == Some(index));
        let traps = self.traps.iter().zip(0..).filter(move |(_, number)| number % FILES == index);
        let traps = traps.map(|(trap, number)| Piece::Trap(number, trap));
        events.map(Piece::Event).chain(traps).map(Entry)
    }

    /// Returns any of the traps.
    pub(crate) fn trap(&self, rng: &mut Rng) -> &Trap {
        rng.one(&self.traps)
    }
}

impl Trap {
    /// Writes the trap into a file.
    pub(crate) fn write(&self, writer: &mut Writer<'_>, rng: &mut Rng) {
        writer.tally.traps += 1;
        writer.record(&self.form, &self.actor, None, rng);
    }
}

impl Entry<'_> {
    /// Writes the event or trap into a file. An event that is written again is the same to the byte, as all
    /// that is random in it comes from its number.
    pub(crate) fn write(&self, text: &mut String, slot: &Slot, tally: &mut Tally, seed: u64) {
        match self.0 {
            Piece::Event(event) => {
                let mut rng = Rng::new(seed ^ 0x5707, event.number);
                tally.again = event.file != slot.index;
                let thing = rng.next();
                let mut writer = Writer { text, slot, tally, time: event.time, thing };
                let error = event.form.fails_always().then_some(0);
                let id = writer.record(&event.form, &event.actor, error, &mut rng);
                tally.plant(event.answer, id, event.form.names(), event.time, &event.actor);
                tally.again = false;
            }
            Piece::Trap(number, trap) => {
                let mut rng = Rng::new(seed ^ 0x7249, number);
                let (time, thing) = (slot.time - rng.below(500) as i64, rng.next());
                trap.write(&mut Writer { text, slot, tally, time, thing }, &mut rng);
            }
        }
    }
}
