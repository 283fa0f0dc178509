"""Why a finding is as it is: a few words for the table, and the whole sentence for the details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import ReasonCode
from bot.reply.wording import Templates


@dataclass(frozen=True, slots=True)
class Why:
    """``brief`` says how we know, in the table; ``full`` explains.

    Data: what the rule gave, and of the finding ``keys`` (its keys, where the rule named none), ``principal`` and
    ``service``.
    """

    brief: Templates
    full: Templates


_ARTICLE = ("AWS re:Post article",)

FINDINGS: Mapping[ReasonCode, Why] = {
    ReasonCode.ROLE_READS_PLUGIN: Why(
        _ARTICLE,
        ("MSK Connect downloads the custom plugin from S3 with the role, at each creation, restart and failover.",),
    ),
    ReasonCode.ROLE_VALIDATES_UPDATE: Why(
        _ARTICLE, ("An update of the connector is validated with the role's permissions before it takes effect.",)
    ),
    ReasonCode.ROLE_CREDENTIALS_EXPIRE: Why(
        _ARTICLE, ("The role's temporary credentials expire, and MSK Connect assumes the role again to renew them.",)
    ),
    ReasonCode.SERVICE_LINKED_ROLE_MANAGES_INTERFACES: Why(
        ("MSK Connect's own role, EC2 only",),
        ("MSK Connect makes the workers' network interfaces with {role:code}, which may do nothing but that in EC2.",),
    ),
    ReasonCode.AUTHENTICATION_TYPE_IAM: Why(
        ("authenticationType is IAM",),
        (
            (
                "The connector's authenticationType is IAM, so the Kafka cluster checks the role: for the connector's "
                "topics, and for MSK Connect's internal topics and groups too."
            ),
        ),
    ),
    ReasonCode.AUTHENTICATION_TYPE_NONE: Why(
        ("authenticationType is NONE",),
        ("The connector's authenticationType is NONE: the Kafka cluster asks for no IAM identity.",),
    ),
    ReasonCode.AUTHENTICATION_TYPE_UNKNOWN: Why(
        ("authenticationType is neither IAM nor NONE",),
        ("The connector's authenticationType is a value that the bot does not know, so the path stays open.",),
    ),
    ReasonCode.CLIENT_USES_IAM: Why(
        ("IAM in {keys:code}", "its own settings say IAM"),
        ("This client's own settings ({keys:code}) log in to Kafka with IAM, as the service execution role.",),
    ),
    ReasonCode.CLIENT_ASSUMES_ROLE: Why(
        ("{role:code} in {keys:code}", "awsRoleArn in {keys:code}", "its own settings name a role"),
        (
            "This client's own settings ({keys:code}) log in to Kafka as {role:code}, which is assumed first.",
            "This client's own settings ({keys:code}) log in to Kafka as another role, which is assumed first.",
        ),
    ),
    ReasonCode.CLIENT_HAS_STATIC_KEYS: Why(
        ("AWS keys in {keys:code}", "its own settings hold AWS keys"),
        ("This client's own settings ({keys:code}) hold AWS access keys, so the role is not asked.",),
    ),
    ReasonCode.CLIENT_USES_SCRAM: Why(
        ("SCRAM in {keys:code}", "its own settings say SCRAM"),
        ("This client logs in to Kafka with SASL/SCRAM ({keys:code}): a Kafka user and password, no IAM.",),
    ),
    ReasonCode.CLIENT_USES_PLAIN: Why(
        ("user and password in {keys:code}", "user and password"),
        ("This client logs in to Kafka with SASL/PLAIN ({keys:code}): a user and password, no IAM.",),
    ),
    ReasonCode.CLIENT_USES_OAUTH: Why(
        ("OAuth token in {keys:code}", "OAuth token"),
        ("This client logs in to Kafka with an OAuth token of another issuer ({keys:code}), no IAM.",),
    ),
    ReasonCode.CLIENT_USES_KERBEROS: Why(
        ("Kerberos in {keys:code}", "Kerberos"),
        ("This client logs in to Kafka with Kerberos ({keys:code}), no IAM.",),
    ),
    ReasonCode.CLIENT_USES_TLS: Why(
        ("TLS in {keys:code}", "TLS only"),
        ("This client uses TLS without SASL ({keys:code}): a client certificate at most, no IAM.",),
    ),
    ReasonCode.CLIENT_USES_NO_AUTHENTICATION: Why(
        ("no authentication is set",),
        ("This client has no authentication in its settings, and Kafka's default is none.",),
    ),
    ReasonCode.CLIENT_MECHANISM_UNKNOWN: Why(
        ("mechanism not known, {keys:code}", "mechanism not known"),
        ("The bot does not know the mechanism that this client logs in with ({keys:code}).",),
    ),
    ReasonCode.CLIENT_SETTINGS_UNRESOLVED: Why(
        ("hidden behind a reference in {keys:code}", "hidden behind a reference"),
        ("How this client logs in stands behind a reference ({keys:code}), which only the worker resolves.",),
    ),
    ReasonCode.CLIENT_LOGIN_UNKNOWN: Why(
        ("login class not known, {keys:code}", "login class not known"),
        (
            "The class that logs this client in is none the bot knows ({keys:code}): it may use the role, or not.",
            "The class that logs this client in is none the bot knows: it may use the role, or not.",
        ),
    ),
    ReasonCode.CLIENT_NOT_KNOWN: Why(
        ("a client the bot does not know, {keys:code}", "a client the bot does not know"),
        (
            "{keys:code} belong to a Kafka client that the bot does not know: whether it is opened is not known.",
            "The settings belong to a Kafka client that the bot does not know.",
        ),
    ),
    ReasonCode.DEFAULT_CREDENTIALS_CHAIN: Why(
        ("default credentials, by {keys:code}", "no credentials of its own are set"),
        (
            (
                "The AWS SDK's default credentials are chosen ({keys:code}): on MSK Connect they are the service "
                "execution role's."
            ),
            (
                "No credentials of its own are configured, so the AWS SDK takes its default ones: on MSK Connect they "
                "are the service execution role's."
            ),
        ),
    ),
    ReasonCode.ROLE_ASSUMED_BY_PLUGIN: Why(
        ("{role:code} in {keys:code}", "a role in {keys:code}", "a role is configured"),
        (
            "{role:code} is configured ({keys:code}): it is assumed first, and then does the work.",
            "Another role is configured ({keys:code}): it is assumed first, and then does the work.",
            "Another role is configured: it is assumed first, and then does the work.",
        ),
    ),
    ReasonCode.STATIC_KEYS_CONFIGURED: Why(
        ("AWS keys in {keys:code}", "AWS keys are configured"),
        (
            "AWS access keys are configured ({keys:code}), so the role is not asked.",
            "AWS access keys are configured, so the role is not asked.",
        ),
    ),
    ReasonCode.CREDENTIALS_PROVIDER_UNKNOWN: Why(
        ("custom provider in {keys:code}", "custom credentials provider"),
        (
            (
                "A credentials provider is configured that the bot does not know ({keys:code}): it may use the role, "
                "or not."
            ),
            "A credentials provider is configured that the bot does not know: it may use the role, or not.",
        ),
    ),
    ReasonCode.CREDENTIALS_MISSING: Why(
        ("neither default credentials nor keys, {keys:code}", "no credentials are set"),
        (
            "The settings rule the default credentials out and give no others ({keys:code}): this is likely to fail.",
            "The settings rule the default credentials out and give no others: this is likely to fail.",
        ),
    ),
    ReasonCode.NAMED_PROFILE: Why(
        ("a profile in {keys:code}", "a named profile"),
        (
            (
                "An AWS profile is named ({keys:code}), and MSK Connect's workers have no profile file: what follows "
                "it decides."
            ),
            "An AWS profile is named, and MSK Connect's workers have no profile file: what follows it decides.",
        ),
    ),
    ReasonCode.DRIVER_SIGNS: Why(
        ("the driver signs, {keys:code}", "the driver signs"),
        (
            "The JDBC driver signs its requests with AWS credentials ({keys:code}); whose they are is not known.",
            "The JDBC driver signs its requests with AWS credentials; whose they are is not known.",
        ),
    ),
    ReasonCode.ENVIRONMENT_CREDENTIALS: Why(
        ("environment variables alone",),
        (
            (
                "It takes AWS credentials from environment variables alone, and what MSK Connect's workers have there "
                "is not documented."
            ),
        ),
    ),
    ReasonCode.DEPENDS_ON_VERSION: Why(
        ("the version decides, {keys:code}", "the version decides"),
        (
            ("Versions of the plugin read {keys:code} differently, and the configuration does not say which one runs."),
            "Versions of the plugin differ here, and the configuration does not say which one runs.",
        ),
    ),
    ReasonCode.ENDPOINT_NOT_AWS: Why(
        ("{host:code} is not AWS", "the endpoint is not AWS"),
        (
            "{key:code} points at {host:code}, which is not AWS: IAM does not judge what is sent there.",
            "The endpoint is not AWS: IAM does not judge what is sent there.",
        ),
    ),
    ReasonCode.ENDPOINT_UNRESOLVED: Why(
        ("endpoint behind a reference, {keys:code}", "endpoint behind a reference"),
        ("The endpoint stands behind a reference ({keys:code}), so whether it is AWS is not known.",),
    ),
    ReasonCode.ENDPOINT_PERHAPS_AWS: Why(
        ("{host:code} may be AWS's, or not", "the endpoint may be AWS's, or not"),
        (
            (
                "{key:code} points at {host:code}, which may be a custom domain of an AWS service, or a server of "
                "somebody else's."
            ),
            "The endpoint may be a custom domain of an AWS service, or a server of somebody else's.",
        ),
    ),
    ReasonCode.OWN_CREDENTIALS: Why(
        ("its own login in {keys:code}", "its own login, or none"),
        (
            "It logs in with its own credentials ({keys:code}): a user, a key pair or a token that IAM does not know.",
            "It takes no AWS credentials: a login of its own, which IAM does not know, or none.",
        ),
    ),
    ReasonCode.NO_CREDENTIALS_NEEDED: Why(("needs none",), ("It needs no credentials.",)),
    ReasonCode.CONNECTOR_CLASS_UNKNOWN: Why(
        ("class not in the catalogue",),
        (
            "The bot does not know {class:code}. These keys hint at AWS: {keys:code}.",
            "The bot does not know {class:code}, and no key hints at AWS. That is no proof that it calls none.",
            "The connector's class is not known. These keys hint at AWS: {keys:code}.",
            "The connector's class is not known.",
        ),
    ),
    ReasonCode.CONVERTER_CLASS_UNKNOWN: Why(
        ("converter not in the catalogue",), ("The bot does not know the converter {class:code} ({key:code}).",)
    ),
    ReasonCode.SCHEMA_HISTORY_CLASS_UNKNOWN: Why(
        ("schema history not in the catalogue",),
        (
            "The bot does not know the schema history {class:code} ({keys:code}).",
            "The bot does not know the schema history {class:code}.",
            "The class of the schema history is not known.",
        ),
    ),
    ReasonCode.EXTENSION_CLASS_UNKNOWN: Why(
        ("class not in the catalogue, {keys:code}", "class not in the catalogue"),
        (
            "The bot does not know the class that {keys:code} names, and it may call AWS.",
            "The bot does not know one of the plugin's own classes, and it may call AWS.",
        ),
    ),
    ReasonCode.CATALOG_VENDS_CREDENTIALS: Why(
        ("by the REST catalog, {keys:code}", "by the REST catalog"),
        (
            "The REST catalog gives out credentials for the tables, or signs for the client ({keys:code}).",
            "The REST catalog gives out credentials for the tables, or signs for the client.",
        ),
    ),
    ReasonCode.TABLE_LOCATION_UNKNOWN: Why(
        ("the catalog says where the tables lie",),
        ("The REST catalog says where the tables lie: perhaps in S3.",),
    ),
    ReasonCode.CATALOG_MAY_VEND_CREDENTIALS: Why(
        ("perhaps by the REST catalog, {keys:code}", "perhaps by the REST catalog"),
        (
            "A REST catalog that is logged in to ({keys:code}) may give out credentials for the tables, or not.",
            "The REST catalog may give out credentials for the tables, or not.",
        ),
    ),
    ReasonCode.CONFIG_PROVIDER_UNRESOLVED: Why(
        ("provider {alias:code} not known", "config provider not known"),
        (
            "References to {alias:code} are resolved by {class:code}, which the bot does not know.",
            (
                "References to {alias:code} are resolved by a provider that only the worker configuration names, and "
                "it was not read or does not name it."
            ),
            "Some references are resolved by a provider that is not known.",
        ),
    ),
    ReasonCode.CONFIG_PROVIDER_MISPLACED: Why(
        ("provider {alias:code} stands in the connector's configuration", "config provider misplaced"),
        (
            (
                "The connector's own configuration defines {alias:code}, where the worker does not look: whether the "
                "plugin resolves it is not known."
            ),
            "The connector's own configuration defines a config provider, where the worker does not look.",
        ),
    ),
    ReasonCode.UNVERIFIED_CLAIM: Why(
        ("likely, not verified: {keys:code}", "likely, not verified"),
        (
            (
                "Its documentation and examples suggest this path ({keys:code}); nobody has verified it in the "
                "plugin's source."
            ),
            "Its documentation and examples suggest this path; nobody has verified it in the plugin's source.",
        ),
    ),
    ReasonCode.LOGS_BY_BUCKET_POLICY: Why(
        ("for {principal:code}", "vended logs"),
        (
            (
                "Worker logs are vended logs: {principal:code} writes them to the bucket, whose policy has to "
                "admit it. The execution role has no part in it."
            ),
        ),
    ),
    ReasonCode.LOGS_BY_RESOURCE_POLICY: Why(
        ("for {principal:code}", "vended logs"),
        (
            (
                "Worker logs are vended logs: {principal:code} writes them to the log group, where a CloudWatch Logs "
                "resource policy has to admit it. The execution role has no part in it."
            ),
        ),
    ),
    ReasonCode.LOGS_BY_SERVICE_LINKED_ROLE: Why(
        ("vended logs, by a tag on the stream",),
        (
            (
                "Worker logs are vended logs. Firehose has no resource policies: the service-linked role "
                "AWSServiceRoleForLogDelivery writes to streams tagged LogDeliveryEnabled=true. The execution role "
                "has no part in it."
            ),
        ),
    ),
}
