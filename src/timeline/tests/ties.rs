//! What ties a resource to another ends with that, or when it is tied to something else.

use super::{fold_records, record};
use crate::catalog::Catalog;
use crate::timeline::{Knowledge, SettingPath};
use serde_json::{Value, json};

type Call = (&'static str, &'static str, Value, Value);

fn records(calls: &[Call]) -> Vec<String> {
    let record = |(at, (service, name, request, response)): (usize, &Call)| {
        let rest = json!({"requestParameters": request, "responseElements": response});
        record(&format!("12:{at:02}:00"), name, service, rest)
    };
    calls.iter().enumerate().map(record).collect()
}

/// What is known of a setting before the last of these calls, and after it.
#[track_caller]
fn ends(reference: &str, setting: &str, calls: &[Call]) {
    let all = records(calls);
    let known = |records: &[String]| {
        let state = fold_both(records, reference);
        state.get(&SettingPath::field(setting)).known().is_some()
    };
    assert!(known(&all[..all.len() - 1]), "{reference} {setting} is not there");
    assert!(!known(&all), "{reference} {setting} after {}", calls[calls.len() - 1].1);
}

/// Folds what all records say, as an inventory does: the end of the other names the resource by nothing.
fn fold_both(records: &[String], reference: &str) -> crate::timeline::State {
    let mut all = crate::timeline::StepStore::default();
    for record in records {
        let steps = |event: &crate::event::Event<'_>| {
            all.add(crate::timeline::extract_steps(&Catalog::default(), event, &|_| true))
        };
        crate::event::EventParser::default().read(record.as_bytes(), steps).unwrap();
    }
    let reference = crate::resource::Reference::parse(reference).unwrap();
    let is_it =
        |it: &crate::timeline::Timeline| reference.matches(&it.resource) == crate::resource::Match::Yes;
    let mut found: Vec<_> = all.fold(None).into_iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(|it| &it.resource).collect::<Vec<_>>());
    found.remove(0).state
}

fn terminate() -> Call {
    let set = json!({"instancesSet": {"items": [{"instanceId": "i-0aaaaaaaaaaaaaaa1"}]}});
    ("ec2", "TerminateInstances", set.clone(), set)
}

fn associate(instance: &str, association: &str) -> Call {
    let request = json!({"allocationId": "eipalloc-0aaaaaaaaaaaaaaa1", "instanceId": instance});
    ("ec2", "AssociateAddress", request, json!({"associationId": association}))
}

#[test]
fn what_was_attached_to_an_instance_is_free_after_it() {
    let volume = json!({"volumeId": "vol-0aaaaaaaaaaaaaaa1", "instanceId": "i-0aaaaaaaaaaaaaaa1", "device": "/dev/sdf"});
    let attached = ("ec2", "AttachVolume", volume.clone(), volume);
    ends("vol-0aaaaaaaaaaaaaaa1", "attachments.i-0aaaaaaaaaaaaaaa1", &[attached, terminate()]);
    let interface = json!({"networkInterfaceId": "eni-0aaaaaaaaaaaaaaa2", "instanceId": "i-0aaaaaaaaaaaaaaa1", "deviceIndex": 1});
    let attached =
        ("ec2", "AttachNetworkInterface", interface, json!({"attachmentId": "eni-attach-0aaaaaaaaaaaaaaa2"}));
    ends("eni-0aaaaaaaaaaaaaaa2", "attachment", &[attached, terminate()]);
    let associated = associate("i-0aaaaaaaaaaaaaaa1", "eipassoc-0aaaaaaaaaaaaaaa1");
    ends("eipalloc-0aaaaaaaaaaaaaaa1", "association", &[associated, terminate()]);
}

#[test]
fn an_address_is_of_one_instance_at_a_time() {
    let calls = [
        associate("i-0aaaaaaaaaaaaaaa1", "eipassoc-0aaaaaaaaaaaaaaa1"),
        associate("i-0aaaaaaaaaaaaaaa2", "eipassoc-0aaaaaaaaaaaaaaa2"),
    ];
    ends("i-0aaaaaaaaaaaaaaa1", "addresses", &calls);
    let state = fold_both(&records(&calls), "i-0aaaaaaaaaaaaaaa2");
    assert!(state.get(&SettingPath::field("addresses")).known().is_some());
}

#[test]
fn an_alias_is_of_one_key_at_a_time() {
    let alias = |call: &'static str, key: &str| -> Call {
        ("kms", call, json!({"aliasName": "alias/pay", "targetKeyId": key}), Value::Null)
    };
    let (one, other) = ("11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555");
    let created = alias("CreateAlias", one);
    let gone: Call = ("kms", "DeleteAlias", json!({"aliasName": "alias/pay"}), Value::Null);
    ends(one, "aliases", &[created.clone(), alias("UpdateAlias", other)]);
    ends(one, "aliases", &[created.clone(), gone.clone()]);
    ends(other, "aliases", &[created, alias("UpdateAlias", other), gone]);
}

#[test]
fn members_and_policies_that_are_deleted_are_none_any_more() {
    let user = |call: &'static str| -> Call {
        ("iam", call, json!({"userName": "bob", "groupName": "admins"}), Value::Null)
    };
    let deleted = |call: &'static str, name: &str, value: &str| -> Call {
        ("iam", call, json!({name: value}), Value::Null)
    };
    ends(
        "AWS::IAM::Group/admins",
        "users",
        &[user("AddUserToGroup"), deleted("DeleteUser", "userName", "bob")],
    );
    let profile = json!({"instanceProfileName": "web", "roleName": "R"});
    let added = ("iam", "AddRoleToInstanceProfile", profile, Value::Null);
    ends("AWS::IAM::InstanceProfile/web", "roles", &[added, deleted("DeleteRole", "roleName", "R")]);
    let arn = "arn:aws:iam::111122223333:policy/P";
    let attached: Call = ("iam", "AttachRolePolicy", json!({"roleName": "R", "policyArn": arn}), Value::Null);
    let gone = deleted("DeletePolicy", "policyArn", arn);
    ends("role/R", "attachedManagedPolicies", &[attached.clone(), gone]);
    // Another role that has the policy as well takes nothing from this one.
    let other: Call = ("iam", "AttachRolePolicy", json!({"roleName": "S", "policyArn": arn}), Value::Null);
    let state = fold_both(&records(&[attached, other]), "role/R");
    assert!(state.get(&SettingPath::field("attachedManagedPolicies")).known().is_some());
}

#[test]
fn a_gateway_is_free_after_its_network() {
    let both = json!({"internetGatewayId": "igw-0aaaaaaaaaaaaaaa1", "vpcId": "vpc-0aaaaaaaaaaaaaaa1"});
    let attached: Call = ("ec2", "AttachInternetGateway", both, json!({"_return": true}));
    let gone: Call =
        ("ec2", "DeleteVpc", json!({"vpcId": "vpc-0aaaaaaaaaaaaaaa1"}), json!({"_return": true}));
    ends("igw-0aaaaaaaaaaaaaaa1", "attachments", &[attached, gone]);
}

/// A new name is what the settings say from then on.
#[test]
fn a_renamed_resource_says_its_new_name() {
    let user = json!({"userName": "u1", "arn": "arn:aws:iam::111122223333:user/u1", "path": "/"});
    let created: Call = ("iam", "CreateUser", json!({"userName": "u1"}), json!({"user": user}));
    let renamed = |request: Value| -> Call { ("iam", "UpdateUser", request, Value::Null) };
    let calls = [created.clone(), renamed(json!({"userName": "u1", "newUserName": "u2"}))];
    let state = fold_both(&records(&calls), "user/u2");
    let text = |name: &str| state.cell(&SettingPath::field(name)).val;
    assert_eq!(text("userName"), Knowledge::Known(json!("u2")));
    assert_eq!(text("arn"), Knowledge::Known(json!("arn:aws:iam::111122223333:user/u2")));
    // The path stands in the ARN.
    let moved = [created, renamed(json!({"userName": "u1", "newUserName": "u2", "newPath": "/x/"}))];
    let state = fold_both(&records(&moved), "user/u2");
    assert!(matches!(state.cell(&SettingPath::field("arn")).val, Knowledge::Unknown(_)));
    assert_eq!(state.cell(&SettingPath::field("userName")).val, Knowledge::Known(json!("u2")));
}

#[test]
fn renames_are_followed() {
    let cases: [(&str, &str, [Call; 3]); 4] = [
        (
            "AWS::IAM::ServerCertificate",
            "sc2",
            [
                ("iam", "UploadServerCertificate", json!({"serverCertificateName": "sc"}), Value::Null),
                (
                    "iam",
                    "UpdateServerCertificate",
                    json!({"serverCertificateName": "sc", "newServerCertificateName": "sc2"}),
                    Value::Null,
                ),
                ("iam", "DeleteServerCertificate", json!({"serverCertificateName": "sc2"}), Value::Null),
            ],
        ),
        (
            "AWS::CodeCommit::Repository",
            "r2",
            [
                ("codecommit", "CreateRepository", json!({"repositoryName": "r1"}), Value::Null),
                (
                    "codecommit",
                    "UpdateRepositoryName",
                    json!({"oldName": "r1", "newName": "r2"}),
                    Value::Null,
                ),
                ("codecommit", "DeleteRepository", json!({"repositoryName": "r2"}), Value::Null),
            ],
        ),
        (
            "AWS::RDS::DBProxy",
            "px2",
            [
                ("rds", "CreateDBProxy", json!({"dBProxyName": "px1"}), Value::Null),
                ("rds", "ModifyDBProxy", json!({"dBProxyName": "px1", "newDBProxyName": "px2"}), Value::Null),
                ("rds", "DeleteDBProxy", json!({"dBProxyName": "px2"}), Value::Null),
            ],
        ),
        (
            "AWS::CodeDeploy::DeploymentGroup",
            "ap/g2",
            [
                (
                    "codedeploy",
                    "CreateDeploymentGroup",
                    json!({"applicationName": "ap", "deploymentGroupName": "g1"}),
                    Value::Null,
                ),
                (
                    "codedeploy",
                    "UpdateDeploymentGroup",
                    json!({"applicationName": "ap", "currentDeploymentGroupName": "g1", "newDeploymentGroupName": "g2"}),
                    Value::Null,
                ),
                (
                    "codedeploy",
                    "DeleteDeploymentGroup",
                    json!({"applicationName": "ap", "deploymentGroupName": "g2"}),
                    Value::Null,
                ),
            ],
        ),
    ];
    for (kind, name, calls) in cases {
        let state = fold_both(&records(&calls), &format!("{kind}/{name}"));
        assert_eq!(state.exists, crate::timeline::Existence::Gone, "{kind}");
        assert!(state.created.is_some(), "{kind}: its creation was under the old name");
    }
}

/// Nothing but the resource is asked for: the same holds.
#[test]
fn a_moved_alias_leaves_the_key_that_is_asked_for() {
    let calls = [
        (
            "ec2",
            "AssociateAddress",
            json!({"allocationId": "eipalloc-0aaaaaaaaaaaaaaa1", "networkInterfaceId": "eni-0aaaaaaaaaaaaaaa1"}),
            json!({"associationId": "eipassoc-0aaaaaaaaaaaaaaa1"}),
        ),
        associate("i-0aaaaaaaaaaaaaaa2", "eipassoc-0aaaaaaaaaaaaaaa2"),
    ];
    let state = fold_records(&records(&calls), "eipalloc-0aaaaaaaaaaaaaaa1").state;
    let interface = state.cell(&SettingPath::field("association.networkInterfaceId")).val;
    assert!(interface.known().is_none(), "{interface:?}");
    assert_eq!(
        state.cell(&SettingPath::field("association.instanceId")).val,
        Knowledge::Known(json!("i-0aaaaaaaaaaaaaaa2"))
    );
}
