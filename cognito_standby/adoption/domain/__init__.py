"""Sides, findings and the rules that lead from the one to the other. Pure."""
