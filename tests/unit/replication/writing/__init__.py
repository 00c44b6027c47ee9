"""What every writer of pools calls, situation by situation."""
