//! trailscan answers forensic questions from AWS CloudTrail log archives, offline.
//!
//! [`Archive`] answers what the program answers:
//!
//! ```
//! use trailscan::Archive;
//! use trailscan::resource::Reference;
//!
//! let archive = Archive::open(["tests/fixtures/invictus"])?;
//! let answered = archive.who(&Reference::parse("sg-04cfb7a4712d75b00")?)?;
//! assert!(!answered.answer.rows.is_empty());
//! # Ok::<(), trailscan::error::Error>(())
//! ```
//!
//! The binary is a shell around this library. Data flows one way: bytes are found by `input`, unpacked by `container`,
//! made into records by `decode`, understood by `event`, `resource` and `catalog`, chosen by `query`, folded by
//! `answer`, driven by `scan` and `ops`, and written by `render`. `ARCHITECTURE.md` holds the walls between them.

pub mod answer;
pub mod aws;
pub mod catalog;
pub mod cli;
pub mod container;
pub mod decode;
pub mod error;
pub mod event;
pub(crate) mod hash;
pub mod index;
pub mod input;
pub mod integrity;
pub(crate) mod intern;
pub mod ops;
pub mod query;
pub mod render;
pub mod resource;
pub mod scan;
pub(crate) mod text;
pub mod threads;
pub mod timeline;
pub mod ui;

pub use ops::{Archive, ArchiveOptions};
