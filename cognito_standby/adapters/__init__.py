"""Implementations of the ports: boto3 here, in-memory twins in `memory`."""
