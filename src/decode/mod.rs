//! From bytes to records: sniffing, inflating, packages, record shapes, salvage.
//!
//! Told by content, never by name. A damaged file gives what it has and says
//! what it lacks; nothing here ends a scan.

mod athena;
mod bytes;
mod columns;
mod contents;
mod csv;
mod delivered;
mod first;
mod foot;
mod gzip;
mod inflate;
pub mod keys;
mod mask;
mod members;
mod notation;
mod oneshot;
pub mod outline;
mod own;
mod package;
mod record;
mod records;
mod shape;
mod sight;
mod skim;
mod sniff;
mod stream;
mod unescape;
mod unwrap;
mod unzip;
mod utf16;
mod wrap;
mod zstd;

pub use bytes::Damage;
pub use contents::{
    Contents, Other, Walked, Work, config_documents, judge, may_be_of_config, promises_log, read, skim, walk,
};
pub use first::{Member, first_member, first_member_of};
pub use record::{End, Record, Tally, Visit};
pub use records::MAX_RECORD;
pub use sight::{Sight, may_lack_a_part, may_return_false};
pub use stream::{Limits, Scratch, Stream, each_stream, each_stream_of};
