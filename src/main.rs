//! The `trailscan` command: a shell around the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    trailscan::cli::run(std::env::args_os())
}
