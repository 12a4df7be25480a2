//! Which settings of a resource end with another resource, or when that is tied to something else: the attachment
//! of a volume with the instance, the alias of a key when it is pointed at another.
//!
//! A row holds a type, the other type, and where the other's id stands: the keys of a map or set (`users`), its
//! values (`addresses.*`), or a member (`attachment.instanceId`, with which all of `attachment` ends). The API
//! reference of the call that deletes the other decides: it ends the tie, or fails while there is one. Not every row
//! was held against it.

use super::parts::{PartFate, ResourcePart};
use std::collections::HashMap;
use std::sync::LazyLock;

const fn tied_to(kind: &'static str, of: &'static str, at: &'static [&'static str]) -> ResourcePart {
    ResourcePart { kind, of, at, fate: PartFate::Tied }
}

const fn tied_alone_to(kind: &'static str, of: &'static str, at: &'static [&'static str]) -> ResourcePart {
    ResourcePart { kind, of, at, fate: PartFate::TiedAlone }
}

#[rustfmt::skip]
const TIES: &[ResourcePart] = &[
    // EC2 user guide, "Terminate": volumes and interfaces that stay are detached, addresses disassociated.
    tied_to("AWS::EC2::Volume", "AWS::EC2::Instance", &["attachments"]),
    tied_to("AWS::EC2::NetworkInterface", "AWS::EC2::Instance", &["attachment.instanceId"]),
    tied_to("AWS::EC2::EIP", "AWS::EC2::Instance", &["association.instanceId"]),
    tied_to("AWS::EC2::EIP", "AWS::EC2::NetworkInterface", &["association.networkInterfaceId"]),
    // DeleteVolume, DeleteInternetGateway, DeleteVpc and DeleteSubnet fail while the other is attached.
    tied_to("AWS::EC2::Instance", "AWS::EC2::Volume", &["volumes"]),
    tied_to("AWS::EC2::InternetGateway", "AWS::EC2::VPC", &["attachments"]),
    tied_to("AWS::EC2::VPC", "AWS::EC2::InternetGateway", &["internetGateways"]),
    tied_to("AWS::EC2::RouteTable", "AWS::EC2::Subnet", &["associations.*"]),
    tied_to("AWS::EC2::NetworkAcl", "AWS::EC2::Subnet", &["associations.*"]),
    // AssociateAddress takes the address from the instance that had it.
    tied_alone_to("AWS::EC2::Instance", "AWS::EC2::EIP", &["addresses.*"]),
    tied_alone_to("AWS::EC2::NetworkInterface", "AWS::EC2::EIP", &["addresses.*"]),
    // DeleteUser, DeleteGroup, DeleteRole, DeleteInstanceProfile and DeletePolicy fail with DeleteConflict before.
    tied_to("AWS::IAM::Group", "AWS::IAM::User", &["users"]),
    tied_to("AWS::IAM::User", "AWS::IAM::Group", &["groups"]),
    tied_to("AWS::IAM::InstanceProfile", "AWS::IAM::Role", &["roles"]),
    tied_to("AWS::IAM::Role", "AWS::IAM::InstanceProfile", &["instanceProfiles"]),
    tied_to("AWS::IAM::User", "AWS::IAM::Policy", &["attachedManagedPolicies"]),
    tied_to("AWS::IAM::Role", "AWS::IAM::Policy", &["attachedManagedPolicies"]),
    tied_to("AWS::IAM::Group", "AWS::IAM::Policy", &["attachedManagedPolicies"]),
    tied_to("AWS::IAM::Policy", "AWS::IAM::User", &["attachedUsers"]),
    tied_to("AWS::IAM::Policy", "AWS::IAM::Role", &["attachedRoles"]),
    tied_to("AWS::IAM::Policy", "AWS::IAM::Group", &["attachedGroups"]),
    // An alias is of one key at a time (UpdateAlias).
    tied_alone_to("AWS::KMS::Key", "AWS::KMS::Alias", &["aliases"]),
];

type TieIndex = HashMap<&'static str, Vec<&'static ResourcePart>>;

/// By the type, and by the other.
static INDEX: LazyLock<(TieIndex, TieIndex)> = LazyLock::new(|| {
    let (mut of, mut to) = (TieIndex::new(), TieIndex::new());
    for tie in TIES {
        of.entry(tie.kind).or_default().push(tie);
        to.entry(tie.of).or_default().push(tie);
    }
    (of, to)
});

/// Returns what resources of a type are tied to.
pub fn ties_of(kind: &str) -> impl Iterator<Item = &'static ResourcePart> {
    INDEX.0.get(kind).into_iter().flatten().copied()
}

/// Returns the types that are tied to a type.
pub fn ties_to(kind: &str) -> impl Iterator<Item = &'static ResourcePart> {
    INDEX.1.get(kind).into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use super::super::types::type_named;
    use super::*;

    #[test]
    fn every_tie_is_of_known_types_and_none_is_there_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for tie in TIES {
            for kind in [tie.kind, tie.of] {
                assert!(type_named(kind).is_some_and(|it| it.name == kind), "{kind}");
            }
            assert!(tie.at.len() == 1 && seen.insert((tie.kind, tie.of)), "{tie:?}");
        }
    }
}
