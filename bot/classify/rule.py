"""What a rule is: a plain generator over the evidence of one connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from bot.catalogue import Catalogue
from bot.model import Caution, Evidence, Finding

Rule: TypeAlias = Callable[[Evidence, Catalogue], Iterator[Finding]]
CautionRule: TypeAlias = Callable[[Evidence, Catalogue], Iterator[Caution]]
