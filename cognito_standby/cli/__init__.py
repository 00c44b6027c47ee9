"""The command `standby`: what an operator does from a terminal."""
