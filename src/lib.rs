//! trailscan answers forensic questions from AWS CloudTrail log archives, offline.
//!
//! The binary is a shell around this library. Data flows one way: bytes are
//! found by `input`, made into records by `decode`, understood by `event`,
//! `resource` and `catalog`, chosen by `query`, folded by `answer`, and
//! written by `render`. `ARCHITECTURE.md` holds the walls between them.

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
pub mod query;
pub mod render;
pub mod resource;
pub mod scan;
pub(crate) mod text;
pub mod threads;
pub mod timeline;
pub mod ui;
