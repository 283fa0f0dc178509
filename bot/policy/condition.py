"""The Condition element of a policy statement, judged against what is known of a request."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import Any, TypeAlias

from bot.policy.pattern import (
    UNFILLED,
    UNKNOWN,
    Lookup,
    StartsWith,
    Stranger,
    Truth,
    Value,
    compile_pattern,
    every,
    negatable,
    negate,
    some,
)

#: The values of a condition key; none says that the request lacks the key.
Values: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """A key of which only this is known, that its values are one of these: what all of them agree on is decided."""

    alternatives: tuple[Values, ...]


#: What is known of a request, by condition key; ``aws:PrincipalTag/*`` stands for every key that begins so.
Context: TypeAlias = Mapping[str, Values | OneOf]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """A request's context by keys in lower case, and whether a key that it lacks is absent or merely not known."""

    context: Context
    complete: bool = False

    def alternatives(self, key: str) -> tuple[Values, ...]:
        """Return what the values of a key may be: nothing at all for one that nobody knows."""
        family = f"{key.partition('/')[0]}/*".lower()
        known = self.context.get(key.lower(), self.context.get(family) if "/" in key else None)
        if isinstance(known, OneOf):
            return known.alternatives
        return () if known is None and not self.complete else (known or (),)

    def variable(self, key: str) -> str | None:
        """Fill a policy variable; see ``pattern.Lookup``. A key with several values cannot be used as one."""
        known = self.alternatives(key)
        if known == ((),):
            return None
        values = known[0] if len(known) == 1 else ()
        return values[0] if len(values) == 1 and isinstance(values[0], str) else UNKNOWN


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a statement, judged: what it has there, and whether that fits the request."""

    name: str
    truth: Truth
    wanted: tuple[str, ...] = ()
    #: The request lacks this condition key.
    absent: bool = False


def judge_conditions(condition: Any, circumstances: Circumstances, *, variables: bool) -> Iterator[Part]:
    """Yield each condition by its key (or by the operator that nobody knows), judged. All must hold."""
    if not isinstance(condition, Mapping):
        yield Part("Condition", None)
        return
    lookup = circumstances.variable if variables else None
    for name, keys in condition.items():
        operator = _operator(str(name))
        if operator is None or not isinstance(keys, Mapping):
            yield Part(str(name), None)
            continue
        for key, wanted in keys.items():
            texts = scalars(wanted)
            known = circumstances.alternatives(str(key))
            truth = None if texts is None else _agreed(operator.holds(texts, values, lookup) for values in known)
            yield Part(str(key), truth, texts or (), absent=() in known)


def _agreed(truths: Iterable[Truth]) -> Truth:
    """Return what all of them say; None where they differ, or where there are none."""
    seen = set(truths)
    return seen.pop() if len(seen) == 1 else None


def scalars(value: Any) -> tuple[str, ...] | None:
    """One value or a list of them as strings, booleans in JSON's spelling; None for any other shape."""
    values = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(item, str | bool | int | float) for item in values):
        return None
    return tuple(_text(item) for item in values)


def _text(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Python refuses to print integers of thousands of digits.
        return str(value) if value.bit_length() < 1024 else "too large"
    return str(value)


# --- operators -------------------------------------------------------------------------------------------------------

#: Compares one value of the policy with one of the request.
Comparison: TypeAlias = Callable[[str, Value, Lookup | None], Truth]


@dataclass(frozen=True, slots=True)
class _Operator:
    """A condition operator, taken apart: ``ForAllValues:StringNotEqualsIfExists``."""

    compare: Comparison | None
    negated: bool
    if_exists: bool
    quantifier: str

    def holds(self, wanted: Sequence[str], values: Values, lookup: Lookup | None) -> Truth:
        if self.compare is None:
            return some(_null(text, absent=not values) for text in wanted)
        if not values:
            return self._holds_for_absent()
        compare, filling = self.compare, negatable(lookup) if self.negated else lookup
        truths = [some(compare(text, value, filling) for text in wanted) for value in values]
        if self.negated:
            truths = [negate(truth) for truth in truths]
        if self.quantifier == "forallvalues":
            return every(truths)
        if self.quantifier == "foranyvalue":
            return some(truths)
        return truths[0] if len(truths) == 1 else None

    def _holds_for_absent(self) -> bool:
        if self.if_exists or self.quantifier == "forallvalues":
            return True
        return self.negated and not self.quantifier


def _operator(name: str) -> _Operator | None:
    parts = _OPERATOR_NAME.match(name.lower())
    if parts is None or parts["base"] not in _OPERATORS:
        return None
    compare, negated = _OPERATORS[parts["base"]]
    return _Operator(compare, negated, bool(parts["if_exists"]), parts["quantifier"] or "")


_OPERATOR_NAME = re.compile(
    r"^(?:(?P<quantifier>forallvalues|foranyvalue):)?(?P<base>[a-z]+?)(?P<if_exists>ifexists)?$"
)


def _null(text: str, *, absent: bool) -> Truth:
    wanted = _boolean(text)
    return None if wanted is None else wanted is absent


def _string_equals(text: str, value: Value, lookup: Lookup | None) -> Truth:
    return compile_pattern(text, lookup, wildcards=False).matches(value)


def _string_equals_ignoring_case(text: str, value: Value, lookup: Lookup | None) -> Truth:
    folded: Value = value
    if isinstance(value, StartsWith):
        folded = replace(value, prefix=value.prefix.lower())
    elif isinstance(value, str):
        folded = value.lower()

    def folding(key: str) -> str | None:
        found = lookup(key) if lookup else key
        return found if found in (None, UNKNOWN, UNFILLED) else str(found).lower()

    return compile_pattern(text.lower(), folding if lookup else None, wildcards=False).matches(folded)


def _string_like(text: str, value: Value, lookup: Lookup | None) -> Truth:
    return compile_pattern(text, lookup).matches(value)


def _arn_like(text: str, value: Value, lookup: Lookup | None) -> Truth:
    """Compare ARNs part by part: no wildcard reaches over a colon, except that of a lone ``*``."""
    if text == "*":
        return True
    pattern = compile_pattern(text, lookup)
    if isinstance(value, Stranger):
        return pattern.matches(value)
    patterns = pattern.split(":", 6)
    parts = (value.prefix if isinstance(value, StartsWith) else value).split(":", 5)
    if len(patterns) < 6 or len(parts) < 6:
        # Nobody documents what an incomplete ARN matches.
        return None if pattern.matches(value) is not False else False
    last: Value = replace(value, prefix=parts[5]) if isinstance(value, StartsWith) else parts[5]
    return every(wanted.matches(part) for wanted, part in zip(patterns, (*parts[:5], last), strict=True))


def _exactly(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Comparison:
    """Compare two values that must be read first; what cannot be read decides nothing."""

    def comparison(text: str, value: Value, _lookup: Lookup | None) -> Truth:
        wanted = read(text)
        found = read(value) if isinstance(value, str) else None
        return None if wanted is None or found is None else compare(found, wanted)

    return comparison


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(text: str) -> datetime | None:
    seconds = _number(text)
    try:
        moment = datetime.fromtimestamp(seconds, UTC) if seconds is not None else datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _address(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _inside(found: Any, wanted: Any) -> bool:
    return bool(found.version == wanted.version and found.subnet_of(wanted))


_OPERATORS: Mapping[str, tuple[Comparison | None, bool]] = {
    "null": (None, False),
    "stringequals": (_string_equals, False),
    "stringnotequals": (_string_equals, True),
    "stringequalsignorecase": (_string_equals_ignoring_case, False),
    "stringnotequalsignorecase": (_string_equals_ignoring_case, True),
    "stringlike": (_string_like, False),
    "stringnotlike": (_string_like, True),
    "arnequals": (_arn_like, False),
    "arnlike": (_arn_like, False),
    "arnnotequals": (_arn_like, True),
    "arnnotlike": (_arn_like, True),
    "bool": (_exactly(_boolean, eq), False),
    "binaryequals": (_string_equals, False),
    "ipaddress": (_exactly(_address, _inside), False),
    "notipaddress": (_exactly(_address, _inside), True),
    "numericequals": (_exactly(_number, eq), False),
    "numericnotequals": (_exactly(_number, eq), True),
    "numericlessthan": (_exactly(_number, lt), False),
    "numericlessthanequals": (_exactly(_number, le), False),
    "numericgreaterthan": (_exactly(_number, gt), False),
    "numericgreaterthanequals": (_exactly(_number, ge), False),
    "dateequals": (_exactly(_moment, eq), False),
    "datenotequals": (_exactly(_moment, eq), True),
    "datelessthan": (_exactly(_moment, lt), False),
    "datelessthanequals": (_exactly(_moment, le), False),
    "dategreaterthan": (_exactly(_moment, gt), False),
    "dategreaterthanequals": (_exactly(_moment, ge), False),
}
