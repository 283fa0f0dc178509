"""What is known of a request that an AWS service makes with its own principal, for log delivery and MSK Connect alike.

Which keys such a call carries is documented under
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, and shown by the policies of
https://github.com/aws-samples/data-perimeter-policy-examples, which exempt services from what they never carry. What
that leaves open stays open: the organisation of ``aws:SourceOrgID``, the encryption headers of an upload, and the
address it comes from.
"""

from __future__ import annotations

from bot.policy import Context, OneOf, StartsWith, Stranger

#: Keys of a person's or a role's call, of their network, and of a session.
_ABSENT = (
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalTag/*",
    "aws:username",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:SourceIdentity",
    "sts:ExternalId",
)
#: Documented as present in all requests; whatever they hold, it is nobody's of this account.
_NOBODYS = ("aws:PrincipalArn", "aws:PrincipalAccount", "aws:userid")
#: Of TLS, AWS's services speak this or better.
_TLS = OneOf((("1.2",), ("1.3",)))


def service_context(principal: str, account: str = "", source_arn: str | StartsWith | None = None) -> Context:
    """Return the context of a service's call on behalf of a resource; what is not given of that is not known."""
    return {
        **dict.fromkeys(_ABSENT, ()),
        **dict.fromkeys(_NOBODYS, OneOf(((), (Stranger(),)))),
        "aws:PrincipalIsAWSService": ("true",),
        "aws:PrincipalServiceName": (principal,),
        "aws:SecureTransport": ("true",),
        "s3:TlsVersion": _TLS,
        **({"aws:SourceAccount": (account,)} if account else {}),
        **({"aws:SourceArn": (source_arn,)} if source_arn is not None else {}),
    }
