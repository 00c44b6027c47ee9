"""What an operator reads: letters, health, progress. Pure."""
