//! What a command would leave in CloudTrail: its options by the AWS CLI's own
//! list of them (`options.tsv`), and from those the record of the call.

use super::words::shell_words;
use super::*;
use serde_json::Map;
use std::sync::LazyLock;

/// An option of a command: service, operation, name of the call, option, member, type, whether it is required.
type Opt = [&'static str; 7];

/// The options of all commands of the table, as the AWS CLI 1.46.3 has them.
static OPTIONS: LazyLock<Vec<Opt>> = LazyLock::new(|| {
    let lines = include_str!("options.tsv").lines().filter(|line| !line.starts_with('#'));
    let fields = |line: &'static str| {
        let mut fields = line.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    };
    lines.map(fields).collect()
});

/// A command as the API is called with it.
pub(super) struct Call {
    service: String,
    pub(super) name: &'static str,
    region: String,
    members: Map<String, Value>,
}

/// Reads a command as the AWS CLI does; nothing in it may be unknown to that, or missing.
pub(super) fn call(command: &str) -> Call {
    let words = shell_words(command);
    let [aws, service, operation, words @ ..] = words.as_slice() else { panic!("{command}") };
    assert_eq!(aws, "aws");
    let known: Vec<&Opt> = OPTIONS.iter().filter(|it| it[0] == service && it[1] == operation).collect();
    let name = known.first().unwrap_or_else(|| panic!("no such command: {command}"))[2];
    let (mut members, mut region) = (Map::new(), "eu-west-1".to_owned());
    let mut required: Vec<&str> = known.iter().filter(|it| it[6] == "required").map(|it| it[3]).collect();
    let mut at = 0;
    while at < words.len() {
        let (flag, inner) = match words[at].split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (words[at].as_str(), None),
        };
        let values: Vec<String> = match inner {
            Some(value) => vec![value],
            None => words[at + 1..].iter().take_while(|word| !word.starts_with('-')).cloned().collect(),
        };
        at += 1 + if words[at].contains('=') { 0 } else { values.len() };
        if flag == "--region" {
            region.clone_from(&values[0]);
            continue;
        }
        let option =
            known.iter().find(|it| it[3] == flag).unwrap_or_else(|| panic!("{flag} is unknown: {command}"));
        required.retain(|it| *it != flag);
        if flag == "--cli-input-json" {
            members.extend(serde_json::from_str::<Map<String, Value>>(&values[0]).unwrap());
            required.clear();
            continue;
        }
        // One of the two is required.
        if flag == "--ingress" {
            required.retain(|it| *it != "--egress");
            members.insert("Egress".to_owned(), Value::Bool(false));
            continue;
        }
        members.insert(option[4].to_owned(), value(option, flag, &values, command));
    }
    assert!(required.is_empty(), "{required:?} is missing: {command}");
    Call { service: service.clone(), name, region, members }
}

fn value(option: &Opt, flag: &str, values: &[String], command: &str) -> Value {
    let one = || {
        assert_eq!(values.len(), 1, "{flag} takes one value: {command}");
        values[0].as_str()
    };
    let parsed =
        |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|_| panic!("{flag}: {command}"));
    match option[5] {
        "boolean" => {
            assert!(values.is_empty(), "{flag} takes no value: {command}");
            Value::Bool(!flag.starts_with("--no-"))
        }
        "integer" | "long" => one().parse::<i64>().unwrap().into(),
        "structure" if values.is_empty() => json!({"Value": !flag.starts_with("--no-")}),
        "structure" | "map" => match one() {
            text if text.starts_with('{') => parsed(text),
            short => {
                let pairs = short.split(',').filter_map(|pair| pair.split_once('='));
                let scalar = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| json!(text));
                Value::Object(pairs.map(|(name, text)| (name.to_owned(), scalar(text))).collect())
            }
        },
        "list" => match values {
            [text] if text.starts_with('[') => parsed(text),
            values => json!(values),
        },
        _ => json!(one()),
    }
}

impl Call {
    /// The record that the call would leave.
    pub(super) fn record(self, number: usize) -> String {
        let source = match self.service.as_str() {
            "s3api" | "s3control" => "s3",
            "configservice" => "config",
            "cloudwatch" => "monitoring",
            "efs" => "elasticfilesystem",
            "elbv2" => "elasticloadbalancing",
            "sso-admin" => "sso",
            service => service,
        };
        let name = match (self.service.as_str(), self.name) {
            ("s3api", "PutPublicAccessBlock") => "PutBucketPublicAccessBlock",
            ("s3api", "DeletePublicAccessBlock") => "DeleteBucketPublicAccessBlock",
            ("s3api", "PutBucketLifecycleConfiguration") => "PutBucketLifecycle",
            ("s3api", "PutBucketNotificationConfiguration") => "PutBucketNotification",
            ("s3api", "PutObjectLockConfiguration") => "PutBucketObjectLockConfiguration",
            ("s3control", "PutPublicAccessBlock") => "PutAccountPublicAccessBlock",
            ("s3control", "DeletePublicAccessBlock") => "DeleteAccountPublicAccessBlock",
            (_, name) => name,
        };
        let response = self.response(number);
        let request = match source {
            "s3" => xml::s3(&self.members),
            "ec2" => xml::ec2(name, self.members),
            "eks" => {
                let mut request = self.members;
                let name = request.remove("clusterName").unwrap();
                request.insert("name".to_owned(), name);
                Value::Object(request)
            }
            _ => lower(&Value::Object(self.members), ""),
        };
        let mut record: Value =
            serde_json::from_str(&event(number, source, name, &request, &response)).unwrap();
        record["awsRegion"] = json!(self.region);
        record.to_string()
    }

    /// What the service answers, where the fold has to read it.
    fn response(&self, number: usize) -> Value {
        let text = |name: &str| self.members.get(name).and_then(Value::as_str).unwrap_or_default();
        match self.name {
            "AddPermission" if self.service == "lambda" => {
                json!({"statement": statement(&self.members).to_string()})
            }
            "CreateGrant" => json!({"grantId": format!("grant-{number}"), "keyId": text("KeyId")}),
            "AssociateRouteTable" => json!({"associationId": format!("rtbassoc-{number:017}")}),
            "CreateFlowLogs" => {
                json!({"CreateFlowLogsResponse": {"flowLogIdSet": {"item": format!("fl-{number:017}")}}})
            }
            "CreateSAMLProvider" => {
                json!({"sAMLProviderArn": format!("arn:aws:iam::111122223333:saml-provider/{}", text("Name"))})
            }
            "CreateOpenIDConnectProvider" => json!({"openIDConnectProviderArn":
                format!("arn:aws:iam::111122223333:oidc-provider/{}", text("Url").trim_start_matches("https://"))}),
            // The answer tells the whole trail, and of the validation by another name.
            "UpdateTrail" | "CreateTrail" => {
                let mut trail = lower(&Value::Object(self.members.clone()), "");
                if let Some(flag) = trail.as_object_mut().unwrap().remove("enableLogFileValidation") {
                    trail["logFileValidationEnabled"] = flag;
                }
                trail
            }
            "CreateServiceLinkedRole" => {
                json!({"role": {"roleName": "AWSServiceRoleForX", "assumeRolePolicyDocument": "{\"Statement\":[]}",
                "path": format!("/aws-service-role/{}/", text("AWSServiceName"))}})
            }
            "CreateResolverQueryLogConfig" => {
                json!({"resolverQueryLogConfig": {"id": format!("rqlc-{number:017}"),
                "name": text("Name"), "destinationArn": text("DestinationArn")}})
            }
            _ => Value::Null,
        }
    }
}

/// The statement that Lambda makes of the arguments.
fn statement(members: &Map<String, Value>) -> Value {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let principal = match text("Principal").unwrap() {
        "*" => json!("*"),
        service if service.ends_with(".amazonaws.com") => json!({ "Service": service }),
        arn => json!({ "AWS": arn }),
    };
    let qualifier = text("Qualifier").map(|it| format!(":{it}")).unwrap_or_default();
    let resource = format!(
        "arn:aws:lambda:eu-west-1:111122223333:function:{}{qualifier}",
        text("FunctionName").unwrap()
    );
    let mut statement = json!({"Sid": text("StatementId"), "Effect": "Allow", "Principal": principal,
        "Action": text("Action"), "Resource": resource});
    for (name, operator, key) in [
        ("SourceArn", "ArnLike", "AWS:SourceArn"),
        ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
        ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
        ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
        ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    ] {
        if let Some(value) = text(name) {
            statement["Condition"][operator][key] = json!(value);
        }
    }
    if let Some(flag) = members.get("InvokedViaFunctionUrl") {
        statement["Condition"]["Bool"]["lambda:InvokedViaFunctionUrl"] = json!(flag.to_string());
    }
    statement
}

/// Names begin in lower case in the log; those that callers chose stay as they are.
fn lower(value: &Value, parent: &str) -> Value {
    let own = ["attributes", "tags", "encryptionContextSubset", "encryptionContextEquals"].contains(&parent);
    match value {
        Value::Object(object) => {
            let first =
                |name: &String| if own { name.clone() } else { name[..1].to_lowercase() + &name[1..] };
            let member = |(name, value): (&String, &Value)| (first(name), lower(value, &first(name)));
            Value::Object(object.iter().map(member).collect())
        }
        // The members of a list of tags are the service's.
        Value::Array(list) => Value::Array(list.iter().map(|it| lower(it, "")).collect()),
        value => value.clone(),
    }
}

/// The two services that show their requests as the XML that they are.
mod xml {
    use super::*;

    /// A list of the API, and what each of its elements is called in the XML of S3.
    const ELEMENTS: [(&str, &str); 15] = [
        ("Rules", "Rule"),
        ("Transitions", "Transition"),
        ("NoncurrentVersionTransitions", "NoncurrentVersionTransition"),
        ("Tags", "Tag"),
        ("CORSRules", "CORSRule"),
        ("AllowedMethods", "AllowedMethod"),
        ("AllowedOrigins", "AllowedOrigin"),
        ("AllowedHeaders", "AllowedHeader"),
        ("ExposeHeaders", "ExposeHeader"),
        ("TopicConfigurations", "TopicConfiguration"),
        ("QueueConfigurations", "QueueConfiguration"),
        ("LambdaFunctionConfigurations", "CloudFunctionConfiguration"),
        ("Events", "Event"),
        ("FilterRules", "FilterRule"),
        ("TopicArn", "Topic"),
    ];

    /// The request of a call of S3: the configuration as XML, all else by other names.
    pub(super) fn s3(members: &Map<String, Value>) -> Value {
        let member = |(name, value): (&String, &Value)| match name.as_str() {
            "Bucket" => ("bucketName".to_owned(), value.clone()),
            "Policy" => ("bucketPolicy".to_owned(), serde_json::from_str(value.as_str().unwrap()).unwrap()),
            "ACL" => ("x-amz-acl".to_owned(), value.clone()),
            "GrantRead" => ("x-amz-grant-read".to_owned(), value.clone()),
            "ObjectOwnership" => ("x-amz-object-ownership".to_owned(), value.clone()),
            "AccountId" => ("accountId".to_owned(), value.clone()),
            name => (name.to_owned(), inside(value, name)),
        };
        Value::Object(members.iter().map(member).collect())
    }

    fn inside(value: &Value, parent: &str) -> Value {
        let Value::Object(object) = value else { return value.clone() };
        let member = |(name, value): (&String, &Value)| {
            let element = ELEMENTS.iter().find(|(api, _)| api == name).map(|(_, xml)| *xml);
            let wrapped = [("TagSet", "Tag"), ("RoutingRules", "RoutingRule"), ("Grants", "Grant")];
            let wrapped = wrapped.iter().find(|(api, _)| api == name).map(|(_, xml)| *xml);
            match (element, wrapped, name.as_str()) {
                (_, Some(xml), _) => {
                    let outer = if name == "Grants" { "AccessControlList" } else { name };
                    (outer.to_owned(), json!({ xml: elements(value) }))
                }
                (Some(xml), _, _) => (xml.to_owned(), elements(value)),
                (_, _, "LambdaFunctionArn") => ("CloudFunction".to_owned(), value.clone()),
                (_, _, "Key") if parent == "Filter" => ("S3Key".to_owned(), inside(value, "S3Key")),
                (_, _, "Type") if parent == "Grantee" => ("xsi:type".to_owned(), value.clone()),
                _ => (name.clone(), inside(value, name)),
            }
        };
        Value::Object(object.iter().map(member).collect())
    }

    /// One element stands by itself, several are a list.
    fn elements(list: &Value) -> Value {
        match list {
            Value::Array(list) if list.len() == 1 => inside(&list[0], ""),
            Value::Array(list) => Value::Array(list.iter().map(|it| inside(it, "")).collect()),
            one => inside(one, ""),
        }
    }

    /// The request of a call of EC2: lists under `items`, some members by the names of the wire.
    pub(super) fn ec2(call: &str, mut members: Map<String, Value>) -> Value {
        let wrapped = |call: &str| json!({ format!("{call}Request"): Value::Null });
        match call {
            // Newer calls are shown as they are sent.
            "ModifyInstanceMetadataOptions"
            | "CreateFlowLogs"
            | "DeleteFlowLogs"
            | "ModifyVpcEndpoint"
            | "ModifyLaunchTemplate"
            | "ModifyVolume"
            | "ModifyInstanceMetadataDefaults"
            | "EnableSnapshotBlockPublicAccess"
            | "EnableImageBlockPublicAccess"
            | "ModifyEbsDefaultKmsKeyId" => {
                let mut whole = wrapped(call);
                let singular = |name: &str| match name.strip_suffix("Ids") {
                    Some(one) => format!("{one}Id"),
                    None => name.to_owned(),
                };
                let counted = |value: Value| match value {
                    Value::Array(list) => {
                        let element = |(at, it): (usize, Value)| json!({"tag": at + 1, "content": it});
                        Value::Array(list.into_iter().enumerate().map(element).collect())
                    }
                    value => value,
                };
                let shown = members.into_iter().map(|(name, value)| (singular(&name), counted(value)));
                whole[format!("{call}Request")] = Value::Object(shown.collect());
                return whole;
            }
            "ModifySnapshotAttribute" | "ModifyImageAttribute" if members.contains_key("OperationType") => {
                let what = if call == "ModifySnapshotAttribute" {
                    "createVolumePermission"
                } else {
                    "launchPermission"
                };
                let operation = members.remove("OperationType").unwrap();
                let named =
                    [("UserIds", "userId"), ("GroupNames", "group"), ("OrganizationArns", "organizationArn")];
                for (list, one) in named {
                    for who in members.remove(list).iter().flat_map(|it| it.as_array().unwrap()) {
                        let who = json!({operation.as_str().unwrap(): {"items": [{ one: who }]}});
                        members.insert(what.to_owned(), who);
                    }
                }
            }
            _ => {}
        }
        let renamed = [
            ("InstanceIds", "instancesSet", "instanceId"),
            ("Resources", "resourcesSet", "resourceId"),
            ("Tags", "tagSet", ""),
            ("Groups", "groupSet", "groupId"),
            ("UserIdGroupPairs", "groups", ""),
            ("Protocol", "aclProtocol", ""),
        ];
        items(&Value::Object(members), &renamed)
    }

    fn items(value: &Value, renamed: &[(&str, &str, &str)]) -> Value {
        let Value::Object(object) = value else { return value.clone() };
        let member = |(name, value): (&String, &Value)| {
            let other = renamed.iter().find(|(api, ..)| api == name);
            let shown = other
                .map_or_else(|| name[..1].to_lowercase() + &name[1..], |(_, shown, _)| (*shown).to_owned());
            let one = other.map(|(.., one)| *one).unwrap_or_default();
            let value = match value {
                Value::Array(list) => {
                    let element =
                        |it: &Value| if one.is_empty() { items(it, renamed) } else { json!({ one: it }) };
                    json!({"items": list.iter().map(element).collect::<Vec<_>>()})
                }
                value => items(value, renamed),
            };
            (shown, value)
        };
        Value::Object(object.iter().map(member).collect())
    }
}
