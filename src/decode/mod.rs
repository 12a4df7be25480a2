//! From bytes to records: sniffing, inflating, packages, record shapes, salvage.
pub mod outline;
pub mod records;
mod mask;
mod shape;
mod unescape;
