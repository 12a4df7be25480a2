//! What is known of a value: itself, that there is none, or why nothing is.

use super::normal::{has_redacted, is_policy, is_redacted};
use super::policy;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// Why a value is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UnknownReason {
    /// It was set, if ever, before the first event of the archive.
    BeforeArchive,
    /// AWS leaves the value out of its logs.
    Redacted,
    /// CloudTrail left a part out that was too large.
    Truncated,
    /// A call set it, and its record does not tell to what.
    Unseen,
    /// A deferred change was due by then, and nothing tells whether it came.
    Scheduled,
    /// Two calls of one second set it, and nothing tells which came last.
    Ambiguous,
    /// The event that set it is not proven, and only those are to count.
    Unproven,
    /// The call of this name changed it, or may have, and no table tells to what.
    #[serde(untagged, serialize_with = "not_modelled")]
    NotModelled(Arc<str>),
}

/// Programs read the name of the call beside it.
fn not_modelled<S: serde::Serializer>(_: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("notModelled")
}

impl UnknownReason {
    /// Returns the reason in words.
    pub fn words(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::BeforeArchive => "before the archive",
            Self::Redacted => "redacted by AWS",
            Self::Truncated => "too large for CloudTrail",
            Self::Unseen => "not in the record",
            Self::Scheduled => "scheduled",
            Self::Ambiguous => "set twice in one second",
            Self::Unproven => "its event is not proven",
            Self::NotModelled(call) => return Cow::Owned(format!("changed by {call}, not modelled")),
        })
    }
}

/// What is known of one setting.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Knowledge {
    /// Nothing, and why.
    Unknown(UnknownReason),
    /// That it is not set, or has the service's default.
    #[default]
    Absent,
    /// Its value.
    Known(Value),
}

impl Knowledge {
    /// Returns a value as known, or as unknown where AWS set a mark in its place.
    pub fn of(value: Value) -> Self {
        match value {
            Value::Null => Self::Absent,
            value if is_redacted(&value) => Self::Unknown(UnknownReason::Redacted),
            value => Self::Known(value),
        }
    }

    /// Returns the value, if it is known.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) | Self::Absent => None,
        }
    }

    /// Returns whether two say the same; policies are compared by what they say.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => is_same_value(a, b),
            (a, b) => a == b,
        }
    }

    /// Returns whether both are told as a whole and say the same. What is unknown was compared with nothing: of two
    /// values that AWS withholds, be it a part of them, nobody can say that they are equal.
    pub fn is_as(&self, other: &Self) -> bool {
        self.is_whole() && self.same(other)
    }

    /// Returns whether nothing of it is hidden, so that it can be set again.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Known(value) => !has_redacted(value),
            Self::Absent => true,
            Self::Unknown(_) => false,
        }
    }
}

fn is_same_value(a: &Value, b: &Value) -> bool {
    a == b || (is_policy(a) && is_policy(b) && policy::canonical_policy(a) == policy::canonical_policy(b))
}
