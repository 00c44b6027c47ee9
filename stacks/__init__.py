"""What is deployed: one validated config, a data stack, and the same Region stack twice."""
