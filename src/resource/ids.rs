//! Identifiers that tell their type by their first letters: `sg-0a1b2c3d`, `AKIA…`.
//!
//! Only what is surely an identifier counts: `key-rotation` is somebody's name for a thing.

/// The prefix of an id and the type it tells; where two types share one, the likelier is first.
#[rustfmt::skip]
const PREFIXES: &[(&str, &str)] = &[
    ("i", "AWS::EC2::Instance"),
    ("mi", "AWS::SSM::ManagedInstance"),
    ("sg", "AWS::EC2::SecurityGroup"),
    ("sgr", "AWS::EC2::SecurityGroupRule"),
    ("vol", "AWS::EC2::Volume"),
    ("snap", "AWS::EC2::Snapshot"),
    ("ami", "AWS::EC2::Image"),
    ("aki", "AWS::EC2::Image"),
    ("ari", "AWS::EC2::Image"),
    ("vpc", "AWS::EC2::VPC"),
    ("subnet", "AWS::EC2::Subnet"),
    ("rtb", "AWS::EC2::RouteTable"),
    ("rtbassoc", "AWS::EC2::SubnetRouteTableAssociation"),
    ("igw", "AWS::EC2::InternetGateway"),
    ("eigw", "AWS::EC2::EgressOnlyInternetGateway"),
    ("nat", "AWS::EC2::NatGateway"),
    ("acl", "AWS::EC2::NetworkAcl"),
    ("aclassoc", "AWS::EC2::SubnetNetworkAclAssociation"),
    ("eni", "AWS::EC2::NetworkInterface"),
    ("eni-attach", "AWS::EC2::NetworkInterfaceAttachment"),
    ("eipalloc", "AWS::EC2::EIP"),
    ("eipassoc", "AWS::EC2::EIPAssociation"),
    ("fl", "AWS::EC2::FlowLog"),
    ("pcx", "AWS::EC2::VPCPeeringConnection"),
    ("vpce", "AWS::EC2::VPCEndpoint"),
    ("vpce-svc", "AWS::EC2::VPCEndpointService"),
    ("lt", "AWS::EC2::LaunchTemplate"),
    ("pl", "AWS::EC2::PrefixList"),
    ("tgw", "AWS::EC2::TransitGateway"),
    ("tgw-attach", "AWS::EC2::TransitGatewayAttachment"),
    ("tgw-rtb", "AWS::EC2::TransitGatewayRouteTable"),
    ("vgw", "AWS::EC2::VPNGateway"),
    ("cgw", "AWS::EC2::CustomerGateway"),
    ("vpn", "AWS::EC2::VPNConnection"),
    ("cvpn-endpoint", "AWS::EC2::ClientVpnEndpoint"),
    ("dopt", "AWS::EC2::DHCPOptions"),
    ("key", "AWS::EC2::KeyPair"),
    ("r", "AWS::EC2::Reservation"),
    ("sir", "AWS::EC2::SpotInstanceRequest"),
    ("fleet", "AWS::EC2::EC2Fleet"),
    ("pg", "AWS::EC2::PlacementGroup"),
    ("iip-assoc", "AWS::EC2::IamInstanceProfileAssociation"),
    ("cr", "AWS::EC2::CapacityReservation"),
    ("h", "AWS::EC2::Host"),
    ("tmf", "AWS::EC2::TrafficMirrorFilter"),
    ("tmt", "AWS::EC2::TrafficMirrorTarget"),
    ("tms", "AWS::EC2::TrafficMirrorSession"),
    ("eice", "AWS::EC2::InstanceConnectEndpoint"),
    ("fs", "AWS::EFS::FileSystem"),
    ("fs", "AWS::FSx::FileSystem"),
    ("fsmt", "AWS::EFS::MountTarget"),
    ("fsap", "AWS::EFS::AccessPoint"),
    ("rqlc", "AWS::Route53Resolver::ResolverQueryLoggingConfig"),
    ("mrk", "AWS::KMS::Key"),
    ("db", "AWS::RDS::DBInstance"),
    ("db", "AWS::RDS::DBInstanceAutomatedBackup"),
    ("cluster", "AWS::RDS::DBCluster"),
    ("cluster", "AWS::RDS::DBClusterAutomatedBackup"),
];

/// The first four letters of the ids that IAM gives, each with its type.
#[rustfmt::skip]
const IAM: &[(&str, &str)] = &[
    ("AKIA", "AWS::IAM::AccessKey"),
    ("ASIA", "AWS::IAM::AccessKey"),
    ("AIDA", "AWS::IAM::User"),
    ("AROA", "AWS::IAM::Role"),
    ("AGPA", "AWS::IAM::Group"),
    ("ANPA", "AWS::IAM::Policy"),
    ("ANVA", "AWS::IAM::Policy"),
    ("AIPA", "AWS::IAM::InstanceProfile"),
    ("ABIA", "AWS::IAM::ServiceSpecificCredential"),
    ("ACCA", "AWS::IAM::ServiceSpecificCredential"),
    ("APKA", "AWS::IAM::SSHPublicKey"),
    ("ASCA", "AWS::IAM::ServerCertificate"),
];

/// Returns the types whose ids look like this one; nothing when it may as well be a name.
pub(super) fn kinds_of_id(id: &str) -> impl Iterator<Item = &'static str> + use<> {
    let (table, prefix) = match id.rsplit_once('-') {
        Some((prefix, tail)) if is_tail(prefix, tail) => (PREFIXES, prefix),
        None if is_iam(id) => (IAM, &id[..4]),
        _ => (&[] as &[_], ""),
    };
    // Compared here and not lazily, so that the iterator borrows nothing from `id`.
    let first = table.iter().position(|(known, _)| *known == prefix);
    let count = table.iter().filter(|(known, _)| *known == prefix).count();
    let found = first.map_or(&[] as &[_], |at| &table[at..at + count]);
    found.iter().map(|(_, kind)| *kind)
}

/// Returns whether the text is an id of any kind, among them UUIDs.
pub(super) fn is_id(text: &str) -> bool {
    is_uuid(text) || kinds_of_id(text).next().is_some()
}

/// Letters count besides hex digits: anonymised logs hold `i-DDd6c7B0e18F0E35f`.
/// A word of a language has no digit, though.
fn is_tail(prefix: &str, tail: &str) -> bool {
    let alphanumeric = tail.bytes().all(|b| b.is_ascii_alphanumeric());
    let digit = tail.bytes().any(|b| b.is_ascii_digit());
    let hex = tail.bytes().all(|b| b.is_ascii_hexdigit());
    match prefix {
        "mrk" => hex && tail.len() == 32,
        // RDS writes them in upper case, and names in lower case.
        "db" | "cluster" => tail.len() == 26 && is_upper(tail),
        _ => alphanumeric && (digit || hex) && (8..=17).contains(&tail.len()),
    }
}

/// AWS's own examples have 17 to 21 characters, so any length that a name rarely has will do.
fn is_iam(id: &str) -> bool {
    (16..=128).contains(&id.len()) && is_upper(id)
}

fn is_upper(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Returns the role's id in `AROA…:session`, as events write who assumed a role.
pub(super) fn role_of_session(text: &str) -> Option<&str> {
    let (id, _) = text.split_once(':')?;
    // With a session behind it, an id of any length is one: no name has a `:`.
    id.strip_prefix("AROA").is_some_and(|rest| !rest.is_empty() && is_upper(rest)).then_some(id)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::super::type_named;
    use super::*;

    #[test]
    fn ids_tell_their_type() {
        for (id, kind) in [
            ("sg-0a1b2c3d", "AWS::EC2::SecurityGroup"),
            ("i-DDd6c7B0e18F0E35f", "AWS::EC2::Instance"),
            ("eni-attach-0a1b2c3d4e5f60718", "AWS::EC2::NetworkInterfaceAttachment"),
            ("vpce-svc-0a1b2c3d", "AWS::EC2::VPCEndpointService"),
            ("AKIAIOSFODNN7EXAMPLE", "AWS::IAM::AccessKey"),
            ("AROAIOSFODNN7EXAMPLE", "AWS::IAM::Role"),
            ("mrk-1234abcd12ab34cd56ef1234567890ab", "AWS::KMS::Key"),
            ("fs-0a1b2c3d", "AWS::EFS::FileSystem"),
            ("db-PDUCDGLRGDVGNFIUKF4FRJGEGY", "AWS::RDS::DBInstance"),
            ("cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AWS::RDS::DBCluster"),
            ("APKAEIBAERJR2EXAMPLE", "AWS::IAM::SSHPublicKey"),
        ] {
            assert_eq!(kinds_of_id(id).next(), Some(kind), "{id}");
        }
        assert_eq!(kinds_of_id("fs-0a1b2c3d").count(), 2);
    }

    #[test]
    fn sessions_tell_their_role() {
        for (text, role) in [
            ("AROAEXAMPLE:bob", Some("AROAEXAMPLE")),
            ("AROAIOSFODNN7EXAMPLE:i-0a1b2c3d", Some("AROAIOSFODNN7EXAMPLE")),
            ("AROAEXAMPLE", None),
            ("AROA:bob", None),
            ("AROAr:bob", None),
            ("AIDAEXAMPLE:bob", None),
        ] {
            assert_eq!(role_of_session(text), role, "{text}");
        }
    }

    #[test]
    fn names_are_not_ids() {
        for name in [
            "",
            "-",
            "key-rotation",
            "i-love-cats",
            "i-",
            "sg-1",
            "fs-backup",
            "AKIA",
            "AKIAx",
            "h-é",
            "x-0a1b2c3d",
            "r-scripts-2024",
            "AIDAN",
            "logs-20240101",
            "AAAAAAAAAAAAAAAAAAAA",
            "db-pducdglrgdvgnfiukf4frjgegy",
            "db-PRODUCTION2024",
            "db-0a1b2c3d",
            "cluster-20240101",
        ] {
            assert_eq!(kinds_of_id(name).next(), None, "{name}");
        }
        assert!(is_uuid("1234abcd-12ab-34cd-56ef-1234567890ab"));
        assert!(!is_uuid("1234abcd-12ab-34cd-56ef-1234567890ag"));
    }

    #[test]
    fn every_kind_is_in_the_table_and_shared_prefixes_stand_together() {
        for (prefix, kind) in PREFIXES.iter().chain(IAM) {
            assert!(type_named(kind).is_some_and(|row| row.name == *kind), "{prefix}: {kind}");
        }
        let mut prefixes: Vec<&str> = PREFIXES.iter().map(|(prefix, _)| *prefix).collect();
        prefixes.dedup();
        let distinct = prefixes.len();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), distinct);
    }
}
