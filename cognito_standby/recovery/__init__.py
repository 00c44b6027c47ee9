"""Recovery: failing over, standing down, exporting and importing users."""
