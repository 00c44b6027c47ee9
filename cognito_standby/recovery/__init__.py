"""Recovery: failing over, in a plan or in an outage, and standing down for it."""
