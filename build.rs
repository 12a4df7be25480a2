//! What the compiler finds out for itself instead of from a list kept by hand: the tables of the catalog, the man
//! pages, and a fingerprint of the code, by which an index that other code made is known. And what has to run before
//! Rust does.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let (src, man) = (root.join("src"), root.join("man"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    // A directory stands for all that is in it, and for what comes and goes.
    println!("cargo::rerun-if-changed={}", src.display());
    println!("cargo::rerun-if-changed={}", man.display());
    let tables = texts("TABLES", "The text of each table", &src.join("catalog/services"), "toml");
    fs::write(out.join("tables.rs"), tables).expect("OUT_DIR can be written");
    let pages = texts("PAGES", "Each man page", &man, "1");
    fs::write(out.join("pages.rs"), pages).expect("OUT_DIR can be written");
    println!("cargo::rustc-env=TRAILSCAN_CODE_FINGERPRINT={}", fingerprint(&src));
    if std::env::var_os("CARGO_CFG_UNIX").is_some() {
        link_closed_stdout(&src);
    }
}

/// Links the few lines of C that run before the program; the library has none of them.
fn link_closed_stdout(src: &Path) {
    let objects =
        cc::Build::new().cargo_metadata(false).file(src.join("closed_stdout.c")).compile_intermediates();
    for object in objects {
        println!("cargo::rustc-link-arg-bins={}", object.display());
    }
}

/// A constant with the text of each file that ends so, by its name.
fn texts(constant: &str, what: &str, dir: &Path, extension: &str) -> String {
    let mut rows = String::new();
    for path in files(dir) {
        if path.extension().is_some_and(|it| it == extension) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            rows.push_str(&format!("    ({name:?}, include_str!({:?})),\n", path.display().to_string()));
        }
    }
    format!("/// {what}, by the name of its file.\nconst {constant}: &[(&str, &str)] = &[\n{rows}];\n")
}

/// FNV-1a over the names and the content of all sources, in the order of their names. A version number would not do:
/// between two releases it stays the same, and an index that other code made could lose rows. Nor would a list of the
/// modules that make the facts: whoever uses one more has to think of it. To make an index anew costs little.
fn fingerprint(src: &Path) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files(src) {
        let name = file.strip_prefix(src).expect("it lies below").to_string_lossy().replace('\\', "/");
        let content = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for byte in name.bytes().chain([0]).chain(content) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// The files below a directory but for those of tests, by name.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())) {
        let path = entry.expect("the sources can be listed").path();
        let is_test = path.file_stem().is_some_and(|it| it == "tests" || it == "testing");
        match path.is_dir() {
            _ if is_test => {}
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}
