"""CloudTrail behind one reader: one module for each store that may hold a company's records."""
