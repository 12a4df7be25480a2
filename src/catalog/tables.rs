//! The tables that calls are judged by: the program's own, and before them those that somebody added.
//!
//! Here it is told whose row counts; what a row makes of an event is for the modules beside this one.

use super::effect::Effect;
use super::failure::FailedParts;
use super::row::RowEntry;
use super::services;
use super::services::{CallRows, EffectColumn};
use crate::hash::stable_list;
use std::collections::HashMap;
use std::sync::Arc;

/// Which API call does what to which resource: the program's own tables, which are constants, and those that were
/// added. To clone one costs no more than a pointer, so every question holds its own.
///
/// # Examples
///
/// ```
/// use trailscan::catalog::{Action, Catalog};
///
/// let rules = "source = \"widgets.internal\"\n[calls]\nMend = [\"created AWS::Widgets::Widget rq.name\"]";
/// let catalog = Catalog::with_rules(&[("widgets.toml".to_owned(), rules.to_owned())])?;
/// assert_eq!(catalog.action_of("widgets.internal", "Mend", None), Action::Created);
/// // The program itself knows nothing of the service, and goes by the verb.
/// assert_eq!(Catalog::default().action_of("widgets.internal", "Mend", None), Action::Changed);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Nearly always there are none, and then nothing is looked up in them.
    added: Option<Arc<AddedTables>>,
}

/// Tables that were added.
#[derive(Debug)]
struct AddedTables {
    by_source: HashMap<String, (CallRows, EffectColumn)>,
    /// Of their text.
    fingerprint: u64,
}

impl Catalog {
    /// Makes a catalog of tables, each the name and the text of a file, before the program's own: a row of theirs
    /// goes before the program's row of the same call, and of two tables the later has the last word.
    ///
    /// # Errors
    /// Says which file cannot be read as a table, and why.
    pub fn with_rules(tables: &[(String, String)]) -> Result<Self, String> {
        let mut by_source: HashMap<String, (CallRows, EffectColumn)> = HashMap::new();
        let mut hash = 0;
        for (name, text) in tables {
            let mistake = |error: String| format!("`{name}`: {error}");
            hash = stable_list(&[&u64::to_le_bytes(hash), text.as_bytes()]);
            let sources: Vec<String> = services::read_sources(text).map(str::to_owned).collect();
            if sources.is_empty() {
                return Err(mistake("no line `source = \"…\"` at its head".to_owned()));
            }
            for source in sources {
                let (rows, column) = by_source.entry(source).or_default();
                rows.extend(services::parse_rows(text).map_err(mistake)?);
                column.extend(services::parse_column(text).map_err(mistake)?);
            }
        }
        let added = (!tables.is_empty()).then(|| Arc::new(AddedTables { by_source, fingerprint: hash }));
        Ok(Self { added })
    }

    /// Returns a fingerprint of the tables that were added; 0 where there are none.
    pub fn rules_fingerprint(&self) -> u64 {
        self.added.as_ref().map_or(0, |it| it.fingerprint)
    }

    /// Returns the row of a call.
    pub(super) fn row(&self, source: &str, api_name: &str) -> Option<&[RowEntry]> {
        let added = self.added(source).and_then(|(rows, _)| rows.get(api_name));
        added.map(Vec::as_slice).or_else(|| services::find_row(source, api_name))
    }

    /// Returns the effects of a call; `None` when the tables have none.
    pub(super) fn effects_of(&self, source: &str, api_name: &str) -> Option<&[Effect]> {
        self.in_column(source, |column| column.effects(api_name))
    }

    /// Returns what a call proves that failed with this error code and message.
    pub(super) fn proofs_of(
        &self,
        source: &str,
        api_name: &str,
        code: &str,
        message: &str,
    ) -> Option<&[Effect]> {
        self.in_column(source, |column| column.proofs(api_name, code, message))
    }

    /// Returns where a call tells which of its parts failed.
    pub(super) fn parts_of(&self, source: &str, api_name: &str) -> Option<&FailedParts> {
        self.in_column(source, |column| column.parts(api_name))
    }

    /// Looks into the second column of the table that was added for a source, then into the program's own.
    fn in_column<'c, T: ?Sized>(
        &'c self,
        source: &str,
        find: impl Fn(&'c EffectColumn) -> Option<&'c T>,
    ) -> Option<&'c T> {
        let added = self.added(source).and_then(|(_, column)| find(column));
        added.or_else(|| find(services::find_effect_column(source)?))
    }

    fn added(&self, source: &str) -> Option<&(CallRows, EffectColumn)> {
        self.added.as_ref()?.by_source.get(source)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Action;

    fn catalog(texts: &[&str]) -> Catalog {
        let tables: Vec<_> = texts.iter().map(|text| ("t.toml".to_owned(), (*text).to_owned())).collect();
        Catalog::with_rules(&tables).unwrap()
    }

    const ADDED: &str = "source = [\"iam.amazonaws.com\", \"widgets.internal\"]\n\
        [calls]\nDeleteUser = [\"changed AWS::IAM::Role rq.userName\"]\nMend = [\"changed AWS::IAM::Role rq.a\"]\n\
        [effects]\nMend = [\"set a rq.a\"]\n\
        [proofs.\"*\"]\nNoSuchWidget = [\"gone\"]\n\
        [parts]\nMend = \"rs.failed.id of rq.ids\"\n";

    #[test]
    fn added_rows_go_before_the_programs_own_and_leave_the_others() {
        let (own, more) = (Catalog::default(), catalog(&[ADDED]));
        let kind = |it: &Catalog, name| it.subject_kind("iam.amazonaws.com", name).map(str::to_owned);
        assert_eq!(kind(&own, "DeleteUser").as_deref(), Some("AWS::IAM::User"));
        assert_eq!(kind(&more, "DeleteUser").as_deref(), Some("AWS::IAM::Role"));
        assert_eq!(kind(&more, "DeleteRole"), kind(&own, "DeleteRole"));
        assert!(kind(&more, "DeleteRole").is_some());
        for source in ["iam.amazonaws.com", "widgets.internal"] {
            assert_eq!(more.effects(source, "Mend").map(<[_]>::len), Some(1));
            assert_eq!(own.effects(source, "Mend"), None);
            assert!(more.proofs(source, "Anything", "NoSuchWidget", "").is_some());
            assert!(own.proofs(source, "Anything", "NoSuchWidget", "").is_none());
            assert!(more.parts_of(source, "Mend").is_some() && own.parts_of(source, "Mend").is_none());
            assert!(more.identifiers(source, "Mend").may_stand_under(b"a"));
            assert!(!more.identifiers(source, "Mend").may_stand_under(b"b"));
            assert!(
                own.identifiers(source, "Mend").may_stand_under(b"b"),
                "a call without a row may use any key"
            );
        }
        let effects = |it: &Catalog| it.effects("iam.amazonaws.com", "PutUserPolicy").map(<[_]>::to_vec);
        assert!(effects(&more).is_some() && effects(&more) == effects(&own));
    }

    #[test]
    fn the_last_of_two_tables_has_the_last_word() {
        let table = |deed| format!("source = \"w.internal\"\n[calls]\nMend = [\"{deed} AWS::W::W rq.a\"]\n");
        let (created, deleted) = (table("created"), table("deleted"));
        let action = |it: &Catalog| it.action_of("w.internal", "Mend", None);
        let (one, other) = (catalog(&[&created, &deleted]), catalog(&[&deleted, &created]));
        assert_eq!((action(&one), action(&other)), (Action::Deleted, Action::Created));
        let prints =
            [&one, &other, &catalog(&[&created]), &Catalog::default()].map(Catalog::rules_fingerprint);
        let different: std::collections::HashSet<u64> = prints.into_iter().collect();
        assert_eq!((different.len(), prints[3]), (4, 0));
        assert_eq!(catalog(&[&created, &deleted]).rules_fingerprint(), prints[0]);
        assert_eq!(one.clone().rules_fingerprint(), prints[0]);
        // No tables are none.
        assert!(catalog(&[]).added.is_none());
    }

    #[test]
    fn what_is_no_table_is_named() {
        for (text, says) in [
            ("[calls]", "`t.toml`: no line `source"),
            ("source = \"a\"\n[calls]\nA = [\"made AWS::A::A rq.a\"]", "`made` in"),
            ("source = \"a\"\n[calls]\n\n[effects]\nA = [\"frob x\"]", "frob"),
            ("source = \"a\"\n[cals]\n", "cals"),
        ] {
            let error = Catalog::with_rules(&[("t.toml".to_owned(), text.to_owned())]).unwrap_err();
            assert!(error.contains("`t.toml`: ") && error.contains(says), "{error}");
        }
    }
}
