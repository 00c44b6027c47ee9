"""What is drawn: the path of an execution, its machine, figures over time. Pure."""
