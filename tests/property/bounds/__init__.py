"""What is explored: who does what, and how many faults there are."""
