//! The terminal: the only place that knows stdout, stderr, colours and width.
//!
//! The answer goes to stdout and nothing else does; what was searched, hints,
//! troubles and progress go to stderr.

use crate::error::{Error, Trouble};
use crate::render::OutputStyle;
use crate::scan::Progress;
use crate::text::escape_for_terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io;
use std::io::{BufWriter, IsTerminal, Write};
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use terminal_size::{Width, terminal_size_of};

/// How long a scan may take before a progress bar is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// How wide a terminal may be, and how wide one is taken to be whose width is not known.
pub const WIDTHS: RangeInclusive<u16> = 20..=9999;
const USUAL: u16 = 80;

/// At most this many troubles are listed one by one; the JSON output has all.
const LISTED: usize = 20;

/// The terminal of this process.
#[derive(Clone, Copy, Debug)]
pub struct Ui {
    /// Whether hints and coverage are left out.
    pub quiet: bool,
    /// When colours are used.
    pub color: Color,
    /// The columns to fit tables into, where they are not to be asked of the terminal.
    pub columns: Option<u16>,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Where stdout is a terminal.
    OnTerminal,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

impl Ui {
    /// Returns how a table looks: fitted to the columns that were asked for, else to those of the terminal that stdout
    /// is, else not at all. `wide` says that nothing is to be fitted.
    pub fn style(&self, wide: bool) -> OutputStyle {
        let terminal = io::stdout().is_terminal();
        // Terminals that do not know their size say 0.
        let of_terminal = || {
            let columns = terminal_size_of(io::stdout()).map(|(Width(columns), _)| columns);
            columns.filter(|columns| WIDTHS.contains(columns)).unwrap_or(USUAL)
        };
        let width = self.columns.or_else(|| terminal.then(of_terminal));
        OutputStyle { color: self.colors(), width, wide, terminal }
    }

    /// Returns whether the answer is coloured.
    pub fn colors(&self) -> bool {
        match self.color {
            Color::OnTerminal => io::stdout().is_terminal(),
            Color::Always => true,
            Color::Never => false,
        }
    }

    /// Writes the answer. A reader that went away is no error: `| head` has seen enough.
    ///
    /// # Errors
    /// When stdout refuses for another reason.
    pub fn answer(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        write_stdout(|stdout| {
            let mut out = BufWriter::with_capacity(1 << 16, stdout.lock());
            write(&mut out).and_then(|()| out.flush())
        })
    }

    /// Says what was searched, or a hint.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            write_stderr(text);
        }
    }

    /// Names what could not be read.
    pub fn troubles(&self, troubles: &[Trouble]) {
        for trouble in troubles.iter().take(LISTED) {
            write_stderr(&format!("trailscan: warning: {trouble}"));
        }
        if troubles.len() > LISTED {
            write_stderr(&format!(
                "trailscan: warning: {} more files cannot be read in full; `--json` lists all",
                troubles.len() - LISTED
            ));
        }
        let mut kinds: Vec<_> = troubles.iter().map(|trouble| trouble.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            write_stderr(&format!("hint: {}", kind.hint()));
        }
    }

    /// Says why the request could not be carried out.
    pub fn error(&self, error: &Error) {
        write_stderr(&format!("trailscan: error: {error}"));
        if let Some(excerpt) = error.excerpt_text() {
            write_stderr(&format!("  {}{}", excerpt.before, excerpt.after));
            write_stderr(&format!("  {}^", " ".repeat(escape_for_terminal(&excerpt.before).chars().count())));
        }
        if let Some(hint) = error.hint_text() {
            write_stderr(&format!("hint: {hint}"));
        }
    }

    /// Returns a progress bar over `bytes` that shows itself when the scan takes long.
    pub fn progress(&self, bytes: u64) -> Bar {
        self.progress_of_files(0, bytes)
    }

    /// Returns a progress bar that tells of the files as well; 0 when nobody cares.
    pub fn progress_of_files(&self, files: u64, bytes: u64) -> Bar {
        let shown = !self.quiet && io::stderr().is_terminal();
        let (done, done_files) = (AtomicU64::new(0), AtomicU64::new(0));
        Bar { bytes, files, shown, start: Instant::now(), done, done_files, bar: OnceLock::new() }
    }
}

/// Prints what was asked of the arguments themselves: the help, the version. Where nothing was asked, and the help is the
/// answer to that mistake, it goes to stderr.
///
/// # Errors
/// When stdout refuses, but for a reader that went away.
pub fn print_help(help: &clap::Error) -> Result<(), Error> {
    if help.use_stderr() {
        // Where stderr is gone there is nobody to tell.
        let _ = help.print();
        return Ok(());
    }
    write_stdout(|mut stdout| help.print().and_then(|()| stdout.flush()))
}

/// Writes to stdout. A reader that went away is no error; an answer that goes nowhere is.
fn write_stdout(write: impl FnOnce(io::Stdout) -> io::Result<()>) -> Result<(), Error> {
    if is_closed(&io::stdout()) {
        return Err(Error::new("cannot write the answer: stdout is closed")
            .hint("write it to a file, or to `/dev/null` for the status alone"));
    }
    match write(io::stdout()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Error::new(format!("cannot write the answer: {error}"))
            .hint("free some space, or write the output elsewhere")),
    }
}

/// Whether nothing can be written to stdout. Rust takes such an error for success.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn is_closed(stdout: &io::Stdout) -> bool {
    use rustix::fs::{OFlags, fcntl_getfl};
    fcntl_getfl(stdout).is_ok_and(|flags| flags & OFlags::ACCMODE == OFlags::RDONLY)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn is_closed(_: &io::Stdout) -> bool {
    false
}

/// Every message is one line of visible characters: names of files are an attacker's text as well.
fn write_stderr(text: &str) {
    // Where stderr is gone there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{}", escape_for_terminal(text));
}

/// Progress on stderr.
pub struct Bar {
    bytes: u64,
    files: u64,
    shown: bool,
    start: Instant,
    done: AtomicU64,
    done_files: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Progress for Bar {
    fn done(&self, bytes: u64) {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let files = self.done_files.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown && (self.bar.get().is_some() || self.start.elapsed() > PATIENCE) {
            let bar = self.bar.get_or_init(|| byte_progress_bar(self.bytes));
            bar.set_position(done);
            if self.files > 0 && (files.is_multiple_of(64) || files == self.files) {
                bar.set_message(format!("{files} of {} files, ", self.files));
            }
        }
    }

    fn again(&self) {
        self.done.store(0, Ordering::Relaxed);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn byte_progress_bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
    let template = "reading {bar:30} {msg}{bytes} of {total_bytes}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
