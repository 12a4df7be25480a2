//! From the bytes of a file to streams of text: compression, packages, encodings, tables.
//!
//! What a file is tells its content, never its name. Whatever comes out is UTF-8, a chunk at a time; rows of CSV come
//! out as lines of JSON. A damaged file gives what it has and says what it lacks. What the text means is for `decode`.

pub(crate) mod athena;
pub(crate) mod bytes;
pub(crate) mod columns;
mod csv;
mod first_member;
mod gzip;
mod inflate;
pub(crate) mod notation;
mod oneshot;
mod sniff;
pub(crate) mod stream;
mod tar;
mod utf16;
mod zip;
mod zstd;

pub use bytes::Damage;
pub use first_member::{FirstMember, first_member, first_member_of};
pub use stream::{InflateBuffers, Limits, MAX_RECORD, Stream, each_stream, each_stream_of};
