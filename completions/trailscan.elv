
use builtin;
use str;

set edit:completion:arg-completer[trailscan] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'trailscan'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'trailscan'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand who 'Show who created, changed or deleted a resource, in time order'
            cand who-created 'Show who created a resource, and who tried'
            cand who-changed 'Show who changed a resource, and who tried'
            cand who-deleted 'Show who deleted a resource, and who tried'
            cand who-read 'Show who read a resource, and who tried'
            cand events 'Show the events that match the filters'
            cand index 'Make the index of an archive, or bring it up to date: questions asked again open only the files they need'
            cand validate 'Prove that the files are what CloudTrail delivered, by the digests that AWS signed'
            cand man 'Print the man page'
            cand completions 'Print the completions for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'trailscan;who'= {
            cand --threads 'How many threads work [default: one a processor]'
            cand --max-inflated 'The most that one file may inflate to'
            cand --max-record 'The largest single record'
            cand --index-dir 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]'
            cand --since 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`'
            cand --until 'Leave out events after this time (a date is its first moment)'
            cand --account 'The account that events were recorded for'
            cand --region 'The region that events were recorded in'
            cand --event 'The call: `DeleteBucket`, `Delete*`'
            cand --service 'The service: `iam`, `s3`, `ec2.amazonaws.com`'
            cand --actor 'The caller: name, role, session, ARN, unique id, service'
            cand --ip 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`'
            cand --user-agent 'The user agent: `*boto3*`'
            cand --access-key 'The access key, as the one used or the one acted on'
            cand --error 'The error code: `AccessDenied`, `*NotFound*`'
            cand --event-id 'The id of the event'
            cand --format 'The form of the answer'
            cand --fields 'Show only these fields, as `eventTime,actor.name,resource.id`'
            cand --limit 'Show at most this many rows'
            cand --color 'When to use colours'
            cand --all 'Show the calls that read it as well'
            cand --explain 'Say on stderr what was looked for and what each stage let through'
            cand --no-index 'Read every file, whether there is an index or not'
            cand --denied 'Only calls refused for lack of permission'
            cand --failed 'Only calls that failed, for whatever reason'
            cand --succeeded 'Only calls that succeeded'
            cand --writes 'Only calls that write'
            cand --reads 'Only calls that read'
            cand --json 'The same as `--format json`'
            cand --reverse 'Show the latest first'
            cand --wide 'Show every value in full, and more columns'
            cand -q 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand --quiet 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'trailscan;who-created'= {
            cand --threads 'How many threads work [default: one a processor]'
            cand --max-inflated 'The most that one file may inflate to'
            cand --max-record 'The largest single record'
            cand --index-dir 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]'
            cand --since 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`'
            cand --until 'Leave out events after this time (a date is its first moment)'
            cand --account 'The account that events were recorded for'
            cand --region 'The region that events were recorded in'
            cand --event 'The call: `DeleteBucket`, `Delete*`'
            cand --service 'The service: `iam`, `s3`, `ec2.amazonaws.com`'
            cand --actor 'The caller: name, role, session, ARN, unique id, service'
            cand --ip 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`'
            cand --user-agent 'The user agent: `*boto3*`'
            cand --access-key 'The access key, as the one used or the one acted on'
            cand --error 'The error code: `AccessDenied`, `*NotFound*`'
            cand --event-id 'The id of the event'
            cand --format 'The form of the answer'
            cand --fields 'Show only these fields, as `eventTime,actor.name,resource.id`'
            cand --limit 'Show at most this many rows'
            cand --color 'When to use colours'
            cand --explain 'Say on stderr what was looked for and what each stage let through'
            cand --no-index 'Read every file, whether there is an index or not'
            cand --denied 'Only calls refused for lack of permission'
            cand --failed 'Only calls that failed, for whatever reason'
            cand --succeeded 'Only calls that succeeded'
            cand --writes 'Only calls that write'
            cand --reads 'Only calls that read'
            cand --json 'The same as `--format json`'
            cand --reverse 'Show the latest first'
            cand --wide 'Show every value in full, and more columns'
            cand -q 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand --quiet 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'trailscan;who-changed'= {
            cand --threads 'How many threads work [default: one a processor]'
            cand --max-inflated 'The most that one file may inflate to'
            cand --max-record 'The largest single record'
            cand --index-dir 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]'
            cand --since 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`'
            cand --until 'Leave out events after this time (a date is its first moment)'
            cand --account 'The account that events were recorded for'
            cand --region 'The region that events were recorded in'
            cand --event 'The call: `DeleteBucket`, `Delete*`'
            cand --service 'The service: `iam`, `s3`, `ec2.amazonaws.com`'
            cand --actor 'The caller: name, role, session, ARN, unique id, service'
            cand --ip 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`'
            cand --user-agent 'The user agent: `*boto3*`'
            cand --access-key 'The access key, as the one used or the one acted on'
            cand --error 'The error code: `AccessDenied`, `*NotFound*`'
            cand --event-id 'The id of the event'
            cand --format 'The form of the answer'
            cand --fields 'Show only these fields, as `eventTime,actor.name,resource.id`'
            cand --limit 'Show at most this many rows'
            cand --color 'When to use colours'
            cand --explain 'Say on stderr what was looked for and what each stage let through'
            cand --no-index 'Read every file, whether there is an index or not'
            cand --denied 'Only calls refused for lack of permission'
            cand --failed 'Only calls that failed, for whatever reason'
            cand --succeeded 'Only calls that succeeded'
            cand --writes 'Only calls that write'
            cand --reads 'Only calls that read'
            cand --json 'The same as `--format json`'
            cand --reverse 'Show the latest first'
            cand --wide 'Show every value in full, and more columns'
            cand -q 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand --quiet 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'trailscan;who-deleted'= {
            cand --threads 'How many threads work [default: one a processor]'
            cand --max-inflated 'The most that one file may inflate to'
            cand --max-record 'The largest single record'
            cand --index-dir 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]'
            cand --since 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`'
            cand --until 'Leave out events after this time (a date is its first moment)'
            cand --account 'The account that events were recorded for'
            cand --region 'The region that events were recorded in'
            cand --event 'The call: `DeleteBucket`, `Delete*`'
            cand --service 'The service: `iam`, `s3`, `ec2.amazonaws.com`'
            cand --actor 'The caller: name, role, session, ARN, unique id, service'
            cand --ip 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`'
            cand --user-agent 'The user agent: `*boto3*`'
            cand --access-key 'The access key, as the one used or the one acted on'
            cand --error 'The error code: `AccessDenied`, `*NotFound*`'
            cand --event-id 'The id of the event'
            cand --format 'The form of the answer'
            cand --fields 'Show only these fields, as `eventTime,actor.name,resource.id`'
            cand --limit 'Show at most this many rows'
            cand --color 'When to use colours'
            cand --explain 'Say on stderr what was looked for and what each stage let through'
            cand --no-index 'Read every file, whether there is an index or not'
            cand --denied 'Only calls refused for lack of permission'
            cand --failed 'Only calls that failed, for whatever reason'
            cand --succeeded 'Only calls that succeeded'
            cand --writes 'Only calls that write'
            cand --reads 'Only calls that read'
            cand --json 'The same as `--format json`'
            cand --reverse 'Show the latest first'
            cand --wide 'Show every value in full, and more columns'
            cand -q 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand --quiet 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'trailscan;who-read'= {
            cand --threads 'How many threads work [default: one a processor]'
            cand --max-inflated 'The most that one file may inflate to'
            cand --max-record 'The largest single record'
            cand --index-dir 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]'
            cand --since 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`'
            cand --until 'Leave out events after this time (a date is its first moment)'
            cand --account 'The account that events were recorded for'
            cand --region 'The region that events were recorded in'
            cand --event 'The call: `DeleteBucket`, `Delete*`'
            cand --service 'The service: `iam`, `s3`, `ec2.amazonaws.com`'
            cand --actor 'The caller: name, role, session, ARN, unique id, service'
            cand --ip 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`'
            cand --user-agent 'The user agent: `*boto3*`'
            cand --access-key 'The access key, as the one used or the one acted on'
            cand --error 'The error code: `AccessDenied`, `*NotFound*`'
            cand --event-id 'The id of the event'
            cand --format 'The form of the answer'
            cand --fields 'Show only these fields, as `eventTime,actor.name,resource.id`'
            cand --limit 'Show at most this many rows'
            cand --color 'When to use colours'
            cand --explain 'Say on stderr what was looked for and what each stage let through'
            cand --no-index 'Read every file, whether there is an index or not'
            cand --denied 'Only calls refused for lack of permission'
            cand --failed 'Only calls that failed, for whatever reason'
            cand --succeeded 'Only calls that succeeded'
            cand --writes 'Only calls that write'
            cand --reads 'Only calls that read'
            cand --json 'The same as `--format json`'
            cand --reverse 'Show the latest first'
            cand --wide 'Show every value in full, and more columns'
            cand -q 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand --quiet 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'trailscan;events'= {
            cand --threads 'How many threads work [default: one a processor]'
            cand --max-inflated 'The most that one file may inflate to'
            cand --max-record 'The largest single record'
            cand --index-dir 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]'
            cand --since 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`'
            cand --until 'Leave out events after this time (a date is its first moment)'
            cand --account 'The account that events were recorded for'
            cand --region 'The region that events were recorded in'
            cand --event 'The call: `DeleteBucket`, `Delete*`'
            cand --service 'The service: `iam`, `s3`, `ec2.amazonaws.com`'
            cand --actor 'The caller: name, role, session, ARN, unique id, service'
            cand --ip 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`'
            cand --user-agent 'The user agent: `*boto3*`'
            cand --access-key 'The access key, as the one used or the one acted on'
            cand --error 'The error code: `AccessDenied`, `*NotFound*`'
            cand --event-id 'The id of the event'
            cand --format 'The form of the answer'
            cand --fields 'Show only these fields, as `eventTime,actor.name,resource.id`'
            cand --limit 'Show at most this many rows'
            cand --color 'When to use colours'
            cand --explain 'Say on stderr what was looked for and what each stage let through'
            cand --no-index 'Read every file, whether there is an index or not'
            cand --denied 'Only calls refused for lack of permission'
            cand --failed 'Only calls that failed, for whatever reason'
            cand --succeeded 'Only calls that succeeded'
            cand --writes 'Only calls that write'
            cand --reads 'Only calls that read'
            cand --json 'The same as `--format json`'
            cand --reverse 'Show the latest first'
            cand --wide 'Show every value in full, and more columns'
            cand -q 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand --quiet 'Leave out coverage and hints on stderr (what cannot be read is said all the same)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'trailscan;index'= {
            cand --index-dir 'Where the index is written [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]'
            cand --threads 'How many threads work [default: one a processor]'
            cand -q 'Say nothing but what cannot be read'
            cand --quiet 'Say nothing but what cannot be read'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'trailscan;validate'= {
            cand --public-keys 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions'
            cand --metadata 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key'
            cand --bucket 'The bucket that the digests have to be of: others are called moved'
            cand --since 'Leave out files delivered before this time (as in the other commands)'
            cand --until 'Leave out files delivered after this time'
            cand --format 'The form of the answer'
            cand --color 'When to use colours'
            cand --threads 'How many threads work [default: one a processor]'
            cand --max-inflated 'The most that one file may inflate to'
            cand --accept-unverified-head 'Call everything proven although the signature of the newest digests is in S3 only'
            cand --json 'The same as `--format json`'
            cand --verbose 'List every file in the table'
            cand --wide 'Show every value in full'
            cand -q 'Leave out hints on stderr (what cannot be read is said all the same)'
            cand --quiet 'Leave out hints on stderr (what cannot be read is said all the same)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'trailscan;man'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'trailscan;completions'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'trailscan;help'= {
            cand who 'Show who created, changed or deleted a resource, in time order'
            cand who-created 'Show who created a resource, and who tried'
            cand who-changed 'Show who changed a resource, and who tried'
            cand who-deleted 'Show who deleted a resource, and who tried'
            cand who-read 'Show who read a resource, and who tried'
            cand events 'Show the events that match the filters'
            cand index 'Make the index of an archive, or bring it up to date: questions asked again open only the files they need'
            cand validate 'Prove that the files are what CloudTrail delivered, by the digests that AWS signed'
            cand man 'Print the man page'
            cand completions 'Print the completions for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'trailscan;help;who'= {
        }
        &'trailscan;help;who-created'= {
        }
        &'trailscan;help;who-changed'= {
        }
        &'trailscan;help;who-deleted'= {
        }
        &'trailscan;help;who-read'= {
        }
        &'trailscan;help;events'= {
        }
        &'trailscan;help;index'= {
        }
        &'trailscan;help;validate'= {
        }
        &'trailscan;help;man'= {
        }
        &'trailscan;help;completions'= {
        }
        &'trailscan;help;help'= {
        }
    ]
    $completions[$command]
}
