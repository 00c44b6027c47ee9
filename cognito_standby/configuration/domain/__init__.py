"""What a configuration is, and how two of them differ. Pure."""
