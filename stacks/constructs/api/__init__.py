"""The gateway of the Admin API."""
