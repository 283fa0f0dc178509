from __future__ import annotations

import pytest

from bot.arn import Arn, parse_arn, role_name


def test_an_arn_is_taken_apart() -> None:
    text = "arn:aws-cn:kafkaconnect:cn-north-1:111122223333:connector/orders/1f-2"
    arn = parse_arn(text)
    assert arn == Arn("aws-cn", "kafkaconnect", "cn-north-1", "111122223333", "connector/orders/1f-2")
    assert arn.kind == "connector"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "orders-s3-sink",
        "arn:aws:iam::111122223333",
        "arn:aws:iam::1111:role/orders",
        "arn:evil:iam::111122223333:role/orders",
        "arn:aws:kms:eu-west-1.evil.example/#:111122223333:key/1",
        "arn:aws:iam::111122223333:role/two words",
        "arn:aws:iam::111122223333:role/a\nb",
    ],
)
def test_anything_else_is_no_arn(text: str) -> None:
    assert parse_arn(text) is None


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:iam::111122223333:role/orders", "orders"),
        ("arn:aws-us-gov:iam::111122223333:role/connect/sinks/orders@x", "orders@x"),
        ("arn:aws:iam::111122223333:role/<!channel>/*team*/weather@channel", "weather@channel"),
        ("arn:aws:iam::111122223333:user/orders", None),
        ("arn:aws:iam::111122223333:role/", None),
        ("arn:aws:iam::111122223333:role/<!channel>", None),
        ("arn:aws:iam:::role/orders", None),
        ("arn:aws:sts::111122223333:assumed-role/orders/session", None),
        ("orders", None),
    ],
)
def test_only_the_arn_of_a_role_names_a_role(arn: str, name: str | None) -> None:
    assert role_name(arn) == name
