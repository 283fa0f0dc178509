"""Templates of resources: defaults, values that are ARNs, and what is not known."""

from __future__ import annotations

import pytest

from bot.classify.resources import fill

_SETTINGS = {
    "bucket": "lake",
    "arn": "arn:aws:s3:::lake",
    "function": "arn:aws:lambda:eu-west-1:444455556666:function:enrich",
    "hidden": "${ssm::/name}",
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("arn:aws:s3:::{bucket}/*", ["arn:aws:s3:::lake/*"]),
        ("arn:aws:s3:::{absent}", []),
        ("arn:aws:s3:::{hidden}", []),
        # An ARN is used as it is, with what lies below it.
        ("arn:aws:s3:::{arn}", ["arn:aws:s3:::lake"]),
        ("arn:aws:s3:::{arn}/*", ["arn:aws:s3:::lake/*"]),
        ("arn:aws:secretsmanager:::secret:{arn}-??????", ["arn:aws:s3:::lake"]),
        ("arn:aws:lambda:us-east-1:1:function:{function}", ["arn:aws:lambda:eu-west-1:444455556666:function:enrich"]),
        # A default holds where nothing is set, not where something hidden is.
        ("{absent}-x ?? default", ["default"]),
        ("{bucket}-x ?? default", ["lake-x"]),
        ("{hidden}-x ?? default", []),
        ("{absent} ?? {bucket}-y ?? default", ["lake-y"]),
        ("{absent} ?? {missing}", []),
    ],
)
def test_a_template_is_filled(template: str, expected: list[str]) -> None:
    assert list(fill(template, lambda name: (_SETTINGS.get(name, ""),))) == expected
