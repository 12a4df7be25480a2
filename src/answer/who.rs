//! Who is asked for: a user, role, session, access key, account, root, service or address.

use crate::aws::ids::{is_account, starts_as_access_key};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::event::{Actor, Event};
use crate::query::{Addresses, Filter, Globs};

/// Somebody, as typed.
#[derive(Debug)]
pub struct PrincipalQuery {
    text: String,
    form: PrincipalForm,
    /// What tells what calls did to resources.
    pub catalog: Catalog,
}

#[derive(Debug)]
enum PrincipalForm {
    /// Any name of the caller.
    Names(Globs),
    /// The key that signed the call.
    Key(Globs),
    /// The account of the caller, or a name of the caller that is only digits.
    Account(Globs),
    /// Where the call came from.
    Address(Addresses),
}

impl PrincipalQuery {
    /// Reads what was typed; names are patterns, as those of `--actor` are.
    ///
    /// # Errors
    /// When it is empty or no pattern.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(
                Error::new("nobody is named").hint("name a user, role, session, key, account or address")
            );
        }
        let typed = |kinds: [&str; 2]| kinds.iter().find_map(|kind| text.strip_prefix(kind));
        let list = |text: &str| [text.to_owned()];
        let is_address = text.parse::<std::net::IpAddr>().is_ok()
            || text.split_once('/').is_some_and(|(address, _)| address.parse::<std::net::IpAddr>().is_ok());
        let form = if is_address {
            PrincipalForm::Address(Addresses::new(&list(text))?)
        } else if let Some(key) = typed(["access-key/", "AWS::IAM::AccessKey/"]) {
            PrincipalForm::Key(Globs::new("WHO", &list(key))?)
        } else if is_key(text) {
            PrincipalForm::Key(Globs::new("WHO", &list(text))?)
        } else if let Some(account) = typed(["account/", "AWS::Account/"]) {
            PrincipalForm::Account(Globs::new("WHO", &list(account))?)
        } else if is_account(text) {
            PrincipalForm::Account(Globs::new("WHO", &list(text))?)
        } else {
            let name = typed(["session/", "service/"]).unwrap_or(text);
            PrincipalForm::Names(Globs::new("WHO", &list(name))?)
        };
        Ok(Self { text: text.to_owned(), form, catalog: Catalog::default() })
    }

    /// Returns it as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the event is theirs.
    pub fn made(&self, event: &Event<'_>, actor: &Actor<'_>) -> bool {
        match &self.form {
            PrincipalForm::Names(names) => names.pass(actor.names().iter().map(AsRef::as_ref)),
            PrincipalForm::Key(keys) => keys.pass(actor.access_key_id),
            PrincipalForm::Account(accounts) => accounts.pass(actor.account),
            PrincipalForm::Address(addresses) => addresses.pass(event.text("sourceIPAddress")),
        }
    }

    /// Narrows a filter where it does not yet restrict the same: so files and records are left unread. What
    /// still passes is for [`PrincipalQuery::made`] to decide.
    pub fn narrow(&self, filter: &mut Filter) {
        match &self.form {
            PrincipalForm::Names(names) if filter.actor.is_empty() => filter.actor = names.clone(),
            PrincipalForm::Key(keys) if filter.access_key.is_empty() => filter.access_key = keys.clone(),
            PrincipalForm::Address(addresses) if filter.ip.is_empty() => filter.ip = addresses.clone(),
            _ => {}
        }
    }
}

/// Tells `AKIA…` and `ASIA…`, with the sixteen characters behind or some pattern.
fn is_key(text: &str) -> bool {
    let is_rest = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"*?".contains(&byte);
    starts_as_access_key(text) && text.bytes().all(is_rest) && (text.len() >= 16 || text.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventParser;

    const USER: &str = r#"{"sourceIPAddress":"192.0.2.7","userIdentity":{"type":"IAMUser","userName":"alice",
        "arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIAALICEALICEALICE1"}}"#;
    const ROLE: &str = r#"{"sourceIPAddress":"lambda.amazonaws.com","userIdentity":{"type":"AssumedRole",
        "arn":"arn:aws:sts::444455556666:assumed-role/Admin/bob@corp","accountId":"444455556666","accessKeyId":"ASIABOBBOBBOBBOBBOB1",
        "sessionContext":{"sessionIssuer":{"userName":"Admin","arn":"arn:aws:iam::444455556666:role/Admin"}}}}"#;
    const ROOT: &str = r#"{"userIdentity":{"type":"Root","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}}"#;
    const SERVICE: &str = r#"{"userIdentity":{"type":"AWSService","invokedBy":"s3.amazonaws.com"}}"#;

    #[test]
    fn every_form_finds_its_own() {
        for (who, want) in [
            ("alice", [true, false, false, false]),
            ("user/alice", [true, false, false, false]),
            ("arn:aws:iam::111122223333:user/alice", [true, false, false, false]),
            ("ali", [false; 4]),
            ("ali*", [true, false, false, false]),
            ("AKIAALICEALICEALICE1", [true, false, false, false]),
            ("ASIABOB*", [false, true, false, false]),
            ("access-key/ASIABOBBOBBOBBOBBOB1", [false, true, false, false]),
            ("Admin", [false, true, false, false]),
            ("role/Admin", [false, true, false, false]),
            ("session/bob@corp", [false, true, false, false]),
            ("111122223333", [true, false, true, false]),
            ("account/444455556666", [false, true, false, false]),
            ("root", [false, false, true, false]),
            ("root of 111122223333", [false, false, true, false]),
            ("s3.amazonaws.com", [false, false, false, true]),
            ("service/s3.amazonaws.com", [false, false, false, true]),
            ("192.0.2.7", [true, false, false, false]),
            ("192.0.2.0/24", [true, false, false, false]),
            ("192.0.2.8", [false; 4]),
        ] {
            let who = PrincipalQuery::parse(who).unwrap();
            let mut filter = Filter::default();
            who.narrow(&mut filter);
            let found = [USER, ROLE, ROOT, SERVICE].map(|event| {
                EventParser::default()
                    .read(event.as_bytes(), |event| {
                        let made = who.made(event, &event.actor());
                        assert!(!made || filter.matches(event), "{who:?}: a filter must not refuse");
                        made
                    })
                    .unwrap()
            });
            assert_eq!(found, want, "{who:?}");
        }
        assert!(PrincipalQuery::parse(" ").is_err());
    }
}
