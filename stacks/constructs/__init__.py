"""The parts of a Region stack, one construct a file."""
