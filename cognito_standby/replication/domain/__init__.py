"""The heart of the protocol: what to do next and why. Pure."""
