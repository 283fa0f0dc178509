"""How many requests a second the embedded AWS itself answers, so that a load figure can be read against it."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Probe:
    """One request as it goes over the wire."""

    service: str
    method: str
    path: str
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def send(self, connection: HTTPConnection) -> int:
        """Send it and read the answer; return the HTTP status."""
        scope = f"Credential=AKIASANDBOX000000001/20260101/eu-west-1/{self.service}/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0", **dict(self.headers)}
        connection.request(self.method, self.path, self.body, headers)
        response = connection.getresponse()
        response.read()
        return response.status


_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_LOOKUP = (
    ("Content-Type", "application/x-amz-json-1.1"),
    ("X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"),
)
_ROLE = {"AttributeKey": "ResourceName", "AttributeValue": "arn:aws:iam::111122223333:role/orders-s3-sink-role"}

#: An operation of our own, one of moto's, and the heaviest answer.
PROBES: Mapping[str, Probe] = {
    "kafkaconnect:ListConnectors": Probe("kafkaconnect", "GET", "/v1/connectors"),
    "iam:GetRole": Probe("iam", "POST", "/", "Action=GetRole&Version=2010-05-08&RoleName=orders-s3-sink-role", _FORM),
    "cloudtrail:LookupEvents": Probe("cloudtrail", "POST", "/", json.dumps({"LookupAttributes": [_ROLE]}), _LOOKUP),
}


def measure(endpoint_url: str, seconds: float = 1.0, connections: int = 4) -> dict[str, float]:
    """Return the requests a second of each probe, over kept-alive connections, without a client library's cost."""
    return {operation: _rate(probe, endpoint_url, seconds, connections) for operation, probe in PROBES.items()}


def _rate(probe: Probe, endpoint_url: str, seconds: float, connections: int) -> float:
    netloc = urlsplit(endpoint_url).netloc
    counts: list[int] = []
    until = time.monotonic() + seconds

    def work() -> None:
        connection, count = HTTPConnection(netloc, timeout=30), 0
        while time.monotonic() < until:
            if probe.send(connection) != 200:
                break
            count += 1
        connection.close()
        counts.append(count)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds
