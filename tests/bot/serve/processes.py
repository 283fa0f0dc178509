"""The bot as a process of its own, as an operator starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def surroundings(*parts: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with nothing of the developer's own Slack or AWS in it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {name: value for part in (kept, *parts) for name, value in part.items()}


#: Runs the bot as a user who may write nowhere but in the directory for temporary files.
_WRITES_NOWHERE = """
import os, runpy, sys, tempfile
allowed = (os.path.realpath(tempfile.gettempdir()) + os.sep, "/dev/", "/proc/self/")
changes = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate"}
def hook(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        writes = any(letter in (mode or "") for letter in "wax+") or (mode is None and flags & 3)
    else:
        path, writes = (arguments or ("",))[0], event in changes
    if writes and isinstance(path, str) and not os.path.realpath(path).startswith(allowed):
        os.write(2, f"WROTE {event} {path}".encode())
        raise PermissionError(13, "Permission denied", path)
sys.addaudithook(hook)
sys.argv[0] = "bot"
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


class Process:
    """``python -m bot serve …`` with probes on ``port``. A context manager, which kills what is left."""

    def __init__(self, environment: Mapping[str, str], *arguments: str, writes_nowhere: bool = False) -> None:
        self.port = free_port()
        port_setting = "MSK_ROLE_HTTP_PORT" if "--http" in arguments else "MSK_ROLE_METRICS_PORT"
        self._process = subprocess.Popen(
            [sys.executable, *(("-c", _WRITES_NOWHERE) if writes_nowhere else ("-m", "bot")), "serve", *arguments],
            cwd=ROOT,
            env={**environment, port_setting: str(self.port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            self._lines.append(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join(5)

    @property
    def log(self) -> str:
        """Everything on standard error so far."""
        return "".join(self._lines)

    def probe(self, path: str) -> tuple[int, str]:
        """Return status and body of a probe; status 0 where nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def wait_ready(self, seconds: float = 20) -> float:
        """Wait until questions are heard, and return the seconds that took."""
        started = time.monotonic()
        while self.probe("/readyz")[0] != 200:
            assert self._process.poll() is None, self.log
            assert time.monotonic() - started < seconds, self.log
            time.sleep(0.02)
        return time.monotonic() - started

    def wait_for(self, text: str, seconds: float = 20) -> None:
        """Wait until the log says something."""
        started = time.monotonic()
        while text not in self.log:
            assert time.monotonic() - started < seconds, self.log
            time.sleep(0.02)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 20) -> int:
        """Wait for the end and return the exit status."""
        status = self._process.wait(seconds)
        self._reader.join(5)
        return status
