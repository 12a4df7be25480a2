
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'trailscan' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'trailscan'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'trailscan' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('who', 'who', [CompletionResultType]::ParameterValue, 'Show who created, changed or deleted a resource, in time order')
            [CompletionResult]::new('who-created', 'who-created', [CompletionResultType]::ParameterValue, 'Show who created a resource, and who tried')
            [CompletionResult]::new('who-changed', 'who-changed', [CompletionResultType]::ParameterValue, 'Show who changed a resource, and who tried')
            [CompletionResult]::new('who-deleted', 'who-deleted', [CompletionResultType]::ParameterValue, 'Show who deleted a resource, and who tried')
            [CompletionResult]::new('who-read', 'who-read', [CompletionResultType]::ParameterValue, 'Show who read a resource, and who tried')
            [CompletionResult]::new('timeline', 'timeline', [CompletionResultType]::ParameterValue, 'Show each change of a resource, what it changed, and who made it')
            [CompletionResult]::new('state', 'state', [CompletionResultType]::ParameterValue, 'Show what a resource looked like at a moment, and what of that is known')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs in a resource between two moments')
            [CompletionResult]::new('inventory', 'inventory', [CompletionResultType]::ParameterValue, 'List every resource that the logs know: existing, deleted or unknown')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Show what a resource depends on, and what depends on it')
            [CompletionResult]::new('revert', 'revert', [CompletionResultType]::ParameterValue, 'Print the commands that would undo what was done to a resource; nothing is run')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show the events that match the filters')
            [CompletionResult]::new('actor', 'actor', [CompletionResultType]::ParameterValue, 'Show what somebody did: calls, failures, resources, addresses, keys')
            [CompletionResult]::new('logins', 'logins', [CompletionResultType]::ParameterValue, 'Show sign-ins, switched roles, and changes of passwords and second factors')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count events by fields and over time')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Show what a time window has that the time before it never had')
            [CompletionResult]::new('index', 'index', [CompletionResultType]::ParameterValue, 'Make the index of an archive, or bring it up to date: questions asked again open only the files they need')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Prove that the files are what CloudTrail delivered, by the digests that AWS signed')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the man page')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'trailscan;who' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Show the calls that read it as well')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Show who stands at the start of the chain of credentials: whoever assumed the role, signed in or holds the key')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them')
            [CompletionResult]::new('--verified-only', '--verified-only', [CompletionResultType]::ParameterName, 'Leave out the rows that no proven file holds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;who-created' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Show who stands at the start of the chain of credentials: whoever assumed the role, signed in or holds the key')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them')
            [CompletionResult]::new('--verified-only', '--verified-only', [CompletionResultType]::ParameterName, 'Leave out the rows that no proven file holds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;who-changed' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Show who stands at the start of the chain of credentials: whoever assumed the role, signed in or holds the key')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them')
            [CompletionResult]::new('--verified-only', '--verified-only', [CompletionResultType]::ParameterName, 'Leave out the rows that no proven file holds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;who-deleted' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Show who stands at the start of the chain of credentials: whoever assumed the role, signed in or holds the key')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them')
            [CompletionResult]::new('--verified-only', '--verified-only', [CompletionResultType]::ParameterName, 'Leave out the rows that no proven file holds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;who-read' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Show who stands at the start of the chain of credentials: whoever assumed the role, signed in or holds the key')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them')
            [CompletionResult]::new('--verified-only', '--verified-only', [CompletionResultType]::ParameterName, 'Leave out the rows that no proven file holds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;timeline' {
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Only changes of this setting: `ingress`, `tags`, `metadataOptions.httpTokens`')
            [CompletionResult]::new('--value', '--value', [CompletionResultType]::ParameterName, 'Only changes that brought or removed this value: `0.0.0.0/0`')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'More rules for what calls change: TOML files in the form of the program''s own')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Files of AWS Config (histories, snapshots, `get-resource-config-history`) that fill in and check the states; those among the logs are found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--related', '--related', [CompletionResultType]::ParameterName, 'Show the calls that only use it as well')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;state' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'More rules for what calls change: TOML files in the form of the program''s own')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Files of AWS Config (histories, snapshots, `get-resource-config-history`) that fill in and check the states; those among the logs are found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;diff' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The first moment: `2024-03-01T15:42:00Z`, `2 days ago`')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The second moment [default: after the last event]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'More rules for what calls change: TOML files in the form of the program''s own')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Files of AWS Config (histories, snapshots, `get-resource-config-history`) that fill in and check the states; those among the logs are found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;inventory' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Only resources of this type: `AWS::IAM::*`, `*SecurityGroup`')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'More rules for what calls change: TOML files in the form of the program''s own')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Files of AWS Config (histories, snapshots, `get-resource-config-history`) that fill in and check the states; those among the logs are found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;graph' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment: `2024-03-01T15:42:00Z`, `2 days ago` [default: after the last event]')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'How far to go')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'More rules for what calls change: TOML files in the form of the program''s own')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Files of AWS Config (histories, snapshots, `get-resource-config-history`) that fill in and check the states; those among the logs are found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;revert' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Go back to what it was at this moment: `2024-03-01T15:42:00Z`, `2 days ago`')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Take back what the event of this id changed')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'More rules for what calls change: TOML files in the form of the program''s own')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Files of AWS Config (histories, snapshots, `get-resource-config-history`) that fill in and check the states; those among the logs are found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;events' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Tell of each row whether the files that hold it are proven to be as CloudTrail delivered them')
            [CompletionResult]::new('--verified-only', '--verified-only', [CompletionResultType]::ParameterName, 'Leave out the rows that no proven file holds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;actor' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`')
            [CompletionResult]::new('--pattern', '--pattern', [CompletionResultType]::ParameterName, 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'A filter of the CIS AWS Foundations Benchmark')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;logins' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;stats' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Count by these: `eventName`, `actor`, `resource`, `outcome`, or any path of a record as `requestParameters.bucketName`')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Show how the events lie in time, in steps of this length: `15m`, `1h`, `1d`')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'Show only the N largest groups (with `--reverse` the smallest)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;new' {
            [CompletionResult]::new('--window', '--window', [CompletionResultType]::ParameterName, 'How long the window is that is looked at; it ends with `--until`, else with the last event')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'How long the time before it is that it is compared with')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'The largest single record')
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where indexes lie [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out events before this time: `2024-03-01`, `2024-03-01T15:42:00Z`, `2 days ago`, `yesterday 15:42`, `90m`')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out events after this time (a date is its first moment)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that events were recorded for')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region that events were recorded in')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The call: `DeleteBucket`, `Delete*`')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service: `iam`, `s3`, `ec2.amazonaws.com`')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'The caller: name, role, session, ARN, unique id, service')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'The source address: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'The user agent: `*boto3*`')
            [CompletionResult]::new('--access-key', '--access-key', [CompletionResultType]::ParameterName, 'The access key, as the one used or the one acted on')
            [CompletionResult]::new('--error', '--error', [CompletionResultType]::ParameterName, 'The error code: `AccessDenied`, `*NotFound*`')
            [CompletionResult]::new('--event-id', '--event-id', [CompletionResultType]::ParameterName, 'The id of the event')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'A CloudWatch Logs filter pattern: `{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }`')
            [CompletionResult]::new('--pattern', '--pattern', [CompletionResultType]::ParameterName, 'An EventBridge event pattern: a JSON file, or the JSON itself; matched against the event that EventBridge makes of a record')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'A filter of the CIS AWS Foundations Benchmark')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'Show only these fields, as `eventTime,actor.name,resource.id`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many rows')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Say on stderr what was looked for and what each stage let through')
            [CompletionResult]::new('--no-index', '--no-index', [CompletionResultType]::ParameterName, 'Read every file, whether there is an index or not')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only calls refused for lack of permission')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only calls that failed, for whatever reason')
            [CompletionResult]::new('--succeeded', '--succeeded', [CompletionResultType]::ParameterName, 'Only calls that succeeded')
            [CompletionResult]::new('--writes', '--writes', [CompletionResultType]::ParameterName, 'Only calls that write')
            [CompletionResult]::new('--reads', '--reads', [CompletionResultType]::ParameterName, 'Only calls that read')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--reverse', '--reverse', [CompletionResultType]::ParameterName, 'Show the latest first')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full, and more columns')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out coverage and hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;index' {
            [CompletionResult]::new('--index-dir', '--index-dir', [CompletionResultType]::ParameterName, 'Where the index is written [default: $XDG_CACHE_HOME/trailscan, else ~/.cache/trailscan]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but what cannot be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but what cannot be read')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'trailscan;validate' {
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys, as `aws cloudtrail list-public-keys` prints them; repeat for several regions')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'The S3 metadata of digests: a JSON object with what `aws s3api head-object` prints for each key')
            [CompletionResult]::new('--bucket', '--bucket', [CompletionResultType]::ParameterName, 'The bucket that the digests have to be of: others are called moved')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Leave out files delivered before this time (as in the other commands)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Leave out files delivered after this time')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one a processor]')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'The most that one file may inflate to')
            [CompletionResult]::new('--accept-unverified-head', '--accept-unverified-head', [CompletionResultType]::ParameterName, 'Call everything proven although the signature of the newest digests is in S3 only')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as `--format json`')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'List every file in the table')
            [CompletionResult]::new('--wide', '--wide', [CompletionResultType]::ParameterName, 'Show every value in full')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out hints on stderr (what cannot be read is said all the same)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'trailscan;man' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'trailscan;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'trailscan;help' {
            [CompletionResult]::new('who', 'who', [CompletionResultType]::ParameterValue, 'Show who created, changed or deleted a resource, in time order')
            [CompletionResult]::new('who-created', 'who-created', [CompletionResultType]::ParameterValue, 'Show who created a resource, and who tried')
            [CompletionResult]::new('who-changed', 'who-changed', [CompletionResultType]::ParameterValue, 'Show who changed a resource, and who tried')
            [CompletionResult]::new('who-deleted', 'who-deleted', [CompletionResultType]::ParameterValue, 'Show who deleted a resource, and who tried')
            [CompletionResult]::new('who-read', 'who-read', [CompletionResultType]::ParameterValue, 'Show who read a resource, and who tried')
            [CompletionResult]::new('timeline', 'timeline', [CompletionResultType]::ParameterValue, 'Show each change of a resource, what it changed, and who made it')
            [CompletionResult]::new('state', 'state', [CompletionResultType]::ParameterValue, 'Show what a resource looked like at a moment, and what of that is known')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs in a resource between two moments')
            [CompletionResult]::new('inventory', 'inventory', [CompletionResultType]::ParameterValue, 'List every resource that the logs know: existing, deleted or unknown')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Show what a resource depends on, and what depends on it')
            [CompletionResult]::new('revert', 'revert', [CompletionResultType]::ParameterValue, 'Print the commands that would undo what was done to a resource; nothing is run')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Show the events that match the filters')
            [CompletionResult]::new('actor', 'actor', [CompletionResultType]::ParameterValue, 'Show what somebody did: calls, failures, resources, addresses, keys')
            [CompletionResult]::new('logins', 'logins', [CompletionResultType]::ParameterValue, 'Show sign-ins, switched roles, and changes of passwords and second factors')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count events by fields and over time')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Show what a time window has that the time before it never had')
            [CompletionResult]::new('index', 'index', [CompletionResultType]::ParameterValue, 'Make the index of an archive, or bring it up to date: questions asked again open only the files they need')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Prove that the files are what CloudTrail delivered, by the digests that AWS signed')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the man page')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'trailscan;help;who' {
            break
        }
        'trailscan;help;who-created' {
            break
        }
        'trailscan;help;who-changed' {
            break
        }
        'trailscan;help;who-deleted' {
            break
        }
        'trailscan;help;who-read' {
            break
        }
        'trailscan;help;timeline' {
            break
        }
        'trailscan;help;state' {
            break
        }
        'trailscan;help;diff' {
            break
        }
        'trailscan;help;inventory' {
            break
        }
        'trailscan;help;graph' {
            break
        }
        'trailscan;help;revert' {
            break
        }
        'trailscan;help;events' {
            break
        }
        'trailscan;help;actor' {
            break
        }
        'trailscan;help;logins' {
            break
        }
        'trailscan;help;stats' {
            break
        }
        'trailscan;help;new' {
            break
        }
        'trailscan;help;index' {
            break
        }
        'trailscan;help;validate' {
            break
        }
        'trailscan;help;man' {
            break
        }
        'trailscan;help;completions' {
            break
        }
        'trailscan;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
