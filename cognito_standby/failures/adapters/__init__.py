"""Failed executions and their marks on AWS, by boto3."""
