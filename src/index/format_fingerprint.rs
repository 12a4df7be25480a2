//! Which code made an index: what another made is not used.

use crate::catalog::Catalog;
use crate::hash::stable_list;

/// Returns what has to be the same for an index to mean the same: the program's version, its code
/// (`build.rs` reads all of it), and the rules that were added to the catalog.
pub(super) fn format_fingerprint(catalog: &Catalog) -> u64 {
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    let code = env!("TRAILSCAN_CODE_FINGERPRINT").as_bytes();
    stable_list(&[version, code, &catalog.rules_fingerprint().to_le_bytes()])
}
