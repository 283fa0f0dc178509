"""What Prometheus can scrape from a bot that keeps running."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.telemetry.log import Audit, Call, Telemetry


class MeasuredTelemetry(Telemetry):
    """Telemetry that is counted too. Each bot has a registry of its own."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self._questions = Counter(
            "msk_role_questions", "Questions and button presses.", ["kind", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "msk_role_question_seconds",
            "Seconds from the request to its delivered result.",
            ["kind"],
            buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32),
            registry=registry,
        )
        self._pending = Gauge("msk_role_work_pending", "Questions running or waiting.", registry=registry)
        self._aws = Counter("msk_role_aws_calls", "Requests to AWS.", ["operation", "outcome"], registry=registry)
        self._throttles = Counter(
            "msk_role_aws_throttles", "Requests that AWS throttled.", ["operation"], registry=registry
        )
        self._gaps = Counter("msk_role_gaps", "Reads that an answer lacked.", ["operation", "cause"], registry=registry)
        self._slack = Counter(
            "msk_role_slack_refusals", "Requests that Slack refused or lost.", ["method", "cause"], registry=registry
        )
        self._signatures = Counter(
            "msk_role_bad_signatures", "Requests whose signature did not hold.", registry=registry
        )

    def question(self, audit: Audit) -> None:
        """Write the audit record of one question, and count it."""
        super().question(audit)
        self._questions.labels(audit.kind, audit.outcome).inc()
        self._seconds.labels(audit.kind).observe(audit.seconds)

    def aws_call(self, call: Call) -> None:
        """Count one request to AWS."""
        super().aws_call(call)
        operation = f"{call.service}:{call.operation}"
        self._aws.labels(operation, call.outcome).inc()
        if call.throttled:
            self._throttles.labels(operation).inc()

    def gap(self, operation: str, cause: str) -> None:
        """Count one read that an answer had to do without."""
        super().gap(operation, cause)
        self._gaps.labels(operation, cause).inc()

    def pending(self, questions: int) -> None:
        """Keep the number of questions that are running or waiting."""
        super().pending(questions)
        self._pending.set(questions)

    def slack_refused(self, method: str, cause: str) -> None:
        """Log and count one request that Slack refused or that did not reach it."""
        super().slack_refused(method, cause)
        self._slack.labels(method, cause).inc()

    def bad_signature(self) -> None:
        """Log and count one request that was refused for its signature."""
        super().bad_signature()
        self._signatures.inc()

    def exposition(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        return generate_latest(self.registry)
