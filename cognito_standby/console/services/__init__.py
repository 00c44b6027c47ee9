"""What is looked at for the pages, and what they have done."""
