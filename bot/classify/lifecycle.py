"""What MSK Connect does for every connector, whatever its plugin."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogue import Catalogue
from bot.model import (
    ARTICLE,
    MSK_CONNECT_PRINCIPAL,
    MSK_CONNECT_SERVICE_LINKED_ROLE,
    Activity,
    Basis,
    Component,
    CustomPlugin,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Finding,
    PermissionPath,
    Reason,
    ReasonCode,
    Timing,
    service_linked_role_arn,
)

_SERVICE_LINKED_ROLE_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide/mkc-service-linked-roles.html"
_ROLE = (EvidenceRef(EvidenceKind.API, "serviceExecutionRoleArn"),)


def findings(evidence: Evidence, _: Catalogue) -> Iterator[Finding]:
    """Yield plugin download, update validation and credential renewal by the role, and the network interfaces."""
    role = evidence.connector.role_arn or None
    yield Finding(
        activity=Activity.PLUGIN_DOWNLOAD,
        component=Component.WORKER,
        subject="s3",
        path=PermissionPath.EXECUTION_ROLE,
        basis=Basis.DOCUMENTED,
        reason=Reason(ReasonCode.ROLE_READS_PLUGIN),
        source=ARTICLE,
        principal=role,
        actions=("s3:GetObject",),
        resources=tuple(
            f"{plugin.bucket_arn}/{plugin.file_key}"
            for plugin in evidence.custom_plugins
            if isinstance(plugin, CustomPlugin) and plugin.bucket_arn
        ),
        # UpdateConnector changes plugins and worker settings too, and new workers read the plugin.
        timing=(Timing.CREATION, Timing.RESTART, Timing.FAILOVER, Timing.UPDATE),
        evidence=_ROLE,
    )
    yield Finding(
        activity=Activity.UPDATE_VALIDATION,
        component=Component.WORKER,
        subject="kafkaconnect",
        path=PermissionPath.EXECUTION_ROLE,
        basis=Basis.DOCUMENTED,
        reason=Reason(ReasonCode.ROLE_VALIDATES_UPDATE),
        source=ARTICLE,
        principal=role,
        timing=(Timing.UPDATE,),
        evidence=_ROLE,
    )
    yield Finding(
        activity=Activity.CREDENTIAL_RENEWAL,
        component=Component.WORKER,
        subject="sts",
        path=PermissionPath.EXECUTION_ROLE,
        basis=Basis.DOCUMENTED,
        reason=Reason(ReasonCode.ROLE_CREDENTIALS_EXPIRE),
        source=ARTICLE,
        principal=role,
        timing=(Timing.CREDENTIAL_EXPIRY,),
        evidence=_ROLE,
    )
    yield _network_interfaces(evidence)


def _network_interfaces(evidence: Evidence) -> Finding:
    connector = evidence.connector
    return Finding(
        activity=Activity.NETWORK_INTERFACES,
        component=Component.WORKER,
        subject="ec2",
        path=PermissionPath.SERVICE_LINKED_ROLE,
        basis=Basis.DOCUMENTED,
        reason=Reason(ReasonCode.SERVICE_LINKED_ROLE_MANAGES_INTERFACES, {"role": MSK_CONNECT_SERVICE_LINKED_ROLE}),
        source=_SERVICE_LINKED_ROLE_GUIDE,
        principal=service_linked_role_arn(
            connector.partition, connector.account, MSK_CONNECT_PRINCIPAL, MSK_CONNECT_SERVICE_LINKED_ROLE
        )
        if connector.account
        else None,
        timing=(Timing.CREATION, Timing.RESTART, Timing.FAILOVER),
        evidence=(EvidenceRef(EvidenceKind.API, "kafkaCluster.apacheKafkaCluster.vpc"),),
    )
