# The CloudTrail filters of the CIS benchmark by other means; the counts in `languages.rs` are what this prints:
#
#   find tests/fixtures/invictus -name '*.json.gz' -print0 | xargs -0 zcat | jq -c '.Records[]' |
#     jq -rf tests/it/cis.jq | sort -V | uniq -c

def among($names): .eventName as $n | ($names | split(" ")) | index($n) != null;
def of($source): .eventSource == "\($source).amazonaws.com";
{
 "4.1": ((.errorCode // "") | (endswith("UnauthorizedOperation") or startswith("AccessDenied"))),
 "4.2": (.eventName == "ConsoleLogin" and (.additionalEventData | type == "object" and has("MFAUsed")) and .additionalEventData.MFAUsed != "Yes" and .userIdentity.type == "IAMUser" and .responseElements.ConsoleLogin == "Success"),
 "4.3": (.userIdentity.type == "Root" and (.userIdentity | has("invokedBy") | not) and .eventType != "AwsServiceEvent"),
 "4.4": (of("iam") and among("DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy")),
 "4.5": among("CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging"),
 "4.6": (.eventName == "ConsoleLogin" and .errorMessage == "Failed authentication"),
 "4.7": (of("kms") and among("DisableKey ScheduleKeyDeletion")),
 "4.8": (of("s3") and among("PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication")),
 "4.9": (of("config") and among("StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder")),
 "4.10": among("AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup"),
 "4.11": among("CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry ReplaceNetworkAclAssociation"),
 "4.12": among("CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway DeleteInternetGateway DetachInternetGateway"),
 "4.13": (of("ec2") and among("CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute DisassociateRouteTable")),
 "4.14": among("CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink"),
 "4.15": (of("organizations") and among("AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType InviteAccountToOrganization LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit"))
} | to_entries[] | select(.value) | .key
