//! Filters that come with the program.

/// The CloudTrail filters of the CIS AWS Foundations Benchmark: names and title, then the pattern.
const CIS: &str = include_str!("packs/cis.txt");

/// A filter of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedFilter {
    /// What it is called by: `cis:4.10`.
    pub name: &'static str,
    /// What it was called in version 1.2 of the benchmark, if it was in it: `cis:3.10`.
    pub old_name: Option<&'static str>,
    /// What it finds.
    pub title: &'static str,
    /// A CloudWatch Logs filter pattern.
    pub pattern: &'static str,
}

/// Returns every filter that comes with the program.
pub fn packed_filters() -> impl Iterator<Item = PackedFilter> {
    let mut lines = CIS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    std::iter::from_fn(move || {
        let (names, title) = lines.next()?.split_once(" | ")?;
        let mut names = names.split(' ');
        Some(PackedFilter {
            name: names.next()?,
            old_name: names.next(),
            title,
            pattern: lines.next()?.trim_start(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::FilterPattern;

    #[test]
    fn every_filter_of_the_pack_is_a_pattern() {
        let all: Vec<PackedFilter> = packed_filters().collect();
        let names: Vec<&str> = all.iter().map(|packed| packed.name).collect();
        let want: Vec<String> = (1..=15).map(|place| format!("cis:4.{place}")).collect();
        assert_eq!(names, want);
        for packed in &all {
            assert!(FilterPattern::parse(packed.pattern).is_ok(), "{packed:?}");
            assert!(packed.pattern.starts_with('{') && !packed.title.contains('$'), "{packed:?}");
        }
        assert_eq!(all[9].old_name, Some("cis:3.10"));
        assert_eq!(all[14].old_name, None);
    }
}
