use super::*;

fn event<R>(json: &str, read: impl FnOnce(&Event<'_>) -> R) -> R {
    Parser::default().read(json.as_bytes(), read).unwrap()
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
        (r#"{"type":"AWSAccount","principalId":"AIDA1","accountId":"999988887777"}"#, "account 999988887777"),
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
    ] {
        assert_eq!(event(json, |event| event.outcome()), outcome, "{json}");
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
        let name = Parser::default().read(json, |event| event.name().to_owned());
        assert_eq!(name.as_deref(), Ok("A"), "{}", String::from_utf8_lossy(json));
    }
    assert!(Parser::default().read(b"{\"a\":}", |_| ()).is_err());
}
