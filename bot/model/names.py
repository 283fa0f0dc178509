"""Names that AWS gives and that several rooms must spell alike, and what it says of sessions."""

from __future__ import annotations

from datetime import timedelta

#: The principal that assumes service execution roles.
MSK_CONNECT_PRINCIPAL = "kafkaconnect.amazonaws.com"
#: The principal that writes vended logs.
LOG_DELIVERY_PRINCIPAL = "delivery.logs.amazonaws.com"
#: Makes the workers' network interfaces.
MSK_CONNECT_SERVICE_LINKED_ROLE = "AWSServiceRoleForKafkaConnect"
#: Writes vended logs to delivery streams, those that carry the tag.
LOG_DELIVERY_SERVICE_LINKED_ROLE = "AWSServiceRoleForLogDelivery"
LOG_DELIVERY_TAG = "LogDeliveryEnabled"
#: The longest that a session of a role lasts: a connector that runs longer has had to assume it again. Source:
#: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
LONGEST_SESSION = timedelta(hours=12)
#: "Understanding the MSK Connect Service Execution Role", the article that this project rests on.
ARTICLE = "https://repost.aws/articles/ARDDyTeq3TTKOJNrqoyHAoGg"


def service_linked_role_arn(partition: str, account: str, service: str, name: str) -> str:
    """Return the ARN of the role that AWS creates for a service in an account."""
    return f"arn:{partition}:iam::{account}:role/aws-service-role/{service}/{name}"
