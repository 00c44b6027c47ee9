"""A warm, writable standby for an Amazon Cognito user pool in a second Region."""

__version__ = "0.1.0"
