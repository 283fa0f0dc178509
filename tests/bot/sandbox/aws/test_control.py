"""The control plane, the process and its life."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from bot.sandbox.aws import ControlError, EmbeddedAws
from bot.sandbox.aws.ceiling import PROBES, measure
from bot.sandbox.scenario.connectors import BEYOND_THE_PATTERN
from bot.sandbox.scenario.names import EU, US, connect_arn, log_group_arn, role_arn
from tests.bot.sandbox.aws.test_documented_behaviour import ask, names

ORDERS = connect_arn("connector", "orders-s3-sink", EU)


def last_lookup(aws: EmbeddedAws, role: str, region: str = EU) -> list[str]:
    attribute = {"AttributeKey": "ResourceName", "AttributeValue": role}
    answer = ask(aws, "cloudtrail:LookupEvents", region, LookupAttributes=[attribute])
    return [event["EventName"] for event in answer["Events"]]


def test_calls_are_logged_with_region_status_and_times(aws: EmbeddedAws) -> None:
    before = time.time()
    ask(aws, "kafkaconnect:ListConnectors", US)
    with pytest.raises(ClientError):
        ask(aws, "iam:GetRole", RoleName="gone")
    first, second = aws.calls(clear=True)
    assert (first.operation, first.region, first.status) == ("kafkaconnect:ListConnectors", US, 200)
    assert (second.operation, second.status) == ("iam:GetRole", 404)
    assert first.ended is not None
    assert before <= first.started <= first.ended <= second.started <= time.time()
    assert aws.calls() == []


def test_a_connector_can_disappear_between_two_calls(aws: EmbeddedAws) -> None:
    aws.delete_connector("orders-s3-sink", after="kafkaconnect:ListConnectors")
    assert "orders-s3-sink" in names(ask(aws, "kafkaconnect:ListConnectors"))
    with pytest.raises(ClientError) as refusal:
        ask(aws, "kafkaconnect:DescribeConnector", connectorArn=ORDERS)
    assert refusal.value.response["Error"]["Code"] == "NotFoundException"


def test_a_connector_can_be_deleted_in_one_region_only(aws: EmbeddedAws) -> None:
    aws.delete_connector("metrics-s3-sink", US)
    assert "metrics-s3-sink" in names(ask(aws, "kafkaconnect:ListConnectors"))
    assert "metrics-s3-sink" not in names(ask(aws, "kafkaconnect:ListConnectors", US))


def test_the_reset_restores_the_world(aws: EmbeddedAws) -> None:
    aws.delete_connector("orders-s3-sink")
    aws.client("iam").delete_role(RoleName="orders-s3-sink-role")
    aws.switch("job_polls", 5)
    aws.authorise({"Statement": []})
    aws.reset()
    assert ask(aws, "kafkaconnect:DescribeConnector", connectorArn=ORDERS)["connectorName"] == "orders-s3-sink"
    assert ask(aws, "iam:GetRole", RoleName="orders-s3-sink-role")


def test_a_resource_can_be_put_as_the_cli_prints_it(aws: EmbeddedAws) -> None:
    arn = connect_arn("connector", "mine", EU)
    aws.put(
        "connector",
        {
            "connectorArn": arn,
            "connectorName": "mine",
            "connectorState": "HIBERNATING",
            "creationTime": "2026-10-01T12:00:00.000000+02:00",
            "connectorConfiguration": {"connector.class": "x"},
        },
    )
    answer = ask(aws, "kafkaconnect:DescribeConnector", connectorArn=arn)
    assert answer["creationTime"].isoformat() == "2026-10-01T10:00:00+00:00"
    assert answer["connectorState"] == "HIBERNATING"
    assert "mine" in names(ask(aws, "kafkaconnect:ListConnectors"))


def test_events_can_be_added_raw_or_by_plan(aws: EmbeddedAws) -> None:
    role = role_arn("planned")
    assert aws.assumptions(role, oldest=10, newest=1, every=24 * 3, region=US) == 4
    assert last_lookup(aws, role, US) == ["AssumeRole"] * 4
    record = {
        "eventID": "8a0c6d54-6d1c-4f0e-9a4e-3f6f5b1f7e11",
        "eventName": "AssumeRole",
        "eventSource": "sts.amazonaws.com",
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60)),
        "awsRegion": EU,
        "resources": [{"type": "AWS::IAM::Role", "ARN": role}],
    }
    aws.events([record])
    assert last_lookup(aws, role) == ["AssumeRole"]


def test_a_log_group_can_be_given_a_policy_of_its_own(aws: EmbeddedAws) -> None:
    arn = log_group_arn("/msk-connect/ledger-mongo-source", US)
    aws.log_group_policy(arn, "mine", {"Statement": []})
    answer = ask(aws, "logs:DescribeResourcePolicies", US, policyScope="RESOURCE", resourceArn=arn)
    assert [policy["policyName"] for policy in answer["resourcePolicies"]] == ["mine"]


def test_a_last_accessed_report_can_be_set(aws: EmbeddedAws) -> None:
    role = role_arn("orders-s3-sink-role")
    aws.last_accessed(role, [("glue", "2026-11-01T00:00:00Z", US)])
    aws.switch("job_polls", 0)
    job = ask(aws, "iam:GenerateServiceLastAccessedDetails", Arn=role)["JobId"]
    [service] = ask(aws, "iam:GetServiceLastAccessedDetails", JobId=job)["ServicesLastAccessed"]
    assert (service["ServiceNamespace"], service["LastAuthenticatedRegion"]) == ("glue", US)


def test_names_beyond_msk_connects_pattern_travel_unharmed(aws: EmbeddedAws) -> None:
    aws.hostile_names()
    listed = {c["connectorName"]: c["connectorArn"] for c in ask(aws, "kafkaconnect:ListConnectors")["connectors"]}
    for name in BEYOND_THE_PATTERN:
        assert ask(aws, "kafkaconnect:DescribeConnector", connectorArn=listed[name])["connectorName"] == name


def test_a_fleet_has_a_role_and_a_history_for_each_connector(aws: EmbeddedAws) -> None:
    fleet = aws.fleet(3)
    assert set(fleet) <= set(names(ask(aws, "kafkaconnect:ListConnectors")))
    assert len(last_lookup(aws, role_arn(f"{fleet[-1]}-role"))) == 30
    assert ask(aws, "iam:GetRole", RoleName=f"{fleet[0]}-role")


def test_background_events_do_not_touch_the_scenarios_roles(aws: EmbeddedAws) -> None:
    role = role_arn("orders-s3-sink-role")
    before = last_lookup(aws, role)
    aws.background(2_000)
    assert last_lookup(aws, role) == before
    by_name = ask(
        aws, "cloudtrail:LookupEvents", LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AssumeRole"}]
    )
    assert len(by_name["Events"]) == 50


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("no-such-verb", {}),
        ("fail", {"operation": "iam:GetRole", "how": "badly"}),
        ("switch", {"name": "x", "value": 1}),
    ],
)
def test_a_command_that_means_nothing_is_refused(aws: EmbeddedAws, verb: str, arguments: dict[str, object]) -> None:
    with pytest.raises(ControlError):
        aws.control(verb, **arguments)


def test_connections_are_kept_alive(aws: EmbeddedAws) -> None:
    connection = HTTPConnection(urlsplit(aws.endpoint_url).netloc)
    probe = PROBES["kafkaconnect:ListConnectors"]
    assert probe.send(connection) == 200
    socket = connection.sock
    assert probe.send(connection) == 200
    assert connection.sock is socket
    connection.close()


def test_the_ceiling_counts_answered_requests(aws: EmbeddedAws) -> None:
    assert all(rate > 0 for rate in measure(aws.endpoint_url, seconds=0.1, connections=1).values())


def test_it_starts_empty_on_request_and_ends_with_its_parent() -> None:
    program = (
        "import os, sys; from bot.sandbox.aws import EmbeddedAws; aws = EmbeddedAws.start(empty=True); "
        "print(aws.client('kafkaconnect').list_connectors()['connectors'], aws._process.pid, flush=True); os._exit(9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[4]
    )
    connectors, _, pid = ended.stdout.strip().rpartition(" ")
    assert (ended.returncode, connectors) == (9, "[]"), ended.stderr
    for _ in range(100):
        if not _alive(int(pid)):
            return
        time.sleep(0.05)
    pytest.fail("the embedded AWS outlived its parent")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
