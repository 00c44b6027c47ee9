"""Cognito, AWS WAF and the tables behind the ports."""
