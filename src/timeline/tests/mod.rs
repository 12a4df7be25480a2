//! The fold on single events and on the real logs of the fixtures.

mod effects;
mod endings;
mod existence;
mod parts;
mod seen;
mod ties;

use super::*;
use crate::catalog;
use crate::catalog::Catalog;
use crate::event::{EventParser, Time};
use crate::resource::{Match, Reference, Resource};
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path as FilePath, PathBuf};
use std::sync::OnceLock;

/// The records of the real archive, in the order that the files have.
pub(super) fn invictus() -> &'static [String] {
    static RECORDS: OnceLock<Vec<String>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let mut files = Vec::new();
        let mut dirs = vec![FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/invictus")];
        while let Some(dir) = dirs.pop() {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                if path.is_dir() { dirs.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        let mut records = Vec::new();
        for file in files.iter().filter(|file| file.extension().is_some_and(|it| it == "gz")) {
            let mut text = String::new();
            GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
            let log: serde_json::Value = serde_json::from_str(&text).unwrap();
            records.extend(log["Records"].as_array().unwrap().iter().map(ToString::to_string));
        }
        records
    })
}

fn steps_in<'r>(
    records: impl IntoIterator<Item = &'r String>,
    wanted: &dyn Fn(&Resource) -> bool,
) -> StepStore {
    let mut all = StepStore::default();
    let mut parser = EventParser::default();
    for record in records {
        parser
            .read(record.as_bytes(), |event| all.add(extract_steps(&Catalog::default(), event, wanted)))
            .unwrap();
    }
    all
}

/// The one timeline of a reference in the real archive.
fn timeline(reference: &str, until: Option<&str>) -> Timeline {
    let reference = Reference::parse(reference).unwrap();
    let wanted = |resource: &Resource| reference.matches(resource) == Match::Yes;
    let until = until.map(|until| Time::parse(until).unwrap());
    let mut found = steps_in(invictus(), &wanted).fold(until);
    found.retain(|timeline| wanted(&timeline.resource));
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(|it| &it.resource).collect::<Vec<_>>());
    found.remove(0)
}

/// A timeline in short lines.
fn lines(timeline: &Timeline) -> Vec<String> {
    let line = |entry: &TimelineEntry| {
        let time = entry.step.origin.time.unwrap().to_string();
        let kind = match entry.step.kind {
            StepOutcome::Applied => String::new(),
            kind => format!(" {kind:?}"),
        };
        let changes: Vec<String> =
            entry.changes.iter().filter(|it| !it.path.is_asked_by("tags")).map(change).collect();
        format!("{} {}{kind}: {}", &time[11..19], entry.step.origin.event_name, changes.join("; "))
    };
    timeline.entries.iter().map(line).collect()
}

fn change(change: &SettingChange) -> String {
    format!("{} {} -> {}", change.path, short(&change.before), short(&change.after))
}

fn short(val: &Knowledge) -> String {
    match val {
        Knowledge::Unknown(why) => format!("?{why:?}"),
        Knowledge::Absent => "-".to_owned(),
        Knowledge::Known(serde_json::Value::Object(_)) => "{}".to_owned(),
        Knowledge::Known(value) => value.to_string(),
    }
}

#[test]
fn a_port_is_opened_to_the_world_and_closed() {
    let found = timeline("sg-04cfb7a4712d75b00", None);
    assert_eq!(
        lines(&found),
        [
            "12:10:01 CreateSecurityGroup: groupName - -> \"stratus-red-team-open-sg-sg\"; \
             description - -> \"Allow TLS inbound traffic\"; vpcId - -> \"vpc-0e568b18707c87afa\"; \
             egress[all 0.0.0.0/0] - -> {}",
            "12:10:03 RevokeSecurityGroupEgress: egress[all 0.0.0.0/0] {} -> -",
            "12:10:04 RevokeSecurityGroupEgress ErrorProves: ",
            "12:10:05 AuthorizeSecurityGroupIngress: ingress[tcp 443 0.0.0.0/0] - -> {}",
            "12:10:06 AuthorizeSecurityGroupEgress: egress[all 0.0.0.0/0] - -> {}; egress[all ::/0] - -> {}",
            "12:10:08 AuthorizeSecurityGroupIngress: ingress[tcp 22 0.0.0.0/0] - -> {}",
            "12:11:57 RevokeSecurityGroupIngress: ingress[tcp 22 0.0.0.0/0] {} -> -",
            "12:12:06 DeleteSecurityGroup: ",
            "12:28:33 DescribeSecurityGroups ErrorProves: ",
        ]
    );
    assert_eq!((found.state.exists, found.state.incarnation), (Existence::Gone, 1));
    let then = timeline("sg-04cfb7a4712d75b00", Some("2023-07-10T12:11:00Z"));
    let rules = then.state.configuration()["ingress"].clone();
    let ports: Vec<i64> =
        rules.as_array().unwrap().iter().map(|it| it["fromPort"].as_i64().unwrap()).collect();
    assert_eq!((then.state.exists, ports), (Existence::Exists, vec![22, 443]));
    let rule = then.state.cell(&SettingPath::field("ingress").join("tcp 22 0.0.0.0/0"));
    let by = rule.by.unwrap();
    assert_eq!((by.event_name.as_str(), by.who.as_str()), ("AuthorizeSecurityGroupIngress", "bert-jan"));
    assert!(
        then.state.is_closed(&SettingPath::field("ingress")),
        "a group that was seen from its creation hides nothing"
    );
}

/// The files hold them in another order: share after its undo.
#[test]
fn a_snapshot_is_shared_and_unshared() {
    let lines = lines(&timeline("snap-083d3b857c13988bc", None));
    assert_eq!(
        lines[1..],
        [
            "12:11:28 ModifySnapshotAttribute: createVolumePermission[012345678912] - -> \"012345678912\"",
            "12:11:57 ModifySnapshotAttribute: createVolumePermission[012345678912] \"012345678912\" -> -",
            "12:12:03 DeleteSnapshot: ",
        ]
    );
    assert!(lines[0].starts_with("12:11:27 CreateSnapshot"), "{}", lines[0]);
}

#[test]
fn who_may_assume_the_role_is_told() {
    let found = timeline("role/stratus-red-team-backdoor-r-role", None);
    let path = SettingPath::field("assumeRolePolicyDocument");
    let changes = found.entries.iter().flat_map(|entry| &entry.changes).filter(|change| change.path == path);
    let told: Vec<PolicyDifference> =
        changes.map(|it| policy_difference(it.before.known(), it.after.known())).collect();
    let other = "AWS arn:aws:iam::193672423079:root: sts:AssumeRole";
    assert_eq!(told[0].newly_allowed, ["Service ec2.amazonaws.com: sts:AssumeRole"]);
    assert_eq!(
        (told[1].newly_allowed.as_slice(), told[1].no_longer_allowed.len()),
        (&[other.to_owned()][..], 0)
    );
    assert_eq!(
        (told[2].no_longer_allowed.as_slice(), told[2].newly_allowed.len()),
        (&[other.to_owned()][..], 0)
    );
}

/// No successful write is lost: each is applied to a resource, or it is said why not.
#[test]
fn every_write_is_applied_or_said_why_not() {
    let mut parser = EventParser::default();
    let (mut applied, mut told) = (0, BTreeMap::<String, usize>::new());
    let mut all = StepStore::default();
    for record in invictus() {
        let found = parser.read(record.as_bytes(), |event| {
            let write = event.read_only() == Some(false) && event.error_code().is_none();
            (write, event.name().to_owned(), extract_steps(&Catalog::default(), event, &|_| true))
        });
        let (write, name, steps) = found.unwrap();
        if write {
            let why = match steps
                .iter()
                .filter(|step| step.link.is_none())
                .find(|it| it.kind != StepOutcome::Applied)
            {
                _ if steps.iter().any(|step| step.kind == StepOutcome::Applied) => None,
                Some(step) => Some(step.note.clone().unwrap()),
                None => Some("names no resource that it changes".to_owned()),
            };
            match why {
                None => applied += 1,
                Some(why) => *told.entry(format!("{name}: {why}")).or_default() += 1,
            }
        }
        all.add(steps);
    }
    let not: usize = told.values().sum();
    let timelines = all.fold(None);
    println!(
        "{applied} of {} successful writes applied, to {} resources; not applied:",
        applied + not,
        timelines.len()
    );
    told.iter().for_each(|(why, count)| println!("{count:5} {why}"));
    let known = [
        // Sign-ins and the reports of agents change no configuration.
        ("CheckMfa", 1),
        ("ConsoleLogin", 2),
        ("PutComplianceItems", 2),
        ("PutInventory", 2),
        ("SendCommand", 1),
        ("SharedSnapshotVolumeCreated", 2),
        ("UpdateInstanceAssociationStatus", 7),
        ("UpdateInstanceInformation", 7),
    ];
    let told: Vec<(&str, usize)> =
        told.iter().map(|(why, count)| (why.split(':').next().unwrap(), *count)).collect();
    assert_eq!((applied, told.as_slice()), (456, &known[..]));
}

/// What an inventory needs is the same of steps without the rest, on every resource and at any moment.
#[test]
fn slim_steps_tell_the_same_of_existence_and_relations() {
    let all = || steps_in(invictus(), &|_| true);
    let slim = || {
        let mut slim = StepStore::default();
        let mut parser = EventParser::default();
        for record in invictus() {
            let mut found = parser
                .read(record.as_bytes(), |event| extract_steps(&Catalog::default(), event, &|_| true))
                .unwrap();
            found.iter_mut().for_each(Step::slim);
            slim.add(found);
        }
        slim
    };
    let mut related = 0;
    for until in [None, Time::parse("2023-07-10T12:05:00Z"), Time::parse("2023-07-10T12:10:30Z")] {
        let (full, short) = (all().fold(until), slim().fold(until));
        assert_eq!(full.len(), short.len());
        for (full, short) in full.iter().zip(&short) {
            let told = |it: &Timeline| {
                let State { exists, exists_by, created, due, incarnation, .. } = it.state.clone();
                let changes = it.entries.iter().filter(|entry| entry.is_change()).count();
                (
                    exists,
                    exists_by,
                    created,
                    due,
                    incarnation,
                    changes,
                    find_relations(&it.resource, &it.state),
                )
            };
            assert_eq!(full.resource, short.resource);
            assert_eq!(told(full), told(short), "{:?}", full.resource);
            related += told(full).6.len();
        }
    }
    assert!(related > 200, "{related}");
}

/// The sources of an effect: where it reads from.
fn sources(effect: &catalog::effect::Effect) -> Vec<&catalog::effect::ValueExpr> {
    use catalog::effect::Verb;
    match &effect.verb {
        Verb::Set { source, .. }
        | Verb::Merge { source, .. }
        | Verb::Add { source, .. }
        | Verb::Remove { source, .. }
        | Verb::Replace { source, .. }
        | Verb::Drop { source, .. }
        | Verb::Swap { source }
        | Verb::Renew { source, .. }
        | Verb::Tag { source }
        | Verb::Untag { source }
        | Verb::Retag { source }
        | Verb::Due { source }
        | Verb::Rename { source }
        | Verb::Order { source } => vec![source],
        Verb::Put { key, source, .. } => vec![key, source],
        Verb::Ask { source, shown, .. } => vec![source, shown],
        Verb::Had { source, but, .. } => vec![source, but],
        Verb::Del { key, .. } => vec![key],
        Verb::Lacked { source, .. } => source.iter().collect(),
        Verb::Unset { .. }
        | Verb::Touch { .. }
        | Verb::Undue
        | Verb::Chain { .. }
        | Verb::Each { .. }
        | Verb::There
        | Verb::Gone
        | Verb::Unsure
        | Verb::Again => {
            vec![]
        }
    }
}

/// What each row of the tables has seen of the real world: a row whose paths lead nowhere in the real
/// events of its call is wrong, but for what callers need not say.
#[test]
fn effects_lead_somewhere_in_the_real_events_of_their_call() {
    /// What the callers of these events happened not to say: members that no call needs.
    const UNSAID: [&str; 20] = [
        "cloudtrail PutEventSelectors: set advancedEventSelectors",
        "ec2 ModifyImageAttribute: set description",
        "ec2 ModifyInstanceAttribute: replace securityGroups",
        "ec2 RegisterImage: tag",
        "ec2 RevokeSecurityGroupEgress: drop egress",
        "ec2 RevokeSecurityGroupIngress: drop ingress",
        "ec2 RunInstances: set userData",
        "iam CreateRole: set description",
        "iam CreateRole: set permissionsBoundary",
        "iam CreateUser: set permissionsBoundary",
        "lambda DeleteFunction: del versions",
        "lambda UpdateFunctionCode: set code.s3ObjectVersion",
        "lambda UpdateFunctionCode: set code.imageUri",
        "logs CreateLogGroup: set kmsKeyId",
        "logs CreateLogGroup: set logGroupClass",
        "s3 CreateBucket: set objectOwnership",
        "secretsmanager CreateSecret: set kmsKeyId",
        "secretsmanager CreateSecret: tag",
        "ssm PutParameter: set keyId",
        "ssm PutParameter: set description",
    ];
    let (own, mut parser) = (Catalog::default(), EventParser::default());
    let mut met: BTreeMap<String, (BTreeSet<String>, Vec<bool>)> = BTreeMap::new();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in invictus() {
        parser
            .read(record.as_bytes(), |event| {
                let Some(effects) = own.effects(event.source(), event.name()) else { return };
                if event.error_code().is_some() {
                    return;
                }
                let service = event.source().split('.').next().unwrap();
                let call = format!("{service} {}", catalog::api_name(event.name()));
                let (found, read) =
                    met.entry(call.clone()).or_insert_with(|| (BTreeSet::new(), vec![false; effects.len()]));
                found.extend(
                    extract_steps(&own, event, &|_| true).iter().map(|step| format!("{:?}", step.kind)),
                );
                let doc = normalise_event(event);
                // Elements stand in for `it`: what they have is what the first of them has.
                let it = ["instancesSet", "securityGroupRuleSet", "loadBalancers"]
                    .iter()
                    .find_map(|name| doc.response.get(*name)?.get(0));
                let scope = place::Scope { doc: &doc, it };
                for (effect, read) in effects.iter().zip(read) {
                    *read |= sources(effect).iter().all(|source| scope.value(source).is_some());
                }
                texts.entry(call).or_insert_with(|| effects.iter().map(short_name).collect());
            })
            .unwrap();
    }
    let (mut count, mut silent) = (0, Vec::new());
    for (call, (found, read)) in &met {
        assert!(found.contains("Applied"), "{call} leads nowhere: {found:?}");
        count += read.len();
        let not = read.iter().zip(&texts[call]).filter(|(read, _)| !**read);
        silent.extend(not.map(|(_, text)| format!("{call}: {text}")));
    }
    println!(
        "{} calls met, {} of their {count} effects read nothing from any real event",
        met.len(),
        silent.len()
    );
    assert_eq!(silent, UNSAID);
}

/// An effect by its verb and field.
fn short_name(effect: &catalog::effect::Effect) -> String {
    let text = format!("{:?}", effect.verb);
    let verb = text.split([' ', '{']).next().unwrap().to_lowercase();
    let field = text.split("field: \"").nth(1).and_then(|rest| rest.split('"').next());
    field.map_or(verb.clone(), |field| format!("{verb} {field}"))
}

/// A record in which only what matters is said.
pub(super) fn record(time: &str, name: &str, source: &str, rest: serde_json::Value) -> String {
    let mut record = serde_json::json!({
        "eventTime": format!("2024-01-01T{time}Z"), "eventName": name,
        "eventSource": format!("{source}.amazonaws.com"), "awsRegion": "eu-west-1",
        "recipientAccountId": "111122223333", "readOnly": false,
        "eventID": format!("{time}-{name}"), "userIdentity": {"type": "IAMUser", "userName": "alice"},
    });
    for (key, value) in rest.as_object().unwrap() {
        record[key] = value.clone();
    }
    record.to_string()
}

pub(super) fn fold_records(records: &[String], reference: &str) -> Timeline {
    let reference = Reference::parse(reference).unwrap();
    let wanted = |resource: &Resource| reference.matches(resource) == Match::Yes;
    let mut found = steps_in(records, &wanted).fold(None);
    found.retain(|timeline| wanted(&timeline.resource));
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(|it| &it.resource).collect::<Vec<_>>());
    found.remove(0)
}

fn role(time: &str, name: &str, more: serde_json::Value) -> String {
    let mut request = serde_json::json!({"roleName": "r"});
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    record(time, name, "iam", serde_json::json!({ "requestParameters": request }))
}

#[test]
fn within_a_second_cause_decides() {
    let policy = serde_json::json!({"policyName": "p", "policyDocument": "{\"Statement\":[]}"});
    let records = [
        role("10:00:00", "PutRolePolicy", policy.clone()),
        role("10:00:00", "CreateRole", serde_json::json!({})),
        role("10:00:05", "DeleteRole", serde_json::json!({})),
        role("10:00:05", "DeleteRolePolicy", policy),
    ];
    let found = fold_records(&records, "role/r");
    let order: Vec<&str> = found.entries.iter().map(|it| it.step.origin.event_name.as_str()).collect();
    assert_eq!(order, ["CreateRole", "PutRolePolicy", "DeleteRolePolicy", "DeleteRole"]);
    assert!(found.entries.iter().all(|entry| entry.unsure.is_empty() && entry.incarnation == 1));
    assert_eq!(found.state.exists, Existence::Gone);
}

#[test]
fn a_tie_that_nothing_decides_is_said_to_be_one() {
    let path = SettingPath::field("assumeRolePolicyDocument");
    let trust = |who: &str| {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{who}"}},"Action":"sts:AssumeRole"}}}}"#
        );
        serde_json::json!({ "policyDocument": text })
    };
    let two = |second: &str| {
        let mut b = role("10:00:01", "UpdateAssumeRolePolicy", trust(second));
        b = b.replace("10:00:01-Update", "z-Update");
        [
            role("10:00:00", "CreateRole", serde_json::json!({})),
            role("10:00:01", "UpdateAssumeRolePolicy", trust("a")),
            b,
        ]
    };
    let found = fold_records(&two("b"), "role/r");
    assert_eq!(found.state.cell(&path).val, Knowledge::Unknown(UnknownReason::Ambiguous));
    assert_eq!(found.entries[1].unsure, ["UpdateAssumeRolePolicy"]);
    // The same twice is no question.
    let found = fold_records(&two("a"), "role/r");
    assert!(found.state.cell(&path).val.known().is_some() && found.entries[1].unsure.is_empty());
    // Where the service counts, the count decides.
    let put = |version: u32, kind: &str, id: &str| {
        record(
            "10:00:01",
            "PutParameter",
            "ssm",
            serde_json::json!({"eventID": id,
            "requestParameters": {"name": "p", "type": kind, "overwrite": true}, "responseElements": {"version": version}}),
        )
    };
    let found = fold_records(&[put(3, "String", "a"), put(2, "SecureString", "b")], "parameter/p");
    assert_eq!(found.state.get(&SettingPath::field("type")), Knowledge::Known("String".into()));
    assert!(found.entries.iter().all(|entry| entry.unsure.is_empty()));
    // Where it says the state before and after, that decides.
    let turn = |name: &str, from: &str, to: &str, id: &str| {
        let set = serde_json::json!({"items": [{"instanceId": "i-0123456789abcdef0", "previousState": {"name": from}, "currentState": {"name": to}}]});
        record(
            "10:00:01",
            name,
            "ec2",
            serde_json::json!({"eventID": id,
            "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}},
            "responseElements": {"instancesSet": set}}),
        )
    };
    let found = fold_records(
        &[
            turn("StartInstances", "stopped", "pending", "a"),
            turn("StopInstances", "pending", "stopping", "b"),
        ],
        "i-0123456789abcdef0",
    );
    assert_eq!(found.state.get(&SettingPath::field("state")), Knowledge::Known("stopped".into()));
}

#[test]
fn names_that_come_again_are_other_resources() {
    let attach = |arn: &str| serde_json::json!({ "policyArn": arn });
    let none = || serde_json::json!({});
    let records = [
        role("10:00:00", "CreateRole", none()),
        role("10:00:01", "AttachRolePolicy", attach("arn:aws:iam::aws:policy/A")),
        role("10:00:02", "DeleteRole", none()),
        role("10:00:03", "CreateRole", none()),
        role("10:00:04", "DeleteRole", none()),
        role("10:00:05", "AttachRolePolicy", attach("arn:aws:iam::aws:policy/B")),
    ];
    let found = fold_records(&records, "role/r");
    assert_eq!(found.entries.iter().map(|it| it.incarnation).collect::<Vec<_>>(), [1, 1, 1, 2, 2, 3]);
    let attached = SettingPath::field("attachedManagedPolicies");
    assert_eq!(
        found.state.cell(&attached).val,
        Knowledge::Unknown(UnknownReason::BeforeArchive),
        "nobody saw the third made"
    );
    assert!(found.entries[5].notes[0].contains("not in these logs"));
    let found = fold_records(&records[..4], "role/r");
    assert_eq!((found.state.incarnation, found.state.get(&attached)), (2, Knowledge::Absent));
}

#[test]
fn failed_calls_change_nothing_but_errors_prove() {
    let rule = serde_json::json!({"groupId": "sg-0123456789abcdef0", "ipPermissions": {}, "ipProtocol": "tcp",
        "fromPort": 22, "toPort": 22, "cidrIp": "0.0.0.0/0"});
    let call = |name: &str, code: Option<&str>| {
        record("10:00:00", name, "ec2", serde_json::json!({"requestParameters": rule, "errorCode": code}))
    };
    let path = SettingPath::field("ingress").join("tcp 22 0.0.0.0/0");
    let state = |name: &str, code: Option<&str>| {
        fold_records(&[call(name, code)], "sg-0123456789abcdef0").state.cell(&path).val
    };
    assert!(state("AuthorizeSecurityGroupIngress", None).known().is_some());
    let unknown = Knowledge::Unknown(UnknownReason::BeforeArchive);
    assert_eq!(state("AuthorizeSecurityGroupIngress", Some("Client.UnauthorizedOperation")), unknown);
    assert_eq!(state("AuthorizeSecurityGroupIngress", Some("Client.DryRunOperation")), unknown);
    assert!(
        state("AuthorizeSecurityGroupIngress", Some("Client.InvalidPermission.Duplicate")).known().is_some()
    );
    assert_eq!(
        state("RevokeSecurityGroupIngress", Some("Client.InvalidPermission.NotFound")),
        Knowledge::Absent
    );
    // A read that failed proves as well; one that succeeded says nothing.
    let get = record(
        "10:00:00",
        "GetBucketPolicy",
        "s3",
        serde_json::json!({"readOnly": true,
        "errorCode": "NoSuchBucketPolicy", "requestParameters": {"bucketName": "b", "policy": ""}}),
    );
    assert_eq!(
        fold_records(&[get], "bucket/b").state.cell(&SettingPath::field("policy")).val,
        Knowledge::Absent
    );
}

#[test]
fn what_is_not_in_the_record_is_unknown_for_its_reason() {
    let param = |value: &str| {
        record(
            "10:00:00",
            "PutParameter",
            "ssm",
            serde_json::json!({
        "requestParameters": {"name": "p", "value": value, "type": "SecureString", "overwrite": false},
        "responseElements": {"version": 1}}),
        )
    };
    let state = fold_records(&[param("HIDDEN_DUE_TO_SECURITY_REASONS")], "parameter/p").state;
    assert_eq!(state.cell(&SettingPath::field("value")).val, Knowledge::Unknown(UnknownReason::Redacted));
    let secret = |name: &str, rest| record("10:00:01", name, "secretsmanager", rest);
    let put = secret("PutSecretValue", serde_json::json!({"requestParameters": {"secretId": "s"}}));
    let state = fold_records(&[put], "secret/s").state;
    assert_eq!(state.cell(&SettingPath::field("secretValue")).val, Knowledge::Unknown(UnknownReason::Unseen));
    assert_eq!(
        state.cell(&SettingPath::field("policy")).val,
        Knowledge::Unknown(UnknownReason::BeforeArchive)
    );
    let large = role("10:00:02", "UpdateAssumeRolePolicy", serde_json::json!({}))
        .replace("\"responseElements\"", "\"x\"");
    let mut large: serde_json::Value = serde_json::from_str(&large).unwrap();
    large["responseElements"] = serde_json::json!({"omitted": true, "originalSize": 110_000});
    let state = fold_records(&[large.to_string()], "role/r").state;
    assert_eq!(
        state.cell(&SettingPath::field("assumeRolePolicyDocument")).val,
        Knowledge::Unknown(UnknownReason::Truncated)
    );
}

#[test]
fn deletions_that_are_put_off_are_scheduled() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let call = |time: &str, name: &str, response: serde_json::Value| {
        record(
            time,
            name,
            "kms",
            serde_json::json!({"requestParameters": {"keyId": key}, "responseElements": response}),
        )
    };
    let schedule = call(
        "10:00:00",
        "ScheduleKeyDeletion",
        serde_json::json!({"keyId": key, "deletionDate": "Jan 8, 2024, 12:00:00 AM"}),
    );
    let cancel = call("11:00:00", "CancelKeyDeletion", serde_json::json!({"keyId": key}));
    let all = |records: &[String], until: &str| {
        let steps = steps_in(records, &|_| true).by_resource();
        let (resource, steps) = steps.into_iter().next().unwrap();
        fold_steps(resource, steps, Time::parse(until)).state
    };
    let state = all(std::slice::from_ref(&schedule), "2024-01-01T10:30:00Z");
    assert_eq!((state.exists, state.due.is_some()), (Existence::Exists, true));
    assert_eq!(state.get(&SettingPath::field("keyState")), Knowledge::Known("PendingDeletion".into()));
    assert_eq!(all(std::slice::from_ref(&schedule), "2024-02-01T00:00:00Z").exists, Existence::Unknown);
    let state = all(&[cancel, schedule], "2024-02-01T00:00:00Z");
    assert_eq!((state.exists, state.due.is_some()), (Existence::Exists, false));
}

#[test]
fn a_resource_that_is_named_by_an_association_is_followed() {
    let call = |time: &str, name: &str, request: serde_json::Value, response: serde_json::Value| {
        record(
            time,
            name,
            "ec2",
            serde_json::json!({"requestParameters": request, "responseElements": response}),
        )
    };
    let records = [
        call(
            "10:00:01",
            "DisassociateRouteTable",
            serde_json::json!({"associationId": "rtbassoc-0123456789abcdef0"}),
            serde_json::json!({"_return": true}),
        ),
        call(
            "10:00:00",
            "AssociateRouteTable",
            serde_json::json!({"routeTableId": "rtb-0123456789abcdef0", "subnetId": "subnet-0123456789abcdef0"}),
            serde_json::json!({"associationId": "rtbassoc-0123456789abcdef0"}),
        ),
    ];
    let found = fold_records(&records, "rtb-0123456789abcdef0");
    let lines = lines(&found);
    assert_eq!(
        lines[1],
        "10:00:01 DisassociateRouteTable: associations[rtbassoc-0123456789abcdef0] \"subnet-0123456789abcdef0\" -> -"
    );
    let found = fold_records(&records, "subnet-0123456789abcdef0");
    assert_eq!(found.state.cell(&SettingPath::field("routeTableId")).val, Knowledge::Absent);
}

#[test]
fn one_event_that_two_accounts_were_told_of_counts_once() {
    let put = |account: &str, id: &str| {
        record(
            "10:00:00",
            "PutBucketPolicy",
            "s3",
            serde_json::json!({
        "recipientAccountId": account, "eventID": id, "sharedEventID": "s",
        "requestParameters": {"bucketName": "b", "bucketPolicy": {"Statement": []}}}),
        )
    };
    let found = fold_records(&[put("111122223333", "a"), put("444455556666", "b")], "bucket/b");
    assert_eq!(found.entries.len(), 1);
}

#[test]
fn rules_are_dropped_and_changed_by_their_id() {
    let call = |time: &str, name: &str, request: serde_json::Value, response: serde_json::Value| {
        record(
            time,
            name,
            "ec2",
            serde_json::json!({"requestParameters": request, "responseElements": response}),
        )
    };
    let row = |id: &str, port: u32| {
        serde_json::json!({"securityGroupRuleId": id, "isEgress": false, "ipProtocol": "tcp",
        "fromPort": port, "toPort": port, "cidrIpv4": "0.0.0.0/0"})
    };
    let group = "sg-0123456789abcdef0";
    let records = [
        call(
            "10:00:00",
            "AuthorizeSecurityGroupIngress",
            serde_json::json!({"groupId": group}),
            serde_json::json!({"securityGroupRuleSet": {"items": [row("sgr-00000001", 22), row("sgr-00000002", 80)]}}),
        ),
        call(
            "10:00:01",
            "ModifySecurityGroupRules",
            serde_json::json!({"ModifySecurityGroupRulesRequest": {"GroupId": group,
            "SecurityGroupRule": {"tag": 1, "SecurityGroupRuleId": "sgr-00000001", "SecurityGroupRule": {"IpProtocol": "tcp",
            "FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8"}}}}),
            serde_json::json!({}),
        ),
        call(
            "10:00:02",
            "RevokeSecurityGroupIngress",
            serde_json::json!({"groupId": group,
            "securityGroupRuleIds": {"items": [{"securityGroupRuleId": "sgr-00000002"}]}}),
            serde_json::json!({"_return": true}),
        ),
    ];
    let rules = fold_records(&records, group).state.configuration()["ingress"].clone();
    let rules = rules.as_array().unwrap();
    assert_eq!(rules.len(), 1);
    assert_eq!(
        (&rules[0]["fromPort"], &rules[0]["securityGroupRuleId"]),
        (&443.into(), &"sgr-00000001".into())
    );
}

/// Neither the order of the files nor that of the records in them says anything.
mod order_means_nothing {
    use super::*;
    use proptest::prelude::*;

    /// Everything that a timeline says, of all resources.
    fn told(steps: StepStore, until: Option<Time>) -> Vec<String> {
        let all = steps.fold(until);
        all.iter()
            .map(|it| format!("{:?} {:?} {:?}", it.resource, lines(it), it.state.configuration()))
            .collect()
    }

    fn writes() -> Vec<String> {
        let is_write = |record: &&String| record.contains("\"readOnly\":false");
        invictus().iter().filter(is_write).cloned().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
        #[test]
        fn any_permutation_gives_the_same(records in Just(writes()).prop_shuffle(), cut in 0_usize..500) {
            let reference = told(steps_in(&writes(), &|_| true), None);
            let (front, back) = records.split_at(cut.min(records.len()));
            let mut merged = steps_in(back, &|_| true);
            merged.merge(steps_in(front, &|_| true));
            prop_assert_eq!(told(merged, None), reference);
        }
    }

    #[test]
    fn folding_to_a_moment_and_on_is_folding_to_the_end() {
        let all = steps_in(&writes(), &|_| true).by_resource();
        assert!(all.len() > 150);
        for (resource, steps) in all {
            let steps: Vec<Step> = steps.into_iter().filter(|step| step.origin.time.is_some()).collect();
            let whole = fold_steps(resource.clone(), steps.clone(), None);
            let times: BTreeSet<Time> = steps.iter().filter_map(|step| step.origin.time).collect();
            for time in times {
                let mut part = StateFold::default();
                part.take(steps.iter().filter(|step| step.origin.time <= Some(time)).cloned().collect());
                let until = fold_steps(resource.clone(), steps.clone(), Some(time));
                assert_eq!(part.state.configuration(), until.state.configuration());
                part.take(steps.iter().filter(|step| step.origin.time > Some(time)).cloned().collect());
                assert_eq!(part.state, whole.state, "{resource:?} at {time}");
                assert_eq!(part.entries.len(), whole.entries.len());
            }
        }
    }
}

/// The operations that must have effects, as `source<TAB>call`.
#[test]
fn every_operation_of_the_list_leaves_something_behind() {
    let list = include_str!("operations.txt");
    let mut unseen = 0;
    let seen: BTreeSet<(String, String)> = invictus()
        .iter()
        .filter_map(|record| {
            EventParser::default()
                .read(record.as_bytes(), |event| {
                    let call = (event.source().to_owned(), catalog::api_name(event.name()).to_owned());
                    event.error_code().is_none().then_some(call)
                })
                .unwrap()
        })
        .collect();
    let mut count = 0;
    for line in list.lines() {
        let (source, call) = line.split_once(' ').unwrap();
        let deletes = Catalog::default().action_of(source, call, Some(false)) == catalog::Action::Deleted;
        assert!(deletes || Catalog::default().effects(source, call).is_some(), "{line} has no effect");
        unseen += usize::from(!seen.contains(&(source.to_owned(), call.to_owned())));
        count += 1;
    }
    println!("{unseen} of {count} operations were met in no real event");
    assert_eq!(count, 373);
}

/// AWS Config's items, in the form of delivered files and in that of the API.
mod config {
    use super::*;
    use serde_json::json;

    const GROUP: &str = "sg-0123456789abcdef0";

    /// An item as delivered files have it (version 1.3).
    fn item(time: &str, status: &str, ports: &[u32]) -> serde_json::Value {
        let rule = |port: &u32| {
            json!({"ipProtocol": "tcp", "fromPort": port, "toPort": port, "ipRanges": ["0.0.0.0/0"], "ipv6Ranges": [],
                "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}], "prefixListIds": [], "userIdGroupPairs": []})
        };
        json!({"configurationItemVersion": "1.3", "configurationItemCaptureTime": format!("2024-01-01T{time}.123Z"),
            "configurationStateId": 1, "awsAccountId": "111122223333", "configurationItemStatus": status,
            "resourceType": "AWS::EC2::SecurityGroup", "resourceId": GROUP, "resourceName": "web",
            "ARN": format!("arn:aws:ec2:eu-west-1:111122223333:security-group/{GROUP}"), "awsRegion": "eu-west-1",
            "tags": {"env": "prod"}, "relatedEvents": [], "relationships": [],
            "configuration": {"groupId": GROUP, "groupName": "web", "description": "d", "vpcId": "vpc-1",
                "ipPermissions": ports.iter().map(rule).collect::<Vec<_>>(), "ipPermissionsEgress": []},
            "supplementaryConfiguration": {}})
    }

    fn opened(time: &str, port: u32) -> String {
        record(
            time,
            "AuthorizeSecurityGroupIngress",
            "ec2",
            json!({"requestParameters": {"groupId": GROUP,
            "ipPermissions": {}, "ipProtocol": "tcp", "fromPort": port, "toPort": port, "cidrIp": "0.0.0.0/0"}}),
        )
    }

    fn with_items(records: &[String], file: &serde_json::Value) -> Timeline {
        let mut all = steps_in(records, &|it| it.id == GROUP);
        all.add(read_config_items(file).unwrap().steps);
        let mut found = all.fold(None);
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn an_item_fills_in_what_the_logs_cannot_know() {
        let file = json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": [item("10:00:00", "OK", &[443])]});
        let found = with_items(&[opened("11:00:00", 22)], &file);
        assert!(found.state.is_closed(&SettingPath::field("ingress")));
        let rules = found.state.configuration()["ingress"].as_array().unwrap().len();
        assert_eq!((rules, &found.state.configuration()["tags"]["env"]), (2, &json!("prod")));
        assert_eq!(found.entries[0].step.kind, StepOutcome::ConfigItem);
        assert!(found.entries.iter().all(|entry| !entry.notes.iter().any(|it| it.starts_with("NOT LOGGED"))));
    }

    #[test]
    fn an_item_after_a_call_says_which() {
        let first = item("09:00:00", "OK", &[]);
        let file = json!({"configurationItems": [first, item("10:05:00", "OK", &[22])]});
        let found = with_items(&[opened("10:00:00", 22)], &file);
        let last = found.entries.last().unwrap();
        let id = found.entries[1].step.origin.event_id.clone().unwrap();
        let who = &found.entries[1].step.origin.who;
        assert_eq!(last.notes, [format!("after AuthorizeSecurityGroupIngress by {who}, event {id}")]);
        assert!(last.changes.is_empty(), "{:?}", last.changes);
    }

    /// An item names the events that led to it: it is theirs, whatever came between, or one is missing.
    #[test]
    fn an_item_is_linked_to_the_events_that_it_names() {
        let records = [opened("10:00:00", 22), opened("10:01:00", 23)];
        let id =
            with_items(&records, &json!({"configurationItems": []})).entries[0].step.origin.event_id.clone();
        let mut last = item("10:05:00", "OK", &[22, 23]);
        last["relatedEvents"] = json!([id]);
        let file = json!({"configurationItems": [item("09:00:00", "OK", &[]), last]});
        let found = with_items(&records, &file);
        let notes = &found.entries.last().unwrap().notes;
        let who = &found.entries[1].step.origin.who;
        let want = format!("made so by AuthorizeSecurityGroupIngress by {who}, event {}", id.unwrap());
        assert_eq!(*notes, [want]);
        let mut lost = item("11:00:00", "OK", &[22, 23, 3389]);
        lost["relatedEvents"] = json!(["11111111-2222-4333-8444-555555555555"]);
        let found = with_items(&records, &json!({"configurationItems": [item("09:00:00", "OK", &[]), lost]}));
        let notes = &found.entries.last().unwrap().notes;
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(
            notes[0].contains("event 11111111-2222-4333-8444-555555555555")
                && notes[0].ends_with("a missing log")
        );
        assert!(notes[1].starts_with("NOT LOGGED: 1 of its settings"), "{notes:?}");
    }

    /// What cannot be used is counted, and what is no file of AWS Config is none.
    #[test]
    fn odd_items_are_counted() {
        let mut timeless = item("10:00:00", "OK", &[]);
        timeless["configurationItemCaptureTime"] = json!("soon");
        let mut garbled = item("10:00:00", "OK", &[]);
        garbled["configuration"] = json!("{\"groupId\":");
        let file = json!({"configurationItems": [item("10:00:00", "OK", &[]), timeless, 7, garbled, {"resourceType": "x"}]});
        let read = read_config_items(&file).unwrap();
        assert_eq!(
            (read.steps.len(), read.odd, read.first_odd),
            (1, 4, Some((1, "it has no time of capture")))
        );
        for other in [json!({"Records": []}), json!([]), json!([1, 2]), json!("x"), json!({"a": 1})] {
            assert!(read_config_items(&other).is_none(), "{other}");
        }
        assert!(
            read_config_items(&json!({"configurationItems": []}))
                .is_some_and(|it| it.steps.is_empty() && it.odd == 0)
        );
        let mut gone = item("10:00:00", "ResourceDeleted", &[]);
        gone["configuration"] = json!("");
        let read = read_config_items(&json!({"configurationItems": [gone]})).unwrap();
        assert_eq!((read.steps.len(), read.odd), (1, 0));
    }

    #[test]
    fn a_change_that_no_event_made_is_told() {
        let file = json!({"configurationItems": [item("09:00:00", "OK", &[443]), item("11:00:00", "OK", &[443, 3389])]});
        let found = with_items(&[], &file);
        let last = found.entries.last().unwrap();
        assert_eq!(
            last.notes,
            [
                "NOT LOGGED: 1 of its settings are not as the logs left them: an unlogged change, or a missing log"
            ]
        );
        assert_eq!(last.changes[0].path.to_string(), "ingress[tcp 3389 0.0.0.0/0]");
        let gone = json!({"configurationItems": [item("09:00:00", "OK", &[]), item("11:00:00", "ResourceDeleted", &[])]});
        let found = with_items(&[], &gone);
        assert_eq!(found.state.exists, Existence::Gone);
        assert!(found.entries[1].notes[0].starts_with("NOT LOGGED"));
    }

    /// The API gives the configuration as text and spells other members otherwise.
    #[test]
    fn the_spelling_of_the_api_is_read_as_well() {
        let mut api = item("10:00:00", "OK", &[443]);
        let object = api.as_object_mut().unwrap();
        let configuration = object.shift_remove("configuration").unwrap().to_string();
        object.insert("configuration".to_owned(), json!(configuration));
        let account = object.shift_remove("awsAccountId").unwrap();
        object.insert("accountId".to_owned(), account);
        let arn = object.shift_remove("ARN").unwrap();
        object.insert("arn".to_owned(), arn);
        let text = json!({"Results": [api.to_string()]});
        for file in [json!({"configurationItems": [api]}), text] {
            let found = with_items(&[], &file);
            assert_eq!(found.state.configuration()["ingress"].as_array().unwrap().len(), 1);
        }
    }

    /// The items of each mapped type, as delivered files have them and as the API gives them (times in
    /// seconds, everything below the top as text), seed the same state, and check it.
    #[test]
    fn every_mapped_type_is_read_in_both_spellings() {
        let policy = r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}"#;
        let encoded = "%7B%22Statement%22%3A%5B%5D%7D";
        let managed = json!([{"policyName": "A", "policyArn": "arn:aws:iam::aws:policy/A"}]);
        let rule = json!({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": ["10.0.0.0/8"],
            "ipv4Ranges": [{"cidrIp": "10.0.0.0/8"}], "ipv6Ranges": [], "prefixListIds": [], "userIdGroupPairs": []});
        let cases = [
            (
                "AWS::EC2::SecurityGroup",
                GROUP,
                json!({"groupName": "web", "vpcId": "vpc-1", "ipPermissions": [rule], "ipPermissionsEgress": []}),
                json!({}),
                json!({"groupName": "web", "vpcId": "vpc-1", "ingress": [{"cidrIpv4": "10.0.0.0/8"}]}),
            ),
            (
                "AWS::S3::Bucket",
                "b",
                json!({"name": "b"}),
                json!({"BucketPolicy": {"policyText": policy},
                    "PublicAccessBlockConfiguration": {"blockPublicAcls": true},
                    "BucketVersioningConfiguration": {"status": "Enabled"},
                    "BucketLoggingConfiguration": {"destinationBucketName": "logs", "logFilePrefix": "p"}}),
                json!({"policy": {"Statement": [{"Effect": "Deny"}]}, "publicAccessBlock": {"blockPublicAcls": true},
                    "versioning": {"status": "Enabled"}, "logging": {"targetBucket": "logs", "targetPrefix": "p"}}),
            ),
            (
                "AWS::KMS::Key",
                "1234abcd-12ab-34cd-56ef-1234567890ab",
                json!({"enabled": true, "description": "d"}),
                json!({"Policy": policy, "KeyRotationStatus": true}),
                json!({"enabled": true, "description": "d", "keyRotation": {"enabled": true},
                    "policy": {"Statement": [{"Effect": "Deny"}]}}),
            ),
            (
                "AWS::IAM::Role",
                "r",
                json!({"path": "/", "assumeRolePolicyDocument": encoded, "attachedManagedPolicies": managed,
                    "rolePolicyList": [{"policyName": "p", "policyDocument": encoded}]}),
                json!({}),
                json!({"path": "/", "assumeRolePolicyDocument": {"Statement": []},
                    "attachedManagedPolicies": ["arn:aws:iam::aws:policy/A"], "inlinePolicies": {"p": {"Statement": []}}}),
            ),
            (
                "AWS::IAM::User",
                "u",
                json!({"path": "/", "groupList": ["ops"], "attachedManagedPolicies": [],
                    "userPolicyList": [{"policyName": "p", "policyDocument": encoded}]}),
                json!({}),
                json!({"groups": ["ops"], "inlinePolicies": {"p": {"Statement": []}}}),
            ),
            (
                "AWS::IAM::Group",
                "g",
                json!({"path": "/ops/", "attachedManagedPolicies": managed, "groupPolicyList": []}),
                json!({}),
                json!({"path": "/ops/", "attachedManagedPolicies": ["arn:aws:iam::aws:policy/A"]}),
            ),
        ];
        let text = |value: &serde_json::Value| json!(value.to_string());
        for (kind, name, configuration, more, want) in cases {
            assert!(is_mapped(kind), "{kind}");
            let delivered = json!({"configurationItemCaptureTime": "2024-01-01T10:00:00Z", "resourceType": kind,
                "resourceId": name, "resourceName": name, "awsAccountId": "111122223333", "awsRegion": "eu-west-1",
                "configurationItemStatus": "ResourceDiscovered", "configuration": configuration,
                "supplementaryConfiguration": more, "tags": {"env": "prod"}});
            let members: serde_json::Map<String, serde_json::Value> =
                more.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect();
            let api = json!({"version": "1.3", "configurationItemCaptureTime": 1_704_103_200.0, "resourceType": kind,
                "resourceId": name, "resourceName": name, "accountId": "111122223333", "awsRegion": "eu-west-1",
                "configurationItemStatus": "ResourceDiscovered", "configuration": text(&configuration),
                "supplementaryConfiguration": members, "tags": {"env": "prod"}});
            let fold = |list: serde_json::Value| {
                let mut all = StepStore::default();
                let read = read_config_items(&json!({ "configurationItems": list })).unwrap();
                assert_eq!(read.odd, 0, "{kind}");
                all.add(read.steps);
                all.fold(None).remove(0)
            };
            let (one, other) = (fold(json!([delivered])), fold(json!([api])));
            assert_eq!(one.state.configuration(), other.state.configuration(), "{kind}");
            assert_eq!(one.entries[0].step.origin.time, other.entries[0].step.origin.time, "{kind}");
            let found = serde_json::Value::Object(one.state.configuration());
            assert!(covers(&found, &want), "{kind}: {found}");
            // A later item that is another in each of these settings is a change that was not logged.
            let mut later = delivered.clone();
            later["configurationItemCaptureTime"] = json!("2024-01-02T10:00:00Z");
            later["tags"] = json!({});
            let both = fold(json!([delivered, later]));
            let notes = &both.entries[1].notes;
            assert!(notes[0].starts_with("NOT LOGGED: 1 of its settings"), "{kind}: {notes:?}");
            let same = fold(json!([delivered, api]));
            assert!(same.entries.iter().all(|it| it.notes.is_empty()), "{kind}: {:?}", same.entries[1].notes);
        }
    }

    /// Whether one value has all that another has.
    fn covers(found: &serde_json::Value, want: &serde_json::Value) -> bool {
        match (found, want) {
            (serde_json::Value::Object(found), serde_json::Value::Object(want)) => {
                want.iter().all(|(name, value)| found.get(name).is_some_and(|it| covers(it, value)))
            }
            (serde_json::Value::Array(found), serde_json::Value::Array(want)) => {
                found.len() == want.len() && found.iter().zip(want).all(|(found, want)| covers(found, want))
            }
            (found, want) => found == want,
        }
    }

    /// Of other types an item fills in what is not known, and does not contradict calls.
    #[test]
    fn other_types_are_filled_in() {
        let item = json!({"configurationItemCaptureTime": "2024-01-01T10:00:00Z", "resourceType": "AWS::SQS::Queue",
            "resourceId": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "resourceName": "q",
            "ARN": "arn:aws:sqs:eu-west-1:111122223333:q", "awsRegion": "eu-west-1", "configurationItemStatus": "OK",
            "configuration": {"VisibilityTimeout": 30, "state": "x"}});
        assert!(!is_mapped("AWS::SQS::Queue"));
        let mut all = StepStore::default();
        all.add(read_config_items(&json!([item])).unwrap().steps);
        let found = all.fold(None).remove(0);
        assert_eq!(found.state.configuration().get("VisibilityTimeout"), Some(&json!(30)));
        assert_eq!(found.state.exists, Existence::Exists);
    }
}

/// Of a call that failed in part only what was done counts, and the rest is told.
#[test]
fn targets_that_failed_are_not_applied() {
    let put = |time: &str, ids: &[&str], failed: &[&str]| {
        let targets: Vec<_> = ids
            .iter()
            .map(
                |id| serde_json::json!({"id": id, "arn": format!("arn:aws:sqs:eu-west-1:111122223333:{id}")}),
            )
            .collect();
        let entries: Vec<_> = failed
            .iter()
            .map(|id| serde_json::json!({"targetId": id, "errorCode": "ConcurrentModificationException"}))
            .collect();
        let more = serde_json::json!({"requestParameters": {"rule": "r", "targets": targets},
            "responseElements": {"failedEntryCount": failed.len(), "failedEntries": entries}});
        record(time, "PutTargets", "events", more)
    };
    let remove = |time: &str, ids: &[&str], failed: &[&str]| {
        let entries: Vec<_> = failed
            .iter()
            .map(|id| serde_json::json!({"targetId": id, "errorCode": "ManagedRuleException"}))
            .collect();
        let more = serde_json::json!({"requestParameters": {"rule": "r", "ids": ids},
            "responseElements": {"failedEntryCount": failed.len(), "failedEntries": entries}});
        record(time, "RemoveTargets", "events", more)
    };
    let records = [
        put("10:00:00", &["a", "b", "c"], &["b"]),
        remove("10:00:01", &["a", "c"], &["a"]),
        put("10:00:02", &["d"], &["d"]),
    ];
    let found = fold_records(&records, "rule/r");
    let targets = found.state.configuration()["targets"].clone();
    let ids: Vec<&str> = targets.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a"], "{targets}");
    assert_eq!(found.entries[0].notes, ["failed in part, and did nothing to b"]);
    assert_eq!(found.entries[1].notes, ["failed in part, and did nothing to a"]);
    let kinds: Vec<StepOutcome> = found.entries.iter().map(|it| it.step.kind).collect();
    assert_eq!(kinds, [StepOutcome::Applied, StepOutcome::Applied, StepOutcome::Failed]);
}

/// An error that shows a name to be free is no life before.
#[test]
fn what_was_never_there_had_no_life_before() {
    let call = |time: &str, name: &str, code: Option<&str>| {
        record(
            time,
            name,
            "cloudtrail",
            serde_json::json!({"requestParameters": {"name": "t"}, "errorCode": code}),
        )
    };
    let records = [
        call("10:00:00", "StopLogging", Some("TrailNotFoundException")),
        call("10:00:01", "CreateTrail", None),
    ];
    let found = fold_records(&records, "trail/t");
    assert_eq!((found.state.incarnation, found.state.exists), (1, Existence::Exists));
    assert_eq!(found.entries[0].step.kind, StepOutcome::ErrorProves);
}
