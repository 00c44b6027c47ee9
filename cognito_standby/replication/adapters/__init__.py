"""Replication's own ports on AWS."""
