//! Spans of time, in seconds since 1970, both ends included.

/// Spans that do not touch, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeSpans(Vec<(i64, i64)>);

impl TimeSpans {
    /// Joins what overlaps or touches.
    pub fn new(mut spans: Vec<(i64, i64)>) -> Self {
        spans.retain(|(start, end)| start <= end);
        spans.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (start, end) in spans {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Self(joined)
    }

    /// Returns whether a moment lies in one of them.
    pub fn has(&self, time: i64) -> bool {
        let at = self.0.partition_point(|(start, _)| *start <= time);
        at > 0 && time <= self.0[at - 1].1
    }

    /// Returns where the first one begins.
    pub fn first(&self) -> Option<i64> {
        self.0.first().map(|it| it.0)
    }

    /// Returns where the last one ends.
    pub fn last(&self) -> Option<i64> {
        self.0.last().map(|it| it.1)
    }

    /// Returns the spans.
    pub fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_moment_is_in_if_it_is_in_any(spans in prop::collection::vec((0_i64..50, 0_i64..50), 0..8), time in 0_i64..50) {
            let joined = TimeSpans::new(spans.clone());
            prop_assert_eq!(joined.has(time), spans.iter().any(|(start, end)| (*start..=*end).contains(&time)));
            let apart: Vec<_> = joined.iter().collect();
            prop_assert!(apart.windows(2).all(|it| it[0].1 < it[1].0));
        }
    }
}
