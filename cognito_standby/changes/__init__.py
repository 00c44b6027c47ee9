"""Changes that an administrator asks for: the Admin API and the machine behind it."""
