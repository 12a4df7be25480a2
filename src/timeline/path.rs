//! Where a setting stands in a resource: `metadataOptions.httpTokens`, `tags[Name]`.

use std::fmt;

/// The way to a setting, from the resource down.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettingPath(Vec<Box<str>>);

impl SettingPath {
    /// The resource itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads a field as the tables write it: names with dots between; `.` is the resource itself.
    pub fn field(text: &str) -> Self {
        Self(text.split('.').filter(|part| !part.is_empty()).map(Into::into).collect())
    }

    /// Returns the way to a member.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let mut parts = self.0.clone();
        parts.push(name.into());
        Self(parts)
    }

    /// Returns the way one step up.
    pub fn parent(&self) -> Option<Self> {
        let (_, front) = self.0.split_last()?;
        Some(Self(front.to_vec()))
    }

    /// Returns whether it is `other` or leads to something in it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// Returns the names on the way.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Returns the names that lead from `above` to it.
    pub fn below<'a>(&'a self, above: &Self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.iter().skip(above.0.len()).map(AsRef::as_ref)
    }

    /// Returns whether what a user typed for a setting means it or something above it, without case.
    pub fn is_asked_by(&self, typed: &str) -> bool {
        let shown = self.to_string();
        let head = shown.get(..typed.len()).unwrap_or(&shown);
        let rest = shown.get(typed.len()..).unwrap_or_default();
        head.eq_ignore_ascii_case(typed) && (rest.is_empty() || rest.starts_with(['.', '[']))
    }
}

impl fmt::Display for SettingPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            let is_name = part.starts_with(|first: char| first.is_ascii_alphabetic());
            let is_plain = is_name && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            match (is_plain, at) {
                (true, 0) => f.write_str(part)?,
                (true, _) => write!(f, ".{part}")?,
                (false, _) => write!(f, "[{part}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_and_asked_for() {
        let path = SettingPath::field("metadataOptions.httpTokens");
        assert_eq!(path.to_string(), "metadataOptions.httpTokens");
        assert!(path.is_asked_by("metadataoptions") && path.is_asked_by("metadataOptions.httpTokens"));
        assert!(!path.is_asked_by("metadata") && !path.is_asked_by("metadataOptions.http"));
        let rule = SettingPath::field("ingress").join("tcp 22 0.0.0.0/0");
        assert_eq!(rule.to_string(), "ingress[tcp 22 0.0.0.0/0]");
        assert!(rule.is_asked_by("ingress") && rule.starts_with(&SettingPath::field("ingress")));
        assert_eq!(rule.parent(), Some(SettingPath::field("ingress")));
        assert_eq!(SettingPath::field("."), SettingPath::root());
        assert!(!SettingPath::field("é").is_asked_by("x"));
    }
}
