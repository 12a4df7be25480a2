//! Links between resources that have an id of their own.
//!
//! A route table is taken off a subnet by `DisassociateRouteTable`, which names
//! neither of them but the association. Whoever asks for the route table has to
//! be told all the same, so the id is followed from the call that made the link.

use super::{Relation, ResourceAction};
use crate::resource::Reference;

/// The types of links: the start of their ids, and what they link.
const ASSOCIATIONS: [(&str, &str, &[&str]); 5] = [
    (
        "rtbassoc-",
        "AWS::EC2::SubnetRouteTableAssociation",
        &["AWS::EC2::RouteTable", "AWS::EC2::Subnet", "AWS::EC2::InternetGateway"],
    ),
    ("aclassoc-", "AWS::EC2::SubnetNetworkAclAssociation", &["AWS::EC2::NetworkAcl", "AWS::EC2::Subnet"]),
    (
        "eni-attach-",
        "AWS::EC2::NetworkInterfaceAttachment",
        &["AWS::EC2::NetworkInterface", "AWS::EC2::Instance"],
    ),
    (
        "eipassoc-",
        "AWS::EC2::EIPAssociation",
        &["AWS::EC2::EIP", "AWS::EC2::Instance", "AWS::EC2::NetworkInterface"],
    ),
    (
        "iip-assoc-",
        "AWS::EC2::IamInstanceProfileAssociation",
        &["AWS::EC2::Instance", "AWS::IAM::InstanceProfile"],
    ),
];

/// The starts of the ids of links.
pub const LINK_PREFIXES: [&str; ASSOCIATIONS.len()] = {
    let mut prefixes = [""; ASSOCIATIONS.len()];
    let mut at = 0;
    while at < prefixes.len() {
        prefixes[at] = ASSOCIATIONS[at].0;
        at += 1;
    }
    prefixes
};

/// Returns the starts of the ids of links that the referenced resource may have.
pub fn link_prefixes(reference: &Reference) -> Vec<&'static str> {
    let links = |parents: &[&str]| reference.kinds().iter().any(|kind| parents.contains(&kind.as_ref()));
    ASSOCIATIONS.iter().filter(|(_, _, parents)| links(parents)).map(|(prefix, _, _)| *prefix).collect()
}

/// Returns the ids of the links that a call makes or takes away.
pub fn link_ids(acts: &[ResourceAction]) -> impl Iterator<Item = &str> {
    let is_link = |act: &&ResourceAction| ASSOCIATIONS.iter().any(|(_, kind, _)| act.resource.kind == *kind);
    acts.iter()
        .filter(|act| act.relation == Relation::Subject)
        .filter(is_link)
        .map(|act| act.resource.id.as_str())
}
