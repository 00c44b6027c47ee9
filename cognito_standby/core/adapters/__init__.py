"""The shared ports on AWS, by boto3."""
