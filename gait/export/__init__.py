"""A session for other tools: FIT, BIDS, Parquet, a value a second."""
