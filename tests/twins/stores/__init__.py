"""Tables, run files and buses in memory."""
