"""The saga of an administrator's change, with every step failing in every way."""
