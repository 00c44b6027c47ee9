"""The commands of `standby`: their arguments."""
