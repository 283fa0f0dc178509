"""What CloudTrail's history says about the role, by why the verdict is as it is."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import VerdictCode, VerdictReason
from bot.reply.wording import Templates

VERDICTS: Mapping[VerdictCode, str] = {
    VerdictCode.IN_USE: "in use",
    VerdictCode.IN_USE_BY_OTHERS: "in use by others",
    VerdictCode.DORMANT: "dormant, and still needed",
    VerdictCode.UNCONFIRMED: "unconfirmed",
    VerdictCode.REFERENCED: "referenced",
    VerdictCode.UNREFERENCED: "not referenced",
}
#: Instead of ``in use``, where the role is gone since.
WAS_IN_USE = "was in use until {day}; does not exist now"

#: Data: what the verdict gave, and ``window`` and ``coverage`` in words. ``{last}`` and ``{times}`` are in words too.
REASONS: Mapping[VerdictReason, Templates] = {
    VerdictReason.ASSUMED_BY_MSK_CONNECT: (
        "MSK Connect last assumed the role {last}: {times} in {window}{rhythm}.",
        "MSK Connect last assumed the role {last}: {times} in {window}.",
        "MSK Connect assumed the role.",
    ),
    VerdictReason.ASSUMED_BY_OTHERS: (
        (
            "{principals:code} assumed the role, last {last}. AssumeRole by MSK Connect: not observed in {window}, "
            "{coverage}."
        ),
        "Others assumed the role. AssumeRole by MSK Connect: not observed.",
    ),
    VerdictReason.LAST_USED_WITHOUT_EVENT: (
        (
            "IAM says that the role was used {at} in {region}, and CloudTrail shows no AssumeRole by MSK Connect in "
            "{window}, {coverage}: somebody uses it in a way that was not seen."
        ),
        (
            "IAM says that the role was used {at}, and CloudTrail shows no AssumeRole by MSK Connect in {window}, "
            "{coverage}: somebody uses it in a way that was not seen."
        ),
        "IAM says that the role was used {at}, and CloudTrail does not show by whom.",
    ),
    VerdictReason.ROLE_YOUNGER_THAN_WINDOW: (
        (
            "The role was created {created}, so its silence since then says little. AssumeRole by MSK Connect: not "
            "observed in {window}, {coverage}."
        ),
        "The role was created {created}, so its silence since then says little.",
    ),
    VerdictReason.EVENTS_OF_PREDECESSOR: (
        (
            "The role was created again {created}. What CloudTrail shows, last {last}, assumed the deleted role of the "
            "same name; AssumeRole of this one by MSK Connect: not observed in {window}, {coverage}."
        ),
        "What CloudTrail shows, last {last}, assumed a deleted role of the same name, not this one.",
    ),
    VerdictReason.REFERRED_TO_ELSEWHERE: (
        (
            "No connector runs with the role, yet {connectors:code} leads to it. AssumeRole by MSK Connect: not "
            "observed in {window}, {coverage}."
        ),
        "No connector runs with the role, yet {connectors:code} leads to it.",
    ),
    VerdictReason.NOT_OBSERVED_IN_COMPLETE_WINDOW: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. Dormant does not mean that the role may "
            "go: the next restart, failover or update needs it."
        ),
        "AssumeRole by MSK Connect: not observed.",
    ),
    VerdictReason.OFFLINE: ("CloudTrail was not asked: this answer rests on the configuration alone.",),
    VerdictReason.HISTORY_UNAVAILABLE: (
        "CloudTrail gave no answer, so when the role was last assumed is not known. That is no reason to let it go.",
    ),
    VerdictReason.HISTORY_INCOMPLETE: (
        "AssumeRole by MSK Connect: not observed in {window}, {coverage}. What was not read may hold it.",
        "AssumeRole by MSK Connect: not observed in what was read, and that is not all.",
    ),
    VerdictReason.REGION_NOT_READ: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. CloudTrail of {region}, where the "
            "connector runs, was not read: it may hold it."
        ),
        "CloudTrail of {region}, where the connector runs, was not read.",
    ),
    VerdictReason.CONNECTOR_CHANGED_IN_WINDOW: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. Yet the connector changed {at} "
            "({change:code}), which needs the role: check region, account and source of the history."
        ),
        "AssumeRole by MSK Connect: not observed, yet the connector changed in the window, which needs the role.",
    ),
    VerdictReason.RUNNING_REQUIRES_ROLE: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. Yet the connector ran for {ran} of it "
            "and its configuration needs the role all the time: check region, account and source of the history."
        ),
        "AssumeRole by MSK Connect: not observed, yet the configuration needs the role all the time.",
    ),
    VerdictReason.ATTEMPTS_FAILED: (
        (
            "MSK Connect asked for the role {refused} and was refused each time with {error:code}, last {last}; "
            "no success in {window}, {coverage}."
        ),
        "MSK Connect asked for the role and was refused: it needs a role that it does not get.",
    ),
    VerdictReason.OPERATIONS_UNAVAILABLE: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. Whether a restart or update contradicts "
            "that could not be read."
        ),
        "AssumeRole by MSK Connect: not observed; whether a restart contradicts that could not be read.",
    ),
    VerdictReason.CONFIGURATION_UNCLEAR: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. Whether the configuration contradicts "
            "that is not clear: {field:code} is not known."
        ),
        "AssumeRole by MSK Connect: not observed; whether the configuration contradicts that is not clear.",
    ),
    VerdictReason.SHARED_IN_UNREAD_REGION: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. {connector:code} in {region} names the "
            "role too, and CloudTrail there was not read."
        ),
        "{connector:code} in {region} names the role too, and CloudTrail there was not read.",
    ),
    VerdictReason.NOT_A_ROLE: (
        "CloudTrail was not asked: nobody can assume what the connector names, as it is no role.",
    ),
    VerdictReason.NAMED_BY_CONNECTORS: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. What names the role needs it all the "
            "same, at the next restart, failover or update."
        ),
        (
            "CloudTrail gave no answer, so when the role was last assumed is not known. What names the role needs it "
            "all the same, at the next restart, failover or update."
        ),
    ),
    VerdictReason.NAMED_BY_NO_CONNECTOR: (
        "No connector in {regions} names the role. AssumeRole by MSK Connect: not observed in {window}, {coverage}.",
        "No connector in the regions that were searched names the role, and none was seen to use it.",
    ),
    VerdictReason.SERVICE_LINKED_ROLE: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. That decides nothing: AWS uses a "
            "service-linked role itself, whatever connectors name."
        ),
        "AWS uses a service-linked role itself, whatever connectors name.",
    ),
    VerdictReason.MSK_CONNECT_NOT_TRUSTED: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. That decides nothing: the role's trust "
            "policy does not admit MSK Connect, so it is for something else."
        ),
        "The role's trust policy does not admit MSK Connect, so it is for something else.",
    ),
    VerdictReason.ROLE_UNREADABLE: (
        (
            "AssumeRole by MSK Connect: not observed in {window}, {coverage}. Whom the role is for is not known, "
            "because its trust policy could not be read."
        ),
        "Whom the role is for is not known, because its trust policy could not be read.",
    ),
    VerdictReason.SEARCH_INCOMPLETE: (
        (
            "Not every region could be searched ({regions}): a connector there may name the role. AssumeRole by MSK "
            "Connect: not observed in {window}, {coverage}."
        ),
        (
            "Not every region could be searched ({regions}): a connector there may name the role. CloudTrail gave no "
            "answer either, so when the role was last assumed is not known."
        ),
        "No region could be searched: connectors may name the role.",
    ),
}
