//! The kinds of events in the archive, with the share of each, as one table to read.
//!
//! The shapes are those of AWS; every value in them is a `$slot` (see `template`) or invented.

/// Who makes a call of some kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// A session of a role, a user, now and then the root user.
    Anyone,
    /// An AWS service, on its own account.
    Service(&'static str),
    /// Nobody: the service reports something (`AwsServiceEvent`).
    Report(&'static str),
    /// A person who signs in to the console.
    SignIn,
    /// A workload with a token of another identity provider.
    WebIdentity,
    /// A person with a SAML assertion.
    Saml,
    /// A caller of another account.
    Foreign,
    /// A person known to IAM Identity Center.
    IdentityCenter,
    /// A caller that AWS could not name.
    Unknown,
}

/// One kind of event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// The service, without `.amazonaws.com`.
    pub(crate) source: &'static str,
    /// The event name.
    pub(crate) name: &'static str,
    /// Its share, in parts of the sum over all kinds (about 10,000).
    pub(crate) weight: u64,
    /// Who calls.
    pub(crate) who: Who,
    /// The request, as JSON.
    pub(crate) params: &'static str,
    /// The answer, as JSON.
    pub(crate) response: &'static str,
    /// The additional event data, or nothing.
    pub(crate) extra: &'static str,
    /// The resources as the items of a list, or nothing.
    pub(crate) resources: &'static str,
    /// A user agent in place of that of the caller, or nothing.
    pub(crate) agent: &'static str,
    /// An error in place of success: code and message.
    pub(crate) error: Option<(&'static str, &'static str)>,
    /// The error that calls of this kind meet besides those that any call meets.
    pub(crate) own_error: Option<(&'static str, &'static str)>,
    /// Whether it is a data event.
    pub(crate) data: bool,
    /// Whether it is logged in us-east-1 only.
    pub(crate) global: bool,
}

/// Starts a kind: anyone calls, nothing comes back.
pub(crate) const fn call(
    source: &'static str,
    name: &'static str,
    weight: u64,
    params: &'static str,
) -> Kind {
    Kind {
        source,
        name,
        weight,
        who: Who::Anyone,
        params,
        response: "null",
        extra: "",
        resources: "",
        agent: "",
        error: None,
        own_error: None,
        data: false,
        global: false,
    }
}

/// Starts a kind of S3 call about a bucket.
pub(crate) const fn s3(name: &'static str, weight: u64, params: &'static str) -> Kind {
    Kind { extra: S3_EXTRA, resources: BUCKET, ..call("s3", name, weight, params) }
}

/// Starts a kind of S3 call about an object.
const fn object(name: &'static str, weight: u64, params: &'static str) -> Kind {
    Kind { extra: S3_EXTRA, resources: OBJECT, data: true, ..call("s3", name, weight, params) }
}

/// Starts a kind of IAM call.
const fn iam(name: &'static str, weight: u64, params: &'static str) -> Kind {
    Kind { global: true, ..call("iam", name, weight, params) }
        .fails("NoSuchEntityException", "The role with name $role cannot be found.")
}

impl Kind {
    /// Sets the answer.
    pub(crate) const fn answers(self, response: &'static str) -> Self {
        Self { response, ..self }
    }

    /// Sets the resources.
    pub(crate) const fn on(self, resources: &'static str) -> Self {
        Self { resources, ..self }
    }

    /// Sets who calls.
    pub(crate) const fn by(self, who: Who) -> Self {
        Self { who, ..self }
    }

    /// Sets the error that calls of this kind are known for.
    pub(crate) const fn fails(self, code: &'static str, message: &'static str) -> Self {
        Self { own_error: Some((code, message)), ..self }
    }

    /// Marks the event as logged in us-east-1 only.
    pub(crate) const fn global(self) -> Self {
        Self { global: true, ..self }
    }

    /// Tells whether the event changes nothing, going by its name.
    pub(crate) fn read_only(&self) -> bool {
        const READS: &[&str] = &[
            "Describe",
            "Get",
            "List",
            "Head",
            "Lookup",
            "AssumeRole",
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "BatchGet",
        ];
        READS.iter().any(|read| self.name.starts_with(read))
    }
}

const S3_EXTRA: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"SSEApplied":"Default_SSE_S3","AuthenticationMethod":"AuthHeader","x-amz-id-2":"$blob","bytesTransferredOut":$bytes}"#;
const BUCKET: &str = r#"{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}"#;
const OBJECT: &str = r#"{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$bucket/$object"},{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}"#;
const KMS: &str =
    r#"{"accountId":"$account","type":"AWS::KMS::Key","ARN":"arn:aws:kms:$region:$account:key/$keyid"}"#;
const ROLE: &str =
    r#"{"accountId":"$account","type":"AWS::IAM::Role","ARN":"arn:aws:iam::$account:role/$role"}"#;
const LAMBDA: &str = r#"{"accountId":"$account","type":"AWS::Lambda::Function","ARN":"arn:aws:lambda:$region:$account:function:$function"}"#;
const GET: &str = r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$object"}"#;
const PUT: &str = r#"{"X-Amz-Date":"$time","bucketName":"$bucket","X-Amz-Algorithm":"AWS4-HMAC-SHA256","x-amz-storage-class":"INTELLIGENT_TIERING","X-Amz-SignedHeaders":"content-length;content-type;host;x-amz-content-sha256;x-amz-date","Host":"$bucket.s3.$region.amazonaws.com","key":"$object","x-id":"PutObject"}"#;
const ACL: &str = r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","acl":""}"#;
const CREDENTIALS: &str = r#"{"credentials":{"accessKeyId":"ASIA$key16","sessionToken":"IQoJb3JpZ2luX2VjE$token","expiration":"$expiry"},"assumedRoleUser":{"assumedRoleId":"AROA$key16:session","arn":"arn:aws:sts::$account:assumed-role/$role/session"}}"#;
const BY_LAMBDA: Who = Who::Service("lambda.amazonaws.com");
const BY_EC2: Who = Who::Service("ec2.amazonaws.com");

/// Every kind of event that the archive is made of, but for what `story` plants.
pub(crate) const KINDS: &[Kind] = &[
    call("ec2", "DescribeInstances", 620, r#"{"instancesSet":{"items":[$instances]},"filterSet":{}}"#).fails("Client.InvalidInstanceID.NotFound", "The instance ID 'i-$hex17' does not exist"),
    call("ec2", "DescribeInstances", 90, r#"{"maxResults":1000,"instancesSet":{},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"},{"value":"pending"}]}},{"name":"tag:kubernetes.io/cluster/main","valueSet":{"items":[{"value":"owned"}]}}]}}"#),
    call("ec2", "DescribeNetworkInterfaces", 340, r#"{"networkInterfaceIdSet":{"items":[{"networkInterfaceId":"eni-$eni"}]},"filterSet":{"items":[{"name":"attachment.instance-id","valueSet":{"items":[{"value":"i-$instance"}]}}]}}"#),
    call("ec2", "DescribeTags", 230, r#"{"maxResults":200,"filterSet":{"items":[{"name":"resource-id","valueSet":{"items":[{"value":"i-$instance"}]}},{"name":"key","valueSet":{"items":[{"value":"Name"},{"value":"team"}]}}]}}"#),
    call("ec2", "DescribeSecurityGroups", 200, r#"{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"sg-$sg"}]},"filterSet":{}}"#).fails("Client.InvalidGroup.NotFound", "The security group 'sg-$hex17' does not exist"),
    call("ec2", "DescribeSubnets", 150, r#"{"subnetSet":{"items":[{"subnetId":"subnet-$subnet"}]},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"vpc-$vpc"}]}}]}}"#),
    call("ec2", "DescribeVolumes", 150, r#"{"maxResults":500,"volumeSet":{"items":[{"volumeId":"vol-$vol"}]},"filterSet":{}}"#),
    call("ec2", "DescribeInstanceStatus", 140, r#"{"instancesSet":{"items":[$instances]},"filterSet":{},"includeAllInstances":true}"#),
    call("ec2", "DescribeRouteTables", 90, r#"{"routeTableIdSet":{},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"vpc-$vpc"}]}}]}}"#),
    call("ec2", "DescribeAvailabilityZones", 60, r#"{"availabilityZoneSet":{},"availabilityZoneIdSet":{}}"#),
    call("autoscaling", "DescribeAutoScalingGroups", 200, r#"{"autoScalingGroupNames":["$prefix-prod-nodes","$prefix-prod-spot"],"maxRecords":100}"#),
    call("elasticloadbalancing", "DescribeTargetHealth", 200, r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:$region:$account:targetgroup/$prefix-http/$identity"}"#),
    call("elasticloadbalancing", "DescribeLoadBalancers", 90, r#"{"pageSize":400}"#),
    call("ssm", "UpdateInstanceInformation", 330, r#"{"instanceId":"i-$instance","agentVersion":"3.3.380.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"$privateip","computerName":"ip-$privatehost.$region.compute.internal","agentName":"amazon-ssm-agent","availabilityZone":"$az","availabilityZoneId":"use1-az4","sSMConnectionChannel":"ssmmessages"}"#),
    call("ssm", "GetParameter", 150, r#"{"name":"/$prefix/prod/database-url","withDecryption":true}"#).on(r#"{"accountId":"$account","ARN":"arn:aws:ssm:$region:$account:parameter/$prefix/prod/database-url"}"#).fails("ParameterNotFound", "Parameter /$prefix/prod/database-url not found."),
    call("ssm", "GetParametersByPath", 80, r#"{"path":"/$prefix/prod/","recursive":true,"withDecryption":true,"maxResults":10}"#),
    call("ssm", "PutParameter", 12, r#"{"name":"/$prefix/prod/release","description":"set by \"ship it\" \u003cci\u003e","value":"HIDDEN_DUE_TO_SECURITY_REASONS","type":"String","overwrite":true}"#).answers(r#"{"version":$num,"tier":"Standard"}"#),
    call("secretsmanager", "GetSecretValue", 200, r#"{"secretId":"arn:aws:secretsmanager:$region:$account:secret:$prefix/prod/db-Qx7Lm2","versionStage":"AWSCURRENT"}"#).fails("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    call("kms", "Decrypt", 1050, r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$bucket"}}"#).on(KMS),
    call("kms", "Decrypt", 150, r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:lambda:FunctionArn":"arn:aws:lambda:$region:$account:function:$function"}}"#).on(KMS).by(BY_LAMBDA),
    call("kms", "GenerateDataKey", 430, r#"{"keyId":"arn:aws:kms:$region:$account:key/$keyid","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$bucket/$object"},"keySpec":"AES_256"}"#).on(KMS),
    call("kms", "Encrypt", 50, r#"{"keyId":"arn:aws:kms:$region:$account:key/$keyid","encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#).on(KMS),
    object("GetObject", 820, GET).fails("NoSuchKey", "The specified key does not exist."),
    object("PutObject", 400, PUT).answers(r#"{"x-amz-server-side-encryption":"AES256","x-amz-version-id":"$hex32"}"#),
    object("HeadObject", 250, GET).fails("NoSuchKey", "The specified key does not exist."),
    object("GetObject", 40, GET).by(Who::Foreign),
    s3("ListObjects", 140, r#"{"list-type":"2","bucketName":"$bucket","encoding-type":"url","max-keys":"1000","prefix":"raw/","delimiter":"/","Host":"$bucket.s3.$region.amazonaws.com"}"#),
    s3("GetBucketAcl", 180, ACL).by(Who::Service("cloudtrail.amazonaws.com")),
    s3("GetBucketLocation", 60, r#"{"bucketName":"$bucket","Host":"s3.$region.amazonaws.com","location":""}"#),
    s3("GetBucketPolicy", 40, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","policy":""}"#).fails("NoSuchBucketPolicy", "The bucket policy does not exist"),
    s3("PutBucketPolicy", 3, r#"{"bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::$bucket","arn:aws:s3:::$bucket/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]},"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","policy":""}"#),
    Kind { data: true, ..call("lambda", "Invoke", 450, r#"{"functionName":"arn:aws:lambda:$region:$account:function:$function","sourceArn":"arn:aws:events:$region:$account:rule/$function-every-minute","contentType":"application/json","invocationType":"Event"}"#) }.on(LAMBDA),
    call("lambda", "GetFunction20150331v2", 60, r#"{"functionName":"$function"}"#),
    call("logs", "CreateLogStream", 330, r#"{"logGroupName":"/aws/lambda/$function","logStreamName":"2026/02/14/[$LATEST]$hex32"}"#).fails("ResourceAlreadyExistsException", "The specified log stream already exists"),
    call("logs", "DescribeLogGroups", 100, r#"{"logGroupNamePrefix":"/aws/lambda/$prefix","limit":50}"#),
    call("dynamodb", "DescribeTable", 150, r#"{"tableName":"$prefix-events"}"#).on(r#"{"accountId":"$account","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:$region:$account:table/$prefix-events"}"#),
    call("ecr", "BatchGetImage", 140, r#"{"repositoryName":"$prefix/api","imageIds":[{"imageTag":"main-$num"}],"acceptedMediaTypes":["application/vnd.docker.distribution.manifest.v2+json","application/vnd.oci.image.manifest.v1+json"]}"#),
    call("ecs", "DescribeTasks", 150, r#"{"cluster":"arn:aws:ecs:$region:$account:cluster/main","tasks":["arn:aws:ecs:$region:$account:task/main/$hex32"],"include":["TAGS"]}"#),
    call("ecs", "RunTask", 20, r#"{"cluster":"main","taskDefinition":"$prefix-worker:41","launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-$subnet"],"securityGroups":["sg-$sg"],"assignPublicIp":"DISABLED"}},"overrides":{"containerOverrides":[{"name":"worker","environment":"HIDDEN_DUE_TO_SECURITY_REASONS"}]},"count":1}"#).answers(r#"{"tasks":[{"taskArn":"arn:aws:ecs:$region:$account:task/main/$hex32","clusterArn":"arn:aws:ecs:$region:$account:cluster/main","lastStatus":"PROVISIONING","desiredStatus":"RUNNING","cpu":"1024","memory":"2048","containers":[{"name":"worker","lastStatus":"PENDING","networkInterfaces":[]}],"version":1,"createdAt":"$time"}],"failures":[]}"#),
    call("rds", "DescribeDBInstances", 100, r#"{"dBInstanceIdentifier":"$prefix-prod"}"#).fails("DBInstanceNotFound", "DBInstance $prefix-prod not found."),
    call("monitoring", "DescribeAlarms", 120, r#"{"alarmNamePrefix":"$prefix-","maxRecords":100}"#),
    call("cloudformation", "DescribeStacks", 150, r#"{"stackName":"arn:aws:cloudformation:$region:$account:stack/$prefix-prod/$stack"}"#).fails("ValidationException", "Stack with id $prefix-prod does not exist"),
    call("config", "DescribeConfigRules", 80, r#"{"configRuleNames":["required-tags","s3-bucket-ssl-requests-only"]}"#),
    call("cloudtrail", "GetTrailStatus", 50, r#"{"name":"arn:aws:cloudtrail:us-east-1:$account:trail/organization"}"#),
    call("cloudtrail", "LookupEvents", 10, r#"{"maxResults":50,"lookupAttributes":[{"attributeKey":"EventName","attributeValue":"DeleteTrail"}]}"#),
    call("ec2", "CreateNetworkInterface", 55, r#"{"subnetId":"subnet-$subnet","description":"AWS Lambda VPC ENI-$function","groupSet":{"items":[{"groupId":"sg-$sg"}]},"privateIpAddressesSet":{},"clientToken":"$clienttoken"}"#).answers(ENI).by(BY_LAMBDA),
    call("ec2", "CreateTags", 60, r#"{"resourcesSet":{"items":[{"resourceId":"i-$instance"},{"resourceId":"vol-$vol"}]},"tagSet":{"items":[$tags]}}"#).answers(DONE),
    call("ec2", "RunInstances", 130, RUN).answers(RAN).fails("Client.InsufficientInstanceCapacity", "We currently do not have sufficient m7g.xlarge capacity in the Availability Zone you requested ($az)."),
    call("ec2", "TerminateInstances", 30, r#"{"instancesSet":{"items":[{"instanceId":"i-$instance"}]}}"#).answers(r#"{"requestId":"$uuid","instancesSet":{"items":[{"instanceId":"i-$instance","currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}}"#),
    call("ec2", "AuthorizeSecurityGroupIngress", 5, r#"{"groupId":"sg-$sg","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":443,"toPort":443,"groups":{},"ipRanges":{"items":[{"cidrIp":"203.0.113.0/24","description":"büro \u0026 vpn"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}"#).answers(DONE),
    call("sts", "AssumeRole", 560, r#"{"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"$function","durationSeconds":3600}"#).answers(CREDENTIALS).on(ROLE).by(BY_LAMBDA),
    call("sts", "AssumeRole", 170, r#"{"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"i-$instance"}"#).answers(CREDENTIALS).on(ROLE).by(BY_EC2),
    call("sts", "AssumeRole", 110, r#"{"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"session","durationSeconds":900,"tags":[$tags],"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":\"arn:aws:s3:::$bucket/*\"}]}"}"#).answers(CREDENTIALS).on(ROLE),
    call("sts", "AssumeRole", 20, r#"{"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"session","externalId":"$uuid"}"#).answers(CREDENTIALS).on(ROLE).by(Who::Foreign),
    call("sts", "AssumeRoleWithWebIdentity", 120, r#"{"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"session","durationSeconds":3600}"#).answers(CREDENTIALS).on(ROLE).by(Who::WebIdentity),
    call("sts", "AssumeRoleWithSAML", 15, r#"{"sAMLAssertionID":"_$uuid","roleSessionName":"$user@example.com","durationSeconds":3600,"roleArn":"arn:aws:iam::$account:role/$role","principalArn":"arn:aws:iam::$account:saml-provider/corp"}"#).answers(CREDENTIALS).on(ROLE).by(Who::Saml),
    call("sts", "GetCallerIdentity", 120, "null"),
    iam("GetRole", 120, r#"{"roleName":"$role"}"#),
    iam("ListAttachedRolePolicies", 80, r#"{"roleName":"$role","maxItems":100}"#),
    iam("GetPolicyVersion", 40, r#"{"policyArn":"arn:aws:iam::$account:policy/$prefix-prod","versionId":"v3"}"#),
    iam("CreateRole", 6, r#"{"roleName":"$role","path":"/","description":"\u003cgenerated\u003e for \"$prefix\"","assumeRolePolicyDocument":"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Principal\": {\"Service\": \"lambda.amazonaws.com\"},\n      \"Action\": \"sts:AssumeRole\"\n    }\n  ]\n}","tags":[$tags]}"#).answers(r#"{"role":{"path":"/","roleName":"$role","roleId":"AROA$key16","arn":"arn:aws:iam::$account:role/$role","createDate":"$expiry","assumeRolePolicyDocument":"%7B%0A%20%20%22Version%22%3A%20%222012-10-17%22%2C%0A%20%20%22Statement%22%3A%20%5B%5D%0A%7D"}}"#),
    iam("PutRolePolicy", 8, r#"{"roleName":"$role","policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Own\",\"Effect\":\"Allow\",\"Action\":[\"s3:*\",\"dynamodb:Query\"],\"Resource\":[\"arn:aws:s3:::$bucket\",\"arn:aws:s3:::$bucket/*\"],\"Condition\":{\"StringLike\":{\"s3:prefix\":[\"home/*\"]}}}]}"}"#),
    iam("AttachRolePolicy", 8, r#"{"roleName":"$role","policyArn":"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}"#),
    iam("CreateUser", 2, r#"{"userName":"$user","tags":[$tags]}"#).answers(r#"{"user":{"path":"/","userName":"$user","userId":"AIDA$key16","arn":"arn:aws:iam::$account:user/$user","createDate":"$expiry"}}"#),
    iam("CreateAccessKey", 3, r#"{"userName":"$user"}"#).answers(r#"{"accessKey":{"userName":"$user","accessKeyId":"AKIA$key16","status":"Active","createDate":"$expiry"}}"#),
    call("signin", "ConsoleLogin", 14, "null").answers(r#"{"ConsoleLogin":"Success"}"#).by(Who::SignIn).global(),
    call("signin", "UserAuthentication", 8, "null").answers(r#"{"UserAuthentication":"Success"}"#).by(Who::Unknown).global(),
    call("sso", "GetRoleCredentials", 25, r#"{"role_name":"$role","account_id":"$account"}"#).by(Who::IdentityCenter),
    call("kms", "RotateKey", 4, "null").on(KMS).by(Who::Report("kms.amazonaws.com")),
    call("secretsmanager", "RotationSucceeded", 10, "null").by(Who::Report("secretsmanager.amazonaws.com")),
    object("DeleteObject", 66, GET).answers(r#"{"x-amz-delete-marker":"true","x-amz-version-id":"$hex32"}"#),
    call("ec2", "DeleteNetworkInterface", 54, r#"{"networkInterfaceId":"eni-$eni"}"#).answers(DONE).by(BY_LAMBDA),
    call("ec2", "DeleteSnapshot", 14, r#"{"snapshotId":"snap-$snapshot","force":false}"#).answers(DONE).fails("Client.InvalidSnapshot.InUse", "The snapshot snap-$snapshot is currently in use by ami-$ami"),
    call("ec2", "DeleteVolume", 10, r#"{"volumeId":"vol-$vol"}"#).answers(DONE),
    call("ec2", "DeleteSecurityGroup", 4, r#"{"groupId":"sg-$sg"}"#).answers(DONE).fails("Client.DependencyViolation", "resource sg-$sg has a dependent object"),
    call("ec2", "DeleteTags", 4, r#"{"resourcesSet":{"items":[{"resourceId":"i-$instance"}]},"tagSet":{"items":[{"key":"note"}]}}"#).answers(DONE),
    call("logs", "DeleteLogStream", 8, r#"{"logGroupName":"/aws/lambda/$function","logStreamName":"2026/02/14/[$LATEST]$hex32"}"#),
    call("ssm", "DeleteParameter", 5, r#"{"name":"/$prefix/preview/$num"}"#),
    call("monitoring", "DeleteAlarms", 4, r#"{"alarmNames":["$prefix-5xx","$prefix-latency"]}"#),
    call("cloudformation", "DeleteStack", 3, r#"{"stackName":"$prefix-preview-$num","clientRequestToken":"$clienttoken"}"#),
    iam("DeleteRole", 3, r#"{"roleName":"$role"}"#),
    iam("DeleteAccessKey", 2, r#"{"userName":"$user","accessKeyId":"AKIA$key16"}"#),
    s3("DeleteBucket", 2, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#).fails("BucketNotEmpty", "The bucket you tried to delete is not empty"),
];

const DONE: &str = r#"{"requestId":"$uuid","_return":true}"#;
const ENI: &str = r#"{"requestId":"$uuid","networkInterface":{"networkInterfaceId":"eni-$eni","subnetId":"subnet-$subnet","vpcId":"vpc-$vpc","availabilityZone":"$az","description":"AWS Lambda VPC ENI-$function","ownerId":"$account","requesterManaged":false,"status":"pending","macAddress":"02:00:5e:00:53:01","privateIpAddress":"$privateip","sourceDestCheck":true,"interfaceType":"lambda","groupSet":{"items":[{"groupId":"sg-$sg","groupName":"lambda"}]},"tagSet":{},"privateIpAddressesSet":{"item":[{"privateIpAddress":"$privateip","primary":true}]},"ipv6AddressesSet":{}}}"#;

/// What an instance is started with.
pub(crate) const RUN: &str = r#"{"instancesSet":{"items":[{"imageId":"ami-$ami","minCount":1,"maxCount":1,"keyName":"ops"}]},"groupSet":{"items":[{"groupId":"sg-$sg"}]},"userData":"\u003csensitiveDataRemoved\u003e","instanceType":"m7g.xlarge","blockDeviceMapping":{"items":[{"deviceName":"/dev/xvda","ebs":{"volumeSize":80,"deleteOnTermination":true,"volumeType":"gp3","iops":3000,"encrypted":true,"throughput":125}}]},"availabilityZone":"$az","tenancy":"default","monitoring":{"enabled":true},"subnetId":"subnet-$subnet","disableApiTermination":false,"disableApiStop":false,"clientToken":"$clienttoken","iamInstanceProfile":{"name":"$prefix-node-instance-prod"},"ebsOptimized":true,"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[$tags]},{"resourceType":"volume","tags":[$tags]}]},"launchTemplate":{"launchTemplateId":"lt-$identity","version":"12"},"metadataOptions":{"httpTokens":"required","httpPutResponseHopLimit":2}}"#;
/// What comes back for a started instance.
pub(crate) const RAN: &str = r#"{"requestId":"$uuid","reservationId":"r-$hex17","ownerId":"$account","groupSet":{},"instancesSet":{"items":[{"instanceId":"i-$hex17","imageId":"ami-$ami","bootMode":"uefi","currentInstanceBootMode":"uefi","instanceState":{"code":0,"name":"pending"},"privateDnsName":"ip-$privatehost.ec2.internal","keyName":"ops","amiLaunchIndex":0,"productCodes":{},"instanceType":"m7g.xlarge","launchTime":$ms,"placement":{"availabilityZone":"$az","tenancy":"default"},"monitoring":{"state":"pending"},"subnetId":"subnet-$subnet","vpcId":"vpc-$vpc","privateIpAddress":"$privateip","stateReason":{"code":"pending","message":"pending"},"architecture":"arm64","rootDeviceType":"ebs","rootDeviceName":"/dev/xvda","blockDeviceMapping":{},"virtualizationType":"hvm","hypervisor":"xen","tagSet":{"items":[$tags]},"clientToken":"$clienttoken","groupSet":{"items":[{"groupId":"sg-$sg","groupName":"nodes"}]},"sourceDestCheck":true,"networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-$eni","subnetId":"subnet-$subnet","vpcId":"vpc-$vpc","ownerId":"$account","status":"in-use","macAddress":"02:00:5e:00:53:02","privateIpAddress":"$privateip","privateDnsName":"ip-$privatehost.ec2.internal","sourceDestCheck":true,"interfaceType":"interface","groupSet":{"items":[{"groupId":"sg-$sg","groupName":"nodes"}]},"attachment":{"attachmentId":"eni-attach-$hex17","deviceIndex":0,"networkCardIndex":0,"status":"attaching","attachTime":$ms,"deleteOnTermination":true},"privateIpAddressesSet":{"item":[{"privateIpAddress":"$privateip","privateDnsName":"ip-$privatehost.ec2.internal","primary":true}]},"ipv6AddressesSet":{},"tagSet":{}}]},"iamInstanceProfile":{"arn":"arn:aws:iam::$account:instance-profile/$prefix-node-instance-prod","id":"AIPA$key16"},"ebsOptimized":true,"enaSupport":true,"cpuOptions":{"coreCount":4,"threadsPerCore":1},"capacityReservationSpecification":{"capacityReservationPreference":"open"},"enclaveOptions":{"enabled":false},"metadataOptions":{"state":"pending","httpTokens":"required","httpPutResponseHopLimit":2,"httpEndpoint":"enabled","httpProtocolIpv4":"enabled","httpProtocolIpv6":"disabled","instanceMetadataTags":"disabled"},"maintenanceOptions":{"autoRecovery":"default"},"privateDnsNameOptions":{"hostnameType":"ip-name","enableResourceNameDnsARecord":false,"enableResourceNameDnsAAAARecord":false}}]},"requesterId":"$account"}"#;

/// What a call of any kind can fail with: the service that it is of (or `*`), code and message.
pub(crate) const ERRORS: &[(&str, &str, &str)] = &[
    (
        "ec2",
        "Client.UnauthorizedOperation",
        "You are not authorized to perform this operation. User: $caller is not authorized to perform: $action because no identity-based policy allows the $action action",
    ),
    ("ec2", "Client.RequestLimitExceeded", "Request limit exceeded."),
    (
        "s3",
        "AccessDenied",
        "User: $caller is not authorized to perform: $action on resource: \\\"arn:aws:s3:::$bucket\\\" because no identity-based policy allows the $action action",
    ),
    (
        "*",
        "AccessDenied",
        "User: $caller is not authorized to perform: $action on resource: * with an explicit deny in a service control policy",
    ),
    ("*", "ThrottlingException", "Rate exceeded"),
];
