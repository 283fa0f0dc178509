"""Classes that a configuration adds to a plugin: one that nobody knows may call AWS, a known one is left alone."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import NOTHING, UNKNOWN, classified, matching, paths

SINK = {"connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector", "topics": "orders"}
POSTGRES = {"connector.class": "io.debezium.connector.postgresql.PostgresConnector", "topic.prefix": "shop"}


@pytest.mark.parametrize(
    ("settings", "component"),
    [
        (SINK | {"transforms": "a", "transforms.a.type": "com.acme.Tokenize$Value"}, "transform"),
        (SINK | {"transforms": "known, a", "transforms.a.type": "com.acme.Tokenize"}, "transform"),
        (SINK | {"predicates": "p", "predicates.p.type": "com.acme.OnlyOurs"}, "transform"),
        (POSTGRES | {"post.processors": "m", "post.processors.m.type": "com.acme.Mask"}, "post-processor"),
        (POSTGRES | {"converters": "isbn", "isbn.type": "com.acme.IsbnConverter"}, "converter"),
        (SINK | {"value.converter": "com.acme.CsvConverter"}, "converter"),
    ],
)
def test_a_class_nobody_knows_is_unknown(settings: dict[str, str], component: str) -> None:
    assert paths(classified(settings), "aws-access", component, "unknown") == UNKNOWN


@pytest.mark.parametrize(
    "settings",
    [
        SINK | {"transforms": "a", "transforms.a.type": "org.apache.kafka.connect.transforms.InsertField$Value"},
        SINK | {"transforms": "a", "transforms.a.type": "io.debezium.transforms.ExtractNewRecordState"},
        SINK | {"transforms": "a", "transforms.a.type": "io.confluent.connect.transforms.Drop$Key"},
        SINK | {"transforms.a.type": "com.acme.NotListed"},
        SINK | {"transforms": "a"},
        SINK | {"transforms": ""},
        SINK
        | {"predicates": "p", "predicates.p.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches"},
        POSTGRES
        | {
            "post.processors": "r",
            "post.processors.r.type": "io.debezium.processors.reselect.ReselectColumnsPostProcessor",
        },
        SINK | {"value.converter": "org.apache.kafka.connect.storage.StringConverter"},
    ],
)
def test_a_known_class_or_none_is_left_alone(settings: dict[str, str]) -> None:
    assert paths(classified(settings), "aws-access") == NOTHING


def test_each_class_is_named_once() -> None:
    settings = SINK | {
        "transforms": "a,b,c",
        "transforms.a.type": "com.acme.A",
        "transforms.b.type": "com.acme.B",
        "transforms.c.type": "com.acme.A",
    }
    told = [dict(finding.reason.data) for finding in matching(classified(settings), "aws-access", "transform")]

    assert told == [
        {"class": "com.acme.A", "keys": ("transforms.a.type", "transforms.c.type")},
        {"class": "com.acme.B", "keys": ("transforms.b.type",)},
    ]


def test_what_cannot_be_a_class_is_not_shown() -> None:
    settings = SINK | {"transforms": "a", "transforms.a.type": "CANARY is no class"}
    (finding,) = matching(classified(settings), "aws-access", "transform")

    assert "class" not in finding.reason.data
