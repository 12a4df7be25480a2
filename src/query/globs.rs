//! A text filter: shell patterns, repeated meaning or, `!` in front meaning not.

use crate::error::Error;
use crate::text::{is_literal_in_json, longest_run};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The patterns given for one filter.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    wanted: Option<GlobSet>,
    unwanted: Option<GlobSet>,
    /// The wanted texts, where no pattern is among them.
    plain: Option<Vec<Box<str>>>,
    /// The longest plain run of each wanted pattern.
    runs: Vec<String>,
}

impl Globs {
    /// Compiles the patterns given with `flag`; case is ignored.
    ///
    /// # Errors
    /// When one is no pattern.
    pub fn new(flag: &str, patterns: &[String]) -> Result<Self, Error> {
        let (unwanted, wanted): (Vec<&str>, Vec<&str>) =
            patterns.iter().map(String::as_str).partition(|pattern| pattern.starts_with('!'));
        let unwanted: Vec<&str> = unwanted.into_iter().map(|pattern| &pattern[1..]).collect();
        let is_plain = |text: &&str| !text.contains(['*', '?', '[', '{', '\\']);
        let plain = !wanted.is_empty() && wanted.iter().all(is_plain);
        let plain = plain.then(|| wanted.iter().copied().map(Box::from).collect());
        let runs = wanted.iter().map(|pattern| longest_literal(pattern)).collect();
        Ok(Self {
            wanted: compile_globs(flag, &wanted)?,
            unwanted: compile_globs(flag, &unwanted)?,
            runs,
            plain,
        })
    }

    /// Returns whether every value passes.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_none() && self.unwanted.is_none()
    }

    /// Returns whether what has no name does not pass.
    pub fn wants_a_name(&self) -> bool {
        self.wanted.is_some()
    }

    /// Returns the texts of which one is wanted, if they are no patterns.
    pub fn plain(&self) -> Option<&[Box<str>]> {
        self.plain.as_deref()
    }

    /// Returns literals of which one is in every name that passes, case ignored; `None` where there
    /// is no such set. They hold only what JSON never writes with an escape.
    ///
    /// A record that holds none of them cannot match; one that holds some need not: [`Self::pass`] decides.
    pub fn literals(&self) -> Option<&[String]> {
        // Shorter ones stand in nearly every record: to look for them refuses none.
        let all = !self.runs.is_empty() && self.runs.iter().all(|run| run.len() >= 3);
        all.then_some(&self.runs)
    }

    /// Returns whether a thing that goes by these names passes: one is wanted, none unwanted.
    pub fn pass<'t>(&self, names: impl IntoIterator<Item = &'t str>) -> bool {
        let mut is_wanted = self.wanted.is_none();
        for name in names {
            if self.unwanted.as_ref().is_some_and(|globs| globs.is_match(name)) {
                return false;
            }
            is_wanted = is_wanted || self.wanted.as_ref().is_some_and(|globs| globs.is_match(name));
        }
        is_wanted
    }
}

/// The longest run of a pattern that every name it matches holds as it stands; empty where classes,
/// alternatives or escapes make that hard to tell.
fn longest_literal(pattern: &str) -> String {
    if pattern.contains(['[', '{', '\\']) {
        return String::new();
    }
    longest_run(pattern, is_literal_in_json).to_owned()
}

fn compile_globs(flag: &str, patterns: &[&str]) -> Result<Option<GlobSet>, Error> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let refused = |pattern: &str, error: &dyn std::fmt::Display| {
        Error::new(format!("`{flag} {pattern}` is not a pattern: {error}"))
            .hint("use `*` and `?` as in a shell, and `\\` before a character that is meant as it stands")
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        if pattern.is_empty() {
            return Err(Error::new(format!("`{flag}` needs a name or a pattern"))
                .hint("leave the filter out to match all"));
        }
        let mut glob = GlobBuilder::new(pattern);
        // Names are no paths: `*` goes over the `/` of an ARN, and `\` is no separator on Windows either.
        glob.case_insensitive(true).literal_separator(false).backslash_escape(true);
        set.add(glob.build().map_err(|error| refused(pattern, error.kind()))?);
    }
    set.build().map(Some).map_err(|error| refused(patterns[0], error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(patterns: &[&str]) -> Globs {
        let patterns: Vec<String> = patterns.iter().map(|it| (*it).to_owned()).collect();
        Globs::new("--event", &patterns).unwrap()
    }

    #[test]
    fn or_and_not() {
        for (patterns, name, want) in [
            (&[][..], "x", true),
            (&["Delete*"], "DeleteBucket", true),
            (&["delete*"], "DeleteBucket", true),
            (&["Delete*", "Put*"], "PutObject", true),
            (&["Delete*"], "UndeleteX", false),
            (&["!Get*"], "GetObject", false),
            (&["!Get*"], "PutObject", true),
            (&["*Object", "!Get*"], "GetObject", false),
            (&["*Object", "!Get*"], "PutObject", true),
            (&["arn:aws:iam::*:user/*"], "arn:aws:iam::1:user/a/b", true),
            (&["{Put,Get}Object"], "GetObject", true),
        ] {
            assert_eq!(globs(patterns).pass([name]), want, "{patterns:?} {name}");
        }
        assert!(globs(&["!a"]).pass([]));
        assert!(!globs(&["a"]).pass([]));
        assert!(!globs(&["b", "!a"]).pass(["b", "a"]));
    }

    #[test]
    fn literals_are_in_every_name_that_passes() {
        for (patterns, want) in [
            (&["Delete*"][..], Some(&["Delete"][..])),
            (&["*Bucket*Policy"], Some(&["Policy"])),
            (&["Delete*", "Put*"], Some(&["Delete", "Put"])),
            (&["Delete*", "*"], None),
            (&["{Put,Get}Object"], None),
            (&["!Get*"], None),
            (&["Delete*", "!DeleteBucket"], Some(&["Delete"])),
            (&[], None),
        ] {
            let globs = globs(patterns);
            assert_eq!(
                globs.literals().map(|all| all.iter().map(String::as_str).collect::<Vec<_>>()).as_deref(),
                want,
                "{patterns:?}"
            );
        }
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let error = Globs::new("--event", &["[".to_owned()]).unwrap_err();
        assert!(error.to_string().starts_with("`--event [` is not a pattern"), "{error}");
        assert!(Globs::new("--event", &["!".to_owned()]).is_err());
    }
}
