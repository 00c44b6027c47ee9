"""The end-to-end suite on a real AWS account: `make cloud-test ACCOUNT=<12 digits>`.

Deploys a throw-away installation, runs `tests/e2e` against it and removes it again, once for each
sign-in mode. What it takes: credentials of an account that may deploy CDK stacks, both Regions
bootstrapped, a trail with management events, and a few cents. It has not been run yet.
"""
