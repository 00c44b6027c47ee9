"""A warm, writable standby for an Amazon Cognito user pool in a second Region."""
