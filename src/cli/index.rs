//! `index`, and the use that every question makes of an index that is there.

use super::args::{ColorArg, InputArgs, LinkArgs, input_paths};
use crate::catalog::Catalog;
use crate::error::{Error, Status};
use crate::index::{ArchiveRoot, IndexUpdate, OldIndex};
use crate::ui::Ui;
use crate::{index, scan};
use clap::Args;
use etcetera::BaseStrategy;
use std::path::{Path, PathBuf};

/// The arguments of `index`.
#[derive(Args, Debug)]
pub(super) struct IndexArgs {
    /// Directories to index
    ///
    /// Without one it is $TRAILSCAN_PATH, else the current directory.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where the index is written [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]
    #[arg(long, value_name = "DIR")]
    index_dir: Option<PathBuf>,
    /// Read every file again, including those that the index already has
    #[arg(long)]
    rebuild: bool,
    /// How many threads work; no more than 64, or four a processor [default: one a processor]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    threads: usize,
    #[command(flatten)]
    links: LinkArgs,
    /// Say nothing but what cannot be read
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn run(args: &IndexArgs) -> Result<Status, Error> {
    let ui = Ui { quiet: args.quiet, color: ColorArg::Never.color(true), columns: None };
    let dir = index_directory(args.index_dir.as_deref()).ok_or_else(|| {
        Error::new("there is no directory for the index: the home directory is not known")
            .hint("name one with `--index-dir`")
    })?;
    let mut status = Status::Answered;
    for path in input_paths(&args.paths) {
        if !path.is_dir() {
            return Err(Error::new(format!("cannot index `{}`: it is no directory", path.display()))
                .hint("name the directory that holds `AWSLogs/`"));
        }
        let spot = ArchiveRoot::new(&path)?;
        if spot.holds(&dir) {
            return Err(Error::new(format!("the index must not lie in the archive `{}`", path.display()))
                .hint("name another directory with `--index-dir`"));
        }
        let found = scan::find_sources_with(std::slice::from_ref(&path), args.links.follow(), args.threads)?;
        let bar = ui.progress(found.sources.iter().map(|source| source.size()).sum());
        let old = if args.rebuild { OldIndex::Discard } else { OldIndex::Keep };
        let mut built =
            index::build(&dir, spot, old, found.sources, &Catalog::default(), args.threads, &bar)?;
        drop(bar);
        if let Some(note) = &built.note {
            ui.say(&format!("trailscan: {note}"));
        }
        built.troubles.extend(found.troubles);
        built.troubles.sort();
        ui.troubles(&built.troubles);
        ui.say(&index_summary(&path, &built));
        if !built.troubles.is_empty() {
            status = Status::Partial;
        }
    }
    Ok(status)
}

fn index_summary(path: &Path, built: &IndexUpdate) -> String {
    let IndexUpdate { files, kept, unknown, events, bytes, archive, .. } = built;
    let share = if *archive == 0 { 0.0 } else { *bytes as f64 * 100.0 / *archive as f64 };
    let unknown = match unknown {
        0 => String::new(),
        unknown => format!("; {unknown} others are read for every question"),
    };
    format!(
        "trailscan: indexed `{}`: {files} files ({kept} known before), {events} events{unknown}; `{}` has {bytes} bytes, {share:.1} % of the archive",
        path.display(),
        built.path.display(),
    )
}

/// Where the indexes lie that a question may use.
pub(super) fn directory_for(args: &InputArgs) -> Option<PathBuf> {
    // What is known holds for files that were read in full, so for limits that let them be.
    index_directory(args.index_dir.as_deref()).filter(|_| !args.no_index && args.reads_all())
}

/// Where indexes lie: as typed, else in the user's cache directory, on Unix where XDG has it.
fn index_directory(typed: Option<&Path>) -> Option<PathBuf> {
    typed.map(Path::to_owned).or_else(|| {
        let cache = etcetera::choose_base_strategy().ok()?.cache_dir();
        // A home that is relative is another one for the next run.
        cache.is_absolute().then(|| cache.join("trailscan"))
    })
}
