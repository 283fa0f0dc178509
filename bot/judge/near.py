"""The statements that nearly admit somebody, and what in them does not fit.

A policy with AWS's own statements for another account looks right to whoever reads it; what helps is to be told which
statement is meant and what it has instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.model import Datum, Misfit, Miss

#: What may be shown of a statement: accounts and ARNs. The values of any other key may be secrets, as external ids are.
_SHOWN = frozenset({"resource", "aws:sourceaccount", "aws:sourcearn"})
#: An account's id, or a pattern of one; an ARN's account, which those of S3 leave out.
_ACCOUNT = re.compile(r"[\d*?]*|\$\{.*\}")
#: The connector of AWS's own example, as it is pasted.
_EXAMPLE, _EXAMPLE_ACCOUNT = "connector/myConnector/abc12345-abcd-4444-", "123456789012"


def nearest(misses: Iterable[Miss]) -> tuple[Miss, ...]:
    """Return the Allow statements for this principal and action that the fewest other parts keep from fitting."""
    near = [miss for miss in misses if miss.effect == "Allow" and not {"Principal", "Action"} & set(miss.names)]
    fewest = min((len(miss.parts) for miss in near), default=0)
    return tuple(miss for miss in near if len(miss.parts) == fewest)


def described(near: Iterable[Miss]) -> dict[str, Datum]:
    """Return what a reason says of near misses: the statements, what in them does not fit, and what they have there.

    ``demanded`` are condition keys that the call does not carry at all, whatever value the statement asks for.
    """
    near = tuple(near)
    parts = [part for miss in near for part in miss.parts]
    return {
        "near": _each(miss.statement for miss in near),
        "unfit": _each(part.name for part in parts if not part.absent),
        "has": _each(value for part in parts for value in _shown(part)),
        "demanded": _each(part.name for part in parts if part.absent),
        "placeholders": _placeholders(value for part in parts for value in _shown(part)),
    }


def _placeholders(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values still to be filled in; the account of AWS's example is one beside that example alone."""
    every = _each(values)
    pasted = any(_EXAMPLE in value for value in every)
    return tuple(value for value in every if _is_placeholder(value) or (pasted and value == _EXAMPLE_ACCOUNT))


def _is_placeholder(value: str) -> bool:
    """Whether a value is still to be filled in: no account and no ARN looks so, and none of yours is AWS's example."""
    account = value.split(":")[4:5] if value.startswith("arn:") else [] if value == "*" else [value]
    return "<" in value or _EXAMPLE in value or not all(_ACCOUNT.fullmatch(each) for each in account)


def _shown(part: Misfit) -> tuple[str, ...]:
    return part.wanted if part.name.lower() in _SHOWN and not part.absent else ()


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
