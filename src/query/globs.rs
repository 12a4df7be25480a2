//! A text filter: shell patterns, repeated meaning or, `!` in front meaning not.

use crate::error::Error;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The patterns given for one filter.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    wanted: Option<GlobSet>,
    unwanted: Option<GlobSet>,
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
        Ok(Self { wanted: compile(flag, &wanted)?, unwanted: compile(flag, &unwanted)? })
    }

    /// Returns whether every value passes.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_none() && self.unwanted.is_none()
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

fn compile(flag: &str, patterns: &[&str]) -> Result<Option<GlobSet>, Error> {
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
    fn a_bad_pattern_is_named() {
        let error = Globs::new("--event", &["[".to_owned()]).unwrap_err();
        assert!(error.to_string().starts_with("`--event [` is not a pattern"), "{error}");
        assert!(Globs::new("--event", &["!".to_owned()]).is_err());
    }
}
