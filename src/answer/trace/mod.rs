//! Where credentials came from and where they went: the fold behind `trace`.
//!
//! [`Facts`] gathers, whatever the order of the events, who made which credential, what was done with
//! it and what took it away. [`Facts::trace`] puts that together as a tree from the persons at the
//! start to the last session. It is not known here how events are found; see `cli`.

mod answer;
mod at;
mod caller;
mod facts;
mod grant;
mod graph;
mod look;
mod made;
mod origin;
mod place;
mod relevant;
mod taking;
mod told;

mod walk;
mod wanted;

pub use answer::{AskedRow, CallRow, KeyRow, Kind, LinkRow, NodeRow, Trace};
pub use at::Status;
pub use caller::Caller;
pub use facts::{Call, Facts};
pub use grant::How;
pub use graph::Certainty;
pub use look::{Look, Through, Uses};
pub use origin::{Origin, Origins};
pub use taking::TakenAway;
pub use wanted::Wanted;

#[cfg(test)]
mod tests;
