"""Whether a policy admits a principal to actions on a resource, as far as the request is known.

Pure, and for every kind of IAM policy document: resource policies, key policies, trust policies and identity policies.
The answer is explained, and it is honest about what it does not know: a condition key that the caller cannot vouch for,
an operator or a shape that nobody documents leaves a statement undecided instead of being guessed. No document makes it
raise, whatever JSON it holds.

The rules are those of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html for one policy type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, TypeAlias

from bot.model import Misfit, Miss, PolicyDocument
from bot.policy.condition import Circumstances, Context, OneOf, Part, judge_conditions, scalars
from bot.policy.pattern import (
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

__all__ = [
    "Context",
    "Decision",
    "OneOf",
    "Outcome",
    "Principal",
    "Request",
    "StartsWith",
    "Stranger",
    "condition_values",
    "decide",
    "principals",
    "service_principal",
    "sids",
]


class Outcome(StrEnum):
    """What the documents say to a request."""

    ALLOWED = "allowed"
    #: A Deny applies; it wins over every Allow.
    DENIED = "denied"
    #: No Allow applies.
    NOT_ADMITTED = "not-admitted"
    #: A statement that would decide could not be judged.
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: ``kind`` as the Principal element spells it (``AWS``, ``Service``), and every name that means them."""

    kind: str
    names: frozenset[str]


def service_principal(*names: str) -> Principal:
    """Return an AWS service, under each name that it has."""
    return Principal("Service", frozenset(names))


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    ``principal`` None: the documents are identity policies, whose statements name none. ``resource`` None: trust
    policies, whose statements name none; ``StartsWith`` where only the beginning of the ARN is known. Condition keys in
    ``context`` are case-insensitive, and one that ends in ``/*`` stands for all that begin so; an empty tuple says that
    the request lacks the key, ``OneOf`` that no more is known than what it may be. With ``complete``, the request lacks
    every key not in ``context``; without, such a key is unknown.
    """

    actions: tuple[str, ...]
    principal: Principal | None = None
    resource: Value | None = None
    context: Context = field(default_factory=dict)
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, and what it rests on.

    With several actions the least favourable outcome counts: denied, not admitted, undecidable, allowed.
    """

    outcome: Outcome
    #: The actions that have this outcome, as asked.
    actions: tuple[str, ...] = ()
    #: Statements behind it, by Sid or ``#`` and position: the Denies, the Allows, or those that were not decided.
    statements: tuple[str, ...] = ()
    #: What could not be judged: condition keys, operators, elements. Only with ``UNDECIDABLE``.
    doubts: tuple[str, ...] = ()
    #: Every statement that does not apply to these actions, and why.
    misses: tuple[Miss, ...] = ()
    #: Whether an Allow applies, whatever the Denies say: what is denied may be admitted by nobody besides.
    admitted: bool = False

    @property
    def allowed(self) -> bool:
        """Whether every action is allowed for certain."""
        return self.outcome is Outcome.ALLOWED


def decide(documents: Iterable[PolicyDocument], request: Request) -> Decision:
    """Judge the documents together, as IAM does with policies of one type."""
    judged = [_judge_statement(*numbered, request) for document in documents for numbered in _statements(document)]
    decisions = [_decide_action(action, judged) for action in request.actions]
    for outcome in (Outcome.DENIED, Outcome.NOT_ADMITTED, Outcome.UNDECIDABLE, Outcome.ALLOWED):
        group = [decision for decision in decisions if decision.outcome is outcome]
        if group:
            return Decision(
                outcome,
                tuple(dict.fromkeys(action for decision in group for action in decision.actions)),
                tuple(dict.fromkeys(label for decision in group for label in decision.statements)),
                tuple(dict.fromkeys(doubt for decision in group for doubt in decision.doubts)),
                tuple(dict.fromkeys(miss for decision in group for miss in decision.misses)),
                admitted=all(decision.admitted for decision in group),
            )
    return Decision(Outcome.NOT_ADMITTED)


def condition_values(document: PolicyDocument, key: str) -> tuple[str, ...]:
    """Every value that a statement of the document compares with this condition key, in order, each once."""
    found: dict[str, None] = {}
    for _, statement, _ in _statements(document):
        condition = statement.get("Condition") if isinstance(statement, Mapping) else None
        for keys in condition.values() if isinstance(condition, Mapping) else ():
            for name, values in keys.items() if isinstance(keys, Mapping) else ():
                if str(name).lower() == key.lower():
                    found.update(dict.fromkeys(scalars(values) or ()))
    return tuple(found)


def principals(document: PolicyDocument) -> tuple[str, ...]:
    """Everybody whom an Allow statement names, in order, each once: ARNs, account ids, services, ``*``."""
    found: dict[str, None] = {}
    for _, statement, _ in _statements(document):
        if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
            continue
        named = statement.get("Principal")
        groups = named.values() if isinstance(named, Mapping) else [named] if named == "*" else []
        for group in groups:
            found.update(dict.fromkeys(scalars(group) or ()))
    return tuple(found)


def sids(document: PolicyDocument) -> frozenset[str]:
    """Return the Sids that the document's statements have."""
    return frozenset(label for label, *_ in _statements(document) if not label.startswith("#"))


# --- statements ------------------------------------------------------------------------------------------------------

_ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_PRINCIPAL_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement judged against everything but the action: who, on what, under which conditions."""

    label: str
    #: None where it may be either.
    allows: Truth
    parts: tuple[Part, ...]
    element: Mapping[str, Any]
    lookup: Lookup | None

    def judge(self, action: str) -> _Verdict:
        """Judge whether the statement applies to the action."""
        negated = _nothing_known if self.lookup else None
        fits = _either(
            self.element,
            "Action",
            lambda value: _actions(value, action, None),
            lambda value: _actions(value, action, negated),
        )
        parts = (*self.parts, Part("Action", fits, _wanted(self.element, "Action")))
        applies = every(part.truth for part in parts)
        doubts = () if applies is not None else tuple(part.name for part in parts if part.truth is None)
        if self.allows is None and applies is not False:
            applies, doubts = None, (*doubts, "Effect")
        return _Verdict(self.label, self.allows, applies, doubts, parts)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether a statement applies to an action; open because of ``doubts``."""

    label: str
    allows: Truth
    applies: Truth
    doubts: tuple[str, ...]
    parts: tuple[Part, ...]

    def miss(self) -> Miss:
        """Return why the statement does not apply: the parts that do not fit, each once."""
        unfit = (Misfit(part.name, part.wanted, part.absent) for part in self.parts if part.truth is False)
        return Miss(self.label, _EFFECTS[self.allows], tuple(dict.fromkeys(unfit)))


_EFFECTS: Mapping[Truth, str] = {True: "Allow", False: "Deny", None: ""}


def _statements(document: PolicyDocument) -> Iterator[tuple[str, Any, bool]]:
    """Yield each statement with its label and whether policy variables count in it."""
    if not isinstance(document, Mapping) or "Statement" not in document:
        yield "#1", None, False
        return
    listed = document["Statement"]
    variables = document.get("Version") == "2012-10-17"
    for number, statement in enumerate(listed if isinstance(listed, list | tuple) else [listed], start=1):
        sid = statement.get("Sid") if isinstance(statement, Mapping) else None
        yield sid if isinstance(sid, str) and sid else f"#{number}", statement, variables


def _judge_statement(label: str, statement: Any, variables: bool, request: Request) -> _Statement:
    element = statement if isinstance(statement, Mapping) else {"Statement": statement}
    circumstances = Circumstances(
        {key.lower(): values for key, values in request.context.items()}, complete=request.complete
    )
    lookup = circumstances.variable if variables else None
    parts = [Part(str(name), None) for name in element if name not in _ELEMENTS]
    parts.append(Part("Principal", _names_principal(element, request.principal, variables=variables)))
    resources = _wanted(element, "Resource")
    parts.append(Part("Resource", _names_resource(element, request.resource, lookup), resources))
    if "Condition" in element:
        parts += judge_conditions(element["Condition"], circumstances, variables=variables)
    effect = element.get("Effect")
    allows = {"Allow": True, "Deny": False}.get(effect) if isinstance(effect, str) else None
    return _Statement(label, allows, tuple(parts), element, lookup)


def _decide_action(action: str, statements: list[_Statement]) -> Decision:
    judged = [statement.judge(action) for statement in statements]
    # Whatever has neither effect may have either.
    allows = [verdict for verdict in judged if verdict.allows is not False]
    denies = [verdict for verdict in judged if verdict.allows is not True]
    denied, admitted = some(verdict.applies for verdict in denies), some(verdict.applies for verdict in allows)
    misses = tuple(verdict.miss() for verdict in judged if verdict.applies is False)
    if denied:
        return Decision(Outcome.DENIED, (action,), _applying(denies), misses=misses, admitted=bool(admitted))
    if admitted is False:
        return Decision(Outcome.NOT_ADMITTED, (action,), misses=misses)
    if admitted and denied is False:
        return Decision(Outcome.ALLOWED, (action,), _applying(allows), misses=misses, admitted=True)
    # An Allow that is certain leaves only the Denies in doubt.
    open_ones = [verdict for verdict in (denies if admitted else allows + denies) if verdict.applies is None]
    return Decision(
        Outcome.UNDECIDABLE,
        (action,),
        tuple(verdict.label for verdict in open_ones),
        tuple(doubt for verdict in open_ones for doubt in verdict.doubts),
        misses,
        bool(admitted),
    )


def _applying(verdicts: Iterable[_Verdict]) -> tuple[str, ...]:
    return tuple(verdict.label for verdict in verdicts if verdict.applies)


def _wanted(element: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return what a statement has as ``Name`` or ``NotName``, for saying why it misses."""
    return scalars(element.get(name, element.get(f"Not{name}", ()))) or ()


#: Whether what a statement has as an element matches what was asked.
_Matcher: TypeAlias = Callable[[Any], Truth]


def _either(element: Mapping[str, Any], name: str, matches: _Matcher, named_not: _Matcher) -> Truth:
    """Judge ``Name`` or ``NotName``, whichever the statement has; with both or neither it is malformed."""
    if (name in element) is (f"Not{name}" in element):
        return None
    return matches(element[name]) if name in element else negate(named_not(element[f"Not{name}"]))


def _nothing_known(_: str) -> str:
    """Fill a variable where none is allowed: nobody documents what it would mean there."""
    return UNKNOWN


def _names_principal(element: Mapping[str, Any], principal: Principal | None, *, variables: bool) -> Truth:
    if principal is None:
        return None if "Principal" in element or "NotPrincipal" in element else True
    named = partial(_is_named, principal=principal, variables=variables)
    return _either(element, "Principal", named, named)


def _is_named(value: Any, principal: Principal, *, variables: bool) -> Truth:
    if value == "*":
        return True
    if not isinstance(value, Mapping):
        return None
    return some(_is_named_as(str(kind), names, principal, variables=variables) for kind, names in value.items())


def _is_named_as(kind: str, value: Any, principal: Principal, *, variables: bool) -> Truth:
    names = scalars(value)
    if names is None or kind not in _PRINCIPAL_KINDS:
        return None
    if kind == "AWS" and "*" in names:
        return True
    if kind != principal.kind:
        return False
    # AWS knows no wildcard and no variable inside a principal's name; what it would make of one is not documented.
    strange = ("*", "?", "${") if variables else ("*", "?")
    return some(
        True if name in principal.names else None if any(sign in name for sign in strange) else False for name in names
    )


def _names_resource(element: Mapping[str, Any], resource: Value | None, lookup: Lookup | None) -> Truth:
    if resource is None:
        return None if "Resource" in element or "NotResource" in element else True
    return _either(
        element,
        "Resource",
        lambda value: _resources(value, resource, lookup),
        lambda value: _resources(value, resource, negatable(lookup)),
    )


def _resources(value: Any, resource: Value, lookup: Lookup | None) -> Truth:
    texts = scalars(value)
    return None if texts is None else some(compile_pattern(text, lookup).matches(resource) for text in texts)


def _actions(value: Any, action: str, lookup: Lookup | None) -> Truth:
    texts = scalars(value)
    if texts is None:
        return None
    return some(compile_pattern(text.lower(), lookup).matches(action.lower()) for text in texts)
