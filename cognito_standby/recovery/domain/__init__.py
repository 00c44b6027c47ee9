"""Rules of a failover. Pure."""
