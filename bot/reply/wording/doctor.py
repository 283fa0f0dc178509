"""The doctor's sentences."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cloudtrail.stores import STORES
from bot.doctor.permissions import Purpose
from bot.model import Cause

POLICY_FILE = "deploy/iam-policy.json"

#: What an answer lacks where a purpose's operations are refused.
LACKS: Mapping[str, str] = {
    Purpose.CONNECTORS: "connectors, their worker configuration, their plugins or their operations",
    Purpose.ROLES: "the role's trust policy, or what IAM says about its last use",
    Purpose.LOG_GRANTS: "whether the log destinations admit log delivery",
    Purpose.TRAILS: 'whether the trail records AssumeRole; silence stays "unconfirmed"',
    **{store.sid: 'when the role was last assumed; every verdict becomes "unconfirmed"' for store in STORES},
}
#: What each of Slack's scopes is for.
SCOPES: Mapping[str, str] = {
    "commands": "the command /msk-role",
    "chat:write": "sharing an answer with a channel",
    "users:read": "telling guests and people of other organisations apart",
    "channels:read": "seeing that a public channel is shared with another organisation",
    "groups:read": "seeing that a private channel is shared with another organisation",
}

CAUSES: Mapping[Cause, str] = {
    Cause.TIMEOUT: "no answer in time",
    Cause.THROTTLED: "AWS asks to come back later",
    Cause.ACCESS_DENIED: "AWS refuses the caller",
}
UNREADABLE = "an answer that cannot be read"
REMEDIES: Mapping[Cause, str] = {
    Cause.THROTTLED: "try again in a minute.",
    Cause.TIMEOUT: "check the network from here to AWS: VPC endpoints, proxy, security group, AWS_ENDPOINT_URL.",
}
OTHER_REMEDY = "check the credentials (profile, role, expiry), the region, and the network from here to AWS."

SEE_ENV_EXAMPLE = ".env.example explains each of them. The rest was tried without them."
NO_SETTINGS = "The settings do not say how."
ALLOW = f"allow {{action}}, as statement {{purpose}} of {POLICY_FILE} does."
LACKING = "Without it an answer lacks {what}."
NOTHING_ASKED = "No token is set, so nothing was asked of Slack. `ask` and `classify` need none."
COPY_AGAIN = "copy the token again from https://api.slack.com/apps, or reinstall the app there."
ADD_SCOPES = "add the scopes as manifest.yaml has them, then reinstall the app."
SOMETHING_TO_DO = "Something to do: {problems}."
NOTHING_TO_DO = "Nothing to do."
