"""``python -m tests.bench [NAME …]``: what the project measures, each figure beside its bound."""

from __future__ import annotations

import importlib
import os
import sys

BENCHES = ("classify", "latency", "load", "history", "start")


def main(names: list[str]) -> int:
    """Run the named benches, or all of them; 2 for a name that is none."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    print(f"cores: {os.cpu_count()}")
    for name in names or BENCHES:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"tests.bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
