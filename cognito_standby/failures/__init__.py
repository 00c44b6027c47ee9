"""Failed executions: noted, contained, swept up."""
