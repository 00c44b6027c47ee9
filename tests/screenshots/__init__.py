"""The pictures of the console in docs/console."""
