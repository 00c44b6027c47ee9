"""What is done with configurations: kept, compared, accepted, made anew."""
