"""The end-to-end suite on a real AWS account: `make cloud-test ACCOUNT=<12 digits>`.

Deploys a throw-away installation, runs `tests/e2e` against it and removes all that it made, once
for each sign-in mode: the stacks, and what outlives them (`cleaning`), after a failure or Ctrl-C as
well. After a kill, `python -m tests.cloud --account A --clean ct-...` does. What it takes:
credentials of an account that may deploy CDK stacks, both Regions bootstrapped, a trail with
management events, and a few cents. It has not been run yet.
"""
