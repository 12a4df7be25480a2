//! Rounds of runs, and what follows from them: medians, and ratios of runs that stood side by side.

use crate::measure::{Bench, Cost, Task};

/// One of the programs that are run in turn.
pub(crate) struct Runner {
    pub(crate) task: Task,
    pub(crate) statuses: &'static [i32],
    /// What it printed when it was checked, where that is to be compared.
    pub(crate) printed: Option<Vec<u8>>,
}

/// The costs of each runner, a round after the other.
pub(crate) struct Rounds(Vec<Vec<Cost>>);

/// Which number of a cost is meant.
pub(crate) type Of = fn(&Cost) -> f64;

/// Runs everything in turn (A B A B), after a round that is not counted.
pub(crate) fn rounds(bench: &Bench, runners: &[Runner], pairs: usize) -> Result<Rounds, String> {
    let mut costs = vec![Vec::with_capacity(pairs); runners.len()];
    for round in 0..=pairs {
        for (runner, costs) in runners.iter().zip(&mut costs) {
            let cost = bench.run(&runner.task, runner.statuses)?;
            if runner.printed.as_ref().is_some_and(|printed| bench.output().as_ref() != Ok(printed)) {
                return Err(format!("`{}` printed something else than before", runner.task.name()));
            }
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    Ok(Rounds(costs))
}

/// The median of some numbers with the least and the most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    least: f64,
    most: f64,
}

impl Rounds {
    /// Returns the median cost of a runner.
    pub(crate) fn median(&self, runner: usize, of: Of) -> f64 {
        spread(self.0.get(runner).into_iter().flatten().map(of)).median
    }

    /// Returns the ratio of a runner to another, round by round.
    pub(crate) fn ratio(&self, runner: usize, to: usize, of: Of) -> Spread {
        self.with(runner, to, |a, b| of(a) / of(b))
    }

    /// Returns by how much a runner is above another, round by round.
    pub(crate) fn above(&self, runner: usize, other: usize, of: Of) -> Spread {
        self.with(runner, other, |a, b| of(a) - of(b))
    }

    fn with(&self, a: usize, b: usize, both: impl Fn(&Cost, &Cost) -> f64) -> Spread {
        match (self.0.get(a), self.0.get(b)) {
            (Some(a), Some(b)) => spread(a.iter().zip(b).map(|(a, b)| both(a, b))),
            _ => spread(std::iter::empty()),
        }
    }
}

impl Spread {
    /// Writes the numbers with so many digits after the point.
    pub(crate) fn text(&self, digits: usize) -> String {
        format!("{:.digits$} ({:.digits$}–{:.digits$})", self.median, self.least, self.most)
    }
}

fn spread(numbers: impl Iterator<Item = f64>) -> Spread {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
    let last = numbers.len().saturating_sub(1);
    Spread { median: f64::midpoint(at(last / 2), at(last.div_ceil(2))), least: at(0), most: at(last) }
}
