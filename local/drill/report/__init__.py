"""The drill as a page for people who were not there."""
