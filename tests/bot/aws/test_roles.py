from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.roles import OTHER_ACCOUNT, Roles
from bot.aws.sessions import Clients
from bot.model import Cause, LastAccessed, Role, Unavailable
from bot.pipe.ports import Deadline
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import OTHER_ACCOUNT as OTHERS
from bot.sandbox.scenario.names import role_arn

ORDERS = role_arn("orders-s3-sink-role")
GET_ROLE = "iam:GetRole"


@pytest.fixture
def roles(clients: Clients) -> Roles:
    return Roles(clients)


def soon(seconds: float = 5) -> Deadline:
    return Deadline.after(seconds)


def test_a_role_comes_with_its_trust_policy_as_a_document(roles: Roles) -> None:
    role = roles.role(ORDERS)
    assert isinstance(role, Role)
    assert role.name == "orders-s3-sink-role"
    assert role.trust_policy["Statement"][0]["Principal"] == {"Service": "kafkaconnect.amazonaws.com"}
    assert role.last_used is not None
    assert datetime.now(UTC) - role.last_used.at > timedelta(days=96)


@pytest.mark.parametrize(
    "arn", [role_arn("tickets-s3-sink-role", "/connect/"), role_arn("weather@channel", "/<!channel>/*team*/")]
)
def test_a_path_is_part_of_the_role(roles: Roles, arn: str) -> None:
    role = roles.role(arn)
    assert isinstance(role, Role)
    assert role.arn == arn


@pytest.mark.parametrize("arn", [role_arn("search-s3-sink-role"), role_arn("orders-s3-sink-role", "/moved/")])
def test_a_role_that_does_not_exist_under_its_arn_is_not_found(roles: Roles, arn: str) -> None:
    role = roles.role(arn)
    assert isinstance(role, Unavailable)
    assert (role.operation, role.resource, role.cause) == (GET_ROLE, arn, Cause.NOT_FOUND)
    assert role.namesake == (role_arn("orders-s3-sink-role") if "/moved/" in arn else None)


@pytest.mark.parametrize("name", ["orders-s3-sink-role", "nobody"])
def test_a_role_of_another_account_is_never_called_missing(roles: Roles, name: str) -> None:
    arn = f"arn:aws:iam::{OTHERS}:role/{name}"
    assert roles.role(arn) == Unavailable(GET_ROLE, arn, Cause.ERROR, error_code=OTHER_ACCOUNT)


@pytest.mark.parametrize("arn", ["", "orders", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::1:role/x"])
def test_what_is_no_role_is_never_sent(aws: EmbeddedAws, roles: Roles, arn: str) -> None:
    for read in (roles.role(arn), roles.last_accessed(arn, soon())):
        assert isinstance(read, Unavailable)
        assert read.cause is Cause.MALFORMED
    assert not aws.calls()


def test_the_report_is_polled_until_it_is_ready(aws: EmbeddedAws, roles: Roles) -> None:
    aws.switch("job_polls", 2)
    report = roles.last_accessed(ORDERS, soon())
    assert isinstance(report, LastAccessed)
    assert report.latest is not None
    assert report.latest.namespace == "s3"
    assert len([call for call in aws.calls() if call.operation.endswith("GetServiceLastAccessedDetails")]) == 3


def test_a_report_without_any_attempt_has_no_latest(roles: Roles) -> None:
    report = roles.last_accessed(role_arn("customers-jdbc-role"), soon())
    assert isinstance(report, LastAccessed)
    assert report.latest is None


def test_a_report_of_several_pages_is_read_whole(aws: EmbeddedAws, roles: Roles) -> None:
    aws.last_accessed(ORDERS, [(f"service{number}", None, "") for number in range(1200)])
    report = roles.last_accessed(ORDERS, soon())
    assert isinstance(report, LastAccessed)
    assert len(report.services) == 1200


def test_polling_ends_at_the_deadline_and_when_nobody_waits(aws: EmbeddedAws, roles: Roles) -> None:
    aws.switch("job_polls", 10_000)
    called_off = soon()
    called_off.call_off()
    for deadline in (soon(0.3), called_off):
        begin = time.monotonic()
        report = roles.last_accessed(ORDERS, deadline)
        assert time.monotonic() - begin < 1
        assert report == Unavailable("iam:GetServiceLastAccessedDetails", ORDERS, Cause.TIMEOUT)


@pytest.mark.parametrize("how", ["truncated", "wrong-types", "wrong-shapes", "empty"])
@pytest.mark.parametrize(
    "operation", [GET_ROLE, "iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails"]
)
def test_an_answer_of_another_shape_is_malformed(aws: EmbeddedAws, roles: Roles, operation: str, how: str) -> None:
    aws.fail(operation, how)
    read = roles.role(ORDERS) if operation == GET_ROLE else roles.last_accessed(ORDERS, soon())
    assert isinstance(read, Unavailable)
    if (operation, how) != ("iam:GenerateServiceLastAccessedDetails", "wrong-types"):  # a job id may be any text
        assert (read.operation, read.cause) == (operation, Cause.MALFORMED)
