"""What each function's role may do, statement by statement."""
