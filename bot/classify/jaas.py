"""The value of ``sasl.jaas.config``: ``LoginModule flag option="value" …;``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.classify.reference import has_reference
from bot.model import Properties

_MODULE = re.compile(r"\s*([A-Za-z_][\w.$]*)")
# The look-behind keeps a long text without any option from being tried at each of its letters.
_OPTION = re.compile(r"""(?<![\w.$-])([\w.$-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))""")


@dataclass(frozen=True, slots=True)
class Jaas:
    """One login module with its options. Options live in ``Properties`` since they hold passwords."""

    module: str
    options: Properties
    #: Whether a reference stands where options do, so that some of them are not known.
    opaque: bool = False


def parse_jaas(text: str) -> Jaas:
    """Take a JAAS entry apart. Never raises: what is no JAAS entry has an empty module and no options."""
    module = _MODULE.match(text)
    options = {
        m[1]: next(value for value in (m[2], m[3], m[4], "") if value is not None) for m in _OPTION.finditer(text)
    }
    opaque = has_reference(_OPTION.sub("", text))
    return Jaas(module[1] if module else "", Properties(options), opaque)
