"""What warnings say of policies: the statement that is meant, what in it does not fit, and a cure that mends it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.classify import Classification
from bot.judge import judge_connector
from bot.judge.grants import grant_cautions, judge_state
from bot.judge.trust import trust_cautions, trust_of
from bot.model import S3, BucketState, Caution, CautionCode, DestinationGrant, Evidence
from bot.reply import text, word
from bot.reply.attention import warning
from bot.reply.lines import sentence
from bot.reply.nouns import text_of
from bot.reply.wording.cautions import CAUTIONS
from tests.bot.judge.test_grants import ACL, PLAIN, WRITE, conditioned, policy
from tests.bot.judge.test_trust import ANYONE, ARN, CONNECTOR, EXAMPLE, TRUST, role, when


def said(caution: Caution) -> str:
    """Return what is wrong and what to do about it."""
    advice = warning(caution)
    return " ".join(text_of(sentence(templates, caution.reason.data)) for templates in (advice.says, advice.remedy))


def of_bucket(*statements: Any) -> str:
    state = BucketState("orders-logs", policy(*statements))
    (caution,) = grant_cautions([DestinationGrant(S3("orders-logs"), state, judge_state(state, PLAIN))])
    return said(caution)


def of_trust(*statements: Any) -> str:
    judged = role(*statements)
    (caution,) = trust_cautions(judged, trust_of(judged, (ARN,)), (), ())
    return said(caution)


def test_statements_for_another_account_are_said_to_be_there() -> None:
    there = (conditioned(each, "StringEquals", "aws:SourceAccount", "444455556666") for each in (ACL, WRITE))
    assert (
        "its policy has AWSLogDeliveryAclCheck, AWSLogDeliveryWrite, but for another aws:SourceAccount: 444455556666."
    ) in of_bucket(*there)


PASTED = when(StringEquals={"aws:SourceAccount": "123456789012"}, ArnLike={"aws:SourceArn": EXAMPLE})


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        ([PASTED], ["#1", "123456789012", "aws:SourceAccount 111122223333", "connector/orders/*"]),
        (
            [PASTED, {**TRUST, "Effect": "Deny", "Sid": "Stop"}],
            ["Stop", "#1", "aws:SourceAccount 111122223333", "connector/orders/*"],
        ),
        (
            [when(StringEquals={"aws:SourceAccount": "444455556666"})],
            ["Add account 111122223333", "beside 444455556666"],
        ),
        (
            [when(StringEquals={"sts:ExternalId": "x"})],
            ["Take sts:ExternalId out of #1", "aws:SourceAccount 111122223333"],
        ),
        ([when(StringEquals={"aws:SourceOrgID": "o-1"})], ["#1 of the trust policy goes by aws:SourceOrgID"]),
        ([ANYONE], ["Anyone of its trust policy", "aws:PrincipalOrgID", "aws:SourceAccount 111122223333"]),
        ([TRUST, {**TRUST, "Effect": "Deny", "Sid": "Stop"}], ["Stop", "Another Allow does not help"]),
    ],
)
def test_a_cure_names_every_obstacle(statements: list[Any], says: list[str]) -> None:
    printed = of_trust(*statements)
    assert not [part for part in says if part not in printed], printed


def test_a_refused_assume_role_is_not_explained_by_what_does_not_bear_on_a_service() -> None:
    advice = CAUTIONS[CautionCode.ASSUME_ROLE_FAILING]
    words = " ".join((*advice.says, *advice.remedy)).lower()
    assert "resource control polic" in words
    assert not [blamed for blamed in ("boundar", "service control polic", "scp") if blamed in words]


def test_the_details_say_that_a_principal_was_deleted() -> None:
    judged = role({**TRUST, "Principal": {"Service": "kafkaconnect.amazonaws.com", "AWS": "AROAEXAMPLEID000000001"}})
    evidence = Evidence(CONNECTOR, role=judged)
    details = text.plain(word.details(judge_connector(evidence, Classification((), ()))))
    assert "keeps the id of a user or role that was deleted (AROAEXAMPLEID000000001)" in " ".join(details.split())
