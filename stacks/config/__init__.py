"""The one config of an installation, its parts, and where it is read from."""
