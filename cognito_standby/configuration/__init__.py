"""The configuration of each pool: read whole, kept, compared, made anew."""
