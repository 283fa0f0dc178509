"""What the bot tells its operator: logs, audit records, metrics."""
