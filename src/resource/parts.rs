//! Which resources cannot outlive which others: rules of a security group, inline policies of a role,
//! listeners of a load balancer.
//!
//! A row holds a type, the type that it is a part of, where its events name that (members of its state; `/` for the
//! front of its own id up to the last slash, `//` up to the first), and what AWS does about the part when the other is
//! deleted. What decides is the API reference of the call that deletes the other, but where a row names another
//! source. Not every row was held against it: where the two differ, the row is wrong.

use super::identity::Resource;
use super::types::to_kebab_case;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What becomes of a part when what it belongs to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartFate {
    /// It is deleted with it.
    With,
    /// The deletion fails while the part is there: its own deletion came before.
    Before,
    /// The one or the other: it is gone at the latest then.
    Latest,
    /// It stays, and what ties it to the other is gone then (`ties`).
    Tied,
    /// As before, and the other is tied to one such resource at a time.
    TiedAlone,
}

/// One type that is part of another.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourcePart {
    /// The type of the part.
    pub kind: &'static str,
    /// The type that it cannot outlive.
    pub of: &'static str,
    /// The members of its state that name the other; `/` for the front of its own id, up to the last slash,
    /// `//` for that up to the first.
    pub at: &'static [&'static str],
    /// What becomes of it.
    pub fate: PartFate,
}

const fn deleted_with(kind: &'static str, of: &'static str, at: &'static [&'static str]) -> ResourcePart {
    ResourcePart { kind, of, at, fate: PartFate::With }
}

const fn deleted_before(kind: &'static str, of: &'static str, at: &'static [&'static str]) -> ResourcePart {
    ResourcePart { kind, of, at, fate: PartFate::Before }
}

const fn gone_by(kind: &'static str, of: &'static str, at: &'static [&'static str]) -> ResourcePart {
    ResourcePart { kind, of, at, fate: PartFate::Latest }
}

#[rustfmt::skip]
const PARTS: &[ResourcePart] = &[
    // IAM: a deletion fails with DeleteConflict while anything hangs on the user, role or group.
    deleted_before("AWS::IAM::RolePolicy", "AWS::IAM::Role", &["/"]),
    deleted_before("AWS::IAM::UserPolicy", "AWS::IAM::User", &["/"]),
    deleted_before("AWS::IAM::GroupPolicy", "AWS::IAM::Group", &["/"]),
    deleted_before("AWS::IAM::AccessKey", "AWS::IAM::User", &["userName"]),
    deleted_before("AWS::IAM::SSHPublicKey", "AWS::IAM::User", &["userName"]),
    deleted_before("AWS::IAM::ServiceSpecificCredential", "AWS::IAM::User", &["userName"]),
    deleted_before("AWS::IAM::SigningCertificate", "AWS::IAM::User", &["userName"]),
    deleted_before("AWS::IAM::LoginProfile", "AWS::IAM::User", &["userName"]),

    // EC2. Terminating an instance ends its attachments and associations (EC2 user guide, "Terminate").
    deleted_with("AWS::EC2::SecurityGroupRule", "AWS::EC2::SecurityGroup", &["groupId"]),
    deleted_with("AWS::EC2::NetworkInterfaceAttachment", "AWS::EC2::Instance", &["instanceId"]),
    deleted_before("AWS::EC2::NetworkInterfaceAttachment", "AWS::EC2::NetworkInterface", &["networkInterfaceId"]),
    deleted_with("AWS::EC2::EIPAssociation", "AWS::EC2::Instance", &["instanceId"]),
    deleted_with("AWS::EC2::EIPAssociation", "AWS::EC2::NetworkInterface", &["networkInterfaceId"]),
    deleted_before("AWS::EC2::EIPAssociation", "AWS::EC2::EIP", &["allocationId"]),
    deleted_with("AWS::EC2::IamInstanceProfileAssociation", "AWS::EC2::Instance", &["instanceId"]),
    deleted_with("AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::Subnet", &["subnetId"]),
    // DeleteRouteTable fails while a subnet is associated.
    deleted_before("AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::RouteTable", &["routeTableId"]),
    deleted_with("AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::Subnet", &["subnetId"]),
    deleted_before("AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::NetworkAcl", &["networkAclId"]),
    // DeleteVpc and DeleteSubnet fail with DependencyViolation; the VPC's own group, list and table go with it.
    deleted_before("AWS::EC2::Subnet", "AWS::EC2::VPC", &["vpcId"]),
    gone_by("AWS::EC2::SecurityGroup", "AWS::EC2::VPC", &["vpcId"]),
    gone_by("AWS::EC2::RouteTable", "AWS::EC2::VPC", &["vpcId"]),
    gone_by("AWS::EC2::NetworkAcl", "AWS::EC2::VPC", &["vpcId"]),
    deleted_before("AWS::EC2::VPCEndpoint", "AWS::EC2::VPC", &["vpcId"]),
    deleted_before("AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::VPC", &["vpcId"]),
    deleted_before("AWS::EC2::NatGateway", "AWS::EC2::Subnet", &["subnetId"]),
    deleted_before("AWS::EC2::Instance", "AWS::EC2::Subnet", &["subnetId"]),
    deleted_before("AWS::EC2::NetworkInterface", "AWS::EC2::Subnet", &["subnetId"]),
    deleted_before("AWS::EC2::InstanceConnectEndpoint", "AWS::EC2::Subnet", &["subnetId"]),
    deleted_before("AWS::EC2::CarrierGateway", "AWS::EC2::VPC", &["vpcId"]),
    // DeleteCustomerGateway fails while there is a VPN connection to it.
    deleted_before("AWS::EC2::VPNConnection", "AWS::EC2::CustomerGateway", &["customerGatewayId"]),
    // A target or filter cannot be deleted while a session uses it, nor a path while it has analyses.
    deleted_before("AWS::EC2::TrafficMirrorSession", "AWS::EC2::TrafficMirrorTarget", &["trafficMirrorTargetId"]),
    deleted_before("AWS::EC2::TrafficMirrorSession", "AWS::EC2::TrafficMirrorFilter", &["trafficMirrorFilterId"]),
    deleted_before("AWS::EC2::NetworkInsightsAnalysis", "AWS::EC2::NetworkInsightsPath", &["networkInsightsPathId"]),
    deleted_before("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGateway", &["transitGatewayId"]),
    deleted_before("AWS::EC2::TransitGatewayRouteTable", "AWS::EC2::TransitGateway", &["transitGatewayId"]),
    deleted_before("AWS::EC2::IPAMPool", "AWS::EC2::IPAMScope", &["ipamScopeId"]),
    gone_by("AWS::EC2::IPAMScope", "AWS::EC2::IPAM", &["ipamId"]),

    // DeleteHostedZone fails with HostedZoneNotEmpty while there are records but those of the zone itself
    // (`ResourcePart::fate_of`), also while there are keys; what a policy instance makes is records.
    deleted_before("AWS::Route53::RecordSet", "AWS::Route53::HostedZone", &["//"]),
    deleted_before("AWS::Route53::KeySigningKey", "AWS::Route53::HostedZone", &["hostedZoneId", "/"]),
    deleted_before("AWS::Route53::TrafficPolicyInstance", "AWS::Route53::HostedZone", &["hostedZoneId"]),
    gone_by("AWS::Route53::QueryLoggingConfig", "AWS::Route53::HostedZone", &["hostedZoneId"]),
    // DeleteFirewallRuleGroup fails while the group is associated with a VPC.
    deleted_before("AWS::Route53Resolver::FirewallRuleGroupAssociation", "AWS::Route53Resolver::FirewallRuleGroup", &["firewallRuleGroupId"]),

    // DeleteLoadBalancer takes the listeners with it, and those their rules; target groups stay.
    deleted_with("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::LoadBalancer", &["loadBalancerArn"]),
    deleted_with("AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::ElasticLoadBalancingV2::Listener", &["listenerArn"]),

    // DeleteAutoScalingGroup deletes policies, alarm actions and scheduled actions.
    deleted_with("AWS::AutoScaling::ScalingPolicy", "AWS::AutoScaling::AutoScalingGroup", &["autoScalingGroupName"]),
    deleted_with("AWS::AutoScaling::ScheduledAction", "AWS::AutoScaling::AutoScalingGroup", &["autoScalingGroupName"]),
    // DeregisterScalableTarget deletes the scaling policies and scheduled actions of the target.
    deleted_with("AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::ApplicationAutoScaling::ScalableTarget", &["resourceId"]),
    deleted_with("AWS::ApplicationAutoScaling::ScheduledAction", "AWS::ApplicationAutoScaling::ScalableTarget", &["resourceId"]),

    // Aliases go with the function; event source mappings stay until DeleteEventSourceMapping.
    deleted_with("AWS::Lambda::Version", "AWS::Lambda::Function", &["functionName"]),
    deleted_with("AWS::Lambda::Alias", "AWS::Lambda::Function", &["functionName", "/"]),

    // DeleteCluster fails with ClusterContainsServicesException and the like.
    deleted_before("AWS::ECS::Service", "AWS::ECS::Cluster", &["/", "cluster"]),
    deleted_before("AWS::ECS::Task", "AWS::ECS::Cluster", &["/", "cluster"]),
    deleted_before("AWS::ECS::ContainerInstance", "AWS::ECS::Cluster", &["/", "cluster"]),
    gone_by("AWS::ECS::TaskSet", "AWS::ECS::Service", &["/"]),
    // DeleteCluster of EKS fails while there are node groups or Fargate profiles.
    deleted_before("AWS::EKS::Nodegroup", "AWS::EKS::Cluster", &["/", "clusterName"]),
    deleted_before("AWS::EKS::FargateProfile", "AWS::EKS::Cluster", &["/", "clusterName"]),
    deleted_with("AWS::EKS::Addon", "AWS::EKS::Cluster", &["/", "clusterName"]),
    deleted_with("AWS::EKS::AccessEntry", "AWS::EKS::Cluster", &["/", "clusterName"]),
    deleted_with("AWS::EKS::IdentityProviderConfig", "AWS::EKS::Cluster", &["/", "clusterName"]),
    deleted_with("AWS::EKS::PodIdentityAssociation", "AWS::EKS::Cluster", &["/", "clusterName"]),
    // DeleteRepository fails unless it is empty or forced, and then deletes the images.
    gone_by("AWS::ECR::Image", "AWS::ECR::Repository", &["/", "repositoryName"]),

    // DeleteLogGroup: "permanently deletes all the archived log events associated with the log group".
    // Names of streams may hold slashes: only what the call says of the group counts.
    deleted_with("AWS::Logs::LogStream", "AWS::Logs::LogGroup", &["logGroupName"]),
    deleted_with("AWS::Logs::MetricFilter", "AWS::Logs::LogGroup", &["logGroupName", "/"]),
    deleted_with("AWS::Logs::SubscriptionFilter", "AWS::Logs::LogGroup", &["logGroupName", "/"]),

    // DeleteDeliverySource and DeleteDeliveryDestination fail while there is a delivery.
    deleted_before("AWS::Logs::Delivery", "AWS::Logs::DeliverySource", &["deliverySourceName"]),
    deleted_before("AWS::Logs::Delivery", "AWS::Logs::DeliveryDestination", &["deliveryDestinationArn"]),

    // DeleteBucket fails with BucketNotEmpty or BucketHasAccessPointsAttached; a vault must hold no archives.
    deleted_before("AWS::S3::Object", "AWS::S3::Bucket", &["//"]),
    deleted_before("AWS::S3::AccessPoint", "AWS::S3::Bucket", &["bucket"]),
    deleted_before("AWS::Glacier::Archive", "AWS::Glacier::Vault", &["vaultName"]),

    // DeleteTopic takes the subscriptions with it.
    deleted_with("AWS::SNS::Subscription", "AWS::SNS::Topic", &["topicArn"]),
    // DeleteEventBus fails while there are rules.
    deleted_before("AWS::Events::Rule", "AWS::Events::EventBus", &["eventBusName"]),
    deleted_with("AWS::Scheduler::Schedule", "AWS::Scheduler::ScheduleGroup", &["groupName"]),
    deleted_with("AWS::EventSchemas::Schema", "AWS::EventSchemas::Registry", &["registryName", "/"]),
    deleted_with("AWS::StepFunctions::StateMachineVersion", "AWS::StepFunctions::StateMachine", &["stateMachineArn"]),
    deleted_with("AWS::StepFunctions::StateMachineAlias", "AWS::StepFunctions::StateMachine", &["stateMachineArn"]),
    gone_by("AWS::Kinesis::StreamConsumer", "AWS::Kinesis::Stream", &["streamARN", "streamArn"]),

    // The aliases of a key go when its waiting period ends (ScheduleKeyDeletion).
    deleted_with("AWS::KMS::Alias", "AWS::KMS::Key", &["targetKeyId"]),

    // DeleteDBCluster fails while the cluster has instances.
    deleted_before("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", &["dBClusterIdentifier"]),
    deleted_with("AWS::RDS::DBClusterEndpoint", "AWS::RDS::DBCluster", &["dBClusterIdentifier"]),
    gone_by("AWS::RDS::DBShardGroup", "AWS::RDS::DBCluster", &["dBClusterIdentifier"]),
    gone_by("AWS::RDS::DBProxyEndpoint", "AWS::RDS::DBProxy", &["dBProxyName"]),
    deleted_with("AWS::RDS::TenantDatabase", "AWS::RDS::DBInstance", &["dBInstanceIdentifier"]),
    gone_by("AWS::Redshift::EndpointAccess", "AWS::Redshift::Cluster", &["clusterIdentifier"]),
    deleted_before("AWS::RedshiftServerless::Workgroup", "AWS::RedshiftServerless::Namespace", &["namespaceName"]),

    // DeleteReplicationInstance fails while it has tasks.
    deleted_before("AWS::DMS::ReplicationTask", "AWS::DMS::ReplicationInstance", &["replicationInstanceArn"]),

    // DeleteDatabase of Glue deletes the tables; those of the others have to be empty.
    deleted_with("AWS::Glue::Table", "AWS::Glue::Database", &["databaseName", "/"]),
    deleted_before("AWS::Timestream::Table", "AWS::Timestream::Database", &["databaseName", "/"]),
    gone_by("AWS::Cassandra::Table", "AWS::Cassandra::Keyspace", &["keyspaceName", "/"]),
    deleted_before("AWS::S3Tables::Table", "AWS::S3Tables::TableBucket", &["tableBucketARN", "/"]),
    gone_by("AWS::Athena::NamedQuery", "AWS::Athena::WorkGroup", &["workGroup"]),
    gone_by("AWS::Athena::Notebook", "AWS::Athena::WorkGroup", &["workGroup"]),
    gone_by("AWS::Athena::PreparedStatement", "AWS::Athena::WorkGroup", &["workGroup", "/"]),

    // DeleteFileSystem fails while there are mount targets; DeleteBackupVault while there are recovery points.
    deleted_before("AWS::EFS::MountTarget", "AWS::EFS::FileSystem", &["fileSystemId"]),
    gone_by("AWS::EFS::AccessPoint", "AWS::EFS::FileSystem", &["fileSystemId"]),
    gone_by("AWS::FSx::Volume", "AWS::FSx::FileSystem", &["fileSystemId"]),
    gone_by("AWS::FSx::Snapshot", "AWS::FSx::Volume", &["volumeId"]),
    gone_by("AWS::FSx::DataRepositoryAssociation", "AWS::FSx::FileSystem", &["fileSystemId"]),
    deleted_before("AWS::FSx::StorageVirtualMachine", "AWS::FSx::FileSystem", &["fileSystemId"]),
    deleted_before("AWS::Backup::RecoveryPoint", "AWS::Backup::BackupVault", &["backupVaultName"]),
    deleted_before("AWS::Backup::BackupSelection", "AWS::Backup::BackupPlan", &["backupPlanId", "/"]),

    // Deleting an API deletes what it is made of.
    deleted_with("AWS::ApiGateway::Stage", "AWS::ApiGateway::RestApi", &["/", "restApiId"]),
    deleted_with("AWS::ApiGateway::Deployment", "AWS::ApiGateway::RestApi", &["/", "restApiId"]),
    deleted_with("AWS::ApiGateway::Authorizer", "AWS::ApiGateway::RestApi", &["/", "restApiId"]),
    deleted_with("AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Api", &["/", "apiId"]),
    deleted_with("AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Api", &["/", "apiId"]),
    deleted_with("AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Api", &["/", "apiId"]),
    deleted_with("AWS::AppSync::DataSource", "AWS::AppSync::GraphQLApi", &["apiId", "/"]),
    deleted_with("AWS::AppSync::FunctionConfiguration", "AWS::AppSync::GraphQLApi", &["apiId", "/"]),
    deleted_with("AWS::AppSync::Resolver", "AWS::AppSync::GraphQLApi", &["apiId"]),
    deleted_with("AWS::AppSync::ApiKey", "AWS::AppSync::GraphQLApi", &["apiId", "/"]),
    deleted_with("AWS::Amplify::Branch", "AWS::Amplify::App", &["appId", "/"]),
    deleted_with("AWS::Amplify::Domain", "AWS::Amplify::App", &["appId", "/"]),
    deleted_with("AWS::Amplify::Webhook", "AWS::Amplify::App", &["appId"]),

    // Users, groups, clients and providers are inside the pool.
    deleted_with("AWS::Cognito::UserPoolUser", "AWS::Cognito::UserPool", &["userPoolId", "/"]),
    deleted_with("AWS::Cognito::UserPoolGroup", "AWS::Cognito::UserPool", &["userPoolId", "/"]),
    deleted_with("AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPool", &["userPoolId", "/"]),
    deleted_with("AWS::Cognito::UserPoolIdentityProvider", "AWS::Cognito::UserPool", &["userPoolId", "/"]),
    deleted_with("AWS::Cognito::UserPoolResourceServer", "AWS::Cognito::UserPool", &["userPoolId", "/"]),
    deleted_with("AWS::IdentityStore::GroupMembership", "AWS::IdentityStore::Group", &["groupId"]),
    gone_by("AWS::IdentityStore::GroupMembership", "AWS::IdentityStore::User", &["userId"]),
    // DeleteDirectory takes the snapshots with it.
    deleted_with("AWS::DirectoryService::Snapshot", "AWS::DirectoryService::Directory", &["directoryId"]),
    gone_by("AWS::DirectoryService::Trust", "AWS::DirectoryService::Directory", &["directoryId"]),
    // What is configured in a contact center is inside its instance.
    deleted_with("AWS::Connect::User", "AWS::Connect::Instance", &["instanceId"]),
    deleted_with("AWS::Connect::Queue", "AWS::Connect::Instance", &["instanceId"]),
    deleted_with("AWS::Connect::ContactFlow", "AWS::Connect::Instance", &["instanceId"]),
    deleted_with("AWS::Connect::SecurityProfile", "AWS::Connect::Instance", &["instanceId"]),
    deleted_with("AWS::AccessAnalyzer::ArchiveRule", "AWS::AccessAnalyzer::Analyzer", &["analyzerName", "/"]),
    deleted_with("AWS::GuardDuty::Filter", "AWS::GuardDuty::Detector", &["detectorId", "/"]),
    deleted_with("AWS::GuardDuty::IPSet", "AWS::GuardDuty::Detector", &["detectorId", "/"]),
    deleted_with("AWS::GuardDuty::ThreatIntelSet", "AWS::GuardDuty::Detector", &["detectorId", "/"]),
    deleted_with("AWS::GuardDuty::PublishingDestination", "AWS::GuardDuty::Detector", &["detectorId", "/"]),
    deleted_with("AWS::Transfer::User", "AWS::Transfer::Server", &["serverId", "/"]),
    deleted_with("AWS::Config::RemediationConfiguration", "AWS::Config::ConfigRule", &["configRuleName"]),

    // Deleting a stack deletes its change sets; an application of CodeDeploy its deployment groups.
    deleted_with("AWS::CloudFormation::ChangeSet", "AWS::CloudFormation::Stack", &["stackName"]),
    deleted_with("AWS::CodeDeploy::DeploymentGroup", "AWS::CodeDeploy::Application", &["applicationName", "/"]),
    // DeleteApplication takes versions and templates with it.
    deleted_with("AWS::ElasticBeanstalk::ApplicationVersion", "AWS::ElasticBeanstalk::Application", &["applicationName", "/"]),
    deleted_with("AWS::ElasticBeanstalk::ConfigurationTemplate", "AWS::ElasticBeanstalk::Application", &["applicationName", "/"]),
    gone_by("AWS::ElasticBeanstalk::Environment", "AWS::ElasticBeanstalk::Application", &["applicationName"]),
    deleted_before("AWS::AppConfig::Environment", "AWS::AppConfig::Application", &["applicationId", "/"]),
    deleted_before("AWS::AppConfig::ConfigurationProfile", "AWS::AppConfig::Application", &["applicationId", "/"]),
    deleted_before("AWS::CodeArtifact::Repository", "AWS::CodeArtifact::Domain", &["/", "domain"]),
    deleted_before("AWS::ServiceDiscovery::Service", "AWS::ServiceDiscovery::Namespace", &["namespaceId"]),
    deleted_before("AWS::GlobalAccelerator::Listener", "AWS::GlobalAccelerator::Accelerator", &["acceleratorArn"]),
    deleted_before("AWS::GlobalAccelerator::EndpointGroup", "AWS::GlobalAccelerator::Listener", &["listenerArn"]),
    deleted_before("AWS::AppMesh::VirtualNode", "AWS::AppMesh::Mesh", &["meshName", "/"]),
    deleted_before("AWS::AppMesh::VirtualRouter", "AWS::AppMesh::Mesh", &["meshName", "/"]),
    deleted_before("AWS::AppMesh::VirtualService", "AWS::AppMesh::Mesh", &["meshName", "/"]),
    deleted_before("AWS::AppMesh::VirtualGateway", "AWS::AppMesh::Mesh", &["meshName", "/"]),
    deleted_before("AWS::AppMesh::Route", "AWS::AppMesh::Mesh", &["meshName"]),
    // DeletePortfolio fails while it has constraints.
    deleted_before("AWS::ServiceCatalog::Constraint", "AWS::ServiceCatalog::Portfolio", &["portfolioId"]),
    deleted_before("AWS::VpcLattice::ServiceNetworkVpcAssociation", "AWS::VpcLattice::ServiceNetwork", &["serviceNetworkIdentifier"]),
    gone_by("AWS::SageMaker::App", "AWS::SageMaker::Domain", &["domainId", "/"]),
    deleted_before("AWS::SageMaker::UserProfile", "AWS::SageMaker::Domain", &["domainId", "/"]),
    deleted_before("AWS::SageMaker::ModelPackage", "AWS::SageMaker::ModelPackageGroup", &["modelPackageGroupName"]),
    deleted_with("AWS::SES::ReceiptRule", "AWS::SES::ReceiptRuleSet", &["ruleSetName", "/"]),
    deleted_with("AWS::Bedrock::AgentAlias", "AWS::Bedrock::Agent", &["agentId", "/"]),
    gone_by("AWS::Bedrock::DataSource", "AWS::Bedrock::KnowledgeBase", &["knowledgeBaseId", "/"]),
    deleted_before("AWS::CloudHSMV2::Hsm", "AWS::CloudHSMV2::Cluster", &["clusterId", "/"]),
    deleted_before("AWS::SSO::Assignment", "AWS::SSO::PermissionSet", &["permissionSetArn"]),
];

type PartIndex = HashMap<&'static str, Vec<&'static ResourcePart>>;

/// By the part, and by what it is a part of.
static INDEX: LazyLock<(PartIndex, PartIndex)> = LazyLock::new(|| {
    let (mut of, mut within) = (PartIndex::new(), PartIndex::new());
    for part in PARTS {
        of.entry(part.kind).or_default().push(part);
        within.entry(part.of).or_default().push(part);
    }
    (of, within)
});

/// Returns what a type is a part of.
pub fn parts_of(kind: &str) -> impl Iterator<Item = &'static ResourcePart> {
    INDEX.0.get(kind).into_iter().flatten().copied()
}

/// Returns the types that are parts of a type.
pub fn parts_in(kind: &str) -> impl Iterator<Item = &'static ResourcePart> {
    INDEX.1.get(kind).into_iter().flatten().copied()
}

impl ResourcePart {
    /// Returns the other, by the front of the part's own id, where that is put together so.
    pub fn owner_in_id(&self, id: &str) -> Option<Resource> {
        let (is_last, is_first) = (self.at.contains(&"/"), self.at.contains(&"//"));
        let cut = is_last.then(|| id.rsplit_once('/')).or_else(|| is_first.then(|| id.split_once('/')));
        let (front, _) = cut??;
        Some(Resource::new(self.of, front)).filter(|owner| !owner.id.is_empty())
    }

    /// Returns what becomes of the part of this id when the other, which has these names, is deleted. The records that
    /// say whose a hosted zone is are part of it for good, and go with it; all others have to be gone before.
    pub fn fate_of(&self, id: &str, names: &[&str]) -> PartFate {
        let mut parts = id.splitn(3, '/').skip(1);
        let (Some(name), Some(kind)) = (parts.next(), parts.next()) else { return self.fate };
        if self.kind != "AWS::Route53::RecordSet" || !["NS", "SOA"].contains(&kind) {
            return self.fate;
        }
        let bare = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
        let domains: Vec<String> =
            names.iter().filter(|name| name.contains('.')).map(|name| bare(name)).collect();
        match domains.contains(&bare(name)) {
            true => PartFate::With,
            false if domains.is_empty() => PartFate::Latest,
            false => self.fate,
        }
    }

    /// Returns what the other is called: `security group`.
    pub fn owner_word(&self) -> String {
        let last = self.of.rsplit("::").next().unwrap_or(self.of);
        match last.chars().all(|c| c.is_ascii_uppercase()) {
            true => last.to_owned(),
            false => to_kebab_case(last).replace('-', " "),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::types::type_named;
    use super::*;

    #[test]
    fn every_row_is_of_known_types_and_none_is_there_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for part in PARTS {
            for kind in [part.kind, part.of] {
                assert!(type_named(kind).is_some_and(|it| it.name == kind), "{kind}");
            }
            assert!(!part.at.is_empty() && part.kind != part.of, "{part:?}");
            assert!(seen.insert((part.kind, part.of)), "{part:?} twice");
        }
    }

    #[test]
    fn nothing_is_part_of_itself_over_others() {
        fn is_under(kind: &str, of: &str, depth: usize) -> bool {
            depth < 10 && parts_of(kind).any(|part| part.of == of || is_under(part.of, of, depth + 1))
        }
        assert!(PARTS.iter().all(|part| !is_under(part.kind, part.kind, 0)));
    }

    #[test]
    fn an_owner_is_the_front_of_an_id() {
        let owner =
            |kind: &str, id: &str| parts_of(kind).find_map(|part| part.owner_in_id(id)).map(|it| it.id);
        assert_eq!(owner("AWS::IAM::RolePolicy", "deploy/inline"), Some("deploy".to_owned()));
        assert_eq!(owner("AWS::ECS::Service", "prod/web"), Some("prod".to_owned()));
        assert_eq!(owner("AWS::S3::Object", "payroll/a/b.txt"), Some("payroll".to_owned()));
        assert_eq!(owner("AWS::IAM::AccessKey", "AKIAIOSFODNN7EXAMPLE"), None);
        assert_eq!(owner("AWS::IAM::RolePolicy", "alone"), None);
    }

    #[test]
    fn the_records_of_a_zone_itself_go_with_it() {
        let part = parts_of("AWS::Route53::RecordSet").next().unwrap();
        let fate = |id: &str, names: &[&str]| part.fate_of(id, names);
        for kind in ["NS", "SOA"] {
            assert_eq!(fate(&format!("Z1/example.com/{kind}"), &["Z1", "Example.com."]), PartFate::With);
            assert_eq!(fate(&format!("Z1/sub.example.com/{kind}"), &["Z1", "example.com"]), PartFate::Before);
            assert_eq!(fate(&format!("Z1/example.com/{kind}"), &["Z1"]), PartFate::Latest);
        }
        assert_eq!(fate("Z1/example.com/A", &["Z1", "example.com"]), PartFate::Before);
    }

    #[test]
    fn owners_are_named_in_words() {
        let word = |kind: &str| parts_of(kind).next().unwrap().owner_word();
        assert_eq!(word("AWS::EC2::SecurityGroupRule"), "security group");
        assert_eq!(word("AWS::EC2::Subnet"), "VPC");
        assert_eq!(word("AWS::IAM::RolePolicy"), "role");
        assert_eq!(word("AWS::RDS::DBInstance"), "db cluster");
    }
}
