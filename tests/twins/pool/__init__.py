"""A strict Cognito user pool in memory, its quotas, and the ports that lean on it."""
