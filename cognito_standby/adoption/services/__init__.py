"""The look at both sides."""
