"""What may be asked for, what it touches, and what came of it. Pure."""
