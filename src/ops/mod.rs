//! What the program is used for, without its command line: an archive is opened, read for a question, and read once
//! more where names or ends were learnt. No argument is parsed here, nothing is printed, and no clock is read; whoever
//! watches is told through [`Observer`].

mod archive;
pub(crate) mod config_baseline;
mod config_file;
pub(crate) mod credentials;
pub(crate) mod history;
pub(crate) mod log_gaps;
mod name_sample;
pub(crate) mod names;
mod near_names;
pub(crate) mod proof;
mod questions;
pub(crate) mod who;

pub(crate) use near_names::NameSampling;

pub use archive::{Archive, ArchiveOptions, Observer, Search, Unobserved};
