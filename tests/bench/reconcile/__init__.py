"""Reconciliation at scale, in virtual time: generated pools, the real steps, AWS's own export."""
