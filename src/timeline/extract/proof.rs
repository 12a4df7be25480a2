//! The error codes that say of any call whether its resource is there. What the
//! errors of single calls prove is in the tables (`[proofs]`).

use crate::catalog::{Act, Action};

/// What a creation fails with because it is there already; codes begin so.
const THERE: [&str; 6] = [
    "AlreadyExists",
    "EntityAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "ResourceInUse",
    "InvalidGroup.Duplicate",
    "InvalidKeyPair.Duplicate",
];

/// What a change fails with because it is not there. Codes that say of any entity that it is missing
/// (`NoSuchEntity`) are not among them: they do not say which of those that the call names.
const MISSING: [&str; 18] = [
    "NoSuchBucket",
    "TrailNotFoundException",
    "InvalidGroup.NotFound",
    "InvalidGroupId.NotFound",
    "InvalidSnapshot.NotFound",
    "InvalidVolume.NotFound",
    "InvalidInstanceID.NotFound",
    "InvalidVpcID.NotFound",
    "InvalidSubnetID.NotFound",
    "InvalidAMIID.NotFound",
    "InvalidInternetGatewayID.NotFound",
    "InvalidRouteTableID.NotFound",
    "InvalidNetworkInterfaceID.NotFound",
    "ParameterNotFound",
    "DBInstanceNotFound",
    "DBInstanceNotFoundFault",
    "DBSnapshotNotFound",
    "DBSnapshotNotFoundFault",
];

/// Returns what an error says of whether the resource was there; `None` when nothing.
pub(in super::super) fn proves_existence(code: &str, act: &Act) -> Option<bool> {
    if act.action == Action::Created && THERE.iter().any(|it| code.starts_with(it)) {
        return Some(true);
    }
    if MISSING.contains(&code) && matches!(act.action, Action::Changed | Action::Deleted) {
        return Some(false);
    }
    None
}
