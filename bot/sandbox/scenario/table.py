"""The Athena table of a trail's records, as AWS documents it: partition projection over account, region and day."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.aws.athena_engine import COLUMNS, PARTITIONS

DATABASE = "cloudtrail"
TABLE = "cloudtrail_logs"


def described(bucket: str, regions: Sequence[str], first_day: str = "2024/01/01") -> dict[str, Any]:
    """Describe the table for the Glue catalog; the accounts are injected, the regions and days projected."""
    below = f"s3://{bucket}/AWSLogs/"
    return {
        "Name": TABLE,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": "string"} for name in COLUMNS if name not in PARTITIONS],
            "Location": below,
            "InputFormat": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"},
        },
        "PartitionKeys": [{"Name": name, "Type": "string"} for name in PARTITIONS],
        "Parameters": {
            "projection.enabled": "true",
            "projection.account_id.type": "injected",
            "projection.region.type": "enum",
            "projection.region.values": ",".join(regions),
            "projection.timestamp.type": "date",
            "projection.timestamp.format": "yyyy/MM/dd",
            "projection.timestamp.range": f"{first_day},NOW",
            "projection.timestamp.interval": "1",
            "projection.timestamp.interval.unit": "DAYS",
            "storage.location.template": f"{below}${{account_id}}/CloudTrail/${{region}}/${{timestamp}}",
        },
    }
