import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from bot.cloudtrail import queries
from bot.sandbox.aws.insights_language import Row, parse

ROLE = "arn:aws:iam::111122223333:role/connect/orders-sink-role"
TABLE = queries.AthenaTable("trails", "cloudtrail_logs")
WITHIN = queries.Partitions(
    ("111122223333",),
    ("eu-west-1", "us-east-1"),
    datetime(2026, 8, 25, 9, 30, tzinfo=UTC),
    datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
)
HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [
        'x" or eventName like /./ | limit 1 #',
        "x' OR 1=1 --",
        "x\\",
        'x\\"',
        "x\n| limit 1",
        "';DROP TABLE x;--",
        "/*",
        "x*/",
    ]
)


def insights_texts(role: str) -> list[str]:
    return [
        queries.article_query(role),
        queries.insights_by_msk_connect(role),
        queries.insights_by_others(role),
        queries.insights_session(role, key_id="ASIATEST000000000001"),
        queries.insights_session(role, session_name="session"),
    ]


def athena_texts(role: str, table: queries.AthenaTable = TABLE) -> list[str]:
    return [
        queries.athena_history(table, role, WITHIN),
        queries.athena_session(table, role, WITHIN, key_id="ASIATEST000000000001"),
        queries.athena_session(table, role, WITHIN, session_name="session"),
        queries.athena_fleet(table, WITHIN),
    ]


def test_the_copied_query_is_the_articles_with_fields_before_it() -> None:
    fields, _, article = queries.article_query(ROLE).partition("\n| ")
    assert article == (
        'filter eventName = "AssumeRole"\n'
        '   and userIdentity.invokedBy = "kafkaconnect.amazonaws.com"\n'
        f'   and requestParameters.roleArn = "{ROLE}"\n'
        "| sort @timestamp desc\n"
        "| limit 20"
    )
    assert fields == (
        "fields @timestamp, eventID, awsRegion, requestParameters.roleSessionName, "
        "responseElements.credentials.accessKeyId, errorCode"
    )


def test_the_reader_asks_the_articles_query_with_its_own_limit() -> None:
    asked, copied = queries.insights_by_msk_connect(ROLE), queries.article_query(ROLE)
    assert asked.partition("\n")[2] == copied.partition("\n")[2].replace("limit 20", "limit 10000")


@pytest.mark.parametrize("text", [*insights_texts(ROLE), queries.insights_fleet()])
def test_no_query_asks_for_tokens_addresses_or_whole_records(text: str) -> None:
    assert not re.search(r"sessionToken|sourceIPAddress|userAgent|@message|errorMessage", text)


@pytest.mark.parametrize("text", [*insights_texts(ROLE), queries.insights_fleet()])
def test_insights_texts_fit_into_what_start_query_takes(text: str) -> None:
    parse(text)
    assert len(text) < 10_000


def test_every_query_reads_as_it_was_reviewed(request: pytest.FixtureRequest) -> None:
    """The texts go to AWS as they are, and to people who copy them: each change of one wants to be seen."""
    path = Path(__file__).with_name("queries.txt")
    texts = [*insights_texts(ROLE), queries.insights_fleet(), *athena_texts(ROLE)]
    written = "".join(f"{text}\n\n" for text in texts)
    if request.config.getoption("--update-golden"):
        path.write_text(written)
    assert path.read_text() == written


@pytest.mark.parametrize("texts", [insights_texts, athena_texts])
def test_a_session_is_asked_for_by_its_key_where_one_is_known(texts: Callable[[str], list[str]]) -> None:
    key = "ASIATEST000000000001"
    assert sum(key in text for text in texts(ROLE)) == 1
    assert queries.insights_session(ROLE, key_id=key, session_name="s") == queries.insights_session(ROLE, key_id=key)
    named = queries.athena_session(TABLE, ROLE, WITHIN, key_id=key, session_name="s")
    assert named == queries.athena_session(TABLE, ROLE, WITHIN, key_id=key)


def test_what_cannot_be_printed_is_replaced_and_quotes_are_doubled() -> None:
    assert str(queries.AthenaTable('a"b', "t\n")) == '"a""b"."t\ufffd"'
    asked = queries.insights_session(ROLE, key_id='k"\\\n')
    assert asked.startswith('filter userIdentity.accessKeyId = "k\\"\\\\\ufffd"\n')
    assert "= 'k''\ufffd'\n" in queries.athena_session(TABLE, ROLE, WITHIN, key_id="k'\n")


def conditions(text: str) -> list[str]:
    """Return the commands of an Insights query but for literals."""
    return [re.sub(r'"(?:[^"\\]|\\.)*"', '""', command) for command in text.split("\n")]


@given(HOSTILE)
def test_no_role_name_gets_out_of_its_literal_in_insights(name: str) -> None:
    role = f"arn:aws:iam::111122223333:role/{name}"
    for hostile, harmless in zip(insights_texts(role), insights_texts(ROLE), strict=True):
        assert conditions(hostile) == conditions(harmless)
        assert parse(hostile).limit == parse(harmless).limit


@given(st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=64))
def test_every_role_name_that_iam_admits_in_a_path_matches_itself(name: str) -> None:
    role = f"arn:aws:iam::111122223333:role/{name}"
    record = {
        "eventName": "AssumeRole",
        "userIdentity": {"invokedBy": "kafkaconnect.amazonaws.com"},
        "requestParameters": {"roleArn": role},
    }
    assert parse(queries.article_query(role)).run([Row({}, record)], 20)[0] == 1
    assert parse(queries.article_query(f"{role}x")).run([Row({}, record)], 20)[0] == 0


@pytest.mark.parametrize("text", athena_texts(ROLE))
def test_athena_texts_are_one_select_that_names_its_partitions(text: str) -> None:
    (statement,) = sqlglot.parse(text, read="trino")
    assert isinstance(statement, exp.Select)
    where = statement.args["where"].sql("trino")
    assert "account_id IN ('111122223333') AND region IN ('eu-west-1', 'us-east-1')" in where
    assert "\"timestamp\" BETWEEN '2026/08/25' AND '2026/11/24'" in where


def shape(text: str) -> str:
    (statement,) = sqlglot.parse(text, read="trino")
    assert isinstance(statement, exp.Select)
    for literal in statement.find_all(exp.Literal):
        if literal.is_string:
            literal.set("this", "")
    for table in statement.find_all(exp.Table):
        table.set("this", exp.to_identifier("t"))
        table.set("db", exp.to_identifier("d"))
    return statement.sql("trino")


@given(HOSTILE)
def test_no_role_name_gets_out_of_its_literal_in_sql(name: str) -> None:
    role = f"arn:aws:iam::111122223333:role/{name}"
    assert list(map(shape, athena_texts(role))) == list(map(shape, athena_texts(ROLE)))


@given(HOSTILE)
def test_no_table_name_gets_out_of_its_quotes(name: str) -> None:
    table = queries.AthenaTable("trails", f"t{name}")
    assert list(map(shape, athena_texts(ROLE, table))) == list(map(shape, athena_texts(ROLE)))


@pytest.mark.parametrize("texts", [insights_texts, athena_texts])
def test_a_session_is_named_by_the_arn_that_sts_gives_it(texts: Callable[[str], list[str]]) -> None:
    arn = "arn:aws:sts::111122223333:assumed-role/orders-sink-role/session"
    assert sum(arn in text for text in texts(ROLE)) == 1


def test_partitions_reach_a_day_beyond_the_window_since_records_are_filed_by_delivery() -> None:
    text = queries.athena_history(TABLE, ROLE, WITHIN)
    assert "BETWEEN '2026/08/25' AND '2026/11/24'" in text
    assert "eventtime >= '2026-08-25T09:30:00Z'" in text
    assert "eventtime < '2026-11-23T09:30:00Z'" in text
