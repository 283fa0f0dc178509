"""What the doctor finds, and what the bot asks of AWS. Pure."""
