//! The sidecar index: what is known of the files of an archive, so that a question need not open
//! those that cannot matter to it.
//!
//! An index lies outside the archive and is never evidence: it only says of files that they need
//! not be opened, and what would have been counted in them. Whatever is not known, is new or has
//! changed is read. Where indexes lie is for the command line to say.

mod archive_root;
mod build;
mod bytes;
mod file_summary;
mod format_fingerprint;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod index_file;
mod open;
mod places;
mod prune;
mod pruner;
mod sample;
mod token_filter;
mod tokens;
mod update;
mod words;

pub use archive_root::ArchiveRoot;
pub use open::{Index, Opened, open};
pub use prune::{Pruned, prune_sources};
pub use update::{IndexUpdate, OldIndex, build};
