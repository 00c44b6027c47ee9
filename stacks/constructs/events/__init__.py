"""What brings hints and records to the machines: rules, pipes, queues, schedules, the trail."""
