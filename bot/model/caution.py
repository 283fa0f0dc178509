"""Warnings: what a reader must know before acting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.finding import EvidenceRef, Reason


class CautionCode(StrEnum):
    """The warnings the bot gives, gravest first: the order in which somebody has to act. ``warnings`` in JSON."""

    ROLE_MISSING = "role-missing"
    TRUST_POLICY_DENIES_MSK_CONNECT = "trust-policy-denies-msk-connect"
    TRUST_POLICY_STALE_SOURCE_ARN = "trust-policy-stale-source-arn"
    ROLE_OPEN_TO_ANYBODY = "role-open-to-anybody"
    ASSUME_ROLE_FAILING = "assume-role-failing"
    #: A connector needs it continuously, and it has not been assumed for longer than any session lasts.
    ROLE_WENT_SILENT = "role-went-silent"
    ROLE_RECREATED = "role-recreated"
    EXECUTION_ROLE_NOT_A_ROLE = "execution-role-not-a-role"
    SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE = "service-linked-role-as-execution-role"
    ROLE_ASSUMED_BY_OTHERS = "role-assumed-by-others"
    ROLE_REFERRED_TO_ELSEWHERE = "role-referred-to-elsewhere"
    LOG_GRANT_MISSING = "log-grant-missing"
    LOG_POLICY_QUOTA = "log-policy-quota"
    STATIC_CREDENTIALS = "static-credentials"
    PLAINTEXT_SECRET = "plaintext-secret"  # noqa: S105  a code, not a secret
    TRUST_POLICY_CONFUSED_DEPUTY = "trust-policy-confused-deputy"
    #: What decides it was not read, or is not documented.
    TRUST_POLICY_UNDECIDED = "trust-policy-undecided"
    NON_AWS_ENDPOINT = "non-aws-endpoint"
    UNKNOWN_CONNECTOR_CLASS = "unknown-connector-class"
    UNKNOWN_CREDENTIALS_PROVIDER = "unknown-credentials-provider"
    AUTHENTICATION_TYPE_UNKNOWN = "authentication-type-unknown"
    CONFIG_PROVIDER_MISPLACED = "config-provider-misplaced"
    UNRESOLVED_CONFIG_PROVIDER = "unresolved-config-provider"
    WORKER_CONFIGURATION_MISSING = "worker-configuration-missing"
    ASSUME_ROLE_FALLBACK = "assume-role-fallback"
    LOG_GRANT_UNREADABLE = "log-grant-unreadable"
    ROLE_SHARED = "role-shared"
    INERT_CLIENT_SETTINGS = "inert-client-settings"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a reader must know before acting. ``reason.code`` is the caution's code unless a finer one exists."""

    code: CautionCode
    reason: Reason
    evidence: tuple[EvidenceRef, ...] = ()
