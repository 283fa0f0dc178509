"""The sentences that hold a reply together. Names in braces are filled by ``lines.say``."""

from __future__ import annotations

from collections.abc import Mapping

from bot.reply.buttons import Press

# --- the headline, and what breaks without the role ------------------------------------------------------------------

KEEP = "Keep {role}: {connector} ({state}, {region}) names it"
ROLE_GONE = "{connector} ({state}, {region}) names {role}, which does not exist"
NO_ROLE = "{connector} ({state}, {region}) names no role"
NOT_A_ROLE = "{connector} ({state}, {region}) names {role}, which is no IAM role"
NOT_USABLE = "{connector} ({state}, {region}) names {role}, which cannot serve as execution role"
NO_STATE = "state not known"
NO_REGION = "region not known"

#: By connector state, before what breaks.
STATE_FIRST: Mapping[str, str] = {
    "PAUSED": "It is PAUSED and keeps everything, its role too. ",
    "PAUSING": "It is being paused and keeps everything, its role too. ",
    "FAILED": "It is FAILED. ",
    "DELETING": "It is being deleted: keep the role until it is gone. ",
    "CREATING": "It is being created and needs the role now. ",
}
#: Instead, where it is known since when.
PAUSED_SINCE = "It has been PAUSED since {day}, so no AssumeRole is expected; it keeps everything, its role too. "
FAILED_WITH = "MSK Connect gives {code} as the cause. "
WORK_STOPS = (
    "Without the role, first to fail: {work}, at the latest when the credentials in use expire. Every restart, "
    "failover and update fails too."
)
WORK_CANNOT_RESUME = "Without the role, it fails as soon as it resumes: {work}. So does every restart and update."
ROLE_IS_GONE = (
    "Whatever needs the role fails, at the latest when the credentials in use expire: {work}. No restart, failover or "
    "update works. Create the role again under the same name and path; a connector's role cannot be changed."
)
ROLE_NOT_USABLE = (
    "As it stands no restart, failover or update works, because MSK Connect cannot assume what it names. Delete the "
    "connector and create it anew with a role of its own; a connector's role cannot be changed."
)
ROLE_REFUSED = (
    "As it stands no restart, failover or update works, because the trust policy keeps MSK Connect from assuming the "
    "role; what needs it fails, at the latest when the credentials in use expire: {work}."
)
CANNOT_COME_BACK = "Without the role, no restart or update brings it back: the plugin cannot be downloaded."
NOTHING_STOPS = (
    "Without the role nothing stops at once. The next restart or failover fails, because the plugin cannot be "
    "downloaded{besides}, and the next update fails its validation."
)
BESIDES = " and {work} fail"
MAY_NEED = " Whether this needs the role too is not known: {work}."

# --- history ---------------------------------------------------------------------------------------------------------

VERDICT = "Verdict: {verdict}. "
COVERAGE = "{source} of {regions}, {extent}"
READ_COMPLETELY = "read completely"
READ_BACK_TO = "read back to {read_from} only, because {stopped}"
READ_NOTHING = "of which nothing was read, because {stopped}"
NO_REASON = "the read ended early"
READ_IN_PART = "{source} of {regions}, read completely; {shortfalls}"
REGION_LACKS = "{region} not read: the bot lacks {action} there"
REGION_NOT_READ = "{region} not read, because {stopped}"
REGION_BACK_TO = "{region} read back to {read_from} only, because {stopped}"
AT_LEAST_TIMES = "at least {times}"
FROM = " From {coverage}."
AT_LEAST = " There may be more, refusals and other callers too: {coverage}."
COUNTED_BACK = (
    " Counted back to {read_from} only, to answer in time, in {source} of {regions}; who else assumed the role before "
    "that, and refusals, were not looked for."
)
TYPICALLY = ", about every {gap}"
SHARED = " {count} connectors name the role: CloudTrail tells that it was assumed, not for which connector."
SHARED_BUT_NAMED = " {count} of the events carry this connector's name in their session name."
FOLLOWED = " The last one followed {operation} at {at}."
LEGEND = "1 mark = {length}, height = how often, · = none{unread}{failed}"
LEGEND_UNREAD = ", ? = not read"
LEGEND_FAILED = ", ! = refused"

# --- what needs attention --------------------------------------------------------------------------------------------

COULD_NOT_READ = "Not read: "
WARNING = "Warning: "
AND_MORE = " … and {count} more in All details."
LAST_ACCESSED = 'IAM "last accessed" says {service}, {at}. '
FITS_OTHERS = " Which fits: {who} assumed the role {at}, MSK Connect did not."
LAST_ACCESSED_NOTHING = 'IAM "last accessed" shows no access at all. '
DOES_NOT_COUNT = "It does not count: it sees neither Kafka data nor worker logs, and lags by up to four hours."
DISAGREES_LATER = " MSK Connect assumed the role later, {at}."
DISAGREES_NOTHING = " Yet MSK Connect assumed the role {at}."
DISAGREES_NOT_SEEN = (
    " CloudTrail shows no AssumeRole by MSK Connect in that time, so somebody else may use the role, or the history "
    "lacks something."
)
FOOTER = "AWS read {at} · window {window}"
FOOTER_OFFLINE = "Offline, from the description alone"
SHARED_BY = "Shared by {user}."

GRANT_MISSING = ", but the grant is missing"
GRANT_HALF_MISSING = ", but half of the grant is missing"
GRANT_WITHOUT_DESTINATION = ", but the destination does not exist"
GRANT_NOT_KNOWN = ", and whether it is granted is not known"
TABLE_HEADER = ("Activity", "Permission path", "How we know")
AND_SO_MANY_MORE = "… and {count} more"
MORE_ROWS = "… and {count} more in All details"

BUTTONS: Mapping[Press, str] = {
    Press.SHARE: "Share",
    Press.DETAILS: "All details",
    Press.QUERY: "CloudTrail query",
    Press.POLICY: "Policy to add",
    Press.REFRESH: "Refresh",
}

# --- a question about a role -----------------------------------------------------------------------------------------

ROLE_NAMED_ONCE = "Keep {role}: 1 connector names it"
ROLE_NAMED = "Keep {role}: {count} connectors name it"
ROLE_ABSENT = "{role} does not exist, and no connector in {regions} names it"
ROLE_ABSENT_NAMED = "{role} does not exist, and {count} connectors name it"
ROLE_ABSENT_NAMED_ONCE = "{role} does not exist, and 1 connector names it"
ROLE_USED = "Keep {role}: MSK Connect assumed it {last}, and no connector in {regions} names it now"
ROLE_USED_BY_OTHERS = "Keep {role}: {who} assumed it {last}, and no connector in {regions} names it"
ROLE_LED_TO = "Keep {role}: no connector runs with it, and {connectors} leads to it"
ROLE_CANDIDATE = "{role}: no connector in {regions} names it: a candidate for clean-up, not yet a decision"
ROLE_SERVICE_LINKED = "{role} is a service-linked role: AWS uses it, whatever connectors name"
ROLE_FOR_OTHERS = "{role} does not trust MSK Connect: this bot cannot tell what it is for"
ROLE_OPEN = "{role}: not known whether it is needed"
CONNECTOR_HEADER = ("Connector", "State", "Region")
SEARCHED = "Connectors were searched in {regions}. Roles are global: silence elsewhere is no evidence."
CHECK_FIRST = "A candidate only. Check first:"
CHECKS = (
    "Regions and accounts that were not searched: a role serves connectors in every region.",
    "Whoever else the trust policy admits: {others}.",
    "Connectors that assume it beside their own role: of many, or unreadable ones, some configurations go unsearched.",
    "Connectors that are about to be created or created anew: templates and pipelines may name the role.",
    "What other services do with the role: the query in CloudTrail query with invokedBy left out.",
)
SERVES = "The trust policy admits {others}. Ask whoever runs that before the role is touched."
NO_OTHERS = "nobody but MSK Connect"
TRUST_NOT_READ = "the trust policy was not read"
ASK_THE_CONNECTOR = "Ask about it to see what it needs the role for."
ASK_CONNECTOR = "Ask about one of them to see what it needs the role for."

# --- details ---------------------------------------------------------------------------------------------------------

DETAILS_TITLE = "All details"
ACTIVITIES = "Every activity"
WARNINGS = "Warnings"
HISTORY = "CloudTrail"
LAST_ACCESSED_HEADING = "IAM last accessed"
GAPS = "What could not be read"
GOOD_TO_KNOW = "Good to know"
ROLE_IS = "Role: {role}"
CONNECTOR_IS = "Connector: {arn}"
CREATED_AT = "Created {at}."
PAUSED_AT = "PAUSED since {at}."
LOGS_OFF = "Worker logs: delivery is off."
FINDING = "{activity} ({component}): {path}"
HOW_WE_KNOW = "How we know: {basis}. {means}{shown}"
SHOWN_BY = " Shown by {evidence}."
RESTS_ON = " It applies because of {evidence}."
SHOWN_BY_EVENTS = " CloudTrail events {events}."
FINDING_WHO = "Who: {principal}. "
FINDING_ACTIONS = "Actions: {actions}. "
FINDING_RESOURCES = "On: {resources}. "
FINDING_WHEN = "When: {timing}. "
SOURCE = "Source"
WHAT_TO_DO = " What to do: {remedy}"
ASSUMED_COLUMN = "assumed"
REFUSED_COLUMN = "refused"
FIRST_AND_LAST = "First seen in the window {first}, last {last}: CloudTrail event {event}."
OLDEST_AND_LAST = "Oldest one read {first}, last {last}: CloudTrail event {event}."
GAPS_BETWEEN = "Between two: {median} at the median, {longest} at the longest. AWS documents no interval."
BY_REGION = "By region: {regions}."
SESSIONS = "Session names: {names}."
SESSION_ACTIVITY = (
    "What happened next, in the newest sessions (the last is {session}): {source} {name} {times}, last {last}{region}."
)
NO_SESSION_ACTIVITY = (
    "What happened next: no management event of the newest sessions was found. Data calls, such as those to topics "
    "and objects, are not recorded here."
)
REFUSED = "Refused: {times} with {error}, last {last}."
OTHERS = "Others: {who} assumed the role {times}, last {last}{refused}."
OTHERS_FAILED = ", and was refused {times}"
OTHERS_REFUSED = "Others: {who} tried {times} and was refused, last {last}."
COVERAGE_IS = "Coverage: {coverage}. Window {start} to {end}."
PLACES = "Searched: {places}."
SELECTORS_RECORD = "The event selectors of the trail behind it record read-only management events, so AssumeRole too."
ACCOUNTS = "Accounts: {accounts}."
COST = "{requests} to AWS{scanned}."
SCANNED = ", {size} scanned"
BARE_NAME_FOUND = "Nothing was found under the role's ARN; its bare name was asked for too, and found them."
BARE_NAME = "Nothing was found under the role's ARN; its bare name was asked for too, and found none."
OPERATION = "{operation} ({state}) {at}: {followed}."
OPERATION_FOLLOWED = "then AssumeRole {times} until {span} after its end, first at {first}"
OPERATION_ALONE = "no AssumeRole by MSK Connect seen soon after"
SERVICE_LAST = "{service}: {at}{region}"
SERVICE_NEVER = "Never, in the time that the report covers: {services}."
ROLE_LAST_USED = "RoleLastUsed: {at}{region}."
ROLE_NEVER_USED = "RoleLastUsed is empty, which shows nothing."
IN_REGION = " in {region}"
TRUST_SOUND = "The trust policy admits MSK Connect for this connector, and not on behalf of another account. "
TRUST_OPEN = "Whether the trust policy admits MSK Connect for this connector cannot be judged from outside. "
TRUST_DELETED = "The trust policy keeps the id of a user or role that was deleted ({deleted}), which admits nobody. "
TRUST_OTHERS = "Besides MSK Connect, the trust policy names {others}."
TRUST_NAMES = "The trust policy names {others}."
TRUST_NO_OTHERS = "The trust policy names no principal but MSK Connect."
WORKER_CONFIGURATION = "Worker configuration: {name}{revision}."
REVISION = ", revision {latest}, the one that was read"
PINNED_REVISION = (
    ", of which the connector pins revision {pinned}. AWS gives the latest alone, {latest}: what is said of "
    "converters, config providers and secrets in it rests on that"
)
SHARING = "Other connectors on this role: {connectors}."
CUT = "… cut here: Slack takes no more. python -m bot ask --json prints everything."
MORE_LEFT_OUT = "… and {count} more; python -m bot ask --json prints everything."

# --- the query -------------------------------------------------------------------------------------------------------

QUERY_TITLE = "CloudTrail query"
QUERY = "CloudTrail query for {role}"
QUERY_LIMITS = "A trail that records write events only never shows AssumeRole, because AssumeRole is read-only."
QUERY_OTHERS = " Leave the invokedBy line out to see who else assumes the role."

# --- the policy to add -----------------------------------------------------------------------------------------------

POLICY_TITLE = "Policy to add"
POLICIES = "What log delivery lacks for {connector}"
NOTHING_TO_ADD = "Nothing is known to be missing: there is no policy to add for {connector}."
BUCKET_POLICY = "Bucket policy of {resource}"
KEY_POLICY = "Key policy of {resource}"
LOG_GROUP_POLICY = "CloudWatch Logs resource policy for {resource}"
STREAM_TAG = "Tag of delivery stream {resource}"
STREAM_ROLE = "Service-linked role for log delivery"
ADD_STATEMENTS = "Add these statements to the policy, beside those that are there. Putting a policy replaces all of it."
NEW_POLICY = "A resource policy of its own. An account holds ten of them in a region; {count} are taken."
NEW_POLICY_COUNT_UNKNOWN = "A resource policy of its own. An account holds ten of them in a region."
GROUP_POLICY = (
    "A policy on the log group itself. The {count} that the account holds in this region are as many as AWS allows."
)
GROUP_POLICY_MERGED = (
    "Add this statement to the policy on the log group itself, beside those that are there. The {count} policies that "
    "the account holds in this region are as many as AWS allows."
)
WHERE_GROUP_MERGED = (
    "No console page sets these. With the merged policy in policy.json and the revisionId that is there:"
)
WHERE_BUCKET = "Console: S3 > the bucket > Permissions > Bucket policy. Or, with the merged policy in policy.json:"
WHERE_KEY = "Console: KMS > the key > Key policy > Edit. Or, with the merged policy in policy.json:"
WHERE_LOG_GROUP = "No console page sets these. With the policy in policy.json:"
WHERE_STREAM = "Firehose has no resource policies. Log delivery writes to streams with this tag:"
WHERE_STREAM_ROLE = "AWSServiceRoleForLogDelivery does not exist in this account. Create it:"
DENIED = "A Deny in {resource} ({sids}) shuts log delivery out: except {principal} from it. No Allow helps."
DESTINATION_ABSENT = (
    "{resource} does not exist. Create it under that name and ask again for what it lacks, or create the connector "
    "anew with another destination: log delivery of an existing connector cannot be changed."
)
AWS_MANAGED_KEY = (
    "{resource} is encrypted with a key that AWS manages, whose policy cannot be changed: use SSE-S3 or a customer "
    "managed key."
)
NOT_THE_ROLE = "The execution role needs none of this: worker logs never pass through it."

# --- no answer -------------------------------------------------------------------------------------------------------

NO_SUCH = "No connector is called {name}"
RENEWED = "The connector of that ARN does not exist any more; another one is called {name} now"
NO_SUCH_ROLE = "No role is called {name} in this account"
ROLE_UNREADABLE = "Role {name} could not be read"
BOTH = "A connector and a role are called {name}: which one?"
ROLE_ROW = "{name} (role)"
THE_CONNECTOR = "The connector"
THE_ROLE = "The role"
ELSEWHERE = "{name} is not in {searched}, but in {elsewhere}"
NOT_FOUND = "{name} was not found in {searched}; {unsearched} could not be searched"
SEARCHED_IN = "Searched: {regions}."
BEGIN_SO = "Names that begin with it:"
CLOSEST = "Closest names:"
EXACT_ONLY = "Only a whole name answers."
NOT_SEARCHED = "Not searched, so silence there is no evidence:"
AMBIGUOUS = "{count} connectors are called {name}: which one?"
REGION_OUT_OF_SCOPE = "This bot does not search {region}"
REGIONS_ARE = "It searches {regions}. MSK_ROLE_REGIONS sets which."
UNREADABLE = "{name} could not be read"
UNREADABLE_WHY = "Without its description nothing can be said about its role. Keep the role meanwhile."
INVALID = "That is not a question I can answer"
TRY = "Try {example}, or {help}."
ROW = "{name} ({state}, {region})"
REFUSED_HEADLINE = "No answer for you here"
BUSY = "The bot is busy. Please ask again in a minute."
TOO_MANY = "That was a lot of questions in one minute. Please wait a little."
INTERRUPTED = "The bot is being restarted and could not finish. Please ask again in a minute."
CRASH = "Something went wrong in the bot itself"
CRASH_REFERENCE = "The log has the reason under the reference {reference}. Please tell whoever runs the bot."
READING = "Reading AWS and CloudTrail …"
NO_ANSWER = "This question has no answer"

# --- help ------------------------------------------------------------------------------------------------------------

COMMAND = "/msk-role"
HELP_TITLE = "Help"
HELP = "Which permission path does each activity of an MSK Connect connector use, and may its role go?"
HELP_USAGE = "{command} connector or role [window] [region], in any order:"
HELP_PARTS: Mapping[str, str] = {
    "connector-name": "its whole name; the beginning of one lists the names that begin so",
    "connector-arn": "the same, where a name is not enough",
    "role-arn": "which connectors name this role, and when MSK Connect last assumed it; with or without its path",
    "role-name": "the same by its name; also role NAME, and connector NAME where both have the name",
    "window": "how far to look back, 1d to {longest}d; {default}d if left out",
    "region": "search this region alone; otherwise all that the bot is set to",
}
HELP_PART = "{form}, {example}: {meaning}"
HELP_EXAMPLES = "For example {first} or {second}."
HELP_READS = "The bot only reads, and never says that a role may go: it shows what needs it and what was not seen."
CLOSE = "Close"
