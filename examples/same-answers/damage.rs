//! Makes damaged archives of the fixtures, and damages indexes.

use std::fs;
use std::io;
use std::path::Path;

/// Where the sound files are.
const SHAPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/shapes");

/// Writes to `dir/DAMAGE/FILE` what each damage makes of each file in `shapes/`, and a directory of them all.
pub(crate) fn make(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(SHAPES)? {
        let entry = entry?;
        let content = fs::read(entry.path())?;
        for (damage, damaged) in damages(&content) {
            let dir = dir.join(damage);
            fs::create_dir_all(&dir)?;
            fs::write(dir.join(entry.file_name()), damaged)?;
        }
    }
    Ok(())
}

/// The names of all damages.
pub(crate) fn names() -> Vec<&'static str> {
    damages(&[]).into_iter().map(|(name, _)| name).collect()
}

/// The names of the files that each was done to.
pub(crate) fn files() -> io::Result<Vec<String>> {
    let entries: io::Result<Vec<_>> = fs::read_dir(SHAPES)?.collect();
    let mut names: Vec<_> = entries?.iter().map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

fn damages(content: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let cut = |end: usize| content[..end.min(content.len())].to_vec();
    let flipped = |at: usize| {
        let mut content = content.to_vec();
        content.get_mut(at).into_iter().for_each(|byte| *byte ^= 0x55);
        content
    };
    let with = |more: &[u8]| [content, more].concat();
    vec![
        ("empty", Vec::new()),
        ("cut-in-head", cut(9)),
        ("cut-in-middle", cut(content.len() / 2)),
        ("cut-at-end", cut(content.len().saturating_sub(1))),
        ("flipped-head", flipped(0)),
        ("flipped-middle", flipped(content.len() / 2)),
        ("flipped-end", flipped(content.len().saturating_sub(3))),
        ("appended-text", with(b"and more\n")),
        ("appended-zeros", with(&[0; 600])),
        ("twice", with(content)),
    ]
}

/// What is done to the indexes after a round of questions.
#[derive(Clone, Copy)]
pub(crate) enum Harm {
    None,
    /// A byte in the middle of each changes.
    Flip,
    /// Each loses its second half.
    Cut,
}

impl Harm {
    /// Does it to all indexes in `dir`.
    pub(crate) fn apply(self, dir: &Path) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if !path.is_file() {
                continue;
            }
            let mut content = fs::read(&path)?;
            let middle = content.len() / 2;
            match self {
                Self::None => continue,
                Self::Flip => content.get_mut(middle).into_iter().for_each(|byte| *byte ^= 0x10),
                Self::Cut => content.truncate(middle),
            }
            fs::write(&path, content)?;
        }
        Ok(())
    }
}
