"""The commands of `standby`, one file each."""
