//! `--trace` and `--verify` of the commands whose rows name who made a call: who stands behind the caller, and
//! what is proven of the files that hold the event.

use super::ask::Session;
use super::verify::VerifyArgs;
use crate::answer::History;
use crate::error::{Error, Trouble};
use crate::ops::credentials;
use crate::ops::history::{HistoryEnd, HistoryOptions};
use clap::Args;

/// What is told of the events that an answer names
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Proof")]
pub(super) struct ProvenanceArgs {
    /// Show who stands behind each caller
    ///
    /// The start of the chain of credentials: whoever assumed the role, signed in or holds the key.
    #[arg(long)]
    pub(super) trace: bool,
    #[command(flatten)]
    pub(super) verify: VerifyArgs,
}

impl ProvenanceArgs {
    /// Returns whether rows of events are needed beside what they did.
    fn needs_rows(&self) -> bool {
        self.trace || self.verify.is_asked()
    }

    /// What is unfolded for an answer about a moment.
    pub(super) fn history_options(&self, until: HistoryEnd) -> HistoryOptions {
        let (rows, origins, unnamed) = (self.needs_rows(), self.trace, Some(until));
        HistoryOptions { holes: true, rows, origins, unnamed, ..HistoryOptions::default() }
    }

    /// Refuses to trace what cannot be read twice.
    ///
    /// # Errors
    /// When that is asked.
    pub(super) fn refuse_pipe(&self, session: &Session<'_>) -> Result<(), Error> {
        if self.trace { session.refuse_pipe() } else { Ok(()) }
    }

    /// Tells every row of a history who stands behind its caller and what is proven of its files.
    ///
    /// # Errors
    /// When keys or metadata cannot be read.
    pub(super) fn tell(
        &self,
        session: &mut Session<'_>,
        history: &mut History,
        troubles: &mut Vec<Trouble>,
    ) -> Result<(), Error> {
        if self.trace {
            history.add_origins(credentials::read_issuances(&mut session.search, troubles)?);
        }
        self.verify.prove(session, &mut history.rows_mut(), troubles)
    }
}
