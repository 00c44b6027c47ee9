"""The operator's commands, on ports."""
