"""Quotas of the local AWS, in virtual time."""
