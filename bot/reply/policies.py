"""What log delivery lacks, filled in and ready to paste, with where to put it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from bot.model import (
    LOG_DELIVERY_PRINCIPAL,
    LOG_DELIVERY_TAG,
    S3,
    Addition,
    CloudWatchLogs,
    ConnectorAnswer,
    DestinationGrant,
    Firehose,
    GrantState,
    LogDestination,
    LogDestinationState,
    LogGrant,
    LogGroupState,
    LogPermission,
    PolicyTarget,
)
from bot.reply.lines import names, say
from bot.reply.nouns import Code, Heading, Line, Note, Paragraph, Part, Reply, code, line, text_of
from bot.reply.wording import phrases


def lacking(answer: ConnectorAnswer) -> bool:
    """Whether anything is known to be missing that this reply would help with."""
    return any(True for _ in _all_parts(answer))


def policies(answer: ConnectorAnswer) -> Reply:
    """Return every policy, tag and role that log delivery lacks."""
    connector = answer.evidence.connector
    parts = tuple(_all_parts(answer))
    headline = phrases.POLICIES if parts else phrases.NOTHING_TO_ADD
    return Reply(
        say(headline, connector=code(connector.name)),
        (*parts, Note(line(phrases.NOT_THE_ROLE))),
        title=phrases.POLICY_TITLE,
    )


def _all_parts(answer: ConnectorAnswer) -> Iterator[Part]:
    region = answer.evidence.connector.region
    for each in answer.grants:
        for addition in each.additions:
            yield from _addition(addition, each.state, region)
        yield from _obstacles(each)
        if isinstance(each.destination, Firehose):
            yield from _stream(each.grant, each.destination.delivery_stream, region)


def _addition(addition: Addition, state: LogDestinationState | None, region: str) -> Iterator[Part]:
    heading, where = {
        PolicyTarget.BUCKET: (phrases.BUCKET_POLICY, phrases.WHERE_BUCKET),
        PolicyTarget.KEY: (phrases.KEY_POLICY, phrases.WHERE_KEY),
        PolicyTarget.LOG_GROUP: (phrases.LOG_GROUP_POLICY, phrases.WHERE_LOG_GROUP),
    }[addition.target]
    yield Heading(text_of(say(heading, resource=addition.resource)))
    if addition.merged:
        where = phrases.WHERE_GROUP_MERGED
    yield Paragraph(_how(state, addition))
    yield Code(json.dumps(addition.document, indent=2, ensure_ascii=False))
    yield Paragraph(say(where))
    yield Code("\n".join(_commands(addition, region)))


def _how(state: LogDestinationState | None, addition: Addition) -> Line:
    if addition.target is not PolicyTarget.LOG_GROUP:
        return say(phrases.ADD_STATEMENTS)
    if isinstance(state, LogGroupState) and isinstance(state.account_policies, tuple):
        of_group = phrases.GROUP_POLICY_MERGED if addition.merged else phrases.GROUP_POLICY
        template = of_group if addition.resource_arn else phrases.NEW_POLICY
        return say(template, count=str(len(state.account_policies)))
    return say(phrases.NEW_POLICY_COUNT_UNKNOWN)


def _commands(addition: Addition, region: str) -> Iterator[str]:
    resource = addition.resource
    match addition.target:
        case PolicyTarget.BUCKET:
            yield _command("s3api get-bucket-policy", bucket=resource, query="Policy", output="text", region=region)
            yield _command("s3api put-bucket-policy", bucket=resource, policy="file://policy.json", region=region)
        case PolicyTarget.KEY:
            named = {"key_id": resource, "policy_name": "default", "region": region}
            yield _command("kms get-key-policy", **named, query="Policy", output="text")
            yield _command("kms put-key-policy", **named, policy="file://policy.json")
        case PolicyTarget.LOG_GROUP:
            group = {"resource_arn": addition.resource_arn, "region": region}
            if addition.merged:
                yield _command("logs describe-resource-policies", policy_scope="RESOURCE", **group)
            yield _command(
                "logs put-resource-policy",
                policy_name=addition.name,
                policy_document="file://policy.json",
                expected_revision_id="REVISION_ID" if addition.merged else "",
                **group,
            )


def _stream(grant: LogGrant, stream: str, region: str) -> Iterator[Part]:
    missing = {part.part for part in grant.in_state(GrantState.MISSING) if not part.absent}
    if LogPermission.STREAM_TAG in missing:
        yield Heading(text_of(say(phrases.STREAM_TAG, resource=stream)))
        yield Paragraph(say(phrases.WHERE_STREAM))
        tag = f"Key={LOG_DELIVERY_TAG},Value=true"
        yield Code(_command("firehose tag-delivery-stream", delivery_stream_name=stream, tags=tag, region=region))
    if LogPermission.STREAM_ROLE in missing:
        yield Heading(phrases.STREAM_ROLE)
        yield Paragraph(say(phrases.WHERE_STREAM_ROLE))
        yield Code(_command("iam create-service-linked-role", aws_service_name=LOG_DELIVERY_PRINCIPAL))


def _obstacles(granted: DestinationGrant) -> Iterator[Part]:
    """Yield what no policy mends: a destination that does not exist, a Deny, and a key that AWS manages."""
    name = code(_name(granted.destination))
    missing = granted.grant.in_state(GrantState.MISSING)
    if granted.grant.absent:
        yield Paragraph(say(phrases.DESTINATION_ABSENT, resource=name))
    if denied := tuple(dict.fromkeys(sid for part in missing for sid in part.denied_by)):
        principal = code(LOG_DELIVERY_PRINCIPAL)
        yield Paragraph(say(phrases.DENIED, resource=name, sids=names(denied), principal=principal))
    if any(part.aws_managed_key for part in missing):
        yield Paragraph(say(phrases.AWS_MANAGED_KEY, resource=name))


def _name(destination: LogDestination) -> str:
    match destination:
        case S3(bucket=name):
            return name
        case CloudWatchLogs(log_group=name):
            return name
        case Firehose(delivery_stream=name):
            return name


def _command(operation: str, **options: str) -> str:
    """Return a command of the AWS CLI, its values quoted for a shell."""
    said = [f"--{name.replace('_', '-')} {shlex.quote(value)}" for name, value in options.items() if value]
    return " ".join(("aws", operation, *said))
