"""What an operator reads: health, progress, estimates, times. Pure."""
