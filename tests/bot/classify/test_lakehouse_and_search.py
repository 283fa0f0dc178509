"""Iceberg with its catalogues, Hudi, OpenSearch and Elasticsearch."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import (
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
    matching,
    paths,
    resources,
)
from tests.bot.classify.test_kafka import iam, scram

_CATALOG = "iceberg.catalog."
_CLASS = {"connector.class": "org.apache.iceberg.connect.IcebergSinkConnector", "topics": "orders"}


def iceberg(**settings: str) -> dict[str, str]:
    """Return an Iceberg sink with settings of its catalogue, ``_`` standing for ``-`` and ``__`` for ``.``."""
    return _CLASS | {_CATALOG + key.replace("__", ".").replace("_", "-"): value for key, value in settings.items()}


GLUE = iceberg(type="glue", warehouse="s3://example-lake/warehouse")
_GLUE_IMPL = iceberg(catalog_impl="org.apache.iceberg.aws.glue.GlueCatalog", warehouse="s3://example-lake/warehouse")
_S3_KEYS = {f"{_CATALOG}s3.access-key-id": "AKIACANARY", f"{_CATALOG}s3.secret-access-key": "CANARY"}
_FACTORY = {
    f"{_CATALOG}client.factory": "org.apache.iceberg.aws.AssumeRoleAwsClientFactory",
    f"{_CATALOG}client.assume-role.arn": OTHER_ROLE,
}
_PROVIDER = {f"{_CATALOG}client.credentials-provider": "com.acme.Vault"}
_CHAIN = {
    f"{_CATALOG}client.credentials-provider": "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider"
}
_S3_IO = "org.apache.iceberg.aws.s3.S3FileIO"
REST = iceberg(type="rest", uri="https://catalog.example.com", io_impl=_S3_IO, warehouse="lake")
_AT_AWS = {f"{_CATALOG}uri": "https://glue.us-east-1.amazonaws.com/iceberg"}
_SIGNED = _AT_AWS | {f"{_CATALOG}rest.sigv4-enabled": "true", f"{_CATALOG}rest.signing-name": "glue"}
_SIGNED_ANEW = _AT_AWS | {f"{_CATALOG}rest.auth.type": "sigv4", f"{_CATALOG}rest.signing-name": "s3tables"}
_REST_KEYS = {f"{_CATALOG}rest.access-key-id": "AKIACANARY", f"{_CATALOG}rest.secret-access-key": "CANARY"}
_VENDED = {f"{_CATALOG}header.X-Iceberg-Access-Delegation": "vended-credentials"}
HADOOP = iceberg(type="hadoop", warehouse="s3a://example-lake/warehouse")
_HADOOP_KEYS = {"iceberg.hadoop.fs.s3a.access.key": "AKIACANARY", "iceberg.hadoop.fs.s3a.secret.key": "CANARY"}


@pytest.mark.parametrize(
    ("settings", "glue", "s3"),
    [
        (GLUE, EXECUTION_ROLE, EXECUTION_ROLE),
        (_GLUE_IMPL, EXECUTION_ROLE, EXECUTION_ROLE),
        (_GLUE_IMPL | {"connector.class": "io.tabular.iceberg.connect.IcebergSinkConnector"}, *[EXECUTION_ROLE] * 2),
        (GLUE | _S3_KEYS, EXECUTION_ROLE, KEYS),  # keys for S3 are not for Glue
        (GLUE | {f"{_CATALOG}s3.access-key-id": "AKIACANARY"}, EXECUTION_ROLE, EXECUTION_ROLE),
        (GLUE | _FACTORY, VIA_ROLE, VIA_ROLE),
        (GLUE | _FACTORY | _S3_KEYS, VIA_ROLE, VIA_ROLE),  # the factory does not look at the keys
        (GLUE | {f"{_CATALOG}client.factory": "com.acme.Factory"}, UNKNOWN, UNKNOWN),
        (GLUE | _PROVIDER, UNKNOWN, UNKNOWN),
        (GLUE | _PROVIDER | _S3_KEYS, UNKNOWN, UNKNOWN),  # which comes first differs from version to version
        (GLUE | _CHAIN, EXECUTION_ROLE, EXECUTION_ROLE),
        (GLUE | {f"{_CATALOG}s3.endpoint": "http://minio:9000"}, EXECUTION_ROLE, NO_IAM),
        (GLUE | {f"{_CATALOG}glue.endpoint": "http://localhost:4566"}, NO_IAM, EXECUTION_ROLE),
        (GLUE | {f"{_CATALOG}io-impl": "org.apache.iceberg.gcp.gcs.GCSFileIO"}, EXECUTION_ROLE, NOTHING),
    ],
)
def test_glue_and_s3_each_have_their_credentials(settings: dict[str, str], glue: set[str], s3: set[str]) -> None:
    classification = classified(settings)

    assert paths(classification, "aws-access", "plugin", "glue") == glue
    assert paths(classification, "aws-access", "plugin", "s3") == s3


@pytest.mark.parametrize(
    ("settings", "service", "expected"),
    [
        (REST, "", EXECUTION_ROLE),  # S3 alone
        (REST | _SIGNED, "glue", EXECUTION_ROLE),
        (REST | _SIGNED_ANEW, "s3tables", EXECUTION_ROLE),
        (REST | {f"{_CATALOG}rest.sigv4-enabled": "true"}, "execute-api", UNKNOWN),  # perhaps a custom domain
        (REST | _SIGNED | _REST_KEYS, "glue", KEYS),
        (REST | _SIGNED | _REST_KEYS, "s3", EXECUTION_ROLE),  # keys for the catalogue are not for S3
        (REST | _SIGNED | _PROVIDER, "glue", UNKNOWN),
        (REST | _S3_KEYS, "s3", KEYS),
        # The catalogue hands out credentials, or signs: nothing of AWS's is asked of the connector.
        (REST | _VENDED, "", NOTHING),
        (REST | {f"{_CATALOG}s3.remote-signing-enabled": "true"}, "", NOTHING),
        (REST | {f"{_CATALOG}s3.remote-signing-enabled": "false"}, "s3", EXECUTION_ROLE),
        (iceberg(type="rest", uri="https://c.example.com", warehouse="lake"), "s3", UNKNOWN),
        (iceberg(type="rest", uri="https://c.example.com", warehouse="gs://lake"), "", NOTHING),
        (
            iceberg(type="rest", uri="https://c.example.com", warehouse="lake", **{"client.region": "us-east-1"}),
            "s3",
            EXECUTION_ROLE,
        ),
        (iceberg(catalog_impl="software.amazon.s3tables.iceberg.S3TablesCatalog"), "s3tables", EXECUTION_ROLE),
        (iceberg(catalog_impl="org.apache.iceberg.aws.dynamodb.DynamoDbCatalog"), "dynamodb", EXECUTION_ROLE),
        (HADOOP, "s3", EXECUTION_ROLE),
        (HADOOP | _HADOOP_KEYS, "s3", KEYS),
        (HADOOP | {"iceberg.hadoop.fs.s3a.aws.credentials.provider": "com.acme.Vault"}, "s3", UNKNOWN),
        (HADOOP | {"iceberg.hadoop.fs.s3a.endpoint": "http://minio:9000"}, "s3", NO_IAM),
        (iceberg(type="hive", uri="thrift://m:9083", warehouse="s3a://lake/w"), "s3", EXECUTION_ROLE),
        (iceberg(type="hive", uri="thrift://m:9083", warehouse="s3://lake/w", io_impl=_S3_IO), "s3", EXECUTION_ROLE),
        (iceberg(type="hive", uri="thrift://m:9083", warehouse="hdfs://lake/w"), "", NOTHING),
    ],
)
def test_every_other_catalogue(settings: dict[str, str], service: str, expected: set[str]) -> None:
    assert paths(classified(settings), "aws-access", "plugin", service) == expected


@pytest.mark.parametrize(
    ("settings", "system"),
    [
        (REST, "iceberg-rest-catalog"),
        (REST | {f"{_CATALOG}credential": "id:CANARY"}, "iceberg-rest-catalog"),
        (REST | {f"{_CATALOG}rest.auth.type": "oauth2"}, "iceberg-rest-catalog"),
        (iceberg(type="hive", uri="thrift://m:9083"), "hive-metastore"),
        (iceberg(type="jdbc", uri="jdbc:postgresql://db/lake"), "postgresql"),
        (iceberg(type="nessie", uri="https://nessie.example.com"), "nessie"),
    ],
)
def test_a_catalogue_that_is_not_aws(settings: dict[str, str], system: str) -> None:
    assert paths(classified(settings), "external-access", "plugin", system) == NO_IAM


def test_a_catalogue_that_hands_out_credentials_says_so() -> None:
    (finding,) = matching(classified(REST | _VENDED), "external-access", "plugin")

    assert finding.reason.code == "catalog-vends-credentials"


def test_a_signed_catalogue_is_no_external_one() -> None:
    assert paths(classified(REST | _SIGNED), "external-access") == NOTHING
    assert paths(classified(REST | _SIGNED_ANEW), "external-access") == NOTHING


@pytest.mark.parametrize(
    ("settings", "authentication", "expected"),
    [
        (iam("iceberg.kafka."), "NONE", EXECUTION_ROLE),
        (iam("iceberg.kafka.", f'awsRoleArn="{OTHER_ROLE}"'), "NONE", VIA_ROLE),
        (scram("iceberg.kafka."), "IAM", NO_IAM),
        ({}, "NONE", NO_IAM),
        ({}, "IAM", UNKNOWN),  # whether the worker's settings are found is not verified
        ({"iceberg.kafka.bootstrap.servers": "b-1:9098"}, "IAM", UNKNOWN),
        ({"iceberg.kafka.security.protocol": "SSL"}, "IAM", NO_IAM),
    ],
)
def test_the_control_topic(settings: dict[str, str], authentication: str, expected: set[str]) -> None:
    classification = classified(GLUE | settings, authentication=authentication)

    assert paths(classification, "kafka-auth", "control-topic") == expected


def test_the_control_topic_is_written_in_transactions() -> None:
    classification = classified(GLUE | iam("iceberg.kafka.") | {"iceberg.control.topic": "control"})

    assert "kafka-cluster:AlterTransactionalId" in actions(classification, "control-topic", "kafka")
    assert "arn:aws:kafka:us-east-1:111122223333:topic/*/*/control" in resources(
        classification, "control-topic", "kafka"
    )


def test_the_warehouse_names_the_bucket() -> None:
    assert "arn:aws:s3:::example-lake" in resources(classified(GLUE), "plugin", "s3")


HUDI = {
    "connector.class": "org.apache.hudi.connect.HoodieSinkConnector",
    "topics": "orders",
    "hoodie.base.path": "s3a://example-lake/hudi",
    "bootstrap.servers": "b-1:9098",
}


def test_what_is_not_verified_is_said_to_be_so() -> None:
    keys = {"fs.s3a.access.key": "AKIACANARY", "fs.s3a.secret.key": "CANARY"}
    (finding,) = matching(classified(HUDI | keys), "aws-access", "plugin", "s3")

    assert (finding.path, finding.basis, finding.reason.code) == (
        "static-credentials",
        "documented",
        "unverified-claim",
    )


def test_hudi_reads_settings_without_a_prefix() -> None:
    classification = classified(HUDI | iam(""))

    assert paths(classification, "aws-access", "plugin", "s3") == EXECUTION_ROLE
    assert paths(classification, "kafka-auth", "control-topic") == EXECUTION_ROLE
    assert "inert-client-settings" not in codes(classification)
    assert {finding.reason.code for finding in classification.findings if finding.component == "control-topic"} == {
        "unverified-claim"
    }


OPENSEARCH = {
    "connector.class": "io.aiven.kafka.connect.opensearch.OpenSearchSinkConnector",
    "topics": "orders",
    "connection.url": "https://search-demo.us-east-1.es.amazonaws.com",
}
_SIGNING = {"aws.region": "us-east-1", "aws.service.signing.name": "es"}
_SERVERLESS = {"aws.region": "us-east-1", "aws.service.signing.name": "aoss"}
_OPENSEARCH_KEYS = {"aws.access_key_id": "AKIACANARY", "aws.secret_access_key": "CANARY"}
_OPENSEARCH_ROLE = {"aws.sts.role.arn": OTHER_ROLE, "aws.sts.role.session.name": "demo"}


@pytest.mark.parametrize(
    "class_name",
    [
        "io.aiven.kafka.connect.opensearch.OpenSearchSinkConnector",
        "io.aiven.kafka.connect.opensearch.OpensearchSinkConnector",
    ],
)
@pytest.mark.parametrize(
    ("settings", "service", "signed", "plain"),
    [
        ({"connection.username": "u", "connection.password": "CANARY"}, "", NOTHING, NO_IAM),
        (_SIGNING, "", NOTHING, NO_IAM),  # no bare default chain
        (_SIGNING | _OPENSEARCH_KEYS, "es", KEYS, NOTHING),
        (_SIGNING | _OPENSEARCH_ROLE, "es", VIA_ROLE, NOTHING),
        (_SERVERLESS | _OPENSEARCH_ROLE, "aoss", VIA_ROLE, NOTHING),
        (_SIGNING | {"aws.sts.role.arn": OTHER_ROLE}, "", NOTHING, NO_IAM),  # no session name, no role
        (_SIGNING | {"aws.access_key_id": "AKIACANARY"}, "", NOTHING, NO_IAM),
    ],
)
def test_opensearch(class_name: str, settings: dict[str, str], service: str, signed: set[str], plain: set[str]) -> None:
    classification = classified(OPENSEARCH | {"connector.class": class_name} | settings)

    assert paths(classification, "aws-access", "plugin", service) == signed
    assert paths(classification, "external-access", "plugin", "opensearch") == plain


@pytest.mark.parametrize(
    "class_name",
    [
        "io.confluent.connect.elasticsearch.ElasticsearchSinkConnector",
        "io.lenses.streamreactor.connect.elastic7.ElasticSinkConnector",
        "com.datamountaineer.streamreactor.connect.elastic6.ElasticSinkConnector",
    ],
)
def test_elasticsearch_signs_nothing_even_for_a_domain_of_amazon(class_name: str) -> None:
    classification = classified(OPENSEARCH | _OPENSEARCH_KEYS | {"connector.class": class_name})

    assert paths(classification, "external-access", "plugin", "elasticsearch") == NO_IAM
    assert paths(classification, "aws-access") == NOTHING
    assert codes(classification) == {"plaintext-secret"}


@pytest.mark.parametrize(
    ("settings", "unknown"),
    [
        (iceberg(catalog_impl="com.acme.Catalog"), True),
        (iceberg(type="glue", io_impl="com.acme.FileIO"), True),
        (iceberg(type="glue", io_impl="org.apache.iceberg.gcp.gcs.GCSFileIO"), False),
        (GLUE, False),
    ],
)
def test_a_catalogue_or_file_store_of_ones_own_is_unknown(settings: dict[str, str], unknown: bool) -> None:
    assert (paths(classified(settings), "aws-access", subject="unknown") == UNKNOWN) is unknown


def test_hadoop_files_lie_in_s3_whatever_the_catalogue() -> None:
    settings = iceberg(type="glue", io_impl="org.apache.iceberg.hadoop.HadoopFileIO", warehouse="s3a://example-lake/w")
    assert paths(classified(settings), "aws-access", subject="s3") == EXECUTION_ROLE
