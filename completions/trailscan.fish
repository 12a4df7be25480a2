# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_trailscan_global_optspecs
    string join \n h/help V/version
end

function __fish_trailscan_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_trailscan_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_trailscan_using_subcommand
    set -l cmd (__fish_trailscan_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c trailscan -n "__fish_trailscan_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_needs_command" -s V -l version -d 'Print version'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "who" -d 'Show who created, changed or deleted a resource, in time order'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "who-created" -d 'Show who created a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "who-changed" -d 'Show who changed a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "who-deleted" -d 'Show who deleted a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "who-read" -d 'Show who read a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "events" -d 'Show the events that match the filters'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "stats" -d 'Count events by fields and over time'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "new" -d 'Show what a time window has that the time before it never had'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "timeline" -d 'Show each change of a resource, what changed, and who did it'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "state" -d 'Show what a resource looked like at a moment, as far as known'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "diff" -d 'Show what differs in a resource between two moments'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "inventory" -d 'List every resource in the logs: existing, deleted or unknown'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "graph" -d 'Show what a resource depends on, and what depends on it'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "revert" -d 'Print the commands that would undo changes; nothing is run'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "actor" -d 'Show what somebody did: calls, failures, resources, keys'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "logins" -d 'Show sign-ins, switched roles, changes of passwords and MFA'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "trace" -d 'Show where credentials came from and where they went, as a tree'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "validate" -d 'Prove that the files are as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "coverage" -d 'Show which accounts, regions and days the logs hold, and holes'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "index" -d 'Make or update the index that makes questions faster'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "man" -d 'Print the man page, or that of a command'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c trailscan -n "__fish_trailscan_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l all -d 'Show the calls that read it as well'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand who" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-created" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-changed" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-deleted" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand who-read" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l group -d 'How the rows of the table are put' -r -f -a "time\t'In order of time, the failed ones with their errors'
outcome\t'What was done, then what failed'"
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l by -d 'Count by these: `eventName`, `actor`, `resource`, `outcome`, `errorCode`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l every -d 'Show how the events lie in time, in steps of this length: `15m`, `1h`, `1d`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l top -d 'Show only the N largest groups (with `--reverse` the smallest)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l window -d 'How long the window is that is looked at' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l baseline -d 'How long the time before it is, with which it is compared' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l since -d 'Begin the window at this UTC time: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l until -d 'End the window at this UTC time [default: the last event]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l field -d 'Only changes of this setting: `ingress`, `tags`, `metadataOptions.httpTokens`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l value -d 'Only changes that brought or removed this value: `0.0.0.0/0`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l rules -d 'More rules for what calls change: TOML files in the form of the program\'s own' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l aws-config -d 'Files of AWS Config that fill in and check the states' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l related -d 'Show the calls that only use it as well'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand timeline" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l at -d 'The moment, in UTC: `2024-03-01 15:42`, `2 days ago` [default: the end]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l rules -d 'More rules for what calls change: TOML files in the form of the program\'s own' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l aws-config -d 'Files of AWS Config that fill in and check the states' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand state" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l from -l since -d 'The first moment, in UTC: `2024-03-01 15:42`, `2 days ago`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l to -l until -d 'The second moment [default: after the last event]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l rules -d 'More rules for what calls change: TOML files in the form of the program\'s own' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l aws-config -d 'Files of AWS Config that fill in and check the states' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l trace -d 'Show who stands behind each caller'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l at -d 'The moment, in UTC: `2024-03-01 15:42`, `2 days ago` [default: the end]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l type -d 'Only resources of this type: `bucket`, `EC2::SecurityGroup`, `AWS::IAM::*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l status -d 'Only resources with this status' -r -f -a "exists\t'It exists, even if its deletion is scheduled'
deleted\t'It was deleted'
unknown\t'The logs do not tell, or its deletion is due and nothing confirms it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l rules -d 'More rules for what calls change: TOML files in the form of the program\'s own' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l aws-config -d 'Files of AWS Config that fill in and check the states' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand inventory" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l at -d 'The moment, in UTC: `2024-03-01 15:42`, `2 days ago` [default: the end]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l depth -d 'How far to go' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l rules -d 'More rules for what calls change: TOML files in the form of the program\'s own' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l aws-config -d 'Files of AWS Config that fill in and check the states' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l to -d 'Go back to what it was at this moment, in UTC: `2024-03-01 15:42`, `2 days ago`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l event -d 'Take back what the event of this id changed' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l rules -d 'More rules for what calls change: TOML files in the form of the program\'s own' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l aws-config -d 'Files of AWS Config that fill in and check the states' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand revert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand actor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l verify -d 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l verified-only -d 'Leave out the rows that no proven file holds'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand logins" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l at -d 'Say of each credential whether it could be used at this time, in UTC' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand trace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l bucket -d 'The bucket that the digests have to be of: others are called moved' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l since -d 'Only files delivered from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l until -d 'Only files delivered up to this UTC time' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: files, chains and gaps, troubles'
jsonl\t'One file a line'
csv\t'RFC 4180, with formulas guarded'"
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l max-inflated -d 'The most that one file may inflate to' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l accept-unverified-head -d 'Call everything proven although the newest digest of a chain has its signature in S3 only, if it goes on from a proven one'
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l verbose -d 'List every file in the table'
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l wide -d 'Show each row of a table on one line, however long'
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -s q -l quiet -d 'Leave out hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l by -d 'Count by day or by hour' -r -f -a "day\t'A row for each day'
hour\t'A row for each hour'"
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l since -d 'Only events from this UTC time on: `2024-03-01 15:42`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l until -d 'Only events up to this UTC time (a date: its 00:00)' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l service -d 'The service: `iam`, `s3`, `ec2.amazonaws.com`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l ip -d 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l user-agent -d 'The user agent: `*boto3*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l access-key -d 'The access key, as the one used or the one acted on' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l error -d 'The error code: `AccessDenied`, `*NotFound*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l event-id -d 'The id of the event' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l action -d 'Only calls that do this to what they are about' -r -f -a "created\t'Make it'
changed\t'Change it'
deleted\t'Delete it'
read\t'Read it'"
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l where -d 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l pattern -d 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l filter -d 'A filter of the CIS AWS Foundations Benchmark' -r -f -a "cis:4.1\t'Calls refused for lack of permission'
cis:4.2\t'Console sign-ins of users without MFA'
cis:4.3\t'Use of the root account'
cis:4.4\t'Changes of IAM policies'
cis:4.5\t'Changes of CloudTrail'
cis:4.6\t'Failed console sign-ins'
cis:4.7\t'KMS keys disabled or scheduled for deletion'
cis:4.8\t'Changes of S3 bucket policies, ACLs, CORS, lifecycle and replication'
cis:4.9\t'Changes of AWS Config'
cis:4.10\t'Changes of security groups'
cis:4.11\t'Changes of network ACLs'
cis:4.12\t'Changes of network gateways'
cis:4.13\t'Changes of route tables'
cis:4.14\t'Changes of VPCs'
cis:4.15\t'Changes of AWS Organizations'"
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l public-keys -d 'The public keys that `aws cloudtrail list-public-keys` prints' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l metadata -d 'The S3 metadata of digests, with the newest one\'s signature' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l format -d 'The form of the answer' -r -f -a "table\t'For people'
json\t'One document: answer, coverage, troubles'
jsonl\t'One row a line'
csv\t'RFC 4180, with formulas guarded'
raw\t'The CloudTrail records themselves, one a line'
dot\t'A graph for Graphviz (`trace`, `graph`)'"
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l fields -d 'Show only these fields, as `eventTime,actor.name,resource.id`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l limit -d 'Show at most this many rows' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l width -d 'Fit tables into so many columns [default: those of the terminal; elsewhere each row is one line]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Also where the output is no terminal'
never\t'Never'"
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l max-inflated -d 'The most that one file may inflate to, and that is read from a pipe' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l max-record -d 'The largest single record; a larger one is skipped and reported' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l index-dir -d 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l event -d 'The call: `DeleteBucket`, `Delete*`' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l actor -d 'The caller: name, role, session, ARN, unique id, service' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l account -d 'The account that events were recorded for' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l region -d 'The region that events were recorded in' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l denied -d 'Only calls refused for lack of permission'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l failed -d 'Only calls that failed, for whatever reason'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l succeeded -d 'Only calls that succeeded'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l writes -d 'Only calls that write'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l reads -d 'Only calls that read'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l ignore-names -d 'Read every file, whatever time, account and region its name gives: for archives whose files were renamed'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l json -d 'The same as `--format json`'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l reverse -d 'Show the latest first'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l wide -d 'Show each row of a table on one line, however long, with more columns'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -s q -l quiet -d 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l explain -d 'Say on stderr what was looked for and what each stage let through'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -l no-index -d 'Read every file, whether there is an index or not'
complete -c trailscan -n "__fish_trailscan_using_subcommand coverage" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand index" -l index-dir -d 'Where the index is written [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]' -r -F
complete -c trailscan -n "__fish_trailscan_using_subcommand index" -l threads -d 'How many threads work; no more than 64, or four a processor [default: one a processor]' -r
complete -c trailscan -n "__fish_trailscan_using_subcommand index" -l rebuild -d 'Read every file again, including those that the index already has'
complete -c trailscan -n "__fish_trailscan_using_subcommand index" -l follow-links -d 'Follow symbolic links that lead outside the given paths: whoever wrote the archive then decides what is read'
complete -c trailscan -n "__fish_trailscan_using_subcommand index" -s q -l quiet -d 'Say nothing but what cannot be read'
complete -c trailscan -n "__fish_trailscan_using_subcommand index" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "who" -d 'Show who created, changed or deleted a resource, in time order'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "who-created" -d 'Show who created a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "who-changed" -d 'Show who changed a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "who-deleted" -d 'Show who deleted a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "who-read" -d 'Show who read a resource, and who tried'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "events" -d 'Show the events that match the filters'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "stats" -d 'Count events by fields and over time'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "new" -d 'Show what a time window has that the time before it never had'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "timeline" -d 'Show each change of a resource, what changed, and who did it'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "state" -d 'Show what a resource looked like at a moment, as far as known'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "diff" -d 'Show what differs in a resource between two moments'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "inventory" -d 'List every resource in the logs: existing, deleted or unknown'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "graph" -d 'Show what a resource depends on, and what depends on it'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "revert" -d 'Print the commands that would undo changes; nothing is run'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "actor" -d 'Show what somebody did: calls, failures, resources, keys'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "logins" -d 'Show sign-ins, switched roles, changes of passwords and MFA'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "trace" -d 'Show where credentials came from and where they went, as a tree'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "validate" -d 'Prove that the files are as CloudTrail delivered them'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "coverage" -d 'Show which accounts, regions and days the logs hold, and holes'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "index" -d 'Make or update the index that makes questions faster'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "man" -d 'Print the man page, or that of a command'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "completions" -d 'Print the completions for a shell'
complete -c trailscan -n "__fish_trailscan_using_subcommand help; and not __fish_seen_subcommand_from who who-created who-changed who-deleted who-read events stats new timeline state diff inventory graph revert actor logins trace validate coverage index man completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
