"""Metrics, and the dashboard that draws them. The alarms are in stacks/alarms."""
