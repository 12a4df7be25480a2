//! What holds for all of AWS: the forms of ARNs, of ids and of regions. Nothing here knows of CloudTrail.

pub mod arn;
pub(crate) mod ids;
pub mod regions;

pub(crate) use regions::is_region;
pub use regions::{global_regions, home_region, partition_of};
