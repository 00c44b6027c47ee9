"""State machines: how one is built, what starts it, and what it may do beside its functions."""
