"""A user pool of ours, and what it sends."""
