"""What an operator's commands meet, in memory."""
