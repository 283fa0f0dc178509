"""As much of AWS Lambda as the bot meets: a Function URL, an API Gateway, Invoke, and processes that run the function.

Each instance is a process of its own that imports the handler once, works on one event at a time, and keeps what it
holds in memory; instances share nothing. ``Invoke`` is served where ``AWS_ENDPOINT_URL_LAMBDA`` points.
"""

from __future__ import annotations

import base64
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

ROOT = Path(__file__).parents[3]
ARN = "arn:aws:lambda:eu-west-1:111122223333:function:msk-role"

_RUNTIME = """
import json, sys
from types import SimpleNamespace
from bot.serve.aws_lambda import handler
print("ready", flush=True)
for line in sys.stdin:
    context = SimpleNamespace(function_name="msk-role", invoked_function_arn=sys.argv[1], aws_request_id="1")
    print(json.dumps(handler(json.loads(line), context)), flush=True)
"""


class Instance:
    """One execution environment."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUNTIME, ARN],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._one_at_a_time = threading.Lock()
        self._log: list[str] = []
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        assert self._line() == "ready\n", self.log

    def _read_log(self) -> None:
        assert self._process.stderr
        self._log.extend(self._process.stderr)

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    @property
    def log(self) -> str:
        return "".join(self._log)

    def invoke(self, event: Mapping[str, Any]) -> dict[str, Any]:
        with self._one_at_a_time:
            assert self._process.stdin
            self._process.stdin.write(json.dumps(event) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._line())
            return answer

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(5)


@dataclass
class LambdaService:
    """Instances behind a front door. A context manager."""

    environment: Mapping[str, str]
    instances: int = 1
    #: The payload version that Slack's requests are wrapped into.
    version: str = "2.0"
    #: How often each asynchronous invocation is delivered; AWS promises at least once.
    deliveries: int = 1
    #: Set to refuse Invoke with this error code.
    refuse_invoke: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._queue: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        environment = {**self.environment, "AWS_ENDPOINT_URL_LAMBDA": self.url, "AWS_REGION": "eu-west-1"}
        self.running = [Instance(environment) for _ in range(self.instances)]
        self._next = 0
        self._worker = threading.Thread(target=self._deliver, daemon=True)
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._worker.join(30)
        for instance in self.running:
            instance.close()
        self._server.shutdown()
        self._server.server_close()

    @property
    def log(self) -> str:
        return "".join(instance.log for instance in self.running)

    def invoke(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Run one event on the next instance, in turn."""
        self._next += 1
        return self.running[self._next % len(self.running)].invoke(event)

    def settle(self) -> None:
        """Wait until all asynchronous invocations so far have been worked on."""
        self._queue.join()

    def _deliver(self) -> None:
        while (event := self._queue.get()) is not None:
            for _ in range(self.deliveries):
                self.invoke(event)
            self._queue.task_done()

    def event(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Wrap an HTTP request as a Function URL (2.0) or an API Gateway REST API (1.0) does."""
        if self.version == "2.0":
            http = {"method": "POST", "path": "/slack/events", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
            return {
                "version": "2.0",
                "rawPath": "/slack/events",
                "headers": {name.lower(): value for name, value in headers.items()},
                "requestContext": {"http": http},
                "body": base64.b64encode(body).decode(),
                "isBase64Encoded": True,
            }
        return {
            "version": "1.0",
            "path": "/slack/events",
            "httpMethod": "POST",
            "headers": dict(headers),
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "requestContext": {"httpMethod": "POST"},
            "body": body.decode(),
            "isBase64Encoded": False,
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path.startswith("/2015-03-31/functions/"):
                    self._invoke(body)
                else:
                    event = service.event(dict(self.headers.items()), body)
                    service.events.append(event)
                    answer = service.invoke(event)
                    self._send(answer["statusCode"], str(answer["body"]).encode(), answer["headers"])

            def _invoke(self, body: bytes) -> None:
                function = unquote(self.path.split("/")[3])
                assert function == ARN, function
                assert self.headers["X-Amz-Invocation-Type"] == "Event"
                if service.refuse_invoke:
                    refusal = {"Type": "User", "Message": "not authorized"}
                    self._send(403, json.dumps(refusal).encode(), {"x-amzn-errortype": service.refuse_invoke})
                else:
                    service._queue.put(json.loads(body))
                    self._send(202, b"", {})

            def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
