"""Tables and the bucket of runs, and what of them outlives its stack."""
