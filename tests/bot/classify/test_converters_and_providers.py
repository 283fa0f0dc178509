"""Converters for key, value and header, and config providers behind their aliases."""

from __future__ import annotations

import pytest

from bot.classify import classify
from bot.classify.reference import Reference, references
from bot.model import Cause, Evidence, Unavailable
from tests.bot.classify.support import (
    CATALOGUE,
    EXECUTION_ROLE,
    KEYS,
    NO_IAM,
    NOTHING,
    OTHER_ROLE,
    UNKNOWN,
    VIA_ROLE,
    actions,
    classified,
    codes,
    connector,
    paths,
    resources,
)
from tests.bot.classify.test_kafka import IAM_MODULE

SINK = {"connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector", "topics": "orders"}
SOURCE = {"connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector", "topic": "orders"}
_GLUE = "com.amazonaws.services.schemaregistry.kafkaconnect."
_AVRO = f"{_GLUE}AWSKafkaAvroConverter"
_JSON = f"{_GLUE}jsonschema.JsonSchemaConverter"
_PROTOBUF = f"{_GLUE}protobuf.ProtobufSchemaConverter"
_STRING = "org.apache.kafka.connect.storage.StringConverter"
_CONVERTERS = ("key.converter", "value.converter", "header.converter")


@pytest.mark.parametrize("key", _CONVERTERS)
@pytest.mark.parametrize(
    ("class_name", "settings", "expected"),
    [
        (_AVRO, {}, EXECUTION_ROLE),
        (_AVRO, {"assumeRoleArn": OTHER_ROLE, "assumeRoleSessionName": "gsr"}, VIA_ROLE),
        (_JSON, {}, EXECUTION_ROLE),
        (_JSON, {"assumeRoleArn": OTHER_ROLE}, EXECUTION_ROLE),  # only the Avro converter reads it
        (_PROTOBUF, {"assumeRoleArn": OTHER_ROLE}, EXECUTION_ROLE),
        (_AVRO, {"endpoint": "http://localhost:4566"}, NO_IAM),
        (_AVRO, {"endpoint": "https://glue.us-east-1.amazonaws.com"}, EXECUTION_ROLE),
    ],
)
def test_a_converter_of_glues(key: str, class_name: str, settings: dict[str, str], expected: set[str]) -> None:
    own = {key: class_name} | {f"{key}.{name}": value for name, value in settings.items()}

    assert paths(classified(SINK | own), "aws-access", "converter", "glue") == expected
    assert paths(classified(SINK, own), "aws-access", "converter", "glue") == expected


@pytest.mark.parametrize("key", _CONVERTERS)
def test_the_connectors_converter_replaces_the_workers(key: str) -> None:
    classification = classified(SINK | {key: _STRING}, {key: _AVRO, f"{key}.region": "us-east-1"})

    assert paths(classification, "aws-access") == NOTHING


def test_a_converter_takes_its_settings_from_where_it_is_named() -> None:
    stray = {"value.converter.assumeRoleArn": OTHER_ROLE}

    assert paths(classified(SINK | stray, {"value.converter": _AVRO}), "aws-access", "converter") == EXECUTION_ROLE


def test_key_and_value_with_different_roles_are_two_findings() -> None:
    settings = {"key.converter": _AVRO, "value.converter": _AVRO, "value.converter.assumeRoleArn": OTHER_ROLE}

    assert paths(classified(SINK | settings), "aws-access", "converter") == EXECUTION_ROLE | VIA_ROLE


@pytest.mark.parametrize(
    ("base", "settings", "registers"),
    [
        (SOURCE, {}, True),
        (SINK, {}, False),
        (SINK, {"value.converter.schemaAutoRegistrationEnabled": "true"}, True),
    ],
)
def test_who_writes_schemas_needs_to_register_them(
    base: dict[str, str], settings: dict[str, str], registers: bool
) -> None:
    needed = actions(classified(base | {"value.converter": _AVRO} | settings), "converter", "glue")

    assert ("glue:RegisterSchemaVersion" in needed) is registers
    assert "glue:GetSchemaVersion" in needed


def test_the_registry_is_named() -> None:
    settings = {
        "value.converter": _AVRO,
        "value.converter.registry.name": "shop",
        "value.converter.region": "eu-west-1",
    }

    assert "arn:aws:glue:eu-west-1:111122223333:registry/shop" in resources(
        classified(SINK | settings), "converter", "glue"
    )


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"value.converter": "io.confluent.connect.avro.AvroConverter"}, NO_IAM),
        ({"value.converter": "io.confluent.connect.json.JsonSchemaConverter"}, NO_IAM),
        ({"value.converter": "io.confluent.connect.protobuf.ProtobufConverter"}, NO_IAM),
        ({"value.converter": _AVRO, "value.converter.secondary.deserializer": "x.Y"}, NO_IAM),
        ({"value.converter": _STRING, "value.converter.schema.registry.url": "http://registry"}, NOTHING),
        ({"value.converter": "org.apache.kafka.connect.json.JsonConverter"}, NOTHING),
        ({"value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter"}, NOTHING),
        ({"value.converter": "io.confluent.connect.replicator.util.ByteArrayConverter"}, NOTHING),
    ],
)
def test_a_registry_that_is_not_aws(settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(SINK | settings), "external-access", "converter", "schema-registry") == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"value.converter": "com.acme.AwsThingConverter"}, UNKNOWN),
        ({"value.converter": "com.acme.Converter", "value.converter.aws.region": "us-east-1"}, UNKNOWN),
        ({"value.converter": "com.acme.CsvConverter"}, UNKNOWN),
        ({"value.converter": "org.apache.kafka.connect.json.JsonConverter"}, NOTHING),
    ],
)
def test_a_converter_nobody_knows(settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(SINK | settings), "aws-access", "converter", "unknown") == expected


_SECRETS = "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider"
_SSM = "com.amazonaws.kafka.config.providers.SsmParamStoreConfigProvider"
_S3_IMPORT = "com.amazonaws.kafka.config.providers.S3ImportConfigProvider"
_JCUSTENBORDER = "com.github.jcustenborder.kafka.config.aws.SecretsManagerConfigProvider"
_LENSES = "io.lenses.connect.secrets.providers.AWSSecretProvider"
_FILE = "org.apache.kafka.common.config.provider.FileConfigProvider"


def provider(class_name: str, alias: str = "p", **parameters: str) -> dict[str, str]:
    """Return worker properties that define one provider; ``_`` in a parameter stands for ``.``."""
    prefix = f"config.providers.{alias}."
    return {"config.providers": alias, f"{prefix}class": class_name} | {
        f"{prefix}param.{name.replace('_', '.')}": value for name, value in parameters.items()
    }


@pytest.mark.parametrize(
    ("worker", "service", "expected"),
    [
        (provider(_SECRETS), "secretsmanager", EXECUTION_ROLE),
        (provider(_SECRETS, aws_access_key="A", aws_secret_key="CANARY"), "secretsmanager", EXECUTION_ROLE),
        (provider(_SECRETS, endpoint="http://localhost:4566"), "secretsmanager", NO_IAM),
        (provider(_SSM), "ssm", EXECUTION_ROLE),
        (provider(_S3_IMPORT), "s3", EXECUTION_ROLE),
        (provider(_JCUSTENBORDER), "secretsmanager", EXECUTION_ROLE),
        (provider(_JCUSTENBORDER, aws_access_key="A", aws_secret_key="CANARY"), "secretsmanager", KEYS),
        (provider(_JCUSTENBORDER, aws_access_key="A"), "secretsmanager", EXECUTION_ROLE),
        (provider(_LENSES), "secretsmanager", KEYS),  # keys are the default method
        (provider(_LENSES, aws_access_key="A", aws_secret_key="CANARY"), "secretsmanager", KEYS),
        (provider(_LENSES, aws_auth_method="credentials"), "secretsmanager", KEYS),
        (provider(_LENSES, aws_auth_method="default"), "secretsmanager", EXECUTION_ROLE),
        (
            provider(_LENSES, aws_auth_method="default", aws_access_key="A", aws_secret_key="CANARY"),
            "secretsmanager",
            EXECUTION_ROLE,
        ),
        (provider(_FILE), "", NOTHING),
        (provider("io.lenses.connect.secrets.providers.VaultSecretProvider"), "", NOTHING),
        (provider("com.acme.Provider"), "unknown", UNKNOWN),
    ],
)
def test_what_authorises_a_provider(worker: dict[str, str], service: str, expected: set[str]) -> None:
    classification = classified(SINK | {"acme.password": "${p:db:password}"}, worker)

    assert paths(classification, "aws-access", "config-provider", service) == expected


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "${topic}",
        "${timestamp}",
        "${other:db:password}",
        "$${p:db:password}",
        "{p:db:password}",
        "${p}",
        "$p:a",
    ],
)
def test_a_provider_that_nothing_refers_to_is_not_asked(value: str) -> None:
    assert paths(classified(SINK | {"acme.setting": value}, provider(_SECRETS)), "aws-access") == NOTHING


@pytest.mark.parametrize(
    "value",
    [
        "${p:db:password}",
        "${p:db:password?ttl=60000}",
        "${p:password}",
        "${p::/shop/db/password}",
        "mongodb://user:${p:db:password}@host",
        f'{IAM_MODULE} awsRoleArn="${{p:kafka:role}}";',
        "${p:arn:aws:secretsmanager:us-east-1:111122223333:secret:db:password}",
        "${topic}-${p:db:suffix}",
    ],
)
def test_a_reference_counts_wherever_it_stands(value: str) -> None:
    classification = classified(SINK | {"acme.setting": value}, provider(_SECRETS))

    assert paths(classification, "aws-access", "config-provider", "secretsmanager") == EXECUTION_ROLE
    assert codes(classification) == set()


def test_an_alias_is_what_the_worker_says_it_is() -> None:
    worker = provider(_SSM, "secretsmanager") | {"config.providers": "secretsmanager, other"}
    classification = classified(SINK | {"acme.password": "${secretsmanager::/db}"}, worker)

    assert paths(classification, "aws-access", "config-provider") == EXECUTION_ROLE
    assert paths(classification, "aws-access", "config-provider", "secretsmanager") == NOTHING
    assert paths(classification, "aws-access", "config-provider", "ssm") == EXECUTION_ROLE


@pytest.mark.parametrize(
    "worker",
    [
        {},
        provider(_SECRETS, "other"),
        provider(_SECRETS) | {"config.providers": "other"},  # defined, and not listed
        {"config.providers": "p"},  # listed, and not defined
    ],
)
def test_an_alias_that_the_worker_does_not_define_stays_text(worker: dict[str, str]) -> None:
    classification = classified(SINK | {"acme.password": "${p:db:password}"}, worker)

    assert paths(classification, "aws-access") == NOTHING
    assert codes(classification) == {"unresolved-config-provider"}


def test_the_default_worker_defines_no_provider() -> None:
    classification = classified(SINK | {"acme.password": "${p:db:password}"})

    assert codes(classification) == {"unresolved-config-provider"}


def test_a_provider_of_an_unknown_class_is_warned_of() -> None:
    classification = classified(SINK | {"acme.password": "${p:db:password}"}, provider("com.acme.Provider"))

    assert codes(classification) == {"unresolved-config-provider"}


@pytest.mark.parametrize(
    "read", [None, Unavailable("kafkaconnect:DescribeWorkerConfiguration", "demo", Cause.ACCESS_DENIED)]
)
def test_without_the_worker_configuration_a_reference_is_unknown(read: Unavailable | None) -> None:
    described = connector(SINK | {"acme.password": "${p:db:password}"}, names_worker=True)
    classification = classify(Evidence(described, read), CATALOGUE)

    assert paths(classification, "aws-access", "config-provider") == UNKNOWN
    assert codes(classification) == {"worker-configuration-missing"}


@pytest.mark.parametrize("value", ["prefix/${timestamp:unit=yyyy}", "${topic:x}-${partition:padding=true}"])
def test_templates_of_plugins_are_no_references(value: str) -> None:
    assert codes(classified(SINK | {"aws.s3.prefix": value})) == set()


@pytest.mark.parametrize(
    ("worker", "value", "service", "resource"),
    [
        (
            provider(_SECRETS, region="eu-west-1"),
            "${p:shop/db:password}",
            "secretsmanager",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-??????",
        ),
        (
            provider(_SSM),
            "${p::/shop/db/password}",
            "ssm",
            "arn:aws:ssm:us-east-1:111122223333:parameter/shop/db/password",
        ),
        # A path may be quoted as in an address, and a key too.
        (
            provider(_SECRETS),
            "${p:shop%2Fdb:password}",
            "secretsmanager",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/db-??????",
        ),
        (
            provider(_SSM),
            "${p::%2Fshop%2Fdb?ttl=60000}",
            "ssm",
            "arn:aws:ssm:us-east-1:111122223333:parameter/shop/db",
        ),
        (provider(_S3_IMPORT), "${p:us-east-1:config/ca.jks}", "s3", "arn:aws:s3:::config/ca.jks"),
    ],
)
def test_what_a_reference_names(worker: dict[str, str], value: str, service: str, resource: str) -> None:
    classification = classified(SINK | {"acme.setting": value}, worker)

    assert resources(classification, "config-provider", service) == {resource}


def test_a_path_that_is_an_arn_under_its_quotes_is_taken_as_it_is() -> None:
    quoted = "arn%3Aaws%3Asecretsmanager%3Aus-east-1%3A111122223333%3Asecret%3Adb"
    references_ = {"acme.a": f"${{p:{quoted}:password}}", "acme.b": "${p:other:password}"}

    assert resources(classified(SINK | references_, provider(_SECRETS)), "config-provider", "secretsmanager") == {
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:db",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:other-??????",
    }


def test_references_are_taken_apart_as_kafka_does() -> None:
    assert list(references("${a:b:c}${d:e}${f::/g/h}")) == [
        Reference("a", "b", "c"),
        Reference("d", "", "e"),
        Reference("f", "", "/g/h"),
    ]
