//! `timeline`, `state`, `diff`, `inventory`, `graph` and `revert` are wired.

use crate::world::World;
use serde_json::{Value, json};

const GROUP: &str = "sg-04cfb7a4712d75b00";

#[test]
fn a_timeline_is_narrowed_to_who_opened_it_to_the_world() {
    let reply =
        World::fixtures().run(&format!("timeline {GROUP} --field ingress --value 0.0.0.0/0 -q invictus"));
    insta::assert_snapshot!(reply, @r"
    EC2::SecurityGroup sg-04cfb7a4712d75b00 (stratus-red-team-open-sg-sg), 123837392027 us-east-1
    created 2023-07-10T12:10:01Z by bert-jan, deleted 2023-07-10T12:12:06Z by bert-jan
    TIME                  WHO       CALL                           CHANGE
    2023-07-10T12:10:05Z  bert-jan  AuthorizeSecurityGroupIngress  + ingress[tcp 443 0.0.0.0/0] “TLS from Internet”
    2023-07-10T12:10:08Z  bert-jan  AuthorizeSecurityGroupIngress  + ingress[tcp 22 0.0.0.0/0]
    2023-07-10T12:11:57Z  bert-jan  RevokeSecurityGroupIngress     - ingress[tcp 22 0.0.0.0/0]
    --- stderr
    --- exit 0
    ");
}

/// Filters choose what is shown, never what is known.
#[test]
fn what_was_before_since_counts() {
    let world = World::fixtures();
    let rows = world.run(&format!("timeline {GROUP} --since 2023-07-10T12:11:00Z --json invictus")).rows();
    let calls: Vec<&str> = rows.iter().map(|row| row["eventName"].as_str().unwrap()).collect();
    assert_eq!(calls, ["RevokeSecurityGroupIngress", "DeleteSecurityGroup"]);
    let change = &rows[0]["changes"][0];
    assert_eq!(change["before"]["known"]["cidrIpv4"], "0.0.0.0/0", "{change}");
    assert_eq!(change["after"], json!({"absent": true}));
}

#[test]
fn a_state_has_the_shape_of_a_config_item() {
    let world = World::fixtures();
    let state = world.run(&format!("state {GROUP} --at 2023-07-10T12:11:00Z --json invictus"));
    let items = state.rows();
    let item = &items[0];
    let ports: Vec<&Value> =
        item["configuration"]["ingress"].as_array().unwrap().iter().map(|it| &it["fromPort"]).collect();
    assert_eq!(ports, [&json!(22), &json!(443)]);
    assert_eq!(
        (&item["resourceType"], &item["resourceId"]),
        (&json!("AWS::EC2::SecurityGroup"), &json!(GROUP))
    );
    assert_eq!(item["knowledge"]["creationSeen"], true);
    let diff = format!("diff {GROUP} --from 2023-07-10T12:10:07Z --to 2023-07-10T12:11:00Z --json invictus");
    let changes = world.run(&diff).rows();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["path"], "ingress[tcp 22 0.0.0.0/0]");
    assert_eq!(changes[0]["by"]["who"], "bert-jan");
    let nothing = world.run("state bucket/never-heard-of invictus");
    assert_eq!((nothing.status, nothing.text()), (1, ""), "{nothing}");
}

#[test]
fn an_inventory_and_a_graph_do_not_hang_on_threads() {
    let world = World::fixtures();
    let one = world.run("inventory --json --threads 1 invictus");
    assert_eq!(one.stdout, world.run("inventory --json --threads 3 invictus").stdout);
    let rows = one.rows();
    assert!(rows.len() > 150, "{}", rows.len());
    let graph = world.run("graph i-0dbc91f429e48eeed --format dot --depth 1 -q invictus");
    assert!(graph.text().starts_with("digraph resources {"), "{graph}");
    assert!(graph.text().contains("label=\"Is contained in Subnet\""), "{graph}");
    let refused = world.run("inventory --format dot invictus");
    assert_eq!(refused.status, 2, "{refused}");
}

fn record(time: &str, name: &str, request: Value) -> Value {
    json!({"eventVersion": "1.08", "eventTime": time, "eventName": name, "eventSource": "iam.amazonaws.com",
        "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "eventID": format!("{time}-{name}"),
        "readOnly": false, "userIdentity": {"type": "IAMUser", "userName": "mallory"}, "requestParameters": request})
}

/// Names are an attacker's text, in a shell as well.
#[test]
fn a_way_back_is_quoted() {
    let records = json!({"Records": [
        record("2024-01-01T10:00:00Z", "CreateUser", json!({"userName": "eve"})),
        record("2024-01-01T10:00:01Z", "PutUserPolicy", json!({"userName": "eve", "policyName": "x'; $(reboot) #",
            "policyDocument": "{\"Statement\":[]}"})),
    ]});
    let world = World::empty().file("log.json", records.to_string());
    let reply = world.run("revert user/eve --to 2024-01-01T10:00:00Z -q log.json");
    insta::assert_snapshot!(reply, @r"
    # IAM::User eve, 111122223333
    aws iam delete-user-policy --user-name eve --policy-name 'x'\''; $(reboot) #'
    --- stderr
    --- exit 0
    ");
    let by_event = world.run("revert --event 2024-01-01T10:00:01Z-PutUserPolicy -q log.json");
    assert_eq!(by_event.text(), reply.text());
    let neither = world.run("revert user/eve log.json");
    assert_eq!(neither.status, 2, "{neither}");
}

#[test]
fn rules_and_items_are_added() {
    let records = json!({"Records": [record("2024-01-01T10:00:00Z", "FrobnicateUser", json!({"userName": "eve", "level": 3}))]});
    let rules = "source = \"iam.amazonaws.com\"\n\n[calls]\nFrobnicateUser = [\"changed AWS::IAM::User rq.userName\"]\n\n\
        [effects]\nFrobnicateUser = [\"set level rq.level\"]\n";
    let item = json!({"fileVersion": "1.0", "configurationItems": [{"configurationItemCaptureTime": "2024-01-01T09:00:00Z",
        "configurationItemStatus": "OK", "resourceType": "AWS::IAM::User", "resourceName": "eve", "resourceId": "AIDAIOSFODNN7EXAMPLE",
        "awsAccountId": "111122223333", "configuration": {"path": "/ops/"}}]});
    let world = World::empty()
        .file("logs/log.json", records.to_string())
        .file("logs/1_Config_us-east-1_ConfigSnapshot_20240101T090000Z_x.json", item.to_string())
        .file("rules/mine.toml", rules);
    let state = world.run("state user/eve --rules rules --json logs").rows().remove(0);
    assert_eq!(
        (&state["configuration"]["level"], &state["configuration"]["path"]),
        (&json!(3), &json!("/ops/"))
    );
    let odd = World::empty().file("log.json", records.to_string()).file("rules/x.toml", "nothing");
    let reply = odd.run("state user/eve --rules rules log.json");
    assert!(reply.status == 2 && reply.stderr.contains("x.toml"), "{reply}");
}

/// The same rows as `who`: who stands behind a session, and what is proven of the files.
#[test]
fn a_timeline_is_traced_and_verified_as_rows_are() {
    let world = World::fixtures();
    let timeline = world.run("timeline snap-083d3b857c13988bc --trace --json invictus").rows();
    assert_eq!(timeline.len(), 4);
    assert!(timeline.iter().all(|row| row["actor"]["origin"]["who"] == "bert-jan"), "{timeline:?}");
    let verified = world.run("timeline snap-083d3b857c13988bc --verify --json invictus");
    assert!(verified.rows().iter().all(|row| row["verdict"] == "uncovered"), "{}", verified.text());
    let only = world.run("timeline snap-083d3b857c13988bc --verified-only --json invictus");
    assert_eq!(only.rows().len(), 0);
    let logins = world.run("logins --verify --json invictus");
    assert!(logins.rows().iter().all(|row| row["verdict"] == "uncovered"));
}
