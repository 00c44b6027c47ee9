"""What is read of AWS."""
