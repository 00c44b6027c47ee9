"""What is claimed, and who is refused. Pure."""
