use super::*;
use crate::event::{EventParser, Time};
use proptest::prelude::*;
use serde_json::{Value, json};

const A: &str = "111111111111";
const B: &str = "222222222222";

pub(in crate::answer) fn fold(events: &[Value], id: Option<&str>) -> CredentialFacts {
    let mut facts = CredentialFacts::default();
    let mut parser = EventParser::default();
    for event in events {
        parser
            .read(event.to_string().as_bytes(), |event| {
                facts.note(event, id);
                facts.count(event, &Caller::of(event));
            })
            .unwrap();
    }
    facts
}

/// The trace, by two routes: of everything, and of what matters.
fn trace(events: &[Value], what: &str) -> Trace {
    let wanted = TraceTarget::parse(what).unwrap();
    let mut facts = fold(events, wanted.event_id());
    let whole = facts.trace(&wanted, None);
    facts.relevant_to(&wanted);
    assert_eq!(facts.trace(&wanted, None), whole, "{what}");
    whole
}

/// The tree in a few words a node: depth, label, events, how it came there.
fn outline(trace: &Trace) -> Vec<String> {
    let line = |node: &NodeRow| {
        let how = node.links.first().filter(|_| node.parent.is_some()).map(|link| {
            let sure = if link.certainty == Certainty::Proven { "" } else { " ?" };
            format!(" [{:?}{sure}]", link.how)
        });
        let lost = if node.missing.is_empty() { "" } else { " (missing)" };
        let (indent, how) = ("  ".repeat(node.depth), how.unwrap_or_default());
        format!("{indent}{} {}{how}{lost}", node.label, node.events)
    };
    trace.nodes.iter().map(line).collect()
}

fn event(id: &str, time: &str, source: &str, name: &str, identity: Value) -> Value {
    let account = identity["accountId"].as_str().unwrap_or(A).to_owned();
    json!({
        "eventID": id, "eventTime": format!("2024-05-01T{time}Z"), "eventName": name,
        "eventSource": format!("{source}.amazonaws.com"), "userIdentity": identity,
        "sourceIPAddress": "192.0.2.7", "recipientAccountId": account,
    })
}

fn user(name: &str, key: &str) -> Value {
    json!({"type": "IAMUser", "userName": name, "arn": format!("arn:aws:iam::{A}:user/{name}"), "accountId": A,
        "principalId": format!("AIDA{:A<17}", name.to_ascii_uppercase()), "accessKeyId": key})
}

fn session(account: &str, role: &str, name: &str, key: &str, created: &str) -> Value {
    json!({"type": "AssumedRole", "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{name}"),
    "accountId": account, "principalId": format!("AROA{role}:{name}"), "accessKeyId": key,
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": format!("arn:aws:iam::{account}:role/{role}"), "userName": role},
        "attributes": {"creationDate": format!("2024-05-01T{created}Z")},
    }})
}

fn assume(id: &str, time: &str, by: Value, account: &str, role: &str, name: &str, key: &str) -> Value {
    let mut event = event(id, time, "sts", "AssumeRole", by);
    event["requestParameters"] =
        json!({"roleArn": format!("arn:aws:iam::{account}:role/{role}"), "roleSessionName": name});
    event["responseElements"] = json!({
        "credentials": {"accessKeyId": key, "sessionToken": "t", "expiration": "May 1, 2024, 1:00:00 PM"},
        "assumedRoleUser": {"arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{name}"),
            "assumedRoleId": format!("AROA{role}:{name}")},
    });
    event
}

/// alice → role Jump in her account → role Target in another account → a call that a service makes for it.
fn chain() -> Vec<Value> {
    let mut there = assume(
        "e3",
        "12:02:00",
        session(A, "Jump", "j", "ASIAJUMP000000000001", "12:01:00"),
        B,
        "Target",
        "t",
        "ASIATARGET0000000001",
    );
    there["sharedEventID"] = json!("shared-1");
    // The copy for the other account does not name who signed.
    let mut copy = assume(
        "e4",
        "12:02:00",
        json!({"type": "AWSAccount", "accountId": A, "principalId": "AROAJump:j"}),
        B,
        "Target",
        "t",
        "ASIATARGET0000000001",
    );
    copy["sharedEventID"] = json!("shared-1");
    copy["recipientAccountId"] = json!(B);
    let mut by_service = session(B, "Target", "t", "ASIAFORWARDED0000001", "12:02:00");
    by_service["invokedBy"] = json!("cloudformation.amazonaws.com");
    vec![
        event("e1", "12:00:00", "s3", "ListBuckets", user("alice", "AKIAALICE00000000001")),
        assume(
            "e2",
            "12:01:00",
            user("alice", "AKIAALICE00000000001"),
            A,
            "Jump",
            "j",
            "ASIAJUMP000000000001",
        ),
        there,
        copy,
        event(
            "e5",
            "12:03:00",
            "ec2",
            "RunInstances",
            session(B, "Target", "t", "ASIATARGET0000000001", "12:02:00"),
        ),
        event("e6", "12:04:00", "ec2", "CreateVpc", by_service),
    ]
}

const CHAIN: [&str; 4] = [
    "alice 0",
    "  access key AKIAALICE00000000001 of alice 2 [Owns] (missing)",
    "    role Jump (session j) 1 [Assumed]",
    "      role Target (session t) 2 [Assumed]",
];

#[test]
fn a_chain_is_followed_both_ways_from_wherever_it_is_entered() {
    for what in [
        "alice",
        "AKIAALICE00000000001",
        "role/Jump",
        "session/j",
        "AIDAALICEAAAAAAAAAAAA",
        "ASIATARGET0000000001",
        "role/Target",
        "ASIAFORWARDED0000001",
        "event/e5",
        "event/e6",
    ] {
        assert_eq!(outline(&trace(&chain(), what)), CHAIN, "{what}");
    }
}

#[test]
fn a_key_that_no_call_made_is_only_inferred_to_be_of_the_session() {
    let trace = trace(&chain(), "role/Target");
    let keys = &trace.nodes[3].keys;
    assert_eq!(keys[0].access_key_id, "ASIAFORWARDED0000001");
    assert_eq!((keys[0].certainty, keys[0].events), (Certainty::Inferred, 1));
    assert_eq!((keys[1].certainty, keys[1].events), (Certainty::Proven, 1));
    // Both copies of the call are evidence for one link.
    assert_eq!(trace.nodes[3].links[0].event_ids, ["e3", "e4"]);
}

#[test]
fn without_the_copy_of_the_caller_the_unique_id_tells_and_the_key_is_missing() {
    let mut events = chain();
    events.remove(2);
    let known = trace(&events, "role/Target");
    assert_eq!(outline(&known)[3], "      role Target (session t) 2 [Assumed ?]");
    assert!(known.nodes[3].links[0].why.as_ref().unwrap().contains("unique id"));
    let alone = trace(&events[2..], "role/Target");
    assert_eq!(
        outline(&alone),
        ["AROAJump:j of account 111111111111 1 (missing)", "  role Target (session t) 2 [Assumed]"]
    );
}

#[test]
fn what_is_missing_is_said_and_not_made_up() {
    let events = [event(
        "e5",
        "12:03:00",
        "ec2",
        "RunInstances",
        session(B, "Target", "t", "ASIATARGET0000000001", "12:02:00"),
    )];
    let lost = trace(&events, "ASIATARGET0000000001");
    assert_eq!(outline(&lost), ["role Target (session t) 1 (missing)"]);
    assert_eq!(
        lost.nodes[0].missing,
        ["the call that assumed the role at 2024-05-01T12:02:00Z is not in the archive"]
    );
    assert!(lost.nodes[0].links.is_empty());
    assert!(trace(&events, "ASIANOBODY0000000001").nodes.is_empty());
}

#[test]
fn the_same_session_name_in_two_accounts_is_two_sessions() {
    let events = [
        assume(
            "e1",
            "12:00:00",
            user("alice", "AKIAALICE00000000001"),
            A,
            "Ops",
            "s",
            "ASIAOPS0000000000001",
        ),
        assume("e2", "12:00:00", user("bob", "AKIABOB0000000000001"), B, "Ops", "s", "ASIAOPS0000000000002"),
        event(
            "e3",
            "12:01:00",
            "s3",
            "ListBuckets",
            session(B, "Ops", "s", "ASIAUNKNOWN000000001", "12:00:00"),
        ),
    ];
    let of_b = trace(&events, &format!("arn:aws:sts::{B}:assumed-role/Ops/s"));
    assert_eq!(
        outline(&of_b),
        [
            "bob 0",
            "  access key AKIABOB0000000000001 of bob 1 [Owns] (missing)",
            "    role Ops (session s) 1 [Assumed]",
        ]
    );
    assert_eq!(trace(&events, "session/s").nodes.len(), 6);
}

#[test]
fn sessions_of_one_name_and_second_by_different_callers_are_not_mixed() {
    let events = [
        assume(
            "e1",
            "12:00:00",
            user("alice", "AKIAALICE00000000001"),
            A,
            "Ops",
            "s",
            "ASIAOPS0000000000001",
        ),
        assume("e2", "12:00:00", user("bob", "AKIABOB0000000000001"), A, "Ops", "s", "ASIAOPS0000000000002"),
        event(
            "e3",
            "12:01:00",
            "s3",
            "DeleteBucket",
            session(A, "Ops", "s", "ASIAUNKNOWN000000001", "12:00:00"),
        ),
    ];
    let mut facts = fold(&events, None);
    let caller = EventParser::default().read(events[2].to_string().as_bytes(), Caller::of).unwrap();
    facts.caller(caller.clone());
    let origin = facts.origins().of(&caller).unwrap();
    assert_eq!(origin.certainty, Certainty::Unknown, "{origin:?}");
    let bob = fold(&events[1..], None).origins().of(&caller).unwrap();
    assert_eq!((bob.who.as_str(), bob.certainty), ("bob", Certainty::Inferred));
}

/// As many sessions of one name and second as calls by keys of which it is not known to which they belong.
#[test]
fn the_work_grows_with_the_sessions_of_a_second() {
    let work = |number: usize| {
        let made = |it: usize| {
            let by = user(&format!("u{it}"), &format!("AKIA{it:016}"));
            assume(&format!("e{it}"), "12:00:00", by, A, "Ops", "s", &format!("ASIA{it:016}"))
        };
        let used = |it: usize| {
            let by = session(A, "Ops", "s", &format!("ASIAUNKNOWN{it:09}"), "12:00:00");
            event(&format!("f{it}"), "12:01:00", "s3", "ListBuckets", by)
        };
        let events: Vec<Value> = (0..number).map(made).chain((0..number).map(used)).collect();
        graph::CredentialGraph::of(&fold(&events, None)).looks
    };
    let (once, twice) = (work(50), work(100));
    assert!(twice as f64 <= 2.2 * once as f64, "{once} and {twice}");
}

#[test]
fn failed_calls_make_nothing() {
    let mut refused = assume(
        "e1",
        "12:00:00",
        user("alice", "AKIAALICE00000000001"),
        A,
        "Ops",
        "s",
        "ASIAOPS0000000000001",
    );
    refused["errorCode"] = json!("AccessDenied");
    let used = event(
        "e2",
        "12:01:00",
        "s3",
        "ListBuckets",
        session(A, "Ops", "s", "ASIAOPS0000000000001", "12:00:00"),
    );
    assert_eq!(outline(&trace(&[refused, used], "role/Ops")), ["role Ops (session s) 1 (missing)"]);
}

#[test]
fn circles_end() {
    let events = [
        assume(
            "e1",
            "12:00:00",
            session(A, "R", "s", "ASIACIRCLE0000000002", "12:00:00"),
            A,
            "R",
            "s",
            "ASIACIRCLE0000000001",
        ),
        assume(
            "e2",
            "12:00:00",
            session(A, "R", "s", "ASIACIRCLE0000000001", "12:00:00"),
            A,
            "R",
            "s",
            "ASIACIRCLE0000000002",
        ),
    ];
    let circle = trace(&events, "ASIACIRCLE0000000001");
    assert_eq!(circle.nodes.len(), 2);
    let caller = EventParser::default().read(events[0].to_string().as_bytes(), Caller::of).unwrap();
    assert_eq!(fold(&events, None).origins().of(&caller).unwrap().certainty, Certainty::Unknown);
}

#[test]
fn a_long_chain_does_not_exhaust_the_stack() {
    let key = |n: usize| format!("ASIA{n:016}");
    let link = |n: usize| {
        let by = session(A, &format!("R{n}"), "s", &key(n), "12:00:00");
        assume(&format!("e{n}"), "12:00:00", by, A, &format!("R{}", n + 1), "s", &key(n + 1))
    };
    let events: Vec<Value> = (0..3000).map(link).collect();
    let chain = trace(&events, &key(3000));
    assert_eq!(chain.nodes.len(), 3001);
    assert_eq!(chain.nodes.last().unwrap().depth, 3000);
}

#[test]
fn keys_and_passwords_made_for_others_lead_on() {
    let by = |key: &str| user("mallory", key);
    let mut key = event("e1", "12:00:00", "iam", "CreateAccessKey", by("AKIAMALLORY000000001"));
    key["responseElements"] =
        json!({"accessKey": {"accessKeyId": "AKIABACKDOOR00000001", "userName": "backdoor"}});
    let mut password = event("e2", "12:01:00", "iam", "CreateLoginProfile", by("AKIAMALLORY000000001"));
    password["requestParameters"] = json!({"userName": "backdoor"});
    let mut login = event("e3", "12:02:00", "signin", "ConsoleLogin", user("backdoor", ""));
    login["responseElements"] = json!({"ConsoleLogin": "Success"});
    let mut console = user("backdoor", "ASIACONSOLE000000001");
    console["sessionContext"] = json!({"attributes": {"creationDate": "2024-05-01T12:02:00Z"}});
    let events = [
        key,
        password,
        login,
        event("e4", "12:03:00", "s3", "ListBuckets", console),
        event("e5", "12:04:00", "s3", "ListBuckets", user("backdoor", "AKIABACKDOOR00000001")),
    ];
    assert_eq!(
        outline(&trace(&events, "user/mallory")),
        [
            "mallory 0",
            "  access key AKIAMALLORY000000001 of mallory 2 [Owns] (missing)",
            "    access key AKIABACKDOOR00000001 of backdoor 1 [KeyCreated]",
            "    password of backdoor 0 [PasswordSet]",
            "      console session of backdoor 1 [SignedIn ?]",
        ]
    );
    // The one who signed is backdoor; who made the key is told beside.
    let caller = EventParser::default().read(events[4].to_string().as_bytes(), Caller::of).unwrap();
    let origin = fold(&events, None).origins().of(&caller).unwrap();
    assert_eq!((origin.who.as_str(), origin.key_made_by.as_deref()), ("backdoor", Some("mallory")));
    assert_eq!(origin.certainty, Certainty::Proven);
}

#[test]
fn switched_roles_come_from_whoever_switched() {
    let mut switch =
        event("e2", "12:01:00", "signin", "SwitchRole", session(B, "Ops", "alice", "", "12:01:00"));
    switch["additionalEventData"] = json!({"SwitchFrom": format!("arn:aws:iam::{A}:user/alice")});
    switch["userIdentity"].as_object_mut().unwrap().remove("accessKeyId");
    let used = event(
        "e3",
        "12:02:00",
        "s3",
        "ListBuckets",
        session(B, "Ops", "alice", "ASIASWITCHED00000001", "12:01:01"),
    );
    assert_eq!(
        outline(&trace(&[used, switch], "role/Ops")),
        ["alice 0", "  role Ops (session alice) 2 [Switched]",]
    );
}

#[test]
fn outside_identities_and_services_stand_at_the_start() {
    let mut saml = assume(
        "e1",
        "12:00:00",
        json!({"type": "SAMLUser", "principalId": "p:carol@corp", "userName": "carol@corp", "identityProvider": "p"}),
        A,
        "AWSReservedSSO_Admin_0123456789abcdef",
        "carol@corp",
        "ASIASAML000000000001",
    );
    saml["eventName"] = json!("AssumeRoleWithSAML");
    let mut asked = event(
        "e0",
        "12:00:00",
        "sso",
        "GetRoleCredentials",
        json!({"type": "IdentityCenterUser", "accountId": B, "onBehalfOf": {"userId": "u-1"}}),
    );
    asked["serviceEventDetails"] = json!({"role_name": "Admin", "account_id": A});
    // The key that is used is another than the one that was made: name and beginning tell.
    let mut used =
        session(A, "AWSReservedSSO_Admin_0123456789abcdef", "carol@corp", "ASIASAML000000000002", "12:00:00");
    let events =
        [saml.clone(), asked.clone(), event("e2", "12:01:00", "sts", "GetCallerIdentity", used.clone())];
    let inferred = trace(&events, "ASIASAML000000000002");
    assert_eq!(
        outline(&inferred),
        [
            "Identity Center user u-1 1",
            "carol@corp via p 1",
            "  role AWSReservedSSO_Admin_0123456789abcdef (session carol@corp) 1 [Assumed]",
        ]
    );
    assert_eq!(inferred.nodes[2].links[1].certainty, Certainty::Inferred);
    used["onBehalfOf"] = json!({"userId": "u-1"});
    let events = [saml, asked, event("e2", "12:01:00", "sts", "GetCallerIdentity", used)];
    assert_eq!(
        outline(&trace(&events, "ASIASAML000000000002")),
        [
            "Identity Center user u-1 1",
            "  carol@corp via p 1 [SamePerson]",
            "    role AWSReservedSSO_Admin_0123456789abcdef (session carol@corp) 1 [Assumed]",
        ]
    );
    let by = json!({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"});
    let mut made = assume("e1", "12:00:00", by, A, "Web", "i-0123456789abcdef0", "ASIAWEB0000000000001");
    made["responseElements"].as_object_mut().unwrap().remove("assumedRoleUser");
    let mut on_instance = session(A, "Web", "i-0123456789abcdef0", "ASIAWEB0000000000001", "12:00:00");
    on_instance["sessionContext"]["ec2RoleDelivery"] = json!("2.0");
    let used = event("e2", "12:01:00", "s3", "ListBuckets", on_instance);
    assert_eq!(
        outline(&trace(&[made, used.clone()], "i-0123456789abcdef0")),
        ["service ec2.amazonaws.com 1", "  role Web (session i-0123456789abcdef0) 1 [Assumed]",]
    );
    assert_eq!(
        outline(&trace(&[used], "role/Web")),
        ["instance i-0123456789abcdef0 0", "  role Web (session i-0123456789abcdef0) 1 [Assumed] (missing)",]
    );
}

#[test]
fn at_a_moment_some_are_valid_and_some_were_taken_away() {
    let mut events = chain();
    let mut off = event("e7", "12:30:00", "iam", "UpdateAccessKey", user("alice", "AKIAALICE00000000001"));
    off["requestParameters"] =
        json!({"accessKeyId": "AKIAALICE00000000001", "status": "Inactive", "userName": "alice"});
    let mut on = off.clone();
    (on["eventID"], on["eventTime"]) = (json!("e8"), json!("2024-05-01T12:40:00Z"));
    on["requestParameters"]["status"] = json!("Active");
    events.extend([off, on]);
    let wanted = TraceTarget::parse("alice").unwrap();
    let facts = fold(&events, None);
    let at = |time: &str| {
        let trace = facts.trace(&wanted, Time::parse(&format!("2024-05-01T{time}Z")));
        trace.nodes.iter().map(|node| node.at).collect::<Vec<_>>()
    };
    use KeyStatus::{Expired, NotTakenAway, NotYet, TakenAway, Unknown, Valid};
    assert_eq!(at("11:00:00"), [None, Some(Unknown), Some(NotYet), Some(NotYet)]);
    assert_eq!(at("12:01:30"), [None, Some(NotTakenAway), Some(Valid), Some(NotYet)]);
    assert_eq!(at("12:30:00"), [None, Some(TakenAway), Some(Valid), Some(Valid)]);
    assert_eq!(at("12:59:59"), [None, Some(NotTakenAway), Some(Valid), Some(Valid)]);
    // The key that was only inferred has no expiration of its own: the archive does not tell.
    assert_eq!(at("13:00:00"), [None, Some(NotTakenAway), Some(Expired), Some(Unknown)]);
    assert_eq!(at("23:59:59"), [None, Some(NotTakenAway), Some(Expired), Some(Unknown)]);
}

proptest! {
    #[test]
    fn any_order_and_any_share_gives_the_same_trace(
        order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
        cut in 0..12_usize,
    ) {
        let mut events = chain();
        events.extend([
            assume("f1", "12:00:00", user("alice", "AKIAALICE00000000001"), A, "Ops", "s", "ASIAOPS0000000000001"),
            assume("f2", "12:00:00", user("bob", "AKIABOB0000000000001"), A, "Ops", "s", "ASIAOPS0000000000002"),
            assume("f3", "12:00:00", user("bob", "AKIABOB0000000000001"), B, "Ops", "s", "ASIAOPS0000000000001"),
            event("f4", "12:01:00", "s3", "DeleteBucket", session(A, "Ops", "s", "ASIAUNKNOWN000000001", "12:00:00")),
            event("f5", "12:01:00", "s3", "DeleteBucket", session(A, "Ops", "s", "ASIAUNKNOWN000000002", "12:00:01")),
            event("f6", "12:05:00", "s3", "GetObject", session(A, "Jump", "j", "ASIAJUMP000000000001", "12:01:00")),
        ]);
        prop_assert_eq!(events.len(), 12);
        let wanted = TraceTarget::parse("alice").unwrap();
        let at = Time::parse("2024-05-01T12:30:00Z");
        let whole = fold(&events, None).trace(&wanted, at);
        let shuffled: Vec<Value> = order.iter().map(|at| events[*at].clone()).collect();
        let mut facts = fold(&shuffled[..cut], None);
        facts.merge(fold(&shuffled[cut..], None));
        prop_assert_eq!(facts.trace(&wanted, at), whole);
        // What cannot matter may be left out before.
        for what in ["alice", "bob", "role/Ops", "ASIATARGET0000000001", "session/j", "ASIAUNKNOWN000000002"] {
            let wanted = TraceTarget::parse(what).unwrap();
            let mut few = facts.clone();
            few.relevant_to(&wanted);
            prop_assert_eq!(few.trace(&wanted, at), facts.trace(&wanted, at), "{}", what);
        }
    }
}

/// Any events about a few keys, roles and users, also such as AWS never writes.
pub(in crate::answer) fn any_event() -> impl Strategy<Value = Value> {
    fn name(n: u8) -> &'static str {
        ["alice", "bob", "carol"][usize::from(n)]
    }
    let key = |long: bool, n: u8| format!("{}KEY000000000000{n}", if long { "AKIA" } else { "ASIA" });
    let caller =
        (0..4_u8, 0..3_u8, 0..3_u8, 0..3_u8, any::<bool>()).prop_map(move |(kind, n, m, at, forwarded)| {
            let created = format!("12:00:0{at}");
            let mut identity = match kind {
                0 => user(name(n), &key(true, n)),
                1 => json!({"type": "AWSAccount", "accountId": A, "principalId": format!("AROAR{n}:s{m}")}),
                2 => {
                    let mut console = user(name(n), &key(false, m));
                    console["sessionContext"] =
                        json!({"attributes": {"creationDate": format!("2024-05-01T{created}Z")}});
                    console
                }
                _ => session(
                    [A, B, A][usize::from(m)],
                    &format!("R{n}"),
                    &format!("s{m}"),
                    &key(false, n + m),
                    &created,
                ),
            };
            if forwarded && kind > 1 {
                identity["invokedBy"] = json!("kms.amazonaws.com");
            }
            identity
        });
    (caller, 0..7_u8, 0..3_u8, 0..3_u8, 0..3_u8, any::<u16>(), any::<bool>()).prop_map(
        move |(by, what, n, m, at, id, failed)| {
            let (id, time) = (format!("e{id}"), format!("12:00:0{at}"));
            let account = [A, B, A][usize::from(m)];
            let mut made = match what {
                0..3 => {
                    assume(&id, &time, by, account, &format!("R{n}"), &format!("s{m}"), &key(false, n + m))
                }
                3 => {
                    let mut made = event(&id, &time, "iam", "CreateAccessKey", by);
                    made["responseElements"] =
                        json!({"accessKey": {"accessKeyId": key(true, n), "userName": name(m)}});
                    made
                }
                4 => {
                    let mut made = event(&id, &time, "iam", "UpdateLoginProfile", by);
                    made["requestParameters"] = json!({"userName": name(n)});
                    made
                }
                5 => {
                    let name = if failed { "ConsoleLogin" } else { "SwitchRole" };
                    let mut made = event(&id, &time, "signin", name, by);
                    let from = ["user/alice", "role/R1", "root"][usize::from(n)];
                    made["additionalEventData"] = json!({"SwitchFrom": format!("arn:aws:iam::{A}:{from}")});
                    made
                }
                _ => event(&id, &time, "s3", "ListBuckets", by),
            };
            if failed && what < 2 {
                made["errorCode"] = json!("AccessDenied");
            }
            made
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn two_routes_to_one_trace(events in prop::collection::vec(any_event(), 0..14), at in any::<bool>()) {
        let facts = fold(&events, None);
        let at = at.then(|| Time::parse("2024-05-01T12:00:01Z")).flatten();
        for what in ["alice", "user/bob", "role/R1", "session/s1", "AKIAKEY0000000000000", "ASIAKEY0000000000001", "kms.amazonaws.com", "root"] {
            let wanted = TraceTarget::parse(what).unwrap();
            let whole = facts.trace(&wanted, at);
            let mut few = facts.clone();
            few.relevant_to(&wanted);
            prop_assert_eq!(&few.trace(&wanted, at), &whole, "{}", what);
            // What was done with it is found by the names of what it goes through.
            let through = few.through(&wanted);
            let mut kept = facts.clone();
            kept.keep(&through);
            kept.relevant_to(&wanted);
            let labels = |trace: &Trace| trace.nodes.iter().map(|node| node.label.clone()).collect::<Vec<_>>();
            prop_assert_eq!(labels(&kept.trace(&wanted, at)), labels(&whole), "{}", what);
            for node in &whole.nodes {
                prop_assert!(node.parent.is_none_or(|parent| parent < node.node));
                prop_assert_eq!(node.depth, node.parent.map_or(0, |parent| whole.nodes[parent].depth + 1));
            }
        }
        let mut backwards = events.clone();
        backwards.reverse();
        let wanted = TraceTarget::parse("alice").unwrap();
        prop_assert_eq!(fold(&backwards, None).trace(&wanted, at), facts.trace(&wanted, at));
        let origins = facts.origins();
        for caller in facts.uses.keys() {
            let mut few = facts.clone();
            few.relevant_behind(std::iter::once(caller.as_ref()));
            prop_assert_eq!(few.origins().of(caller), origins.of(caller));
        }
    }
}
