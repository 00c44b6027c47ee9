"""The alarms: which there are, and how they are built."""
