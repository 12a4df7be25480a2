//! From a stream of text to records: their shapes, their wrappers, their fields, and what damage leaves of them.
//!
//! Told by content, never by name. A damaged stream gives the records that it has; nothing here ends a scan.

mod contents;
mod fast_count;
mod fixed_fields;
mod members;
pub mod nested_keys;
pub mod outline;
mod parts;
mod place;
mod raw_fields;
mod record;
mod record_suffix;
mod records;
mod shape;
mod skip;
mod split_delivered;
mod structural;
mod top_level;
mod unescape;
mod unwrap;
mod wrap;

pub use contents::{
    NonLogKind, ScanBuffers, ScanSummary, StreamKind, classify_stream, config_documents,
    count_without_splitting, may_be_of_config, promises_log, read_records, scan_records,
};

pub use fixed_fields::{FixedFields, may_be_shared, may_lack_a_part, may_return_false};
pub use parts::{DocumentPart, PartsFault, visit_document_parts};
pub use raw_fields::{caller_text, plain_outcome, raw_fields, raw_user_agent};
pub use record::{EndFields, Record, RecordCounts, RecordVisitor};
