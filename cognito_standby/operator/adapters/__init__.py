"""What an operator's commands use of AWS: queues, executions, archive, metrics, stacks."""
