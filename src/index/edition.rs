//! Which code made an index: what another made is not used.

use super::hash::digest;
use crate::catalog;

/// The code that decides what an index says and what is asked of it. A version number is not enough:
/// between two releases it stays the same, and an index of other code could lose rows.
const CODE: &[&[u8]] = &[
    include_bytes!("build.rs"),
    include_bytes!("bytes.rs"),
    include_bytes!("facts.rs"),
    include_bytes!("filter.rs"),
    include_bytes!("hash.rs"),
    include_bytes!("places.rs"),
    include_bytes!("sieve.rs"),
    include_bytes!("sift.rs"),
    include_bytes!("spot.rs"),
    include_bytes!("store.rs"),
    include_bytes!("words.rs"),
    include_bytes!("../catalog/association.rs"),
    include_bytes!("../catalog/caller.rs"),
    include_bytes!("../catalog/copying.rs"),
    include_bytes!("../catalog/denial.rs"),
    include_bytes!("../catalog/failure.rs"),
    include_bytes!("../catalog/fallback.rs"),
    include_bytes!("../catalog/identifiers.rs"),
    include_bytes!("../catalog/members.rs"),
    include_bytes!("../catalog/mod.rs"),
    include_bytes!("../catalog/path.rs"),
    include_bytes!("../catalog/row.rs"),
    include_bytes!("../catalog/services.rs"),
    include_bytes!("../catalog/value.rs"),
    include_bytes!("../decode/columns.rs"),
    include_bytes!("../decode/keys.rs"),
    include_bytes!("../decode/members.rs"),
    include_bytes!("../decode/own.rs"),
    include_bytes!("../decode/records.rs"),
    include_bytes!("../decode/shape.rs"),
    include_bytes!("../decode/unwrap.rs"),
    include_bytes!("../decode/wrap.rs"),
    include_bytes!("../event/actor.rs"),
    include_bytes!("../event/denial.rs"),
    include_bytes!("../event/mod.rs"),
    include_bytes!("../event/outcome.rs"),
    include_bytes!("../event/parser.rs"),
    include_bytes!("../event/repair.rs"),
    include_bytes!("../event/service_time.rs"),
    include_bytes!("../event/time.rs"),
    include_bytes!("../resource/arn.rs"),
    include_bytes!("../resource/canonical.rs"),
    include_bytes!("../resource/further.rs"),
    include_bytes!("../resource/identity.rs"),
    include_bytes!("../resource/ids.rs"),
    include_bytes!("../resource/matching.rs"),
    include_bytes!("../resource/parse.rs"),
    include_bytes!("../resource/parts.rs"),
    include_bytes!("../resource/ties.rs"),
    include_bytes!("../resource/shape.rs"),
    include_bytes!("../resource/table.rs"),
    include_bytes!("../resource/tokens.rs"),
    include_bytes!("../resource/types.rs"),
];

/// Returns what has to be the same for an index to mean the same.
pub(super) fn edition() -> u64 {
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    digest(&[&[version, &catalog::edition().to_le_bytes()], CODE].concat())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Files that may change without an index meaning something else.
    const OTHERS: &[&str] = &[
        "event/fingerprint.rs",
        "event/global.rs",
        "index/edition.rs",
        "index/mod.rs",
        "index/open.rs",
        "index/update.rs",
        "catalog/effect.rs",
        "catalog/proofs.rs",
        "catalog/unnamed.rs",
        "catalog/withheld.rs",
        "resource/literals.rs",
        "resource/mod.rs",
        "resource/named.rs",
        "resource/reference.rs",
        "resource/suggest.rs",
        "resource/within.rs",
    ];

    /// A file that is cut in two must not drop out of the edition.
    #[test]
    fn every_file_is_listed_or_known_not_to_matter() {
        let (src, code) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), include_str!("edition.rs"));
        let (mut listed, mut others) = (0, OTHERS.to_vec());
        for dir in ["index", "catalog", "resource", "event"] {
            for entry in std::fs::read_dir(src.join(dir)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let path = format!("{dir}/{name}");
                let written = if dir == "index" { name.clone() } else { format!("../{path}") };
                let is_listed = code.contains(&format!("include_bytes!(\"{written}\")"));
                let is_code = name.ends_with(".rs") && !name.ends_with("tests.rs");
                others.retain(|it| *it != path);
                listed += u32::from(is_listed);
                assert!(
                    !is_code || is_listed != OTHERS.contains(&&*path),
                    "`{path}` is listed twice or not at all"
                );
            }
        }
        assert_eq!(others, [""; 0], "files that are no more");
        assert!(listed > 25, "{listed} files say little");
    }
}
