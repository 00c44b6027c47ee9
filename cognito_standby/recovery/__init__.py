"""Recovery: failing over, in a plan or in an outage; exporting and importing users."""
