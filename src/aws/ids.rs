//! The forms of identifiers that AWS gives: accounts, organizations, access keys.
//!
//! Which resource the other ids belong to is told by the table in `resource`.

/// Returns whether the text is an account number: twelve digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the text is the id of an organization: `o-` and lower-case letters and digits.
pub(crate) fn is_organization(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

/// Returns whether the text begins as the id of an access key does, long-lived or temporary.
pub(crate) fn starts_as_access_key(text: &str) -> bool {
    text.get(..4).is_some_and(|kind| ["AKIA", "ASIA"].contains(&kind))
}

/// Returns whether the text has the characters of the ids that IAM gives: capital letters and digits.
pub(crate) fn is_unique_id_text(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        assert!(is_account("123456789012") && !is_account("12345678901x") && !is_account("1234567890123"));
        assert!(is_organization("o-a1b2") && !is_organization("o-") && !is_organization("o-A"));
        assert!(
            starts_as_access_key("ASIAX") && !starts_as_access_key("AIDAX") && !starts_as_access_key("ÄKIA")
        );
        assert!(is_unique_id_text("AIDA7") && !is_unique_id_text("AIDAx"));
    }
}
