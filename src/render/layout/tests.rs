use super::*;

/// The table of some rows, as it is written at a width.
fn lines(columns: &[TableColumn], rows: &[&[&str]], width: usize) -> (Vec<String>, Vec<ColumnPlace>) {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    let layout = plan_layout(columns, &rows, width, false);
    let mut shown: Vec<String> = layout.above.clone();
    for row in &rows {
        let beside = layout.places.iter().enumerate().filter_map(|(at, place)| match place {
            ColumnPlace::Beside(width) => {
                Some(layout.cell_lines(at, &columns[at], &row[at], *width).join("/"))
            }
            _ => None,
        });
        shown.push(beside.collect::<Vec<_>>().join("  "));
        shown.extend(layout.lines_below(columns, row, width));
    }
    (shown, layout.places)
}

fn columns() -> Vec<TableColumn> {
    vec![
        TableColumn::time("TIME").key(),
        TableColumn::new("WHO", ColumnKind::Name).priority(60),
        TableColumn::new("CALL", ColumnKind::Whole).priority(70),
        TableColumn::new("RESOURCE", ColumnKind::Name).priority(30),
        TableColumn::new("REGION", ColumnKind::Whole),
    ]
}

const ROWS: [&[&str]; 2] = [
    &["2024-03-01T15:42:07Z", "alice", "DeleteObject", "S3::Object pay/2024/03/salaries.csv", "us-east-1"],
    &["2024-03-01T15:42:08Z", "bob", "PutObject", "S3::Object pay/2024/03/bonus.csv", "us-east-1"],
];

#[test]
fn what_does_not_fit_is_said_once_then_shortened_then_moved() {
    use ColumnPlace::{Above, Below, Beside};
    let (shown, places) = lines(&columns(), &ROWS, 81);
    assert_eq!(places, [Beside(20), Beside(5), Beside(12), Beside(35), Above]);
    assert_eq!(shown[0], "REGION us-east-1");
    let (shown, places) = lines(&columns(), &ROWS, 70);
    assert_eq!(places[0], Beside(10));
    assert_eq!(shown[..2], ["2024-03-01 (UTC)", "REGION us-east-1"]);
    assert_eq!(shown[2], "15:42:07  alice  DeleteObject  S3::Object pay/2024/03/salaries.csv");
    let (shown, _) = lines(&columns(), &ROWS, 62);
    assert_eq!(shown[2], "15:42:07  alice  DeleteObject  S3::Object pay/…/salaries.csv");
    let long: [&[&str]; 2] = [
        ROWS[0],
        &[
            "2024-03-01T15:42:08Z",
            "bob",
            "PutObject",
            "S3::Object aReallyLongNameWithoutAnyPartsInIt.csv",
            "eu-west-1",
        ],
    ];
    let (shown, places) = lines(&columns(), &long, 62);
    assert_eq!(places[1..], [Beside(5), Beside(12), Below, Beside(9)]);
    assert_eq!(
        shown[3..],
        [
            "15:42:08  bob  PutObject  eu-west-1",
            "    RESOURCE S3::Object aReallyLongNameWithoutAnyPartsInIt.csv"
        ]
    );
}

#[test]
fn a_narrow_terminal_gets_a_block_a_row() {
    let (shown, places) = lines(&columns(), &ROWS, 50);
    assert_eq!(places[..4], [ColumnPlace::Below; 4]);
    assert_eq!(
        shown[2..6],
        [
            "TIME (UTC)  2024-03-01T15:42:07Z",
            "WHO         alice",
            "CALL        DeleteObject",
            "RESOURCE    S3::Object pay/2024/03/salaries.csv",
        ]
    );
}

/// Two names that end alike would be one.
#[test]
fn names_that_would_look_alike_stay_whole() {
    let columns =
        [TableColumn::new("N", ColumnKind::Number).key(), TableColumn::new("NAME", ColumnKind::Name)];
    let path = "/with/a/long/path/in/the/middle/of/it/that/does/not/fit/file.csv";
    let (one, two) = (format!("first{path}"), format!("second{path}"));
    let (shown, places) = lines(&columns, &[&["1", &one], &["2", &two]], 60);
    assert_eq!(places[1], ColumnPlace::Below);
    assert!(shown[1].ends_with(&one) || shown[2].trim_start() == one, "{shown:?}");
    // One that is repeated is one name.
    let (shown, _) = lines(&columns, &[&["1", &one], &["2", &one], &["3", "x"]], 60);
    assert!(shown[0].contains('…') && shown[0].ends_with("/file.csv"), "{shown:?}");
}

#[test]
fn what_all_rows_have_is_above_and_nothing_else() {
    let columns = [TableColumn::new("FROM", ColumnKind::Whole), TableColumn::new("MFA", ColumnKind::Whole)];
    let (shown, _) = lines(&columns, &[&["a", ""], &["b", ""]], 60);
    assert_eq!(shown, ["MFA -", "a", "b"]);
    // A table of one column keeps it: rows are counted.
    let (shown, _) = lines(&columns[..1], &[&["a"], &["a"]], 60);
    assert_eq!(shown, ["a", "a"]);
    let (shown, _) = lines(&columns, &[&["a", "b"]], 60);
    assert_eq!(shown, ["a  b"]);
}

/// Whoever names a file decides nothing about the row that it stands in.
#[test]
fn a_value_is_not_taken_for_several() {
    let forged = "S3::Object pay/x  REGION eu-west-1 and this makes it longer than any line";
    let rows: [&[&str]; 2] = [ROWS[0], &["2024-03-01T15:42:08Z", "bob", "PutObject", forged, "us-east-1"]];
    let (shown, _) = lines(&columns(), &rows, 100);
    assert!(shown.iter().any(|line| line.contains(&format!("RESOURCE \"{forged}\""))), "{shown:?}");
    let forged = "x · FROM 192.0.2.7";
    let (shown, _) = lines(&columns(), &[&["1", forged, "a", "b", "c"], &["2", forged, "a", "b", "d"]], 100);
    assert_eq!(shown[0], format!("WHO \"{forged}\""));
    // A word that only begins like a title is none.
    assert_eq!(super::quote_in_line("WHOEVER CALLED", &columns()), "WHOEVER CALLED");
}
