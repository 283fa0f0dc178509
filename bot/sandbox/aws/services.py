"""Every operation that the sandbox answers itself."""

from bot.sandbox.aws import athena, cloudtrail, corrections, identity, insights, kafkaconnect, resourcepolicies
from bot.sandbox.aws.service import Service
from bot.sandbox.aws.world import World


def own_services(world: World) -> dict[str, Service]:
    """Return the services by boto3's names; what they do not name goes to moto."""
    return {
        "athena": athena.service(world),
        "cloudtrail": {**cloudtrail.service(world), **corrections.cloudtrail(world)},
        "iam": identity.last_accessed(world),
        "kafkaconnect": kafkaconnect.service(world),
        "kms": corrections.kms(world),
        "logs": {**resourcepolicies.service(world), **insights.service(world)},
        "s3": corrections.s3(world),
        "sts": identity.caller(world),
    }
