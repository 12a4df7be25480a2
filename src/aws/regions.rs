//! Where calls of global services are recorded: in one region of each partition, wherever the trail delivers them.
//!
//! Source: CloudTrail user guide, "Global service events"; the endpoints of IAM, CloudFront and Route 53 in the AWS
//! General Reference; "Getting Started with Amazon Web Services in China", where IAM has its control plane in Beijing
//! and CloudFront is recorded in Ningxia.

/// What a partition is called in ARNs, how its regions begin, and where its global services are recorded: IAM and
/// whatever is not named otherwise, and those services that are elsewhere.
struct Partition {
    name: &'static str,
    regions: &'static str,
    home: &'static str,
    others: &'static [(&'static str, &'static str)],
}

const fn simple_partition(name: &'static str, regions: &'static str, home: &'static str) -> Partition {
    Partition { name, regions, home, others: &[] }
}

/// The partitions; the last one has all regions that no other has.
const PARTITIONS: [Partition; 8] = [
    Partition {
        others: &[
            ("cloudfront", "cn-northwest-1"),
            ("route53", "cn-northwest-1"),
            ("organizations", "cn-northwest-1"),
        ],
        ..simple_partition("aws-cn", "cn-", "cn-north-1")
    },
    simple_partition("aws-us-gov", "us-gov-", "us-gov-west-1"),
    simple_partition("aws-iso", "us-iso-", "us-iso-east-1"),
    simple_partition("aws-iso-b", "us-isob-", "us-isob-east-1"),
    simple_partition("aws-iso-e", "eu-isoe-", "eu-isoe-west-1"),
    simple_partition("aws-iso-f", "us-isof-", "us-isof-south-1"),
    simple_partition("aws-eusc", "eusc-", "eusc-de-east-1"),
    simple_partition("aws", "", "us-east-1"),
];

fn of_region(region: &str) -> &'static Partition {
    let found = PARTITIONS.iter().find(|it| region.starts_with(it.regions));
    found.unwrap_or(&PARTITIONS[PARTITIONS.len() - 1])
}

/// Returns the regions that calls of global services may be recorded in, of whatever partition.
pub fn global_regions() -> impl Iterator<Item = &'static str> {
    let of = |partition: &'static Partition| {
        std::iter::once(partition.home).chain(partition.others.iter().map(|(_, region)| *region))
    };
    PARTITIONS.iter().flat_map(of)
}

/// Returns the partition of a region, as ARNs have it.
pub fn partition_of(region: &str) -> &'static str {
    of_region(region).name
}

/// Returns the region that calls of a global service (`iam`, `CloudFront`) are recorded in, in this partition.
pub fn home_region(partition: &str, service: &str) -> &'static str {
    let partition = PARTITIONS.iter().find(|it| it.name == partition);
    let partition = partition.unwrap_or(&PARTITIONS[PARTITIONS.len() - 1]);
    let other = partition.others.iter().find(|(name, _)| name.eq_ignore_ascii_case(service));
    other.map_or(partition.home, |(_, region)| region)
}

/// Returns whether a text has the form of a region, as `us-gov-west-1` has: not a list,: there are new regions every year.
pub(crate) fn is_region(text: &str) -> bool {
    let mut words = text.split('-');
    let first = words.next().is_some_and(|word| word.len() >= 2 && is_word(word));
    let number = words
        .next_back()
        .is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()));
    first && number && words.clone().next().is_some() && words.all(is_word)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_its_own() {
        for (region, name, home) in [
            ("eu-central-1", "aws", "us-east-1"),
            ("us-gov-east-1", "aws-us-gov", "us-gov-west-1"),
            ("cn-northwest-1", "aws-cn", "cn-north-1"),
            ("us-iso-west-1", "aws-iso", "us-iso-east-1"),
            ("us-isob-east-1", "aws-iso-b", "us-isob-east-1"),
            ("eusc-de-east-1", "aws-eusc", "eusc-de-east-1"),
        ] {
            assert_eq!((partition_of(region), home_region(name, "iam")), (name, home));
            assert!(global_regions().any(|it| it == home));
        }
        assert_eq!(home_region("aws-cn", "CloudFront"), "cn-northwest-1");
        assert!(global_regions().any(|it| it == "cn-northwest-1"));
        assert!(global_regions().all(|it| it != "eu-west-1"));
    }
}
