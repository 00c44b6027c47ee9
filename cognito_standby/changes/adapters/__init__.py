"""Where changes and their events lie, by boto3."""
