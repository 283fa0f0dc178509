"""The catalogue as text: one page of Markdown for the documentation, and a short list for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogue import Catalogue
from bot.catalogue.entry import ALWAYS, Access, Condition, Entry, Family, Key, Knowledge, PluginType, Rule
from bot.model import Activity

_INTRODUCTION = """\
# Plugins the classifier knows

Generated from `bot/catalogue/` by `python -m bot catalogue --markdown`; do not edit.

For each class: what it talks to, and the ordered rules by which the first that holds decides the permission path.
A rule without a condition holds always. A class that is not listed is *unknown*, never "no AWS". Values that are
`${…}` references count as set.

## Adding a plugin

One entry in a file of `bot/catalogue/families/`, and a row in the tables of `tests/bot/classify/`. For plugins of your
own, name a folder of such files by `MSK_ROLE_PLUGINS`: an entry of yours is found before any listed here, and
`python -m bot catalogue` marks it. A file that holds a mistake is refused with the name of the file and the entry.

```toml
"""
EXAMPLE = """\
title = "Acme's queue sink"
source = "https://git.example.com/acme/queue-sink"  # where the statements were read; an entry may have its own

[credentials.acme]  # the first rule that holds decides; the last one holds always
rules = [
    { when = { has = ["acme.role"] }, path = "assumed-role", via = "service-execution-role", role = "acme.role" },
    { when = { has = ["acme.key | acme.access.key", "acme.secret"] }, path = "static-credentials" },
    { when = { differs = { "acme.provider.class" = "@default-chain" } }, path = "unknown" },
    { path = "service-execution-role" },
]

[access.queue]  # a service of AWS by its IAM prefix, or `system = "…"` for anything else
service = "sqs"
credentials = "acme"
endpoints = [{ key = "acme.endpoint" }]  # one that is not AWS's comes before the rules
actions = ["sqs:SendMessage"]
resources = ["arn:{partition}:sqs:{region}:{account}:{acme.queue}"]

[client.audit]  # a Kafka client of its own: prefixes of its settings, a later one overriding an earlier one
component = "reporter"
layers = ["acme.audit."]
actions = ["kafka-cluster:Connect", "kafka-cluster:WriteData"]

[[connector]]  # or [[converter]], [[config-provider]], [[schema-history]], [[post-processor]], [[transform]]
classes = ["com.acme.QueueSinkConnector"]
kind = "sink"
access = ["queue"]
clients = ["audit"]
"""
_CONDITIONS = """\
```

A key is all spellings of one setting, the one that wins first. A condition may ask for `has`, `has-any`, `lacks`,
`equals`, `unless`, `differs` (set, and to none of these), `begins`, `lists` (an element of a comma-separated list),
`contains`, `hidden` (wholly a reference), `kind`, and `any` or `none` of several conditions; all parts must hold.
Classes that several families share are named `@default-chain` and the like, in `bot/catalogue/shared.toml`. In a
resource or a topic `A ?? B` is A where all its settings are there, else B.
"""

_KNOWLEDGE = {
    Knowledge.SOURCE: "read in the plugin's source",
    Knowledge.DOCUMENTATION: "from the vendor's documentation",
    Knowledge.EXAMPLE: "from public examples; the source is closed",
    Knowledge.UNVERIFIED: "not verified",
}
_HEADINGS = {
    PluginType.CONNECTOR: "Connectors",
    PluginType.CONVERTER: "Converters",
    PluginType.CONFIG_PROVIDER: "Config providers",
    PluginType.SCHEMA_HISTORY: "Schema histories",
    PluginType.POST_PROCESSOR: "Post-processors",
    PluginType.TRANSFORM: "Transformations and predicates",
}


def overview(catalogue: Catalogue) -> str:
    """Return one line a family: its name, how many classes it has, its title, and whether it is a deployer's own."""
    lines = []
    for family in catalogue.families:
        count = sum(len(entry.classes) + len(entry.packages) for entry in family.entries)
        own = " (your own)" if family.own else ""
        lines.append(f"{family.name:<18} {count:>3} classes  {family.title}{own}")
    return "\n".join(lines)


def markdown(catalogue: Catalogue) -> str:
    """Return the whole catalogue as Markdown, ending with a line break."""
    return "\n".join([f"{_INTRODUCTION}{EXAMPLE}{_CONDITIONS}", *(_family(family) for family in catalogue.families)])


def _family(family: Family) -> str:
    lines = [f"## {family.title}{' (your own)' if family.own else ''}", ""]
    for plugin_type in PluginType:
        entries = [entry for entry in family.entries if entry.plugin_type is plugin_type]
        if entries and plugin_type is not PluginType.CONNECTOR:
            lines += [f"### {_HEADINGS[plugin_type]}", ""]
        for entry in entries:
            lines += [*_entry(entry), ""]
    return "\n".join(lines)


def _entry(entry: Entry) -> Iterator[str]:
    names = [f"`{name}`" for name in entry.classes] + [f"`{package}*`" for package in entry.packages]
    kind = f"{entry.kind}; " if entry.kind else ""
    yield f"- {', '.join(names)} ({kind}[{_KNOWLEDGE[entry.knowledge]}]({entry.source}))"
    if not entry.access and not entry.clients and not entry.schema_history:
        yield "  - talks to nobody"
    for access in entry.access:
        yield from _access(access)
    if entry.schema_history:
        yield "  - Kafka client `schema-history`: `schema.history.internal.*`, before 2.0 `database.history.*`"
    for client in entry.clients:
        when = "" if client.when == ALWAYS else f", when {_condition(client.when)}"
        yield f"  - Kafka client `{client.component}`: {', then '.join(f'`{layer}*`' for layer in client.layers)}{when}"


def _access(access: Access) -> Iterator[str]:
    subject = access.subject or "the database of the URL"
    kind = "AWS" if access.activity is Activity.AWS_ACCESS else "external"
    when = "" if access.when == ALWAYS else f", when {_condition(access.when)}"
    below = "" if access.prefixes == ("",) else f", settings under {_listed(access.prefixes)}"
    yield f"  - {kind} `{subject}`{when}{below}"
    for endpoint in access.endpoints:
        path = "`unknown`, as it may be a custom domain" if endpoint.custom_domains else "`no-iam`"
        yield f"    - an endpoint in {_key(endpoint.key)} that is not AWS → {path}"
    if access.no_endpoints:
        yield f"    - no other endpoint: {access.no_endpoints}"
    for rule in access.rules:
        yield f"    - {_rule(rule)}"


def _rule(rule: Rule) -> str:
    path = f"`{rule.path}`" + (f" via `{rule.via}`" if rule.via else "") + ("" if rule.verified else " (not verified)")
    return path if rule.when == ALWAYS else f"{_condition(rule.when)} → {path}"


def _condition(condition: Condition) -> str:
    return " and ".join(_parts(condition))


def _parts(condition: Condition) -> Iterator[str]:
    if condition.kind:
        yield f"a {condition.kind}"
    for key in condition.has:
        yield f"{_key(key)} is set"
    if condition.has_any:
        yield f"{' or '.join(map(_key, condition.has_any))} is set"
    for key in condition.lacks:
        yield f"{_key(key)} is not set"
    for key in condition.hidden:
        yield f"{_key(key)} is wholly a reference"
    comparisons = (
        (condition.equals, "is"),
        (condition.unless, "is not"),
        (condition.differs, "is set, and not"),
        (condition.begins, "begins with"),
        (condition.lists, "lists"),
        (condition.contains, "contains"),
    )
    for pairs, verb in comparisons:
        for key, words in pairs:
            yield f"{_key(key)} {verb} {_listed(words)}"
    if condition.any:
        yield "(" + " or ".join(_condition(part) for part in condition.any) + ")"
    for part in condition.none:
        yield f"not ({_condition(part)})"


def _key(key: Key) -> str:
    return " / ".join(f"`{spelling}`" for spelling in key)


def _listed(words: tuple[str, ...]) -> str:
    return " or ".join(f"`{word}`" for word in words)
