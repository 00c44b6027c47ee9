"""Everything fails for a while, by a seed; afterwards nothing may have been lost."""
