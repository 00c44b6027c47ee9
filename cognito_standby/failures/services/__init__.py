"""Noting, treating and sweeping failures, on ports."""
