//! End to end: the program as a user meets it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod docs;
mod layers;
