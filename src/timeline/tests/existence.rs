//! Whether a resource is there: what succeeds after a deletion, what succeeds either way, what proves nothing.

use super::{fold_records, record};
use crate::timeline::{Existence, Knowledge, SettingPath, Timeline};
use serde_json::{Value, json};

/// Minute, service, call, request, response or error.
type Call = (u32, &'static str, &'static str, Value, Value);

fn folded(reference: &str, calls: &[Call]) -> Timeline {
    let record = |(minute, service, name, request, response): &Call| {
        let mut rest = json!({"requestParameters": request, "responseElements": response});
        if let Some(code) = response.get("error") {
            rest =
                json!({"requestParameters": request, "errorCode": code, "errorMessage": response["message"]});
        }
        record(&format!("12:{minute:02}:00"), name, service, rest)
    };
    fold_records(&calls.iter().map(record).collect::<Vec<_>>(), reference)
}

#[track_caller]
fn check(reference: &str, calls: &[Call], want: Existence) -> Timeline {
    let found = folded(reference, calls);
    assert_eq!(found.state.exists, want, "{reference} after {}", calls[calls.len() - 1].2);
    found
}

#[test]
fn what_succeeds_long_after_a_deletion_shows_that_it_is_there() {
    let deleted = |service, name, request: Value| -> Call { (0, service, name, request, Value::Null) };
    let group = deleted("logs", "DeleteLogGroup", json!({"logGroupName": "/g"}));
    let stream = |minute| -> Call {
        (minute, "logs", "PutMetricFilter", json!({"logGroupName": "/g", "filterName": "f"}), Value::Null)
    };
    check("AWS::Logs::LogGroup//g", &[group, stream(5)], Existence::Exists);
    let repository = deleted("ecr", "DeleteRepository", json!({"repositoryName": "app", "force": true}));
    let image = |minute| -> Call {
        (minute, "ecr", "PutImage", json!({"repositoryName": "app", "imageTag": "v1"}), Value::Null)
    };
    check("AWS::ECR::Repository/app", &[repository.clone(), image(5)], Existence::Exists);
    // What goes on being deleted may still be found.
    check("AWS::ECR::Repository/app", &[repository, image(1)], Existence::Gone);
    // An id is never used again: whether the deletion came about is not known.
    let table = deleted("ec2", "DeleteRouteTable", json!({"routeTableId": "rtb-0aaaaaaaaaaaaaaa1"}));
    let route: Call = (
        9,
        "ec2",
        "ReplaceRoute",
        json!({"routeTableId": "rtb-0aaaaaaaaaaaaaaa1", "destinationCidrBlock": "0.0.0.0/0"}),
        Value::Null,
    );
    check("rtb-0aaaaaaaaaaaaaaa1", &[table.clone(), route], Existence::Unknown);
    // What is gone can still be tagged.
    let tagged: Call = (
        9,
        "ec2",
        "CreateTags",
        json!({"resourcesSet": {"items": [{"resourceId": "rtb-0aaaaaaaaaaaaaaa1"}]}, "tagSet": {"items": [{"key": "a", "value": "b"}]}}),
        Value::Null,
    );
    check("rtb-0aaaaaaaaaaaaaaa1", &[table, tagged], Existence::Gone);
}

#[test]
fn a_deletion_may_fail_or_be_taken_back() {
    let id = "arn:aws:cloudformation:eu-west-1:111122223333:stack/pay/11111111-2222-11ef-8444-555555555555";
    let name = || json!({"stackName": "pay"});
    let calls: [Call; 3] = [
        (0, "cloudformation", "CreateStack", name(), json!({"stackId": id})),
        (5, "cloudformation", "DeleteStack", name(), Value::Null),
        (9, "cloudformation", "UpdateStack", name(), json!({"stackId": id})),
    ];
    let found = check("stack/pay", &calls, Existence::Exists);
    assert_eq!(found.state.incarnation, 1, "it has the same id");
    let bin: [(&str, &str, &str, &str, &str); 3] = [
        ("ami-0aaaaaaaaaaaaaaa1", "DeregisterImage", "RestoreImageFromRecycleBin", "imageId", "ImageId"),
        (
            "snap-0aaaaaaaaaaaaaaa1",
            "DeleteSnapshot",
            "RestoreSnapshotFromRecycleBin",
            "snapshotId",
            "SnapshotId",
        ),
        ("vol-0aaaaaaaaaaaaaaa1", "DeleteVolume", "RestoreVolumeFromRecycleBin", "volumeId", "VolumeId"),
    ];
    for (id, delete, restore, name, wrapped) in bin {
        let calls: [Call; 2] = [
            (0, "ec2", delete, json!({name: id}), Value::Null),
            (1, "ec2", restore, json!({format!("{restore}Request"): {wrapped: id}}), Value::Null),
        ];
        check(id, &calls, Existence::Exists);
    }
}

#[test]
fn one_version_of_an_object_is_not_the_object() {
    let delete = |minute, version: Option<&str>, marker: bool| -> Call {
        let mut request = json!({"bucketName": "pay", "key": "k.txt"});
        if let Some(version) = version {
            request["versionId"] = json!(version);
        }
        let response =
            if marker { json!({"x-amz-delete-marker": "true"}) } else { json!({"x-amz-version-id": "v1"}) };
        (minute, "s3", "DeleteObject", request, response)
    };
    let object = "s3://pay/k.txt";
    check(object, &[delete(0, None, true)], Existence::Gone);
    check(object, &[delete(0, None, true), delete(1, Some("m1"), true)], Existence::Unknown);
    check(object, &[delete(0, None, true), delete(9, Some("m1"), true)], Existence::Unknown);
    check(object, &[delete(0, Some("v1"), false)], Existence::Unknown);
}

#[test]
fn a_creation_that_succeeds_either_way_proves_nothing_of_before() {
    let calls: [(&str, Call); 4] = [
        (
            "topic/t",
            (
                0,
                "sns",
                "CreateTopic",
                json!({"name": "t"}),
                json!({"topicArn": "arn:aws:sns:eu-west-1:111122223333:t"}),
            ),
        ),
        (
            "AWS::SQS::Queue/q",
            (
                0,
                "sqs",
                "CreateQueue",
                json!({"queueName": "q"}),
                json!({"queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q"}),
            ),
        ),
        (
            "AWS::ECS::Cluster/prod",
            (
                0,
                "ecs",
                "CreateCluster",
                json!({"clusterName": "prod"}),
                json!({"cluster": {"clusterName": "prod"}}),
            ),
        ),
        ("bucket/bk", (0, "s3", "CreateBucket", json!({"bucketName": "bk"}), Value::Null)),
    ];
    for (reference, call) in calls {
        let found = check(reference, &[call], Existence::Exists);
        assert!(found.state.created.is_none() && found.state.unborn.is_none(), "{reference}");
        let other = found.state.cell(&SettingPath::field("somethingElse")).val;
        assert!(matches!(other, Knowledge::Unknown(_)), "{reference}: {other:?}");
        let said = &found.entries[0].notes;
        assert!(said.iter().any(|note| note.contains("may have been there before")), "{reference}: {said:?}");
    }
    // In other regions a bucket is made once, and so is a log group.
    let elsewhere =
        json!({"bucketName": "bk", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}});
    let found = check("bucket/bk", &[(0, "s3", "CreateBucket", elsewhere, Value::Null)], Existence::Exists);
    assert!(found.state.created.is_some());
}

#[test]
fn what_is_not_found_of_a_function_is_not_the_function() {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    let created: Call = (
        0,
        "lambda",
        "CreateFunction20150331",
        json!({"functionName": "f"}),
        json!({"functionName": "f", "functionArn": arn}),
    );
    let missed = |request: Value, message: &str| -> Call {
        let error = json!({"error": "ResourceNotFoundException", "message": message});
        (30, "lambda", "GetFunction20150331v2", request, error)
    };
    let of_version = format!("Function not found: {arn}:7");
    for (request, message) in [
        (json!({"functionName": "f", "qualifier": "7"}), &of_version),
        (json!({"functionName": format!("{arn}:7")}), &of_version),
        (json!({"functionName": "f", "qualifier": "live"}), &format!("Function not found: {arn}")),
    ] {
        check("function/f", &[created.clone(), missed(request, message)], Existence::Exists);
    }
    let whole = missed(json!({"functionName": "f"}), &format!("Function not found: {arn}"));
    check("function/f", &[created, whole], Existence::Gone);
}

#[test]
fn one_tag_of_an_image_is_not_the_image() {
    let digest = "sha256:aaa";
    let put = |minute, tag: &str| -> Call {
        let response =
            json!({"image": {"repositoryName": "app", "imageId": {"imageDigest": digest, "imageTag": tag}}});
        (minute, "ecr", "PutImage", json!({"repositoryName": "app", "imageTag": tag}), response)
    };
    let delete = |minute, ids: Value| -> Call {
        let response = json!({"imageIds": [{"imageTag": "v1", "imageDigest": digest}], "failures": []});
        (minute, "ecr", "BatchDeleteImage", json!({"repositoryName": "app", "imageIds": ids}), response)
    };
    let image = "AWS::ECR::Image/app/sha256:aaa";
    check(image, &[put(0, "v1"), put(1, "v2"), delete(2, json!([{"imageTag": "v1"}]))], Existence::Unknown);
    check(image, &[put(0, "v1"), delete(2, json!([{"imageDigest": digest}]))], Existence::Gone);
}
