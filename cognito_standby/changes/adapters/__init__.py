"""Where changes, erasures and their events lie, by boto3."""
