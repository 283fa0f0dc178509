"""How one Kafka client proves who it is, from its effective settings.

The JAAS options that change the path are those of aws-msk-iam-auth's ``MSKCredentialProvider``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bot.classify.jaas import Jaas, parse_jaas
from bot.classify.reference import has_reference
from bot.classify.scope import Setting
from bot.model import Basis, PermissionPath, Properties, Reason, ReasonCode

PROTOCOL = "security.protocol"
MECHANISM = "sasl.mechanism"
JAAS = "sasl.jaas.config"
LOGIN_HANDLER = "sasl.login.callback.handler.class"
CLIENT_HANDLER = "sasl.client.callback.handler.class"
LOGIN_CLASS = "sasl.login.class"
#: The login module's option that names a role to assume.
ROLE_OPTION = "awsRoleArn"
SETTINGS = (PROTOCOL, MECHANISM, JAAS, LOGIN_HANDLER, CLIENT_HANDLER, LOGIN_CLASS)

_IAM_HANDLERS = "software.amazon.msk.auth.iam."
# Handlers that fetch a token from an OAuth server; any other class may do anything.
# Classes that log a client in, by what they end with: plugins repackage them under names of their own.
_LOGIN_MODULES = (
    "software.amazon.msk.auth.iam.IAMLoginModule",
    "org.apache.kafka.common.security.scram.ScramLoginModule",
    "org.apache.kafka.common.security.plain.PlainLoginModule",
    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
    "com.sun.security.auth.module.Krb5LoginModule",
    "com.ibm.security.auth.module.Krb5LoginModule",
)
_CLIENT_CLASSES = ("org.apache.kafka.", "io.confluent.", "io.strimzi.", _IAM_HANDLERS)
_TOKEN_HANDLERS = ("org.apache.kafka.", "io.confluent.", "io.strimzi.")

ClientSettings = Mapping[str, Setting]


class Base(Enum):
    """What holds where a client's own settings say nothing."""

    #: The worker's settings, by the connector's authentication type.
    IAM = auto()
    NONE = auto()
    UNKNOWN_TYPE = auto()
    #: Kafka's defaults.
    NOTHING = auto()
    #: Perhaps the worker's settings.
    UNCERTAIN = auto()


@dataclass(frozen=True, slots=True)
class Authentication:
    """The path, and what decided it. ``role_arn`` is the assumed role's, where it is written out."""

    path: PermissionPath
    basis: Basis
    reason: Reason
    decided_by: tuple[str, ...] = ()
    via: PermissionPath | None = None
    role_arn: str | None = None
    #: Whether a failing AssumeRole silently falls back to the default chain.
    falls_back: bool = False


_OF_BASE: Mapping[Base, tuple[PermissionPath, Basis, ReasonCode]] = {
    Base.IAM: (PermissionPath.EXECUTION_ROLE, Basis.CONFIGURED, ReasonCode.AUTHENTICATION_TYPE_IAM),
    Base.NONE: (PermissionPath.NO_IAM, Basis.CONFIGURED, ReasonCode.AUTHENTICATION_TYPE_NONE),
    Base.UNKNOWN_TYPE: (PermissionPath.UNKNOWN, Basis.UNKNOWN, ReasonCode.AUTHENTICATION_TYPE_UNKNOWN),
    Base.NOTHING: (PermissionPath.NO_IAM, Basis.DOCUMENTED, ReasonCode.CLIENT_USES_NO_AUTHENTICATION),
    Base.UNCERTAIN: (PermissionPath.UNKNOWN, Basis.UNKNOWN, ReasonCode.UNVERIFIED_CLAIM),
}
_BASE_EVIDENCE = frozenset({Base.IAM, Base.NONE, Base.UNKNOWN_TYPE})
_AUTHENTICATION_TYPE = "kafkaClusterClientAuthentication.authenticationType"
_WITHOUT_SASL: Mapping[str, ReasonCode] = {
    "SSL": ReasonCode.CLIENT_USES_TLS,
    "PLAINTEXT": ReasonCode.CLIENT_USES_NO_AUTHENTICATION,
}


#: Mechanisms that IAM has no part in, by what stands before a dash.
_OWN_LOGINS: Mapping[str, ReasonCode] = {
    "SCRAM": ReasonCode.CLIENT_USES_SCRAM,
    "PLAIN": ReasonCode.CLIENT_USES_PLAIN,
    "GSSAPI": ReasonCode.CLIENT_USES_KERBEROS,
}


def authenticate(own: ClientSettings, base: Base) -> Authentication:
    """Decide how a client with these settings of its own authenticates."""
    protocol, mechanism = _upper(own, PROTOCOL), _upper(own, MECHANISM)
    if has_reference(protocol) or has_reference(mechanism):
        return _unknown(own, ReasonCode.CLIENT_SETTINGS_UNRESOLVED, PROTOCOL, MECHANISM)
    if protocol in _WITHOUT_SASL:
        return _no_iam(own, _WITHOUT_SASL[protocol], PROTOCOL)
    if not mechanism:
        return _inherited(own, base, protocol)
    return _by_mechanism(own, mechanism)


def _inherited(own: ClientSettings, base: Base, protocol: str) -> Authentication:
    if unknown := _unknown_classes(own):
        return _unknown(own, ReasonCode.CLIENT_LOGIN_UNKNOWN, *unknown)
    if base is Base.IAM and JAAS in own:
        return _iam(own)
    if protocol and base in (Base.NONE, Base.NOTHING):
        # SASL without a mechanism means Kafka's default mechanism, GSSAPI.
        return _no_iam(own, ReasonCode.CLIENT_USES_KERBEROS, PROTOCOL)
    path, basis, code = _OF_BASE[base]
    decided_by = (_AUTHENTICATION_TYPE,) if base in _BASE_EVIDENCE else ()
    return Authentication(path, basis, Reason(code), decided_by)


def _by_mechanism(own: ClientSettings, mechanism: str) -> Authentication:
    if unknown := _unknown_classes(own):
        return _unknown(own, ReasonCode.CLIENT_LOGIN_UNKNOWN, *unknown)
    if mechanism == "AWS_MSK_IAM":
        return _iam(own)
    if mechanism == "OAUTHBEARER":
        return _oauth(own)
    if code := _OWN_LOGINS.get(mechanism.partition("-")[0]):
        return _no_iam(own, code, MECHANISM)
    return _unknown(own, ReasonCode.CLIENT_MECHANISM_UNKNOWN, MECHANISM)


def _unknown_classes(own: ClientSettings) -> tuple[str, ...]:
    """Return the settings that name a class nobody knows to log the client in: it may take its credentials anywhere."""
    named = {name: own[name].value for name in (CLIENT_HANDLER, LOGIN_CLASS) if name in own}
    strange = [name for name, value in named.items() if not any(known in value for known in _CLIENT_CLASSES)]
    module = parse_jaas(own[JAAS].value).module if JAAS in own else ""
    if "." in module and not module.endswith(_LOGIN_MODULES):
        strange.append(JAAS)
    return tuple(strange)


def _oauth(own: ClientSettings) -> Authentication:
    handler = own[LOGIN_HANDLER].value if LOGIN_HANDLER in own else ""
    if handler.startswith(_IAM_HANDLERS):
        return _iam(own)
    if not handler or handler.startswith(_TOKEN_HANDLERS):
        return _no_iam(own, ReasonCode.CLIENT_USES_OAUTH, MECHANISM, LOGIN_HANDLER)
    return _unknown(own, ReasonCode.CLIENT_MECHANISM_UNKNOWN, MECHANISM, LOGIN_HANDLER)


def _iam(own: ClientSettings) -> Authentication:
    jaas = parse_jaas(own[JAAS].value) if JAAS in own else Jaas("", Properties())
    if jaas.opaque:
        return _unknown(own, ReasonCode.CLIENT_SETTINGS_UNRESOLVED, JAAS)
    options = {name: value.strip() for name, value in jaas.options.items()}
    # Anything but "true" disables it, as Java's Boolean.parseBoolean has it.
    only_named = not _may_be_true(options.get("awsAddDefaultProviders", "true"))
    decided_by = _names(own, MECHANISM, LOGIN_HANDLER, JAAS)
    if role := options.get(ROLE_OPTION):
        static = bool(options.get("awsRoleAccessKeyId") and options.get("awsRoleSecretAccessKey"))
        return Authentication(
            PermissionPath.ASSUMED_ROLE,
            Basis.CONFIGURED,
            Reason(ReasonCode.CLIENT_ASSUMES_ROLE, {} if has_reference(role) else {"role": role}),
            decided_by,
            via=PermissionPath.STATIC_CREDENTIALS if static else PermissionPath.EXECUTION_ROLE,
            role_arn=None if has_reference(role) else role,
            falls_back=not only_named,
        )
    if only_named:
        code = ReasonCode.NAMED_PROFILE if options.get("awsProfileName") else ReasonCode.CREDENTIALS_MISSING
        return _unknown(own, code, JAAS)
    if options.get("awsProfileName"):
        # Without a profile file the named profile fails, and the default chain that follows it gives the role.
        return Authentication(
            PermissionPath.EXECUTION_ROLE, Basis.DOCUMENTED, Reason(ReasonCode.NAMED_PROFILE), decided_by
        )
    return Authentication(
        PermissionPath.EXECUTION_ROLE, Basis.CONFIGURED, Reason(ReasonCode.CLIENT_USES_IAM), decided_by
    )


def _may_be_true(value: str) -> bool:
    return value.lower() == "true" or has_reference(value)


def _upper(own: ClientSettings, name: str) -> str:
    return own[name].value.upper() if name in own else ""


def _names(own: ClientSettings, *names: str) -> tuple[str, ...]:
    return tuple(own[name].name for name in names if name in own and own[name].name)


def _no_iam(own: ClientSettings, code: ReasonCode, *decided_by: str) -> Authentication:
    return Authentication(PermissionPath.NO_IAM, Basis.CONFIGURED, Reason(code), _names(own, *decided_by))


def _unknown(own: ClientSettings, code: ReasonCode, *decided_by: str) -> Authentication:
    return Authentication(PermissionPath.UNKNOWN, Basis.UNKNOWN, Reason(code), _names(own, *decided_by))
