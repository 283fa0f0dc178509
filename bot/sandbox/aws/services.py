"""Every operation that the sandbox answers itself."""

from bot.sandbox.aws import cloudtrail, corrections, identity, kafkaconnect, resourcepolicies
from bot.sandbox.aws.service import Service
from bot.sandbox.aws.world import World


def own_services(world: World) -> dict[str, Service]:
    """Return the services by boto3's names; what they do not name goes to moto."""
    return {
        "cloudtrail": {**cloudtrail.service(world), **corrections.cloudtrail(world)},
        "iam": identity.last_accessed(world),
        "kafkaconnect": kafkaconnect.service(world),
        "kms": corrections.kms(world),
        "logs": resourcepolicies.service(world),
        "s3": corrections.s3(world),
        "sts": identity.caller(world),
    }
