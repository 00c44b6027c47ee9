"""Failed executions, and who may send a letter about one. Pure."""
