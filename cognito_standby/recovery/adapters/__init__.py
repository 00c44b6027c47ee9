"""Claims, records, executions and queues on AWS."""
