use super::*;
use crate::event::{EventParser, RawFields};

/// Whether a pattern matches a record.
fn is_match(pattern: &str, record: &str) -> bool {
    let pattern = FilterPattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    EventParser::default().read(record.as_bytes(), |event| pattern.matches(event)).unwrap()
}

/// The log event of the user guide, "Using filter patterns to match terms in JSON log events".
const GUIDE: &str = r#"{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111",
    "arrayKey":["value","another value"],"objectList":[{"name":"a","id":1},{"name":"b","id":2}],
    "SomeObject":null,"cluster.name":"c","ThisFlag":true}"#;

/// The one for compound expressions.
const COMPOUND: &str = r#"{"user":{"id":1,"email":"John.Stiles@example.com"},
    "users":[{"id":2,"email":"John.Doe@example.com"},{"id":3,"email":"Jane.Doe@example.com"}],
    "actions":["GET","PUT","DELETE"],"coordinates":[[0,1,2],[4,5,6],[7,8,9]]}"#;

#[test]
fn the_examples_of_the_guide() {
    for (record, pattern, want) in [
        (GUIDE, r#"{ $.eventType = "UpdateTrail" }"#, true),
        (GUIDE, "{ $.sourceIPAddress != 123.123.* }", true),
        (GUIDE, r#"{ $.arrayKey[0] = "value" }"#, true),
        (GUIDE, "{ $.objectList[1].id = 2 }", true),
        (GUIDE, "{ $.SomeObject IS NULL }", true),
        (GUIDE, "{ $.SomeOtherObject NOT EXISTS }", true),
        (GUIDE, "{ $.ThisFlag IS TRUE }", true),
        (GUIDE, "{ $.eventType = %Trail% }", true),
        (GUIDE, "{ $.arrayKey[*] = %val.{2}% }", true),
        (GUIDE, r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", true),
        (GUIDE, "{ $.['cluster.name'] = \"c\" }", true),
        (COMPOUND, r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#, true),
        (COMPOUND, r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#, false),
        (
            COMPOUND,
            r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }"#,
            true,
        ),
        (
            COMPOUND,
            r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }"#,
            false,
        ),
        (r#"{"users":[1,2,3]}"#, "{ $.users = 1 }", false),
        (r#"{"users":[1,2,3]}"#, "{ $.users != 1 }", false),
        (r#"{"foo":"bar"}"#, "{$.foo = bar}", true),
        (r#"{"foo":"baz"}"#, "{$.foo = bar}", false),
        (r#"{"foo":"baz"}"#, "{$.foo = baz }", true),
        (r#"{"foo":"bar"}"#, "{$.foo = bar || $.foo = baz }", true),
        (r#"{"foo":"baz"}"#, "{$.foo = bar || $.foo = baz }", true),
        (r#"{"e":"PutEvent"}"#, "{ $.e = *Event }", true),
        (r#"{"e":"GetEvent"}"#, "{ $.e = *Event }", true),
        (r#"{"e":"EventId"}"#, "{ $.e = Event* }", true),
        (r#"{"e":"EventName"}"#, "{ $.e = Event* }", true),
        (r#"{"e":"Event"}"#, "{ $.e = Ev*ent }", false),
        (r#"{"e":"Ev*ent"}"#, "{ $.e = Ev*ent }", true),
        // "Filter pattern that matches numeric values".
        (r#"{"bandwidth":76}"#, "{ $.bandwidth > 75 }", true),
        (r#"{"bandwidth":75}"#, "{ $.bandwidth > 75 }", false),
        (r#"{"latency":49.5}"#, "{ $.latency < 50 }", true),
        (r#"{"refreshRate":60}"#, "{ $.refreshRate >= 60 }", true),
        (r#"{"responseTime":5}"#, "{ $.responseTime <= 5 }", true),
        (r#"{"errorCode":400}"#, "{ $.errorCode = 400}", true),
        (r#"{"errorCode":400}"#, "{ $.errorCode != 500 }", true),
        (r#"{"number":[1000]}"#, "{ $.number[0] = 1e+3 }", true),
        (r#"{"number":[0.001]}"#, "{ $.number[0] != 1e-3 }", false),
        (r#"{"numbers":[0.02]}"#, "{ $.numbers[0] < 10e-3 }", false),
        (
            r#"{"processes":[0,0,0,0,{"averageRuntime":55.5}]}"#,
            "{ $.processes[4].averageRuntime <= 55.5 }",
            true,
        ),
        (r#"{"latency":1000}"#, "{ $.latency > +1000 }", false),
        (r#"{"latency":7}"#, "{ $.latency = * }", true),
    ] {
        assert_eq!(is_match(pattern, record), want, "{pattern} {record}");
    }
}

#[test]
fn terms_as_in_the_guide() {
    let [bad, unauthorized, missing, invalid] = [
        "[ERROR 400] BAD REQUEST",
        "[ERROR 401] UNAUTHORIZED REQUEST",
        "[ERROR 419] MISSING ARGUMENTS",
        "[ERROR 420] INVALID ARGUMENTS",
    ];
    let request = "[INFO] REQUEST FAILED";
    for (pattern, texts, others) in [
        ("ERROR", &[bad, unauthorized, missing, invalid][..], &[request][..]),
        ("ERROR ARGUMENTS", &[missing, invalid], &[bad, unauthorized]),
        ("?ERROR ?ARGUMENTS", &[bad, unauthorized, missing, invalid], &[request]),
        // What may occur is ignored beside what must.
        ("?ERROR ?ARGUMENTS REQUEST", &[request, unauthorized, bad], &[missing]),
        ("\"INTERNAL SERVER ERROR\"", &["[ERROR 500] INTERNAL SERVER ERROR"], &["INTERNAL ERROR"]),
        ("ERROR -ARGUMENTS", &[bad, unauthorized], &[missing, invalid]),
        ("\" \"", &[bad, ""], &[]),
        ("", &[bad, ""], &[]),
        ("%AUTHORIZED%", &[unauthorized, "[SUCCESS 200] AUTHORIZED REQUEST"], &[bad]),
        ("ERROR", &["Exiting with ERRORCODE: -1"], &["error"]),
        ("\"ERROR\" - \"Exiting\"", &["[ERROR] A fatal exception"], &["Exiting with ERRORCODE: -1"]),
        ("ERROR -WARN", &["ERROR message"], &["ERROR WARN message", "WARN message"]),
        ("%[hc]at$%", &["a cat"], &["cats"]),
        ("%^[hc]at%", &["hat"], &["a hat"]),
        ("%colou?r%", &["color", "colour"], &["colouur"]),
        ("%\\x28%", &["("], &[")"]),
    ] {
        let FilterForm::Terms(terms) = FilterPattern::parse(pattern).unwrap().0 else { panic!("{pattern}") };
        for text in texts {
            assert!(terms.match_text(text.as_bytes()), "{pattern}: {text}");
        }
        for text in others {
            assert!(!terms.match_text(text.as_bytes()), "{pattern}: {text}");
        }
    }
}

#[test]
fn what_the_guide_leaves_open() {
    for (record, pattern, want) in [
        // Null is no value, and neither is nothing.
        (r#"{"a":null}"#, "{ $.a = * }", false),
        (r#"{"a":null}"#, "{ $.a != x }", false),
        (r#"{"b":1}"#, "{ $.a != x }", false),
        (r#"{"a":null}"#, "{ $.a NOT EXISTS }", false),
        (r#"{"b":1}"#, "{ $.a IS NULL }", false),
        (r#"{"a":{}}"#, "{ $.a NOT EXISTS }", false),
        (r#"{"a":[1]}"#, "{ $.a[1] NOT EXISTS }", true),
        (r#"{"a":"true"}"#, "{ $.a IS TRUE }", false),
        (r#"{"a":true}"#, "{ $.a = true }", true),
        (r#"{"a":false}"#, "{ $.a IS FALSE }", true),
        (r#"{"a":""}"#, r#"{ $.a = "" }"#, true),
        (r#"{"a":"x"}"#, "{ $.a != * }", false),
        // Numbers in strings.
        (r#"{"a":"400"}"#, "{ $.a = 400 }", true),
        (r#"{"a":"400.0"}"#, "{ $.a = 400 }", false),
        (r#"{"a":400.0}"#, "{ $.a = 400 }", true),
        (r#"{"a":400}"#, r#"{ $.a = "400" }"#, true),
        (r#"{"a":404}"#, "{ $.a = 4* }", true),
        (r#"{"a":"500"}"#, "{ $.a > 400 }", true),
        (r#"{"a":"x"}"#, "{ $.a > 400 }", false),
        (r#"{"a":18446744073709551615}"#, "{ $.a > 18446744073709551614 }", true),
        (r#"{"a":123456789012}"#, "{ $.a = 123456789012 }", true),
        // Every element, every member.
        (r#"{"a":[{"b":1},{"b":2}]}"#, "{ $.a[*].b = 2 }", true),
        (r#"{"a":[{"b":1},{"b":2}]}"#, "{ $.a[*].b != 2 }", true),
        (r#"{"a":[{"b":2}]}"#, "{ $.a[*].b != 2 }", false),
        (r#"{"a":{"x":{"b":2}}}"#, "{ $.a.*.b = 2 }", true),
        (r#"{"a":[]}"#, "{ $.a[*] NOT EXISTS }", true),
        // Case counts; keywords and spaces do not.
        (r#"{"A":"x"}"#, "{ $.a = x }", false),
        (r#"{"a":"X"}"#, "{ $.a = x }", false),
        (r#"{"a":null}"#, "{$.a is null}", true),
        (r#"{"a":"x y\"\\"}"#, r#"{$.a="x y\"\\"&&$.a!="x"||($.b=1)}"#, true),
        (r#"{"a":"arn:aws:iam::1:user/a@b"}"#, "{ $.a = arn:aws:iam::1:user/a@b }", true),
        (r#"{"a":"\u0041"}"#, "{ $.a = A }", true),
        (r#"{"a":"x","a":"y"}"#, "{ $.a = x }", true),
        (r#"{"a":"x","a":"y"}"#, "{ $.a = y }", false),
        // Regular expressions match anywhere, on numbers as they are written.
        (r#"{"a":404}"#, r"{ $.a = %^4\d\d$% }", true),
        (r#"{"a":"ü"}"#, "{ $.a = %^..$% }", true),
        (r#"{"a":"x"}"#, "{ $.a != %y% }", true),
        (r#"{"a":{}}"#, "{ $.a != %y% }", false),
    ] {
        assert_eq!(is_match(pattern, record), want, "{pattern} {record}");
    }
    assert!(is_match(r#""\"eventName\":\"ConsoleLogin\"" -Failed"#, r#"{"eventName":"ConsoleLogin"}"#));
}

/// The condition is true of present fields only: events of services without it are left out.
#[test]
fn a_field_that_is_missing_is_not_different() {
    let pattern = "{ $.additionalEventData.MFAUsed != Yes }";
    assert!(is_match(pattern, r#"{"additionalEventData":{"MFAUsed":"No"}}"#));
    assert!(!is_match(pattern, r#"{"additionalEventData":{"MFAUsed":"Yes"}}"#));
    assert!(!is_match(pattern, r#"{"additionalEventData":null}"#));
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    for (pattern, message, before) in [
        ("{ $.a = }", "expected a value at column 9, found `}`", "{ $.a = "),
        ("{ $.a == b }", "expected a value at column 8, found `=`", "{ $.a ="),
        (
            "{ $.a b }",
            "expected one of `= != < <= > >= IS`, or `NOT EXISTS` at column 7, found `b`",
            "{ $.a ",
        ),
        (
            "{ $.a EXISTS }",
            "expected one of `= != < <= > >= IS`, or `NOT EXISTS` at column 7, found `EXISTS`",
            "{ $.a ",
        ),
        ("{ $.a IS NOT NULL }", "expected `TRUE`, `FALSE` or `NULL` at column 10, found `NOT`", "{ $.a IS "),
        ("{ $.a NOT x }", "expected `EXISTS` at column 11, found `x`", "{ $.a NOT "),
        ("{ ($.a = 1 }", "expected `&&`, `||` or `)` at column 12, found `}`", "{ ($.a = 1 "),
        ("{ $.a = 1", "expected `&&`, `||` or `}` at column 10, found the end", "{ $.a = 1"),
        ("{ $.a = 1 } x", "expected nothing behind the closing `}` at column 13, found `x`", "{ $.a = 1 } "),
        ("{ }", "expected `(` or a field as `$.eventName` at column 3, found `}`", "{ "),
        ("{ $a = 1 }", "expected `.` and the name of a field at column 4, found `a`", "{ $"),
        ("{ $.é = 1 }", "expected the name of a field at column 5, found `é`", "{ $."),
        (
            "{ $.a[x] = 1 }",
            "expected the number of an element, `*`, or a name in quotes at column 7, found `x`",
            "{ $.a[",
        ),
        ("{ $.a > x }", "expected a number at column 9, found `x`", "{ $.a > "),
        (
            "{ $.a = \"x }",
            "expected `\"` at the end of the string at column 13, found the end",
            "{ $.a = \"x }",
        ),
        ("{ $.a\n = }", "expected a value at line 2, column 4, found `}`", " = "),
        (
            "{ $.a = %x!% }",
            "expected a letter, a digit or one of `_ # = @ / ; , : - ^ $ ? [ ] { } | \\ * + .` at column 11, found `!`",
            "{ $.a = %x",
        ),
        (
            "{ $.a = %(x)% }",
            "expected a letter, a digit or one of `_ # = @ / ; , : - ^ $ ? [ ] { } | \\ * + .` at column 10, found `(`",
            "{ $.a = %",
        ),
        (
            "{ $.a = %[x% }",
            "expected a regular expression (unclosed character class) at column 10, found `[`",
            "{ $.a = %",
        ),
        (
            "{ $.a = %a{999}{999}{999}% }",
            "expected a smaller regular expression at column 10, found `a`",
            "{ $.a = %",
        ),
        ("$.a = 1", "expected `{` at column 1, found `$`", ""),
        ("[ip, user]", "expected `{` or a term at column 1, found `[`", ""),
        ("ERROR user@host", "expected a letter or a digit at column 11, found `@`", "ERROR user"),
        ("ERROR -", "expected a term at column 8, found the end", "ERROR -"),
    ] {
        let error = FilterPattern::parse(pattern).unwrap_err();
        assert_eq!(error.to_string(), message, "{pattern}");
        assert_eq!(error.excerpt_text().unwrap().before, before, "{pattern}");
    }
    let columns = FilterPattern::parse("[ip, user]").unwrap_err();
    assert!(columns.hint_text().unwrap().contains("records are JSON"), "{columns:?}");
}

#[test]
fn depth_has_an_end() {
    let nested = |depth: usize| format!("{{{}$.a = 1{}}}", "(".repeat(depth), ")".repeat(depth));
    assert!(is_match(&nested(64), r#"{"a":1}"#));
    let error = FilterPattern::parse(&nested(65)).unwrap_err();
    assert_eq!(error.to_string(), "expected at most 64 parentheses in one another at column 66, found `(`");
    assert!(FilterPattern::parse(&nested(1_000_000)).is_err());
    let steps = |count: usize| format!("{{ ${} = 1 }}", ".a".repeat(count));
    assert!(FilterPattern::parse(&steps(64)).is_ok());
    assert!(FilterPattern::parse(&steps(1_000_000)).is_err());
    let long = format!("{{ {} }}", vec!["$.a = 1"; 50_000].join(" || "));
    assert!(is_match(&long, r#"{"a":1}"#));
}

#[test]
fn needs_are_those_of_every_branch() {
    for (pattern, want) in [
        ("{ $.eventName = ConsoleLogin }", &[&["ConsoleLogin"][..]][..]),
        ("{ $.a.b = \"*Unauthorized*\" && $.c != x }", &[&["Unauthorized"]]),
        (
            "{ $.eventName = DisableKey || $.eventName = ScheduleKeyDeletion }",
            &[&["DisableKey", "ScheduleKeyDeletion"]],
        ),
        ("{ $.eventName = DisableKey || $.a NOT EXISTS }", &[]),
        ("{ $.eventName != DisableKey }", &[]),
        // JSON may write a number in another way than the text has it.
        ("{ $.a = \"1000\" || $.a = \"100.5\" }", &[]),
        ("{ $.a = 1000 }", &[]),
        ("{ $.a = 192.0.2.7 }", &[&["192.0.2.7"]]),
        ("{ $.a = %Console% }", &[]),
        // Under these, names tell calls apart; a value tells more.
        ("{ $.requestParameters.policyText = %x% }", &[&["policyText"]]),
        ("{ $.requestParameters.a.policyText = %x% && $.responseElements.b = Console }", &[&["Console"]]),
        ("{ $.requestParameters.policyText = %x% || $.b = Console }", &[&["Console", "policyText"]]),
        ("{ $.userIdentity.sessionContext = %x% }", &[]),
        ("\"eventName\\\":\\\"ConsoleLogin\" -Failed", &[&["ConsoleLogin"]]),
        ("?ConsoleLogin ?SwitchRole", &[&["ConsoleLogin", "SwitchRole"]]),
        ("", &[]),
    ] {
        assert_eq!(FilterPattern::parse(pattern).unwrap().need().literals(), want, "{pattern}");
    }
}

/// What a need sees in the bytes refuses nearly every record that the pattern does not match.
#[test]
fn bytes_refuse_what_they_show_to_be_otherwise() {
    let record = r#"{"userAgent":"cli","readOnly":false,"userIdentity":{"sessionContext":{"attributes":
        {"mfaAuthenticated":"false"}}},"requestParameters":{"size":8,"names":["a"],"policy":null}}"#;
    for (pattern, want) in [
        ("{ $.userIdentity.sessionContext.attributes.mfaAuthenticated != true }", true),
        ("{ $.userIdentity.sessionContext.attributes.mfaAuthenticated = true }", false),
        ("{ $.a.mfaAuthenticated = true || $.userAgent = %^aws% }", false),
        ("{ $.a.mfaAuthenticated = false && $.userAgent = %^aws% }", false),
        ("{ $.readOnly IS TRUE }", false),
        ("{ $.readOnly IS FALSE }", true),
        ("{ $.readOnly = \"fa*\" }", true),
        ("{ $.requestParameters.size IS NULL }", false),
        ("{ $.requestParameters.policy IS NULL }", true),
        ("{ $.requestParameters.policy != x }", false),
        ("{ $.requestParameters.names[1] = b }", true),
        ("{ $.requestParameters.none[*] = b }", false),
        // The bytes tell the kind of a number, not more.
        ("{ $.requestParameters.size > 9 }", true),
        ("{ $.userAgent > 9 }", true),
        ("{ $.requestParameters.names > 9 }", false),
        ("{ $.requestParameters.none NOT EXISTS }", true),
        ("-cli", false),
        ("%cl[i]%", true),
        ("%cl[o]%", false),
    ] {
        let need = FilterPattern::parse(pattern).unwrap().need();
        let raw = RawFields { text: Some(record.as_bytes()), ..RawFields::default() };
        assert_eq!(need.may_match(&raw), want, "{pattern}");
    }
}
