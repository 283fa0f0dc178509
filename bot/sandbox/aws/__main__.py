"""Run the embedded AWS in this process: ``python -m bot.sandbox.aws``.

The first line on standard output is a JSON object with ``url``. The process ends when its standard input is closed,
so that it never outlives the process that started it.
"""

import argparse
import json
import os
import sys
import threading


def main() -> None:
    """Start, say where, and serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.aws")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--empty", action="store_true", help="start without the scenario")
    arguments = parser.parse_args()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # moto and botocore would heed the caller's own profile and endpoints.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]

    from bot.sandbox.aws.assembly import assemble  # noqa: PLC0415  # the watch on the parent comes first
    from bot.sandbox.aws.server import Server  # noqa: PLC0415

    server = Server(assemble(with_scenario=not arguments.empty), arguments.port)
    sys.stdout.write(json.dumps({"url": server.url}) + "\n")
    sys.stdout.flush()
    server.serve_forever()


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
