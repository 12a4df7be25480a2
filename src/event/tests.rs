use super::*;

fn event<R>(json: &str, read: impl FnOnce(&Event<'_>) -> R) -> R {
    EventParser::default().read(json.as_bytes(), read).unwrap()
}

fn who(identity: &str) -> String {
    event(&format!(r#"{{"eventName":"X","userIdentity":{identity}}}"#), |event| event.actor().who())
}

#[test]
fn every_identity_is_named_as_a_person_would() {
    for (identity, want) in [
        (
            r#"{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}"#,
            "root of 111122223333",
        ),
        (r#"{"type":"IAMUser","userName":"alice","arn":"arn:aws:iam::1:user/alice"}"#, "alice"),
        (r#"{"type":"IAMUser","arn":"arn:aws:iam::1:user/path/bob"}"#, "bob"),
        (
            r#"{"type":"IAMUser","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
            "a user whose name AWS withholds",
        ),
        (
            r#"{"type":"AssumedRole","principalId":"AROA1:bob@corp","arn":"arn:aws:sts::1:assumed-role/Admin/bob@corp","sessionContext":{"sessionIssuer":{"userName":"Admin","arn":"arn:aws:iam::1:role/x/Admin"}}}"#,
            "role Admin (session bob@corp)",
        ),
        (
            r#"{"type":"AssumedRole","principalId":"AROA1:s","sessionContext":{"sessionIssuer":{}}}"#,
            "role AROA1 (session s)",
        ),
        (
            r#"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Admin/a/b"}"#,
            "role Admin (session a/b)",
        ),
        (r#"{"type":"Role","arn":"arn:aws:iam::1:role/service-role/Batch"}"#, "role Batch"),
        (
            r#"{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/Zoe","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:user/alice"}}}"#,
            "federated user Zoe (issued by alice)",
        ),
        (r#"{"type":"Directory","userName":"corp\\jo"}"#, "directory user corp\\jo"),
        (
            r#"{"type":"AWSAccount","principalId":"AIDA1","accountId":"999988887777"}"#,
            "account 999988887777 (user AIDA1)",
        ),
        (
            r#"{"type":"AWSAccount","principalId":"AROA1:deploy","accountId":"999988887777"}"#,
            "account 999988887777 (role AROA1, session deploy)",
        ),
        (
            r#"{"type":"AWSAccount","principalId":"999988887777","accountId":"999988887777"}"#,
            "account 999988887777",
        ),
        (r#"{"type":"AWSAccount","accountId":"999988887777"}"#, "account 999988887777"),
        (
            r#"{"type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL"}"#,
            "anonymous (no credentials)",
        ),
        (
            r#"{"type":"Root","principalId":"1","accountId":"1","invokedBy":"support.amazonaws.com"}"#,
            "support.amazonaws.com in the name of root of 1",
        ),
        (
            r#"{"type":"Root","principalId":"1","accountId":"1","invokedBy":"trustedadvisor.amazonaws.com"}"#,
            "trustedadvisor.amazonaws.com in the name of root of 1",
        ),
        (
            r#"{"type":"Root","principalId":"1","accountId":"1","sessionContext":{"assumedRoot":"true"}}"#,
            "assumed root of 1",
        ),
        (r#"{"type":"AWSService","invokedBy":"rds.amazonaws.com"}"#, "rds.amazonaws.com"),
        (r#"{"type":"SAMLUser","principalId":"p:x","userName":"u@x","identityProvider":"p"}"#, "u@x via p"),
        (
            r#"{"type":"WebIdentityUser","principalId":"accounts.google.com:1:2","userName":"2","identityProvider":"accounts.google.com"}"#,
            "2 via accounts.google.com",
        ),
        (
            r#"{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-1","identityStoreArn":"arn"}}"#,
            "Identity Center user u-1",
        ),
        (r#"{"type":"Unknown","principalId":"x"}"#, "unknown (x)"),
        (r#"{"type":"Unknown"}"#, "unknown"),
        (r#"{"accountId":"111122223333"}"#, "account 111122223333"),
        (r#"{"accountId":"1","invokedBy":"secretsmanager.amazonaws.com"}"#, "secretsmanager.amazonaws.com"),
        ("{}", "unknown"),
        ("null", "unknown"),
        (r#"{"type":"SomethingNew","principalId":"q"}"#, "q"),
    ] {
        assert_eq!(who(identity), want, "{identity}");
    }
}

#[test]
fn odd_fields_are_read_as_meant() {
    event(
        r#"{"eventName":"A","errorCode":"","errorMessage":null,"readOnly":"True","recipientAccountId":111122223333,"eventTime":"2023-07-10 12:00:00.5"}"#,
        |event| {
            assert_eq!(event.outcome(), Outcome::Succeeded);
            assert_eq!(event.read_only(), Some(true));
            assert_eq!(event.recipient_account().as_deref(), Some("111122223333"));
            assert_eq!(event.time().unwrap().to_string(), "2023-07-10T12:00:00.500Z");
        },
    );
}

#[test]
fn failures_without_a_code_are_failures() {
    for (json, outcome) in [
        (r#"{"errorCode":"AccessDenied"}"#, Outcome::Failed),
        (
            r#"{"errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"}}"#,
            Outcome::Failed,
        ),
        (r#"{"responseElements":{"ConsoleLogin":"Failure"}}"#, Outcome::Failed),
        (r#"{"responseElements":{"ConsoleLogin":"Success"}}"#, Outcome::Succeeded),
        (r#"{"responseElements":null}"#, Outcome::Succeeded),
        (
            r#"{"eventSource":"signin.amazonaws.com","eventName":"CredentialVerification","serviceEventDetails":{"CredentialVerification":"Failure"}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"signin.amazonaws.com","eventName":"UserAuthentication","serviceEventDetails":{"UserAuthentication":"Success"}}"#,
            Outcome::Succeeded,
        ),
        (
            r#"{"eventSource":"signin.amazonaws.com","eventName":"PasswordRecoveryRequested","responseElements":{"PasswordRecoveryRequested":"Failure"}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"signin.amazonaws.com","eventName":"GetSigninToken","responseElements":{"GetSigninToken":"Failure"}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"signin.amazonaws.com","eventName":"CheckMfa","responseElements":{"CheckMfa":"Failure"}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"backup.amazonaws.com","eventName":"BackupJobCompleted","serviceEventDetails":{"state":"FAILED"}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"backup.amazonaws.com","eventName":"BackupJobCompleted","serviceEventDetails":{"state":"COMPLETED"}}"#,
            Outcome::Succeeded,
        ),
        (
            r#"{"eventSource":"controltower.amazonaws.com","eventName":"CreateManagedAccount","serviceEventDetails":{"createManagedAccountStatus":{"state":"FAILED"}}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"organizations.amazonaws.com","eventName":"CreateAccountResult","serviceEventDetails":{"createAccountStatus":{"state":"FAILED","failureReason":"EMAIL_ALREADY_EXISTS"}}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"ec2.amazonaws.com","eventName":"RevokeSecurityGroupIngress","responseElements":{"_return":false}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"ec2.amazonaws.com","eventName":"DeleteFlowLogs","responseElements":{"DeleteFlowLogsResponse":{"return":"false"}}}"#,
            Outcome::Failed,
        ),
        (
            r#"{"eventSource":"ec2.amazonaws.com","eventName":"AttachVolume","responseElements":{"_return":true}}"#,
            Outcome::Succeeded,
        ),
        (r#"{"eventSource":"x.amazonaws.com","responseElements":{"_return":false}}"#, Outcome::Succeeded),
    ] {
        assert_eq!(event(json, |event| event.outcome()), outcome, "{json}");
    }
}

/// What `MFAUsed: No` and `mfaAuthenticated: false` say of whom somebody else vouched for is nothing.
#[test]
fn the_second_factor_of_a_federated_caller_is_not_told() {
    let session = |role: &str, mfa: &str| {
        format!(
            r#"{{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/{role}/c","sessionContext":{{"sessionIssuer":{{"arn":"arn:aws:iam::1:role/{role}"}},"attributes":{{"mfaAuthenticated":"{mfa}"}}}}}}"#
        )
    };
    let user = r#"{"type":"IAMUser","userName":"a"}"#.to_owned();
    let federated = r#"{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/z"}"#.to_owned();
    for (name, identity, used, want) in [
        ("ConsoleLogin", &user, "No", Some(false)),
        ("ConsoleLogin", &user, "Yes", Some(true)),
        ("ConsoleLogin", &session("Fed", "false"), "No", None),
        ("ConsoleLogin", &session("Fed", "true"), "No", Some(true)),
        ("ConsoleLogin", &session("Fed", "false"), "Yes", Some(true)),
        ("ConsoleLogin", &federated, "No", None),
        ("RunInstances", &session("Fed", "false"), "", Some(false)),
        ("RunInstances", &session("AWSReservedSSO_Admin_1", "false"), "", None),
    ] {
        let json = format!(
            r#"{{"eventName":"{name}","eventSource":"signin.amazonaws.com","userIdentity":{identity},"additionalEventData":{{"MFAUsed":"{used}"}}}}"#
        );
        assert_eq!(event(&json, |event| event.actor().mfa), want, "{json}");
    }
}

/// Words by which records are left unparsed stand in every record that they must not leave out.
#[test]
fn the_words_of_failures_stand_in_every_failed_record() {
    for (json, denied) in [
        (r#"{"errorCode":"X"}"#, false),
        (r#"{"errorMessage":"x"}"#, false),
        (r#"{"errorCode":"ValidationError","errorMessage":"a is not authorized to perform: b"}"#, true),
        (r#"{"errorMessage":"You are not authorized to perform this operation"}"#, true),
        (r#"{"errorCode":"AuthorizationErrorException"}"#, true),
        (r#"{"responseElements":{"ConsoleLogin":"Failure"}}"#, false),
        (r#"{"eventSource":"signin","eventName":"A","responseElements":{"A":"Rejected"}}"#, false),
        (r#"{"eventName":"A","serviceEventDetails":{"A":"failed"}}"#, false),
        (r#"{"eventSource":"ec2.amazonaws.com","responseElements":{"return":false}}"#, false),
    ] {
        event(json, |event| {
            assert_eq!(event.outcome(), Outcome::Failed, "{json}");
            assert_eq!(event.is_denied(), denied, "{json}");
        });
        assert!(FAILED.iter().any(|word| json.contains(word)), "{json}");
        assert!(!denied || denied_words().any(|word| json.contains(word)), "{json}");
    }
}

#[test]
fn escapes_that_are_none_do_not_hide_an_event() {
    // A number may have a sign in Rust, but not in an escape of JSON.
    for odd in [r"\u+123", r"\u-123", r"\ud83d\u+c00", r"\u12", r"\u", r"\x", r"\ud800", "a\u{1}"] {
        let name = event(&format!(r#"{{"eventName":"CreateUser","userAgent":"{odd} "}}"#), |event| {
            (event.name().to_owned(), event.text("userAgent").is_some_and(|it| it.contains('\u{fffd}')))
        });
        assert_eq!(name, ("CreateUser".to_owned(), true), "{odd}");
    }
}

#[test]
fn odd_characters_do_not_hide_an_event() {
    for json in [
        &b"{\"eventName\":\"A\",\"userAgent\":\"\\ud83d x\"}"[..],
        b"{\"eventName\":\"A\",\"userAgent\":\"\xff\xfe\"}",
        b"{\"eventName\":\"A\",\"userAgent\":\"a\x1bb\"}",
        b"{\"eventName\":\"A\",\"userAgent\":\"\\udc00\\q\"}",
        b"{\"eventName\":\"A\",\"n\":123456789012345678901234567890}",
    ] {
        let name = EventParser::default().read(json, |event| event.name().to_owned());
        assert_eq!(name.as_deref(), Ok("A"), "{}", String::from_utf8_lossy(json));
    }
    assert!(EventParser::default().read(b"{\"a\":}", |_| ()).is_err());
}

/// JSON that the fast parser refuses is JSON all the same: an attacker must not hide an event behind one number.
#[test]
fn numbers_and_depths_beyond_the_parser_hide_nothing() {
    let big = "123456789012345678901234567890";
    let deep = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let mut parser = EventParser::default();
    for value in
        ["1e400".to_owned(), "-1e999".to_owned(), big.to_owned(), deep(255), deep(1_100), deep(200_000)]
    {
        let record = format!(
            "{{\"eventName\":\"DeleteTrail\",\"requestParameters\":{{\"x\":{value},\"y\":18446744073709551615}},\"eventID\":\"e\"}}"
        );
        parser
            .read(record.as_bytes(), |event| {
                assert_eq!((event.name(), event.text("eventID")), ("DeleteTrail", Some("e")));
                assert_eq!(
                    event.at("requestParameters.y").and_then(scalar_text).unwrap(),
                    "18446744073709551615"
                );
                if !value.starts_with('{') {
                    assert_eq!(event.at("requestParameters.x").and_then(scalar_text).unwrap(), *value);
                }
                assert_ne!(event.fingerprint(), 0);
            })
            .unwrap();
    }
    // What is no JSON stays none.
    for value in ["1e", "01", "NaN", "1e400x"] {
        let record = format!("{{\"eventName\":\"DeleteTrail\",\"x\":{value}}}");
        assert!(parser.read(record.as_bytes(), |_| ()).is_err(), "{value}");
    }
}

/// Whether a broken record can be read must not hang on what the buffers held before.
#[test]
fn what_was_read_before_changes_nothing() {
    let broken = r#"{"":{"":""},"":"","":"","eventName":"","awsRegion":"","":"","":{"":{"":""}},"":"","":,""""""""""]"#;
    let sound = r#"{"eventName":"DeleteBucket","requestParameters":{"bucketName":"payroll","tags":[{"key":"a","value":"b"}]}}"#;
    let cut = (1..sound.len()).map(|end| &sound[..end]);
    let ends = (1..broken.len()).map(|start| &broken[start..]);
    let before = ["{}".to_owned(), sound.to_owned(), format!("{{\"a\":[{}0]}}", "{\"b\":\"c\"},".repeat(90))];
    for text in cut.chain(ends).chain([broken, sound]) {
        let read = |parser: &mut EventParser, text: &str| {
            parser.read(text.as_bytes(), |event| event.name().to_owned()).map_err(|error| error.to_string())
        };
        let fresh = read(&mut EventParser::default(), text);
        for first in &before {
            let mut parser = EventParser::default();
            let _ = read(&mut parser, first);
            assert_eq!(read(&mut parser, text), fresh, "`{text}` behind `{first}`");
            assert_eq!(read(&mut parser, text), fresh, "`{text}` once more");
        }
    }
}

/// A file of some kilobytes could fill the memory.
#[test]
fn a_record_of_millions_of_values_is_refused() {
    let record = |count: usize| format!("{{\"eventName\":\"X\",\"x\":[{}0]}}", "0,".repeat(count));
    let read = |text: &str| EventParser::default().read(text.as_bytes(), |event| event.name().to_owned());
    assert_eq!(read(&record(1 << 20)).as_deref(), Ok("X"));
    assert!(read(&record(3 << 20)).is_err());
}
