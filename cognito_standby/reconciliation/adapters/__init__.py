"""Listings, run files and the register of runs on AWS, by boto3."""
