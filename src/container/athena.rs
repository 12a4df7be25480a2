//! What `aws athena get-query-results` prints: rows of cells, the first of which has the names of the columns.

use crate::text::has_too_many_values;
use serde_json::Value;

/// A row by the names of its columns.
type AthenaRow = Vec<(String, Value)>;

/// Returns the rows of such a result.
pub(crate) fn parse_rows(text: &[u8]) -> Option<Vec<AthenaRow>> {
    memchr::memmem::find(text, b"\"VarCharValue\"")?;
    if has_too_many_values(text) {
        return None;
    }
    let result: Value = serde_json::from_slice(text).ok()?;
    let rows = result.get("ResultSet").unwrap_or(&result).get("Rows")?.as_array()?;
    let cells = |row: &Value| -> Option<Vec<String>> {
        let cell =
            |cell: &Value| cell.get("VarCharValue").and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(row.get("Data")?.as_array()?.iter().map(cell).collect())
    };
    let (names, rows) = rows.split_first()?;
    let names = cells(names)?;
    let row =
        |row: &Value| Some(names.iter().cloned().zip(cells(row)?.into_iter().map(Value::from)).collect());
    rows.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_has_the_names() {
        let text =
            br#"{"UpdateCount":0,"ResultSet":{"Rows":[{"Data":[{"VarCharValue":"a"},{"VarCharValue":"b"}]},
            {"Data":[{"VarCharValue":"1"},{}]}],"ResultSetMetadata":{}}}"#;
        let want: Vec<AthenaRow> = vec![vec![("a".to_owned(), "1".into()), ("b".to_owned(), "".into())]];
        assert_eq!(parse_rows(text), Some(want));
        assert_eq!(parse_rows(b"{\"Rows\":[]}"), None);
    }
}
