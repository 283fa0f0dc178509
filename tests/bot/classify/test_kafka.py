"""Kafka clients one by one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.model import Timing
from tests.bot.classify.support import (
    EXECUTION_ROLE,
    NO_IAM,
    NOTHING,
    OTHER_ROLE,
    ROLE,
    UNKNOWN,
    VIA_KEYS,
    VIA_ROLE,
    actions,
    classified,
    codes,
    matching,
    paths,
    resources,
)

SINK = {"connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector", "topics": "orders"}
SOURCE = {"connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector", "topic": "orders"}
DEAD_LETTERS = {"errors.deadletterqueue.topic.name": "orders-dlq"}
IAM_MODULE = "software.amazon.msk.auth.iam.IAMLoginModule required"
SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="CANARY"'
_TOKEN_MODULE = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
_TOKEN_HANDLER = "software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler"
_PREFIXES = ("", "consumer.override.", "producer.override.", "admin.override.")


def client(prefix: str, mechanism: str, jaas: str = "", protocol: str = "SASL_SSL", **more: str) -> dict[str, str]:
    """Return a client's authentication settings under a prefix."""
    settings = {"security.protocol": protocol, "sasl.mechanism": mechanism, "sasl.jaas.config": jaas} | more
    return {prefix + key: value for key, value in settings.items() if value}


def iam(prefix: str, options: str = "") -> dict[str, str]:
    """Return the settings of a client that authenticates with IAM, with options of the login module."""
    return client(prefix, "AWS_MSK_IAM", f"{IAM_MODULE} {options};")


def scram(prefix: str) -> dict[str, str]:
    """Return the settings of a client that authenticates with a SCRAM user."""
    return client(prefix, "SCRAM-SHA-512", f"{SCRAM_MODULE};")


@pytest.mark.parametrize(
    ("authentication", "expected"),
    [("IAM", EXECUTION_ROLE), ("NONE", NO_IAM), ("SASL_SCRAM", UNKNOWN), ("", UNKNOWN), ("iam", UNKNOWN)],
)
@pytest.mark.parametrize("component", ["worker", "records", "dead-letter-queue"])
def test_the_framework_authenticates_by_the_authentication_type(
    authentication: str, expected: set[str], component: str
) -> None:
    classification = classified(SINK | DEAD_LETTERS, authentication=authentication)

    assert paths(classification, "kafka-auth", component) == expected


_JAAS_OPTIONS: list[tuple[str, set[str]]] = [
    ("", EXECUTION_ROLE),
    (f'awsRoleArn="{OTHER_ROLE}"', VIA_ROLE),
    (f'awsRoleArn=\'{OTHER_ROLE}\' awsRoleSessionName="s" awsStsRegion="us-east-1"', VIA_ROLE),
    (f"awsRoleArn={OTHER_ROLE}", VIA_ROLE),
    (f'awsRoleArn="{OTHER_ROLE}" awsRoleExternalId="x" awsAddDefaultProviders="false"', VIA_ROLE),
    ('awsRoleArn="${secrets:kafka:role}"', VIA_ROLE),
    (f'awsRoleArn="{OTHER_ROLE}" awsRoleAccessKeyId="AKIACANARY" awsRoleSecretAccessKey="CANARY"', VIA_KEYS),
    (f'awsRoleArn="{OTHER_ROLE}" awsRoleAccessKeyId="AKIACANARY"', VIA_ROLE),  # half a pair
    ('awsRoleAccessKeyId="AKIACANARY" awsRoleSecretAccessKey="CANARY"', EXECUTION_ROLE),  # base keys of no role
    ('awsRoleArn=""', EXECUTION_ROLE),
    ('awsProfileName="cdc"', EXECUTION_ROLE),  # no profile file, so that the default chain follows
    ('awsProfileName="cdc" awsAddDefaultProviders="false"', UNKNOWN),
    ('awsAddDefaultProviders="false"', UNKNOWN),
    ('awsDebugCreds="true" awsMaxRetries="7" awsMaxBackOffTimeMs="500" awsShouldUseFips="true"', EXECUTION_ROLE),
]


@pytest.mark.parametrize(("options", "expected"), _JAAS_OPTIONS)
def test_the_login_module_chooses_the_credentials(options: str, expected: set[str]) -> None:
    classification = classified(SINK | iam("consumer.override.", options))

    assert paths(classification, "kafka-auth", "records") == expected
    assert paths(classification, "kafka-auth", "worker") == NO_IAM


@pytest.mark.parametrize(("options", "expected"), _JAAS_OPTIONS)
def test_the_token_handler_for_iam_takes_the_same_options(options: str, expected: set[str]) -> None:
    settings = client("consumer.override.", "OAUTHBEARER", f"{_TOKEN_MODULE} {options};")
    settings["consumer.override.sasl.login.callback.handler.class"] = _TOKEN_HANDLER

    assert paths(classified(SINK | settings), "kafka-auth", "records") == expected


@pytest.mark.parametrize(
    ("settings", "authentication", "expected"),
    [
        (scram(""), "IAM", NO_IAM),
        (scram(""), "NONE", NO_IAM),
        (client("", "PLAIN"), "IAM", NO_IAM),
        (client("", "GSSAPI"), "IAM", NO_IAM),
        (client("", "OAUTHBEARER"), "IAM", NO_IAM),
        (
            client("", "OAUTHBEARER", **{"sasl.login.callback.handler.class": "org.apache.kafka.x.OAuthHandler"}),
            "IAM",
            NO_IAM,
        ),
        (
            client("", "OAUTHBEARER", **{"sasl.login.callback.handler.class": "com.acme.Handler"}),
            "IAM",
            UNKNOWN,
        ),
        (client("", "ACME-SIGNED"), "IAM", UNKNOWN),
        (client("", "${secrets:kafka:mechanism}"), "IAM", UNKNOWN),
        ({"security.protocol": "SSL"}, "IAM", NO_IAM),
        ({"security.protocol": "PLAINTEXT"}, "IAM", NO_IAM),
        (client("", "AWS_MSK_IAM", f"{IAM_MODULE};", protocol="SSL"), "NONE", NO_IAM),  # TLS without SASL
        ({"security.protocol": "SASL_SSL"}, "NONE", NO_IAM),  # Kafka's own default mechanism is Kerberos
        ({"security.protocol": "SASL_SSL"}, "IAM", EXECUTION_ROLE),
        ({"sasl.mechanism": "AWS_MSK_IAM"}, "NONE", EXECUTION_ROLE),
        ({"sasl.mechanism": "aws_msk_iam"}, "NONE", EXECUTION_ROLE),
        ({"sasl.jaas.config": f'{IAM_MODULE} awsRoleArn="{OTHER_ROLE}";'}, "IAM", VIA_ROLE),
        ({"sasl.jaas.config": f'{IAM_MODULE} awsRoleArn="{OTHER_ROLE}";'}, "NONE", NO_IAM),
        (client("", "AWS_MSK_IAM", "${secrets:kafka:jaas}"), "NONE", UNKNOWN),
        (client("", "SCRAM-SHA-512", "${secrets:kafka:jaas}"), "IAM", NO_IAM),
        ({"max.poll.records": "500", "bootstrap.servers": "b-1:9096"}, "IAM", EXECUTION_ROLE),  # no authentication
        (scram(""), "SASL_SCRAM", NO_IAM),
    ],
)
def test_an_override_comes_before_the_authentication_type(
    settings: Mapping[str, str], authentication: str, expected: set[str]
) -> None:
    overrides = {f"consumer.override.{key}": value for key, value in settings.items()}

    assert paths(classified(SINK | overrides, authentication=authentication), "kafka-auth", "records") == expected


@pytest.mark.parametrize(
    ("base", "prefix", "component"),
    [
        (SINK, "consumer.override.", "records"),
        (SOURCE, "producer.override.", "records"),
        (SINK | DEAD_LETTERS, "producer.override.", "dead-letter-queue"),
    ],
)
def test_each_override_belongs_to_its_client(base: dict[str, str], prefix: str, component: str) -> None:
    others = {key: value for other in _PREFIXES if other != prefix for key, value in scram(other).items()}
    overridden = base | iam(prefix) | {key: value for key, value in others.items() if not key.startswith("admin.")}

    assert paths(classified(overridden), "kafka-auth", component) == EXECUTION_ROLE


@pytest.mark.parametrize("prefix", _PREFIXES)
def test_the_workers_own_clients_take_no_override(prefix: str) -> None:
    assert paths(classified(SINK | scram(prefix), authentication="IAM"), "kafka-auth", "worker") == EXECUTION_ROLE


def test_a_source_ignores_a_dead_letter_queue() -> None:
    classification = classified(SOURCE | DEAD_LETTERS, authentication="IAM")

    assert paths(classification, "kafka-auth", "dead-letter-queue") == NOTHING


def test_a_sink_without_a_dead_letter_queue_has_none() -> None:
    assert paths(classified(SINK, authentication="IAM"), "kafka-auth", "dead-letter-queue") == NOTHING


def test_a_queue_in_scram_beside_records_in_iam() -> None:
    classification = classified(SINK | DEAD_LETTERS | scram("producer.override."), authentication="IAM")

    assert paths(classification, "kafka-auth", "records") == EXECUTION_ROLE
    assert paths(classification, "kafka-auth", "dead-letter-queue") == NO_IAM


def test_a_queue_is_created_and_written() -> None:
    needed = actions(classified(SINK | DEAD_LETTERS, authentication="IAM"), "dead-letter-queue", "kafka")

    assert {"kafka-cluster:CreateTopic", "kafka-cluster:WriteData"} <= needed
    assert "kafka-cluster:ReadData" not in needed


def test_an_override_of_the_admin_client_counts_where_topics_are_created() -> None:
    created = {"topic.creation.default.partitions": "3"}

    assert paths(classified(SOURCE | iam("admin.override.")), "kafka-auth", "records") == NO_IAM
    assert paths(classified(SOURCE | created | iam("admin.override.")), "kafka-auth", "records") == {
        "no-iam",
        "service-execution-role",
    }


@pytest.mark.parametrize("settings", [{"exactly.once.support": "required"}, {"offsets.storage.topic": "mine"}])
def test_a_source_that_keeps_its_own_offsets_reads_them(settings: dict[str, str]) -> None:
    overridden = SOURCE | scram("producer.override.") | iam("consumer.override.")

    assert paths(classified(overridden), "kafka-auth", "records") == NO_IAM
    assert paths(classified(overridden | settings), "kafka-auth", "records") == {"no-iam", "service-execution-role"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (f'awsRoleArn="{OTHER_ROLE}"', True),
        (f'awsRoleArn="{OTHER_ROLE}" awsAddDefaultProviders="true"', True),
        (f'awsRoleArn="{OTHER_ROLE}" awsAddDefaultProviders="false"', False),
        (f'awsRoleArn="{OTHER_ROLE}" awsAddDefaultProviders=FALSE', False),
        ("", False),
    ],
)
def test_a_role_that_falls_back_to_the_execution_role_is_warned_of(options: str, expected: bool) -> None:
    warned = "assume-role-fallback" in codes(classified(SINK | iam("consumer.override.", options)))

    assert warned is expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (scram(""), True),
        ({"security.protocol": "SASL_SSL"}, True),
        ({"sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler"}, True),
        (iam("producer."), True),
        (iam("consumer."), True),
        (iam("admin."), True),
        (iam("schema.history.internal.producer."), True),
        (iam("database.history.consumer."), True),
        (iam("consumer.override."), False),
        (iam("producer.override."), False),
        ({"bootstrap.servers": "b-1:9098", "group.id": "demo"}, False),
        ({"ssl.enabled": "true"}, False),  # as likely the plugin's own
        ({"transforms.sasl.mechanism": "x"}, False),
    ],
)
def test_settings_that_no_client_reads_are_warned_of(settings: dict[str, str], expected: bool) -> None:
    assert ("inert-client-settings" in codes(classified(SINK | settings))) is expected


def test_settings_without_a_prefix_change_nothing() -> None:
    classification = classified(SINK | DEAD_LETTERS | scram(""), authentication="IAM")

    assert paths(classification, "kafka-auth") == EXECUTION_ROLE


def test_a_sink_reads_its_topics_in_its_group() -> None:
    classification = classified(SINK | {"topics": "orders, refunds"}, authentication="IAM")

    assert actions(classification, "records", "kafka") == {
        f"kafka-cluster:{name}"
        for name in ("Connect", "DescribeCluster", "DescribeTopic", "ReadData", "AlterGroup", "DescribeGroup")
    }
    assert resources(classification, "records", "kafka") == {
        "arn:aws:kafka:us-east-1:111122223333:cluster/*/*",
        "arn:aws:kafka:us-east-1:111122223333:topic/*/*/orders",
        "arn:aws:kafka:us-east-1:111122223333:topic/*/*/refunds",
        "arn:aws:kafka:us-east-1:111122223333:group/*/*/connect-demo",
    }


def test_a_group_and_brokers_of_ones_own_are_named() -> None:
    settings = {
        "consumer.override.group.id": "mine",
        "consumer.override.bootstrap.servers": "b-1.other.a1b2.c4.kafka.eu-west-1.amazonaws.com:9098",
    }

    assert "arn:aws:kafka:eu-west-1:111122223333:group/*/*/mine" in resources(
        classified(SINK | settings, authentication="IAM"), "records", "kafka"
    )


@pytest.mark.parametrize(
    ("settings", "worker"),
    [
        ({"exactly.once.support": "required"}, None),
        ({"producer.override.transactional.id": "tx-1"}, None),
        ({}, {"exactly.once.source.support": "enabled"}),
    ],
)
def test_exactly_once_needs_transactions(settings: dict[str, str], worker: dict[str, str] | None) -> None:
    needed = actions(classified(SOURCE | settings, worker, authentication="IAM"), "records", "kafka")

    assert {"kafka-cluster:WriteDataIdempotently", "kafka-cluster:AlterTransactionalId"} <= needed


def test_at_least_once_needs_none() -> None:
    needed = actions(classified(SOURCE, authentication="IAM"), "records", "kafka")

    assert "kafka-cluster:WriteDataIdempotently" not in needed
    assert "kafka-cluster:WriteData" in needed


def test_without_iam_no_action_is_named() -> None:
    assert {(finding.actions, finding.resources) for finding in matching(classified(SINK), "kafka-auth")} == {((), ())}


def test_options_by_reference_leave_open_whose_credentials_they_name() -> None:
    jaas = "software.amazon.msk.auth.iam.IAMLoginModule required ${secrets:msk:options};"
    settings = {"consumer.override.sasl.mechanism": "AWS_MSK_IAM", "consumer.override.sasl.jaas.config": jaas}
    assert paths(classified(SINK | settings), "kafka-auth", component="records") == UNKNOWN


_CLUSTER = {"kafka-cluster:Connect", "kafka-cluster:DescribeCluster"}
_WRITE = {"kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"}
_ANY_CLUSTER = "arn:aws:kafka:us-east-1:111122223333:cluster/*/*"
_ANY_TOPIC = "arn:aws:kafka:us-east-1:111122223333:topic/*/*"


@pytest.mark.parametrize("key", ["topic.creation.default.partitions", "topic.creation.groups"])
def test_a_source_that_has_its_topics_created_needs_to_create_them(key: str) -> None:
    plain = actions(classified(SOURCE, authentication="IAM"), "records", "kafka")
    creating = actions(classified(SOURCE | {key: "x"}, authentication="IAM"), "records", "kafka")

    assert plain == _CLUSTER | _WRITE
    assert creating == _CLUSTER | _WRITE | {"kafka-cluster:CreateTopic"}


def test_a_topic_that_is_called_like_a_setting_creates_nothing() -> None:
    needed = actions(classified(SOURCE | {"x.topic.creation.enable": "true"}, authentication="IAM"), "records", "kafka")

    assert needed == _CLUSTER | _WRITE


def test_the_worker_needs_its_own_topics_and_groups() -> None:
    classification = classified(SINK, authentication="IAM")

    assert actions(classification, "worker", "kafka") == {
        *_CLUSTER,
        *_WRITE,
        "kafka-cluster:CreateTopic",
        "kafka-cluster:ReadData",
        "kafka-cluster:AlterGroup",
        "kafka-cluster:DescribeGroup",
    }
    assert resources(classification, "worker", "kafka") == {
        _ANY_CLUSTER,
        f"{_ANY_TOPIC}/__amazon_msk_connect_*",
        "arn:aws:kafka:us-east-1:111122223333:group/*/*/__amazon_msk_connect_*",
        "arn:aws:kafka:us-east-1:111122223333:group/*/*/connect-*",
    }


def test_a_queue_needs_its_topic_and_names_the_setting_behind_it() -> None:
    classification = classified(SINK | DEAD_LETTERS, authentication="IAM")
    (queue,) = matching(classification, "kafka-auth", "dead-letter-queue")

    assert set(queue.actions) == _CLUSTER | _WRITE | {"kafka-cluster:CreateTopic"}
    assert queue.resources == (_ANY_CLUSTER, f"{_ANY_TOPIC}/orders-dlq")
    assert "errors.deadletterqueue.topic.name" in [shown.name for shown in queue.evidence]


def test_a_queue_whose_admin_client_is_overridden_has_two_clients() -> None:
    overridden = SINK | DEAD_LETTERS | scram("producer.override.") | iam("admin.override.")
    found = matching(classified(overridden), "kafka-auth", "dead-letter-queue")

    assert [finding.path.value for finding in found] == ["no-iam", "service-execution-role"]


def test_the_client_that_creates_topics_and_the_one_that_reads_offsets_need_no_more() -> None:
    settings = {"topic.creation.default.partitions": "3", "exactly.once.support": "required"}
    creating = {"admin.override.sasl.jaas.config": f'{IAM_MODULE} awsRoleArn="{OTHER_ROLE}";'}
    overridden = SOURCE | settings | scram("producer.override.") | iam("consumer.override.")
    overridden |= iam("admin.override.") | creating
    _, reader, creator = matching(classified(overridden), "kafka-auth", "records")

    assert set(reader.actions) == _CLUSTER | {"kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"}
    assert set(creator.actions) == _CLUSTER | {"kafka-cluster:CreateTopic", "sts:AssumeRole"}
    assert (reader.resources, creator.resources) == ((_ANY_CLUSTER,), (_ANY_CLUSTER, OTHER_ROLE))
    assert "KIP-618" in reader.source
    assert "KIP-458" in creator.source


@pytest.mark.parametrize(
    ("settings", "transactional_id"),
    [
        ({"exactly.once.support": "REQUIRED"}, "*"),
        ({"transaction.boundary": "poll"}, "*"),
        ({"producer.override.transactional.id": "tx-1"}, "tx-1"),
    ],
)
def test_transactions_need_their_id_beside_the_topics(settings: dict[str, str], transactional_id: str) -> None:
    classification = classified(SOURCE | settings, authentication="IAM")

    assert resources(classification, "records", "kafka") == {
        _ANY_CLUSTER,
        f"{_ANY_TOPIC}/orders",
        f"arn:aws:kafka:us-east-1:111122223333:transactional-id/*/*/{transactional_id}",
    }
    assert actions(classification, "records", "kafka") == {
        *_CLUSTER,
        *_WRITE,
        "kafka-cluster:WriteDataIdempotently",
        "kafka-cluster:DescribeTransactionalId",
        "kafka-cluster:AlterTransactionalId",
    }


@pytest.mark.parametrize("topics", ["${secrets:kafka:topics}", ""])
def test_topics_that_are_not_known_may_be_any(topics: str) -> None:
    assert f"{_ANY_TOPIC}/*" in resources(
        classified(SINK | {"topics": topics}, authentication="IAM"), "records", "kafka"
    )


def test_the_frameworks_clients_come_from_the_role_guide() -> None:
    found = matching(classified(SINK, authentication="IAM"), "kafka-auth")

    assert {finding.source for finding in found} == {
        "https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html"
    }
    assert {finding.timing for finding in found} == {(Timing.CONTINUOUSLY,)}
    assert {finding.principal for finding in found} == {ROLE}


def test_brokers_of_ones_own_decide_the_region_of_a_source_too() -> None:
    brokers = {"producer.override.bootstrap.servers": "b-1.other.a1b2.c4.kafka.eu-west-1.amazonaws.com:9098"}

    assert "arn:aws:kafka:eu-west-1:111122223333:topic/*/*/orders" in resources(
        classified(SOURCE | brokers, authentication="IAM"), "records", "kafka"
    )


@pytest.mark.parametrize(
    ("settings", "prefix"),
    [
        ({"audit.sasl.mechanism": "AWS_MSK_IAM"}, "audit."),
        ({"audit.sasl.jaas.config": f"{IAM_MODULE};"}, "audit."),
        ({"a.b.producer.sasl.mechanism": "SCRAM-SHA-512"}, "a.b.producer."),
    ],
)
def test_a_client_under_a_prefix_nobody_reads_is_not_known(settings: dict[str, str], prefix: str) -> None:
    for class_name in (SINK["connector.class"], "com.acme.Sink"):
        classification = classified(SINK | {"connector.class": class_name} | settings)
        (finding,) = matching(classification, "kafka-auth", "plugin")
        assert (finding.path, finding.reason.data["prefix"]) == ("unknown", prefix)


@pytest.mark.parametrize(
    "settings",
    [
        {"sasl.mechanism": "AWS_MSK_IAM"},  # no prefix: inert, and warned of
        {"consumer.sasl.mechanism": "AWS_MSK_IAM"},
        iam("consumer.override."),
        {"audit.sasl.mechanism": " "},
        {"audit.security.protocol": "SSL"},
        {"value.converter.sasl.jaas.config": "x"},  # the registry's client logs in over HTTP
        {"connector.class": "org.apache.kafka.connect.mirror.MirrorHeartbeatConnector"} | iam("source.cluster."),
    ],
)
def test_no_client_where_none_is_hidden(settings: dict[str, str]) -> None:
    assert paths(classified(SINK | settings), "kafka-auth", "plugin") == NOTHING


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"sasl.jaas.config": "com.acme.VaultLoginModule required;"}, UNKNOWN),
        ({"sasl.client.callback.handler.class": "com.acme.Handler"}, UNKNOWN),
        ({"sasl.login.class": "com.acme.Login"}, UNKNOWN),
        (
            {"sasl.jaas.config": 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u";'},
            NO_IAM,
        ),
        ({"sasl.jaas.config": "shaded.org.apache.kafka.common.security.plain.PlainLoginModule required;"}, NO_IAM),
        ({"sasl.jaas.config": "${secrets:kafka:jaas}"}, NO_IAM),
        ({}, NO_IAM),
    ],
)
def test_a_login_class_nobody_knows_is_unknown(settings: dict[str, str], expected: set[str]) -> None:
    client = {"sasl.mechanism": "PLAIN", "security.protocol": "SASL_SSL"} | settings
    own = {f"consumer.override.{name}": value for name, value in client.items()}

    assert paths(classified(SINK | own), "kafka-auth", "records") == expected


@pytest.mark.parametrize(
    ("value", "falls_back"), [("true", True), ("TRUE", True), ("false", False), ("no", False), ("", False)]
)
def test_anything_but_true_disables_the_default_providers(value: str, falls_back: bool) -> None:
    jaas = f'{IAM_MODULE} awsRoleArn="{OTHER_ROLE}" awsAddDefaultProviders="{value}";'
    settings = iam("consumer.override.") | {"consumer.override.sasl.jaas.config": jaas}

    assert ("assume-role-fallback" in codes(classified(SINK | settings))) is falls_back


def test_the_execution_role_must_be_allowed_to_assume_the_other() -> None:
    jaas = f'{IAM_MODULE} awsRoleArn="{OTHER_ROLE}";'
    classification = classified(SINK | iam("consumer.override.") | {"consumer.override.sasl.jaas.config": jaas})

    assert "sts:AssumeRole" in actions(classification, "records", "kafka")
    assert OTHER_ROLE in resources(classification, "records", "kafka")


@pytest.mark.parametrize(
    ("transforms", "topics"),
    [
        ({}, {"shop*", "__debezium-heartbeat.shop"}),
        ({"transforms.a.type": "io.debezium.transforms.ExtractNewRecordState"}, {"shop*", "__debezium-heartbeat.shop"}),
        ({"transforms.a.type": "io.debezium.transforms.ByLogicalTableRouter"}, {"*"}),
        ({"transforms.a.type": "org.apache.kafka.connect.transforms.RegexRouter"}, {"*"}),
        ({"transforms.a.type": "io.debezium.transforms.outbox.EventRouter"}, {"*"}),
        ({"transforms.a.type": "com.acme.Anything"}, {"*"}),
    ],
)
def test_a_router_may_send_records_to_any_topic(transforms: dict[str, str], topics: set[str]) -> None:
    settings = {"connector.class": "io.debezium.connector.mysql.MySqlConnector", "topic.prefix": "shop"} | transforms
    if transforms:
        settings["transforms"] = "a"
    found = resources(classified(settings, authentication="IAM"), "records", "kafka")

    assert {arn.rpartition("/")[2] for arn in found if ":topic/" in arn} == topics
