//! The program as its user meets it: what it is given, what it prints, how it ends.
//!
//! Only what needs the whole program is tested here; rules of one module are
//! tested beside it.

#![allow(clippy::unwrap_used, reason = "`allow-unwrap-in-tests` does not reach the helpers")]

mod actor;
mod answers;
mod asides;
mod bites;
mod config;
mod dependencies;
mod docs;
#[cfg(unix)]
mod documents;
mod endings;
mod exports;
#[cfg(unix)]
mod help;
mod index;
mod languages;
mod layers;
mod logged;
mod logins;
mod named;
mod names;
mod namesakes;
mod near_misses;
mod new;
mod outcome;
mod output;
mod planted;
mod prefilter;
mod reading;
mod rules;
mod schemas;
mod stats;
mod tables;
mod timeline;
mod trace;
mod unnamed;
mod validate;
mod withheld;
mod world;
