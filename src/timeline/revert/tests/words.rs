//! Each value is one word of the shell, whatever is in it.

use super::super::values::to_kebab_case;
use super::*;
use proptest::prelude::*;
use std::process::Command;

/// What names, tags and policies of an attacker may have in them.
pub(super) const HOSTILE: [&str; 14] = [
    "plain",
    "x'; $(touch pwned) #",
    "`touch pwned`",
    "a\"b\\c\\",
    "-rf",
    "--profile=evil",
    "=ls",
    "~root",
    "$HOME ${IFS}",
    "two\nlines\r\twide",
    "'",
    "!! & | ; < > ( ) { } * ? [x]",
    "ü \u{202e}evil\u{200b} 💣",
    "%1,@x+",
];

/// A policy in which every text is hostile.
pub(super) fn long_policy(statements: usize) -> String {
    let statement = |at: usize| {
        json!({"Sid": format!("S{at}"), "Effect": "Allow", "Principal": "*", "Action": "s3:*",
        "Resource": format!("arn:aws:s3:::b/{}", HOSTILE[at % HOSTILE.len()])})
    };
    json!({"Version": "2012-10-17", "Statement": (0..statements).map(statement).collect::<Vec<_>>()})
        .to_string()
}

/// Takes a command line apart as a POSIX shell does, as far as `quote_for_shell` uses its rules.
pub(super) fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut open, mut some) = (Vec::new(), String::new(), false, false);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, open) {
            ('\'', _) => (open, some) = (!open, true),
            (c, true) => word.push(c),
            ('\\', false) => word.extend(chars.next()),
            (' ', false) => {
                if some || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                some = false;
            }
            (c, false) => word.push(c),
        }
    }
    if some || !word.is_empty() {
        words.push(word);
    }
    words
}

/// What a real shell makes of command lines; `None` where there is none.
pub(super) fn words_by_sh(lines: &[String]) -> Option<Vec<Vec<String>>> {
    let script: String =
        lines.iter().map(|line| format!("printf '%s\\0' {line}\nprintf '\\001\\0'\n")).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let output = Command::new("sh").arg(file.path()).output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    let mut all = vec![Vec::new()];
    for word in text.split_terminator('\0') {
        match word {
            "\u{1}" => all.push(Vec::new()),
            word => all.last_mut()?.push(word.to_owned()),
        }
    }
    all.pop();
    Some(all)
}

proptest! {
    /// What a shell makes of a quoted text is that text, whatever is in it.
    #[test]
    fn quoting_is_what_a_shell_takes_off(text in "\\PC{0,20}|[ '\"$`\\\\;&|<>(){}*?!#~=%-]{0,20}") {
        prop_assert_eq!(shell_words(&quote_for_shell(&text)), vec![text]);
    }
}

/// The same by a shell that is none of ours.
#[test]
fn a_shell_takes_every_value_for_one_word() {
    let mut texts: Vec<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    texts.push(long_policy(1000));
    texts.push(String::new());
    let lines: Vec<String> = texts.iter().map(|text| quote_for_shell(text)).collect();
    let Some(words) = words_by_sh(&lines) else { return };
    let one_each: Vec<Vec<String>> = texts.into_iter().map(|text| vec![text]).collect();
    assert_eq!(words, one_each);
    assert!(!std::path::Path::new("pwned").exists());
}

#[test]
fn names_of_attackers_do_nothing() {
    assert_eq!(quote_for_shell("$(reboot)"), "'$(reboot)'");
    assert_eq!(quote_for_shell("a'; rm -rf /; '"), r"'a'\''; rm -rf /; '\'''");
    assert_eq!(quote_for_shell("=ls"), "'=ls'");
    assert_eq!(quote_for_shell(""), "''");
    assert_eq!(quote_for_shell("arn:aws:iam::aws:policy/A"), "arn:aws:iam::aws:policy/A");
    // Behind a space it would be an option of the command.
    let mut command = "aws iam delete-role --role-name ".to_owned();
    shell::push_word(&mut command, &quote_for_shell("--no-verify-ssl"));
    assert_eq!(command, "aws iam delete-role --role-name='--no-verify-ssl'");
    // The AWS CLI would send the file.
    assert!(shell::quote_value("file:///etc/passwd").is_err() && shell::quote_value("fileb://x").is_err());
    assert_eq!(
        shell::quote_document(&json!({"a": "x\u{202e}y\u{1f4a3}\u{e0041}"})),
        r#"'{"a":"x\u202ey💣\udb40\udc41"}'"#
    );
}

#[test]
fn options_are_spelled_as_the_command_line_spells_them() {
    for (name, want) in [
        ("publiclyAccessible", "publicly-accessible"),
        ("dBInstanceClass", "db-instance-class"),
        ("multiAZ", "multi-az"),
        ("s3BucketName", "s3-bucket-name"),
        ("isMultiRegionTrail", "is-multi-region-trail"),
        ("natGatewayId", "nat-gateway-id"),
        ("destinationIpv6CidrBlock", "destination-ipv6-cidr-block"),
    ] {
        assert_eq!(to_kebab_case(name), want);
    }
}
