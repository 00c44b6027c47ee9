"""What the pages ask of AWS beside what the commands do."""
