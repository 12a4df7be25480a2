//! What the error of a failed call proves: the sections `[proofs.CALL]` of the tables.
//! `effect` has their grammar; here is which of them an error means.

use super::effect::Effect;

/// What stands for every call of a service.
pub(super) const ANY: &str = "*";

/// What the errors of one call prove.
#[derive(Debug, Default)]
pub(super) struct ErrorProofs(Vec<ErrorProof>);

#[derive(Debug)]
struct ErrorProof {
    /// The code, without what is looked through.
    code: String,
    /// A part of the message, `*` for anything; empty where the code alone proves it.
    message: String,
    effects: Vec<Effect>,
}

impl ErrorProofs {
    /// Takes them as the tables have them, by `Code` or `Code: a part of the message`.
    pub(super) fn new(written: Vec<(String, Vec<Effect>)>) -> Self {
        let mut all: Vec<ErrorProof> =
            written.into_iter().map(|(key, effects)| ErrorProof::new(&key, effects)).collect();
        // The longest part of a message says most.
        all.sort_by(|a, b| b.message.len().cmp(&a.message.len()).then_with(|| a.message.cmp(&b.message)));
        Self(all)
    }

    /// Returns what is proven by a code with a message that says more.
    pub(super) fn by_message(&self, code: &str, message: &str) -> Option<&[Effect]> {
        let says = |it: &&ErrorProof| {
            !it.message.is_empty()
                && it.code == strip_code_affixes(code)
                && has_pattern_pieces(message, &it.message)
        };
        self.0.iter().find(says).map(|it| it.effects.as_slice())
    }

    /// Returns what is proven by a code, whatever its message.
    pub(super) fn by_code(&self, code: &str) -> Option<&[Effect]> {
        let is_it = |it: &&ErrorProof| it.message.is_empty() && it.code == strip_code_affixes(code);
        self.0.iter().find(is_it).map(|it| it.effects.as_slice())
    }

    #[cfg(test)]
    pub(super) fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.0.iter().flat_map(|it| &it.effects)
    }
}

impl ErrorProof {
    fn new(key: &str, effects: Vec<Effect>) -> Self {
        let (code, message) = key.split_once(": ").unwrap_or((key, ""));
        Self { code: strip_code_affixes(code).to_owned(), message: message.to_owned(), effects }
    }
}

/// A code without what services put around it: EC2 writes `Client.` in front and wrote nothing in old records,
/// IAM and RDS write `Exception` or `Fault` behind, or not.
pub(crate) fn strip_code_affixes(code: &str) -> &str {
    let code = code.strip_prefix("Client.").unwrap_or(code);
    let end = ["Exception", "Fault"].into_iter().find_map(|end| code.strip_suffix(end));
    end.filter(|it| !it.is_empty()).unwrap_or(code)
}

/// Whether a message has the pieces of a pattern in it, one behind the other.
fn has_pattern_pieces(message: &str, pattern: &str) -> bool {
    let mut rest = message;
    pattern.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::effect::{Verb, parse};
    use super::*;

    #[test]
    fn a_message_says_more_than_its_code() {
        let read = |key: &str, effect: &str| (key.to_owned(), vec![parse(effect).unwrap()]);
        let proofs = ErrorProofs::new(vec![
            read("NoSuchEntity", "unsure"),
            read("NoSuchEntity: The role with name * cannot be found", "gone"),
            read("DBInstanceNotFoundFault", "gone"),
        ]);
        let verb = |code: &str, message: &str| {
            let found = proofs.by_message(code, message).or_else(|| proofs.by_code(code));
            found.map(|effects| effects[0].verb.clone())
        };
        let role = "The role with name r cannot be found.";
        assert_eq!(verb("NoSuchEntityException", role), Some(Verb::Gone));
        assert_eq!(
            verb("Client.NoSuchEntity", "The role policy with name p cannot be found."),
            Some(Verb::Unsure)
        );
        assert_eq!(verb("DBInstanceNotFound", ""), Some(Verb::Gone));
        assert_eq!((verb("AccessDenied", role), strip_code_affixes("Exception")), (None, "Exception"));
    }
}
