"""What drift is, what is repaired, what a run hands on and reports. Pure."""
