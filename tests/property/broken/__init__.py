"""Each rule of the services, broken in one place."""
