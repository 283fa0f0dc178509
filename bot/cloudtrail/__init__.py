"""Pure work on CloudTrail's records: the text of queries, and what a history amounts to."""
