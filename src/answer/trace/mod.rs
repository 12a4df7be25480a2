//! Where credentials came from and where they went: the fold behind `trace`.
//!
//! [`CredentialFacts`] gathers, whatever the order of the events, who made which credential, what was done with
//! it and what took it away. [`CredentialFacts::trace`] puts that together as a tree from the persons at the
//! start to the last session. It is not known here how events are found; see `cli`.

pub(super) mod answer;
mod attribution;
pub(super) mod caller;
pub(super) mod facts;
pub(super) mod grant;
pub(super) mod graph;
mod inferred_links;
mod issuance_links;
mod passes;
mod relevant;
mod revocation;
mod target;
mod validity;
mod walk;

pub use answer::{AskedRow, CallRow, KeyRow, LinkRow, NodeKind, NodeRow, Trace};
pub use caller::{Caller, CallerKind};
pub use facts::{CallCount, CredentialFacts};
pub use grant::IssuedBy;
pub use graph::Certainty;
pub use passes::{CredentialSet, CredentialUses, TracePass};
pub use validity::KeyStatus;

pub use revocation::RevocationRow;
pub use target::TraceTarget;

#[cfg(test)]
pub(super) mod tests;
