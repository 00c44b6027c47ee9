"""A user converges in both Regions: from a hint to the record, from the record into the pool."""
