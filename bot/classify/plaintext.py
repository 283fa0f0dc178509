"""Which settings hold a secret in clear: by the key's name, or by the form of the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.classify.jaas import parse_jaas
from bot.classify.reference import without_references

# Endings of a key without its punctuation, in lower case. AWS access key ids count: they are half of a pair.
_ENDINGS = (
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "secretkey",
    "secretkeyid",
    "secretaccesskey",
    "accesskey",
    "accesskeyid",
    "privatekey",
    "accountkey",
    "masterkey",
    "customerkey",
    "saskey",
    "apikey",
    "token",
    "credential",
    "userinfo",
    "authorization",
)
_PUNCTUATION = str.maketrans("", "", "._-")
_NO_SECRETS = frozenset({"true", "false", "none", "null", "user_info", "url", "inherit", "sasl_inherit"})
# Each form of a value that holds a secret: a text without which it cannot be there, and the pattern itself.
_FORMS = (
    ("://", re.compile(r"://[^\s/:@]*:(?P<secret>[^\s/@]+)@")),
    ("jdbc:oracle:", re.compile(r"^jdbc:oracle:\w+:[^/\s@]+/(?P<secret>[^@\s]+)@")),
    ("uthorization", re.compile(r"authorization\s*[:=]\s*(?:basic|bearer)\s+(?P<secret>\S+)", re.IGNORECASE)),
    ("-----BEGIN", re.compile(r"-----BEGIN [A-Z ]*(?P<secret>PRIVATE KEY)-----")),
    ("private_key", re.compile(r'"(?P<secret>private_key)"\s*:')),
)
# Names and values that one setting holds several of: the parameters of a URL, and HTTP headers.
_PARAMETER = re.compile(r"[?&;]\s*([\w.-]+)\s*=\s*([^&;\s]+)")
_HEADER = re.compile(r"(?:^|[|,;\n])\s*([\w-]+)\s*:\s*(?:(?:basic|bearer)\s+)?([^|,;\s]+)", re.IGNORECASE)
_GAP = "\0"


def plaintext_secrets(properties: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys whose value is, or holds, a secret that is written out instead of referred to."""
    for key, value in properties.items():
        if value.strip() and (_names_secret(key, value) or _holds_secret(key, value)):
            yield key


def names_credentials(key: str) -> bool:
    """Whether a setting holds credentials, to judge by its name."""
    return _is_secret_key(key) or key.endswith(("sasl.jaas.config", ".user", ".username", ".url", ".uri"))


def _is_secret_key(key: str) -> bool:
    return key.lower().translate(_PUNCTUATION).endswith(_ENDINGS)


def _names_secret(key: str, value: str) -> bool:
    return _is_secret_key(key) and _is_literal(value)


def _is_literal(value: str) -> bool:
    rest = without_references(value).strip()
    return bool(rest.strip("*")) and rest.lower() not in _NO_SECRETS and not rest.startswith("$${")


def _holds_secret(key: str, value: str) -> bool:
    if key.endswith("sasl.jaas.config"):
        return any(_names_secret(name, option) for name, option in parse_jaas(value).options.items())
    pairs = _PARAMETER.findall(value) + (_HEADER.findall(value) if "header" in key.lower() else [])
    if any(_names_secret(name, held) for name, held in pairs):
        return True
    patterns = [pattern for mark, pattern in _FORMS if mark in value]
    text = without_references(value, _GAP) if patterns else ""
    return any(match["secret"].strip(_GAP) for pattern in patterns for match in pattern.finditer(text))
