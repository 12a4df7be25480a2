//! The help: `-h` fits one screen, `--help` has everything, and the examples in it do what they say.

use crate::world::{PROGRAM, World, fixture};
use clap::{Arg, Command, CommandFactory};
use serde_json::{Value, json};
use std::path::Path;
use trailscan::cli::Cli;

/// The commands, by name.
fn commands() -> Vec<Command> {
    Cli::command().get_subcommands().cloned().collect()
}

/// What is printed on a terminal of 80 columns.
fn printed(args: &str) -> String {
    let world = World::empty();
    let reply = world.reply(world.command(args).env("COLUMNS", "80"));
    assert_eq!((reply.status, reply.stderr.as_str()), (0, ""), "{args}: {reply}");
    reply.text().to_owned()
}

/// The lines that are longer than a terminal is wide.
fn long_lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.chars().count() > 80).collect()
}

#[test]
fn short_help_fits_one_screen() {
    let mut all: Vec<String> = commands().iter().map(|it| format!("{} -h", it.get_name())).collect();
    all.push("-h".to_owned());
    for args in all {
        let text = printed(&args);
        let (lines, most) = (text.lines().count(), if args == "-h" { 40 } else { 25 });
        assert!(lines <= most, "{args}: {lines} lines\n{text}");
        assert!(long_lines(&text).is_empty(), "{args}: {:#?}", long_lines(&text));
        let last = text.trim_end().lines().last().unwrap();
        assert!(args == "-h" || last == "`--help` has all options and examples", "{args}: {last}");
    }
}

#[test]
fn long_help_has_every_option_and_the_examples() {
    for command in commands() {
        let name = command.get_name();
        let text = printed(&format!("{name} --help"));
        assert!(long_lines(&text).is_empty(), "{name}: {:#?}", long_lines(&text));
        assert_eq!(text, printed(&format!("help {name}")), "{name}");
        let is_shown = |it: &&Arg| !it.is_hide_set() && it.get_id() != "help";
        for argument in command.get_arguments().filter(is_shown) {
            let shown = match argument.get_long() {
                Some(long) => format!("--{long}"),
                None => argument.get_value_names().unwrap()[0].to_string(),
            };
            assert!(text.contains(&shown), "{name} lacks {shown}:\n{text}");
        }
        for example in examples(&command) {
            assert!(text.contains(&format!("\n    {example}\n")), "{name} lacks `{example}`:\n{text}");
        }
    }
}

#[test]
fn help_of_a_command_reads_well() {
    insta::assert_snapshot!(printed("who-deleted -h"), @r#"
    Show who deleted a resource, and who tried

    Usage: trailscan who-deleted [OPTIONS] <RESOURCE> [PATH]...

    Arguments:
      <RESOURCE>  The resource: `bucket/payroll`, `s3://bucket/key`, an id (`sg-…`,
                  `AKIA…`), an ARN, or a plain name
      [PATH]...   Directories, files or packages (zip, tar) to read, `-` for stdin

    Options:
          --since <TIME>  Only events from this UTC time on: `2024-03-01 15:42`
          --until <TIME>  Only events up to this UTC time (a date: its 00:00)
          --actor <WHO>   The caller: name, role, session, ARN, unique id, service
          --trace         Show who stands behind each caller
          --json          The same as `--format json`

    `--help` has all options and examples
    "#);
    insta::assert_snapshot!(printed("-h"), @r#"
    Answer forensic questions from AWS CloudTrail log archives, offline
    Usage: trailscan COMMAND [OPTIONS] [RESOURCE] [PATH]...

    Ask:
      who          Show who created, changed or deleted a resource, in time order
      who-created  Show who created a resource, and who tried
      who-changed  Show who changed a resource, and who tried
      who-deleted  Show who deleted a resource, and who tried
      who-read     Show who read a resource, and who tried
      events       Show the events that match the filters
      stats        Count events by fields and over time
      new          Show what a time window has that the time before it never had

    Timelines:
      timeline     Show each change of a resource, what changed, and who did it
      state        Show what a resource looked like at a moment, as far as known
      diff         Show what differs in a resource between two moments
      inventory    List every resource in the logs: existing, deleted or unknown
      graph        Show what a resource depends on, and what depends on it
      revert       Print the commands that would undo changes; nothing is run

    People:
      actor        Show what somebody did: calls, failures, resources, keys
      logins       Show sign-ins, switched roles, changes of passwords and MFA
      trace        Show where credentials came from and where they went, as a tree

    Archive:
      validate     Prove that the files are as CloudTrail delivered them
      coverage     Show which accounts, regions and days the logs hold, and holes
      index        Make or update the index that makes questions faster

    Other:
      man          Print the man page, or that of a command
      completions  Print the completions for a shell

    Options:
      -h, --help     Print this; `trailscan COMMAND -h` what a command takes
      -V, --version  Print version

    Times are UTC. Exit status: 0 answered, 1 no match, 2 refused, 3 partly unread.
    "#);
}

/// A span is asked for by the same two names everywhere, and what an option was called before is still understood.
#[test]
fn other_names_of_options_mean_the_same() {
    let world = archive("diff");
    let names = [
        (
            "diff role/Admin logs --from 2024-03-01 --to 2024-03-02",
            "diff role/Admin logs --since 2024-03-01 --until 2024-03-02",
        ),
        ("state role/Admin logs --aws-config keys.json", "state role/Admin logs --config keys.json"),
    ];
    for (one, other) in names {
        let (one, other) = (world.run(one), world.run(other));
        assert_eq!(one.to_string(), other.to_string());
        assert!(!one.stdout.is_empty(), "{one}");
    }
    // What has a span says so by `--since` and `--until`.
    for command in commands() {
        let has = |long: &str| {
            command.get_arguments().any(|it| {
                it.get_long() == Some(long) || it.get_all_aliases().unwrap_or_default().contains(&long)
            })
        };
        assert_eq!(has("since"), has("until"), "{}", command.get_name());
        assert!(!has("from") || has("since"), "{}", command.get_name());
        assert_eq!(has("aws-config"), has("config"), "{}", command.get_name());
    }
    assert!(!printed("state --help").contains("--config"));
}

/// What somebody typed, or a script was given, does not act on the terminal.
#[test]
fn mistakes_in_arguments_are_told_as_all_others() {
    let world = World::empty();
    let mut command = world.command("inventory --status");
    insta::assert_snapshot!(world.reply(command.arg("\u{1b}[31mgon\n")), @r#"
    --- stderr
    trailscan: error: `--status \u{1b}[31mgon\n` is no status: expected one of `exists`, `deleted`, `unknown`
    hint: `trailscan inventory -h` says what it takes
    --- exit 2
    "#);
    insta::assert_snapshot!(world.run("who"), @r#"
    --- stderr
    trailscan: error: `RESOURCE` is missing: expected `trailscan who RESOURCE [PATH]...`
    hint: `trailscan who -h` says what it takes
    --- exit 2
    "#);
    // Where nothing is asked the help is shown, as for a mistake.
    let nothing = world.run("");
    assert_eq!((nothing.status, nothing.text()), (2, ""), "{nothing}");
    assert!(nothing.stderr.contains("\nTimelines:\n"), "{nothing}");
}

/// `script` runs the program on a terminal; a terminal that shows escape sequences instead of obeying them is given none.
#[cfg(target_os = "linux")]
#[test]
fn a_dumb_terminal_is_given_no_colours() {
    let has_script = std::process::Command::new("script").arg("--version").output().is_ok();
    if !has_script {
        return;
    }
    let world = archive("who-deleted");
    let printed = |set: &[(&str, &str)]| {
        let line = format!("'{PROGRAM}' who-deleted bucket/payroll logs");
        let mut script = assert_cmd::Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(world.dir()).env_clear();
        script.env("HOME", "relative").env("PATH", std::env::var_os("PATH").unwrap_or_default());
        world.reply(script.envs(set.iter().copied())).text().to_owned()
    };
    assert!(printed(&[("TERM", "xterm")]).contains("\u{1b}["), "a terminal is given colours");
    for set in [&[("TERM", "dumb")], &[("NO_COLOR", "1")]] {
        let text = printed(set);
        assert!(text.contains("DeleteBucket") && !text.contains("\u{1b}["), "{set:?}: {text}");
    }
}

/// The examples of a command: the lines of its help that begin with four spaces.
fn examples(command: &Command) -> Vec<String> {
    let text = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
}

#[test]
fn every_command_has_two_examples_and_each_is_answered() {
    let all: Vec<(String, Vec<String>)> =
        commands().iter().map(|it| (it.get_name().to_owned(), examples(it))).collect();
    for (name, examples) in all {
        assert!(examples.len() >= 2, "{name}: {examples:?}");
        for example in examples {
            assert!(example.contains(&format!("trailscan {name} ")) || name == "man", "{name}: {example}");
            let world = archive(&name);
            let reply = in_shell(&world, &example);
            assert_eq!(reply.status, 0, "{example}: {reply}");
            let has_answer = !reply.stdout.is_empty() || name == "index" || example.contains(['>', '<']);
            assert!(has_answer && !reply.stderr.contains("error"), "{example}: {reply}");
        }
    }
}

/// Runs a command line with the program in the path.
fn in_shell(world: &World, line: &str) -> crate::world::Reply {
    let programs = Path::new(PROGRAM).parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&path))).unwrap();
    let mut shell = assert_cmd::Command::new("bash");
    shell.args(["-c", line]).current_dir(world.dir()).env_clear();
    world.reply(shell.env("PATH", path).env("HOME", world.dir()))
}

/// What the examples name: logs of two days, those of a year later that are proven by digests, and what proves them.
fn archive(command: &str) -> World {
    let proven = "digest/key-rotation";
    let mut world = World::empty()
        .copy(&format!("{proven}/public-keys.json"), "keys.json")
        .copy(&format!("{proven}/head-objects.json"), "heads.json")
        .file(".local/share/man/man1/README", "")
        .file(".zfunc/README", "");
    if command == "validate" {
        let tree = fixture(&format!("{proven}/trail"));
        for path in files(&tree) {
            let name = path.strip_prefix(&tree).unwrap().to_str().unwrap().to_owned();
            world = world.file(&format!("logs/{name}"), std::fs::read(&path).unwrap());
        }
        return world;
    }
    let log = json!({ "Records": records() }).to_string();
    world.file("logs/AWSLogs/111122223333/CloudTrail/us-east-1/2024/03/01/events.json", log)
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn alice() -> Value {
    json!({ "type": "IAMUser", "principalId": "AIDAEXAMPLEALICE00000", "arn": "arn:aws:iam::111122223333:user/alice",
        "accountId": "111122223333", "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "alice" })
}

fn carol() -> Value {
    json!({ "type": "IAMUser", "principalId": "AIDAEXAMPLECAROL00000", "arn": "arn:aws:iam::111122223333:user/carol",
        "accountId": "111122223333", "accessKeyId": "AKIAI44QH8DHBEXAMPLE", "userName": "carol" })
}

fn admin() -> Value {
    json!({ "type": "AssumedRole", "principalId": "AROAEXAMPLEADMIN00000:alice",
        "arn": "arn:aws:sts::111122223333:assumed-role/Admin/alice", "accountId": "111122223333",
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE", "sessionContext": {
            "sessionIssuer": { "type": "Role", "principalId": "AROAEXAMPLEADMIN00000",
                "arn": "arn:aws:iam::111122223333:role/Admin", "accountId": "111122223333", "userName": "Admin" },
            "attributes": { "creationDate": "2024-03-01T13:10:00Z", "mfaAuthenticated": "false" } } })
}

/// One incident, as short as the examples allow.
fn records() -> Vec<Value> {
    let trust = |who: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{who}"}},"Action":"sts:AssumeRole"}}]}}"#
        )
    };
    let (old, new) = (trust("arn:aws:iam::111122223333:user/carol"), trust("arn:aws:iam::111122223333:root"));
    let port = json!({ "groupId": "sg-0a1b2c3d4e5f60718", "ipPermissions": { "items": [{ "ipProtocol": "tcp",
        "fromPort": 22, "toPort": 22, "groups": {}, "ipRanges": { "items": [{ "cidrIp": "0.0.0.0/0" }] },
        "ipv6Ranges": {}, "prefixListIds": {} }] } });
    let object = json!({ "bucketName": "payroll", "key": "2024/salaries.csv" });
    let calls = [
        (
            "02-29T09:00:00",
            carol(),
            "iam",
            "CreateRole",
            json!({ "roleName": "Admin", "assumeRolePolicyDocument": old }),
            json!({ "role": { "roleName": "Admin", "roleId": "AROAEXAMPLEADMIN00000", "path": "/",
                "arn": "arn:aws:iam::111122223333:role/Admin", "createDate": "Feb 29, 2024 9:00:00 AM" } }),
        ),
        (
            "02-29T09:05:00",
            carol(),
            "iam",
            "AttachRolePolicy",
            json!({ "roleName": "Admin", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess" }),
            Value::Null,
        ),
        (
            "02-29T10:00:00",
            carol(),
            "iam",
            "CreateUser",
            json!({ "userName": "alice" }),
            json!({ "user": { "userName": "alice", "userId": "AIDAEXAMPLEALICE00000", "path": "/",
                "arn": "arn:aws:iam::111122223333:user/alice" } }),
        ),
        (
            "02-29T10:01:00",
            carol(),
            "iam",
            "CreateAccessKey",
            json!({ "userName": "alice" }),
            json!({ "accessKey": { "userName": "alice", "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "status": "Active" } }),
        ),
        ("02-29T11:00:00", carol(), "s3", "CreateBucket", json!({ "bucketName": "payroll" }), Value::Null),
        (
            "03-01T11:20:00",
            alice(),
            "ec2",
            "CreateSecurityGroup",
            json!({ "groupName": "jump", "groupDescription": "ssh", "vpcId": "vpc-0a1b2c3d4e5f60718" }),
            json!({ "groupId": "sg-0a1b2c3d4e5f60718" }),
        ),
        (
            "03-01T13:05:00",
            alice(),
            "iam",
            "UpdateAssumeRolePolicy",
            json!({ "roleName": "Admin", "policyDocument": new }),
            Value::Null,
        ),
        ("03-01T12:10:00", alice(), "ec2", "AuthorizeSecurityGroupIngress", port, json!({ "_return": true })),
        (
            "03-01T13:10:00",
            alice(),
            "sts",
            "AssumeRole",
            json!({ "roleArn": "arn:aws:iam::111122223333:role/Admin", "roleSessionName": "alice" }),
            json!({ "credentials": { "accessKeyId": "ASIAIOSFODNN7EXAMPLE", "sessionToken": "x",
                "expiration": "Mar 1, 2024, 2:10:00 PM" }, "assumedRoleUser": {
                "assumedRoleId": "AROAEXAMPLEADMIN00000:alice",
                "arn": "arn:aws:sts::111122223333:assumed-role/Admin/alice" } }),
        ),
        ("03-01T13:20:00", alice(), "s3", "GetObject", object, Value::Null),
        ("03-01T13:40:00", admin(), "s3", "DeleteBucket", json!({ "bucketName": "payroll" }), Value::Null),
    ];
    let mut all: Vec<Value> = calls
        .into_iter()
        .enumerate()
        .map(|(at, (time, who, service, call, asked, replied))| {
            json!({ "eventVersion": "1.09", "userIdentity": who, "eventTime": format!("2024-{time}Z"),
            "eventSource": format!("{service}.amazonaws.com"), "eventName": call, "awsRegion": "us-east-1",
            "sourceIPAddress": "192.0.2.7", "userAgent": "aws-cli/2.15.0", "requestParameters": asked,
            "responseElements": replied, "requestID": format!("r-{at}"), "eventType": "AwsApiCall",
            "eventID": format!("11112222-3333-4444-8555-66667777{:04}", at + 1),
            "readOnly": call == "GetObject", "managementEvent": call != "GetObject",
            "eventCategory": if call == "GetObject" { "Data" } else { "Management" },
            "recipientAccountId": "111122223333" })
        })
        .collect();
    let mut refused = all[all.len() - 1].clone();
    refused["userIdentity"] = alice();
    refused["eventTime"] = "2024-03-01T13:00:00Z".into();
    refused["eventID"] = "11112222-3333-4444-8555-666677770099".into();
    refused["errorCode"] = "AccessDenied".into();
    refused["errorMessage"] = "Access Denied".into();
    let mut signed_in = all[0].clone();
    signed_in["userIdentity"] = alice();
    signed_in["userIdentity"].as_object_mut().unwrap().remove("accessKeyId");
    for (member, value) in [
        ("eventTime", json!("2024-03-01T10:30:00Z")),
        ("eventID", json!("11112222-3333-4444-8555-666677770098")),
        ("eventSource", json!("signin.amazonaws.com")),
        ("eventName", json!("ConsoleLogin")),
        ("eventType", json!("AwsConsoleSignIn")),
        ("requestParameters", Value::Null),
        ("responseElements", json!({ "ConsoleLogin": "Success" })),
        ("additionalEventData", json!({ "MFAUsed": "No", "MobileVersion": "No" })),
    ] {
        signed_in[member] = value;
    }
    all.extend([refused, signed_in]);
    all
}
