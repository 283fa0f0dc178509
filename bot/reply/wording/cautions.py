"""Warnings: what is wrong, and what to do about it. Listed gravest first; the first message shows the gravest alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import CautionCode, ReasonCode
from bot.reply.wording import Templates


@dataclass(frozen=True, slots=True)
class Advice:
    """``says`` what is wrong, in one line; ``remedy`` what to do."""

    says: Templates
    remedy: Templates


CAUTIONS: Mapping[CautionCode, Advice] = {
    CautionCode.ROLE_MISSING: Advice(
        (
            "No role has the ARN {role:code}; the role of that name is {namesake:code}.",
            "{role:code} does not exist: the next restart, failover or update will fail.",
            "The role does not exist.",
        ),
        (
            (
                "A connector's role cannot be changed. Create the role again under the same name and path with the "
                "same permissions and trust policy, or delete the connector and create it anew with another role."
            ),
        ),
    ),
    CautionCode.TRUST_POLICY_DENIES_MSK_CONNECT: Advice(
        (
            (
                "The trust policy refuses MSK Connect: a Deny ({denied_by:code}) shuts it out, and {near:code} admits "
                "it for other values of {unfit:code} only."
            ),
            "The trust policy refuses MSK Connect: a Deny ({denied_by:code}) shuts it out.",
            (
                "The trust policy refuses MSK Connect: {near:code} still holds placeholders in {unfit:code}: "
                "{placeholders:code}."
            ),
            (
                "The trust policy refuses MSK Connect: {near:code} demands {demanded:code}, which a service's own call "
                "does not carry, and other values of {unfit:code}."
            ),
            (
                "The trust policy refuses MSK Connect: {near:code} demands {demanded:code}, which a service's own call "
                "does not carry."
            ),
            (
                "The trust policy refuses MSK Connect for {connectors:code} in account {account:code}: {near:code} "
                "does not fit in {unfit:code}, where it has {has:code}."
            ),
            "The trust policy refuses MSK Connect: {near:code} does not fit in {unfit:code}.",
            "The trust policy does not admit kafkaconnect.amazonaws.com: MSK Connect cannot assume the role.",
        ),
        (
            (
                "Except kafkaconnect.amazonaws.com from that Deny ({denied_by:code}), and let {unfit:code} in "
                "{near:code} fit too: aws:SourceAccount {account:code}, and ArnLike aws:SourceArn with all of "
                "{patterns:every}."
            ),
            "Except kafkaconnect.amazonaws.com from that Deny ({denied_by:code}). Another Allow does not help.",
            (
                "Take {demanded:code} out of {near:code}, and hold it to the conditions aws:SourceAccount "
                "{account:code} and ArnLike aws:SourceArn with all of {patterns:every} instead."
            ),
            (
                "Let {unfit:code} in {near:code} fit the connector, in place of {placeholders:code}: aws:SourceAccount "
                "{account:code}, and ArnLike aws:SourceArn with all of {patterns:every}. Whichever is left refuses it."
            ),
            "Add account {account:code} to aws:SourceAccount in {near:code}, beside {accounts:code}.",
            (
                "Let {unfit:code} in {near:code} fit the connector, beside what is there: aws:SourceAccount "
                "{account:code}, and ArnLike aws:SourceArn with all of {patterns:every}. Whichever is left refuses it."
            ),
            (
                "Allow sts:AssumeRole to kafkaconnect.amazonaws.com in the trust policy, with the conditions "
                "aws:SourceAccount {account:code} and ArnLike aws:SourceArn with all of {patterns:every}."
            ),
            (
                "Allow sts:AssumeRole to kafkaconnect.amazonaws.com in the trust policy, with aws:SourceAccount and "
                "aws:SourceArn conditions."
            ),
        ),
    ),
    CautionCode.TRUST_POLICY_STALE_SOURCE_ARN: Advice(
        (
            (
                "The trust policy ({near:code}) admits {pinned:code} only: for {connectors:code} MSK Connect cannot "
                "assume the role."
            ),
            (
                "The trust policy ({denied_by:code}) admits {pinned:code} only: for {connectors:code} MSK Connect "
                "cannot assume the role."
            ),
            "The trust policy is pinned to another connector's ARN.",
        ),
        (
            (
                "Let aws:SourceArn in the trust policy hold all of {patterns:every}, beside what is there, under "
                "ArnLike: StringEquals takes * literally. A connector that is created anew has a new ARN, so pin its "
                "name alone."
            ),
            "Add the connector to aws:SourceArn in the trust policy, beside what is there.",
        ),
    ),
    CautionCode.ROLE_OPEN_TO_ANYBODY: Advice(
        (
            "Anybody in any AWS account may assume the role: {open_by:code} of its trust policy admits everybody.",
            "Anybody in any AWS account may assume the role.",
        ),
        (
            (
                "Name in {open_by:code} who may assume it, or hold it to your accounts by aws:PrincipalOrgID or "
                "aws:PrincipalAccount. MSK Connect carries neither: give kafkaconnect.amazonaws.com a statement of its "
                "own first, with aws:SourceAccount {account:code} and ArnLike aws:SourceArn with all of "
                "{patterns:every}."
            ),
            (
                "Name in {open_by:code} who may assume it, or hold it to your accounts by aws:PrincipalOrgID or "
                "aws:PrincipalAccount."
            ),
            "Name in the trust policy who may assume it.",
        ),
    ),
    CautionCode.ASSUME_ROLE_FAILING: Advice(
        (
            "MSK Connect was refused the role ({error:code}), last {last}, and got it {succeeded_since}.",
            "MSK Connect was refused the role ({error:code}), last {last}, and has not got it since.",
            "MSK Connect was refused the role.",
        ),
        (
            (
                "Compare the trust policy, and resource control policies of the organisation, with the time of the "
                "refusal. Nothing else bears on a service's AssumeRole."
            ),
        ),
    ),
    CautionCode.ROLE_WENT_SILENT: Advice(
        (
            (
                "The role went silent: last assumed {last}, though the running connector needs it all the time "
                "({subjects:code}) and no session lasts longer than 12 hours."
            ),
            "The role went silent, though the running connector needs it all the time.",
        ),
        (
            (
                "Look at the worker logs for refused calls, and whether the trust policy or the connector changed "
                "then. Keep the role."
            ),
        ),
    ),
    CautionCode.ROLE_RECREATED: Advice(
        (
            (
                "The role was deleted and created again {created}: {count} calls before that, last {last}, assumed "
                "the old one, and policies that named it keep its dead id."
            ),
            "The role was deleted and created again: calls before that assumed the old one.",
        ),
        ("Save every policy that names the role anew, key and bucket policies among them: they hold the old id.",),
    ),
    CautionCode.EXECUTION_ROLE_NOT_A_ROLE: Advice(
        ("{arn:code} is not an IAM role: MSK Connect cannot assume it.", "The service execution role is no IAM role."),
        ("Delete the connector and create it anew with a role: the role of an existing connector cannot be changed.",),
    ),
    CautionCode.SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE: Advice(
        ("A service-linked role is given as the execution role, and it cannot serve as one.",),
        (
            (
                "Delete the connector and create it anew with a role of its own: AWSServiceRoleForKafkaConnect serves "
                "network interfaces only."
            ),
        ),
    ),
    CautionCode.ROLE_ASSUMED_BY_OTHERS: Advice(
        (
            "Others assumed this role: {principals:code}, last {last}.",
            "Others assumed this role.",
        ),
        ("Ask whoever runs these before the role is touched: they break with it.",),
    ),
    CautionCode.ROLE_REFERRED_TO_ELSEWHERE: Advice(
        (
            "{keys:code} of {connectors:code} names this role as one to assume, beside the execution role there.",
            "The execution role of {connectors:code} ({roles:code}) leads to this role.",
            "A connector that does not run with this role leads to it.",
        ),
        ("Ask about what is named here before this role is touched: part of its work may need it.",),
    ),
    CautionCode.LOG_GRANT_MISSING: Advice(
        (
            (
                "Worker logs do not arrive in {name:code}: its policy has {near:code}, but demands {demanded:code}, "
                "which log delivery's call does not carry."
            ),
            (
                "Worker logs do not arrive in {name:code}: its policy has {near:code}, but for another {unfit:code}: "
                "{has:code}."
            ),
            "Worker logs do not arrive in {name:code}: its policy has {near:code}, but for another {unfit:code}.",
            "Worker logs do not arrive in {name:code}: {missing:code} is missing, {present:code} alone is not enough.",
            "Worker logs do not arrive in {name:code}: nothing there admits log delivery (missing: {missing:code}).",
            "Worker logs do not arrive: their destination does not admit log delivery.",
        ),
        ("Press Policy to add. The execution role cannot help: worker logs never pass through it.",),
    ),
    CautionCode.LOG_POLICY_QUOTA: Advice(
        (
            (
                "The account has {count} CloudWatch Logs resource policies in this region, as many as AWS allows: one "
                "more for {name:code} would be refused."
            ),
            "The account has as many CloudWatch Logs resource policies as AWS allows.",
        ),
        (
            (
                "Put the policy on the log group itself, as Policy to add has it, or its statement into "
                "{roomiest:code}, which has about {room} of {limit} characters left. A group under /aws/vendedlogs/ "
                "needs no policy of its own where one admits that."
            ),
            (
                "Put the policy on the log group itself, as Policy to add has it: none of the account's has room for "
                "it in its {limit} characters."
            ),
        ),
    ),
    CautionCode.STATIC_CREDENTIALS: Advice(
        (
            "AWS access keys are in effect ({keys:code}): calls made with them do not show in this role's history.",
            "AWS access keys are in effect.",
        ),
        ("Let the plugin use the default credentials, which are the execution role's, and deactivate the keys.",),
    ),
    CautionCode.PLAINTEXT_SECRET: Advice(
        (
            "Secrets stand in plain text in the configuration ({keys:code}): whoever may describe it reads them.",
            "A secret stands in plain text in the configuration.",
        ),
        ("Move them behind a config provider, such as Secrets Manager's, and change them.",),
    ),
    CautionCode.TRUST_POLICY_CONFUSED_DEPUTY: Advice(
        ("The trust policy admits MSK Connect on behalf of any account: the confused deputy problem.",),
        (
            (
                "Add the conditions aws:SourceAccount {account:code} and ArnLike aws:SourceArn with all of "
                "{patterns:every} to the trust policy. Keep what is there, and add connectors outside {searched:code} "
                "that name the role: what is left out is locked out."
            ),
            (
                "Add the conditions aws:SourceAccount {account:code} and ArnLike aws:SourceArn with all of "
                "{patterns:every} to the trust policy. Keep what is there, and add every other connector that names "
                "the role: what is left out is locked out."
            ),
            "Add aws:SourceAccount and aws:SourceArn as conditions of the trust policy, for every connector on it.",
        ),
    ),
    CautionCode.TRUST_POLICY_UNDECIDED: Advice(
        (
            (
                "Whether MSK Connect may assume the role for {connectors:code} is not known: {doubtful:code} of the "
                "trust policy goes by {doubts:code}."
            ),
            "Whether MSK Connect may assume the role is not known.",
        ),
        (
            (
                "Look for a recent AssumeRole of MSK Connect, or hold the trust policy to aws:SourceAccount "
                "{account:code} and ArnLike aws:SourceArn with all of {patterns:every} instead."
            ),
            "Look for a recent AssumeRole of MSK Connect.",
        ),
    ),
    CautionCode.NON_AWS_ENDPOINT: Advice(
        (
            "{key:code} points at {host:code}, which is not AWS: requests signed with the credentials go there.",
            "An endpoint is not AWS ({keys:code}): requests signed with the credentials go there.",
            "An endpoint is not AWS.",
        ),
        ("Check that this endpoint is meant. IAM does not judge what is sent there.",),
    ),
    CautionCode.UNKNOWN_CONNECTOR_CLASS: Advice(
        (
            "{class:code} is not in the catalogue: what it does with the role is not known.",
            (
                "The connector's class is not in the catalogue: what it does with the role is not known. These keys "
                "hint at AWS: {keys:code}."
            ),
            "The connector's class is not in the catalogue: what it does with the role is not known.",
        ),
        ("Read the plugin's documentation, or add an entry for it to the bot's catalogue.",),
    ),
    CautionCode.UNKNOWN_CREDENTIALS_PROVIDER: Advice(
        (
            "The credentials provider {class:code} ({keys:code}) is not known: it may use the role, or not.",
            "A credentials provider is not known ({keys:code}): it may use the role, or not.",
            "A credentials provider is not known: it may use the role, or not.",
        ),
        ("Read the provider's source: it alone decides whose credentials are used, and keep the role meanwhile.",),
    ),
    CautionCode.AUTHENTICATION_TYPE_UNKNOWN: Advice(
        (
            "The authentication type {type:code} is not known to the bot: whether Kafka needs the role is open.",
            "The authentication type is not known to the bot: whether Kafka needs the role is open.",
        ),
        ("Look the value up in the MSK Connect API reference, and keep the role meanwhile.",),
    ),
    CautionCode.CONFIG_PROVIDER_MISPLACED: Advice(
        (
            (
                "The config provider {alias:code} stands in the connector's configuration: the worker passes its "
                "references on as they are, and whether the plugin resolves them is not known."
            ),
            "A config provider stands in the connector's configuration, where the worker does not look.",
        ),
        (
            (
                "Move {keys:code} into a worker configuration, and create the connector anew with it or update it: "
                "AWS's guide wants providers there."
            ),
            "Move config.providers into a worker configuration: AWS's guide wants them there.",
        ),
    ),
    CautionCode.UNRESOLVED_CONFIG_PROVIDER: Advice(
        (
            "References to the config provider {alias:code} cannot be followed: what they read is not known.",
            "Some config provider references cannot be followed.",
        ),
        ("Look at config.providers in the worker configuration that the connector names.",),
    ),
    CautionCode.WORKER_CONFIGURATION_MISSING: Advice(
        (
            "The worker configuration was not read: its converters and config providers may use the role too.",
            "The worker configuration was not read.",
        ),
        ("Let the bot read it (kafkaconnect:DescribeWorkerConfiguration), or give it with --worker-configuration.",),
    ),
    CautionCode.ASSUME_ROLE_FALLBACK: Advice(
        (
            (
                "Where the role that they name cannot be assumed, Kafka clients silently fall back to the execution "
                "role ({components})."
            ),
            "Where the other role cannot be assumed, a client falls back to the execution role without a word.",
        ),
        ("Set awsAddDefaultProviders=false in the JAAS settings if that is not meant.",),
    ),
    CautionCode.LOG_GRANT_UNREADABLE: Advice(
        (
            "Whether worker logs arrive in {name:code} is not known: {operation:code} gave no answer.",
            "Whether worker logs arrive in {name:code} is not known.",
            "Whether worker logs arrive is not known.",
        ),
        ("Let the bot read the destination's policies, or look whether new log entries arrive.",),
    ),
    CautionCode.ROLE_SHARED: Advice(
        (
            "Other connectors name the same role ({connectors:code}), and CloudTrail does not tell connectors apart.",
            "Other connectors name the same role.",
        ),
        ("Whatever is decided about the role is decided for all of them.",),
    ),
    CautionCode.INERT_CLIENT_SETTINGS: Advice(
        (
            "These settings have no effect on Kafka Connect's own clients: {keys:code}.",
            "Some Kafka client settings have no effect.",
        ),
        ("Settings for its clients need the prefix consumer.override., producer.override. or admin.override.",),
    ),
}

#: Warnings with a finer reason: their own wording instead of their code's.
FINER: Mapping[ReasonCode, Advice] = {
    ReasonCode.PLAINTEXT_SECRET_IN_WORKER: Advice(
        (
            (
                "Secrets stand in plain text in revision {revision} of worker configuration {name:code} ({keys:code}). "
                "The connector pins revision {pinned}, which AWS does not give: look there too."
            ),
            (
                "Secrets stand in plain text in worker configuration {name:code} ({keys:code}): whoever may describe "
                "it reads them."
            ),
            "Secrets stand in plain text in the worker configuration ({keys:code}).",
        ),
        ("Move them behind a config provider, such as Secrets Manager's, and change them.",),
    ),
    ReasonCode.LOG_GRANT_HALF_PRESENT: Advice(
        (
            (
                "Worker logs may not arrive in {name:code}: {missing:code} is missing, since {near:code} demands "
                "{demanded:code}, which that call does not carry. Present: {present:code}."
            ),
            (
                "Worker logs may not arrive in {name:code}: {missing:code} is missing, since {near:code} is for "
                "another {unfit:code}: {has:code}. Present: {present:code}."
            ),
            "Worker logs may not arrive in {name:code}: missing {missing:code}, present {present:code}.",
            "Worker logs may not arrive: only half of the grant is there.",
        ),
        ("Press Policy to add for the part that is missing.",),
    ),
    ReasonCode.LOG_GRANT_DENIED: Advice(
        (
            (
                "Worker logs do not arrive in {name:code}: a Deny ({denied_by:code}) shuts log delivery out, and "
                "{near:code} is for another {unfit:code}."
            ),
            "Worker logs do not arrive in {name:code}: a Deny ({denied_by:code}) shuts log delivery out.",
            "Worker logs do not arrive in {name:code}: a Deny shuts log delivery out.",
            "Worker logs do not arrive: a Deny shuts log delivery out.",
        ),
        (
            (
                "Except delivery.logs.amazonaws.com from that Deny, and let {near:code} fit in {unfit:code} too: "
                "either alone does not help."
            ),
            "Except delivery.logs.amazonaws.com from that Deny. Another Allow does not help.",
        ),
    ),
    ReasonCode.LOG_GRANT_AWS_MANAGED_KEY: Advice(
        (
            (
                "Worker logs do not arrive in {name:code}: it is encrypted with a key that AWS manages, and log "
                "delivery may not use that."
            ),
            "Worker logs do not arrive: the bucket is encrypted with a key that AWS manages.",
        ),
        ("Use SSE-S3, or a customer managed key whose policy admits delivery.logs.amazonaws.com.",),
    ),
    ReasonCode.LOG_GRANT_KEY: Advice(
        (
            (
                "Worker logs do not arrive in {name:code}: the policy of its key {key:code} does not admit log "
                "delivery, and its own lacks {missing:code}."
            ),
            (
                "Worker logs do not arrive in {name:code}: the policy of its key {key:code} has {near:code}, but for "
                "another {unfit:code}: {has:code}."
            ),
            "Worker logs do not arrive in {name:code}: the policy of its key {key:code} does not admit log delivery.",
            "Worker logs do not arrive: the policy of the bucket's key does not admit log delivery.",
        ),
        ("Add delivery.logs.amazonaws.com to the key policy, as Policy to add has it. The role cannot help.",),
    ),
    ReasonCode.LOG_GRANT_KEY_HALF_PRESENT: Advice(
        (
            (
                "Worker logs may not arrive in {name:code}: the policy of its key {key:code} admits log delivery to "
                "kms:GenerateDataKey, which a put needs. AWS's page asks for these too: {lacking:code}."
            ),
            "Worker logs may not arrive: the policy of the bucket's key admits part of what AWS's page asks for.",
        ),
        ("Look whether new log entries arrive, and add the rest to the key policy, as Policy to add has it.",),
    ),
    ReasonCode.LOG_BUCKET_OF_ANOTHER_ACCOUNT: Advice(
        (
            (
                "Whether worker logs arrive in {name:code} is not known: the bucket is another account's, and only its "
                "owner sees the policy."
            ),
            "Whether worker logs arrive is not known: the bucket is another account's.",
        ),
        ("Ask the bucket's owner whether its policy admits delivery.logs.amazonaws.com, or look whether logs arrive.",),
    ),
    ReasonCode.LOG_DESTINATION_ABSENT: Advice(
        (
            "Worker logs do not arrive: {name:code}, where they are to go, does not exist.",
            "Worker logs do not arrive: their destination does not exist.",
        ),
        (
            (
                "Create it under that name and let it admit log delivery, or create the connector anew with another "
                "destination: log delivery of an existing connector cannot be changed."
            ),
        ),
    ),
    ReasonCode.TRUST_POLICY_UNDECIDED_BY_ADDRESS: Advice(
        (
            (
                "Very likely MSK Connect may not assume the role for {connectors:code}: {doubtful:code} of the trust "
                "policy goes by address ({doubts:code}), and MSK Connect calls from none of yours."
            ),
            "Very likely MSK Connect may not assume the role: the trust policy goes by address.",
        ),
        (
            "Except AWS's services from {doubtful:code} (aws:PrincipalIsAWSService).",
            "Except AWS's services from what goes by address.",
        ),
    ),
    ReasonCode.LOG_GRANT_UNDECIDED_BY_ADDRESS: Advice(
        (
            (
                "Very likely no worker logs arrive in {name:code}: {doubtful:code} goes by address ({doubts:code}), "
                "and log delivery calls from none of yours."
            ),
            "Very likely no worker logs arrive: the policy goes by address, and log delivery calls from none of yours.",
        ),
        (
            "Except AWS's services from {doubtful:code} (aws:PrincipalIsAWSService), or look whether new logs arrive.",
            "Look whether new log entries arrive.",
        ),
    ),
    ReasonCode.LOG_GRANT_UNDECIDED: Advice(
        (
            (
                "Whether worker logs arrive in {name:code} is not known: {doubtful:code} goes by {doubts:code}, which "
                "nobody can judge from outside."
            ),
            "Whether worker logs arrive in {name:code} is not known: nobody can judge {doubts:code} from outside.",
            "Whether worker logs arrive is not known: the policy has conditions that nobody can judge from outside.",
        ),
        ("Look whether new log entries arrive.",),
    ),
}
