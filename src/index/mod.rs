//! The sidecar index: what is known of the files of an archive, so that a question need not open
//! those that cannot matter to it.
//!
//! An index lies outside the archive and is never evidence: it only says of files that they need
//! not be opened, and what would have been counted in them. Whatever is not known, is new or has
//! changed is read. Where indexes lie is for the command line to say.

mod build;
mod bytes;
mod edition;
mod facts;
mod filter;
mod hash;
mod open;
mod places;
mod sieve;
mod sift;
mod spot;
mod store;
mod update;
mod words;

pub use open::{Index, Opened, open};
pub use sift::{Sifted, sift};
pub use spot::Spot;
pub use update::{Built, build};
