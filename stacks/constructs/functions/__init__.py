"""Lambda functions: which there are, what each is told, and how one is built."""
