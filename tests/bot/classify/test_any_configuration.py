"""Whatever a configuration holds: nothing is raised, and no secret comes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.entry import Access, Condition, Entry, Key
from bot.classify import classify
from bot.classify.jaas import parse_jaas
from bot.classify.plaintext import plaintext_secrets
from bot.model import Evidence, Properties, WorkerConfiguration
from tests.bot.classify.support import CATALOGUE, connector
from tests.volume import examples

_SECRET = "CANARY-swordfish"


def _keys(condition: Condition) -> set[str]:
    compared = (condition.equals, condition.differs, condition.begins, condition.lists, condition.contains)
    keys: list[Key] = [
        *condition.has,
        *condition.has_any,
        *condition.lacks,
        *(k for pairs in compared for k, _ in pairs),
    ]
    return {spelling for key in keys for spelling in key} | {k for part in condition.any for k in _keys(part)}


def _access_keys(access: Access) -> set[str]:
    keys = _keys(access.when) | {s for e in access.endpoints for s in e.key}
    for rule in access.rules:
        keys |= _keys(rule.when) | set(rule.role)
    return {prefix + key for prefix in access.prefixes for key in keys}


def _entries() -> list[Entry]:
    return [entry for family in CATALOGUE.families for entry in family.entries]


_CLASSES = sorted({name for entry in _entries() for name in entry.classes})
_SETTINGS = sorted(
    {key for entry in _entries() for access in entry.access for key in _access_keys(access)}
    | {
        f"{layer}{name}"
        for entry in _entries()
        for client in entry.clients
        for layer in client.layers
        for name in ("sasl.mechanism", "security.protocol", "sasl.jaas.config")
    }
    | {
        "schema.history.internal",
        "database.history",
        "post.processors",
        "config.providers",
        "topics",
        "connection.url",
        "errors.deadletterqueue.topic.name",
        "signal.enabled.channels",
        "key.converter",
        "value.converter",
    }
)
_words = st.sampled_from(
    [
        *_CLASSES, "AWS_MSK_IAM", "OAUTHBEARER", "SCRAM-SHA-512", "SASL_SSL", "SSL", "true", "false", "default",
        "kafka", "${a:b:c}", "${a:", "$${a:b}", "${}", "jdbc:aws-wrapper:mysql://h?wrapperPlugins=iam", "jdbc:", "http://minio",
        "arn:aws:iam::111122223333:role/x", "glue", "rest", "s3://bucket/x", "a,b", "software.amazon.msk.auth.iam.X a=",
    ]
)  # fmt: skip
_values = st.one_of(_words, st.text(max_size=40))
_configurations = st.dictionaries(
    st.one_of(st.sampled_from(_SETTINGS), st.text(max_size=30)), _values, max_size=25
).flatmap(
    lambda rest: st.one_of(st.sampled_from(_CLASSES), _values).map(lambda name: {**rest, "connector.class": name})
)
_workers = st.dictionaries(
    st.sampled_from(["config.providers", "config.providers.a.class", "config.providers.a.param.aws.secret.key",
                     "key.converter", "value.converter", "value.converter.assumeRoleArn"]),
    _values,
)  # fmt: skip
_SECRET_KEYS = [
    "database.password", "aws.secret.access.key", "secret.key", "snowflake.private.key", "connection.password",
    "consumer.override.sasl.jaas.config", "connection.uri", "connection.url", "iceberg.catalog.credential",
    "camel.kamelet.aws-s3-sink.secretKey", "acme.token", "post.processors.a.large.message.s3.secret.access.key",
]  # fmt: skip
_secret_values = st.sampled_from(
    [
        _SECRET, f"x{_SECRET}", f"${{a:b:c}}{_SECRET}", f"https://u:{_SECRET}@host/p",
        f'org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="{_SECRET}";',
        f"jdbc:mysql://host/db?user=u&password={_SECRET}", f"jdbc:aws-wrapper:mysql://h?wrapperPlugins=iam&password={_SECRET}",
    ]
)  # fmt: skip


@examples(150, 10_000)
@given(_configurations, _workers, st.text(max_size=12), st.text(max_size=60))
def test_nothing_is_raised(
    configuration: dict[str, str], worker: dict[str, str], authentication: str, role: str
) -> None:
    described = connector(configuration, authentication=authentication, role=role)
    read = WorkerConfiguration("", "", None, Properties(worker))

    classification = classify(Evidence(described, read), CATALOGUE)

    assert {"plugin-download", "kafka-auth"} <= {finding.activity.value for finding in classification.findings}


@examples(150, 10_000)
@given(_configurations, st.dictionaries(st.sampled_from(_SECRET_KEYS), _secret_values, min_size=1))
def test_no_secret_comes_out(configuration: dict[str, str], secrets: dict[str, str]) -> None:
    worker = Properties({"config.providers.a.param.password": _SECRET})
    evidence = Evidence(connector(configuration | secrets), WorkerConfiguration("", "", None, worker))

    assert _SECRET not in repr(classify(evidence, CATALOGUE))


@given(st.text())
def test_any_text_is_taken_apart_as_jaas(text: str) -> None:
    jaas = parse_jaas(text)

    assert all(value not in repr(jaas) for value in jaas.options.values() if len(value) > 12)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40)))
def test_any_map_is_searched_for_secrets(properties: dict[str, str]) -> None:
    assert set(plaintext_secrets(properties)) <= set(properties)


@pytest.mark.parametrize("value", ["x" * 60_000, "${a:" * 15_000, "${" * 30_000, "${a:b}" + "${a:" * 15_000])
@pytest.mark.parametrize("key", ["sasl.jaas.config", "consumer.override.sasl.jaas.config", "connection.url"])
def test_a_huge_value_is_classified_like_any_other(key: str, value: str) -> None:
    """It would take minutes with a pattern that starts anew at each letter or brace."""
    settings = {"connector.class": _CLASSES[0], "topics": "a", key: value}
    assert classify(Evidence(connector(settings)), CATALOGUE).findings
