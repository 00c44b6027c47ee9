"""Before a deployment: what of the account is not as the installation needs it, and what fixes it.

`python -m preflight` looks and changes nothing; `make deploy` begins with it.

    wanted     what the config asks of the account
    ports      what can be looked up there; `aws` does it
    checks/    pure: from what was seen to findings
    runner     every check in every Region; one that cannot look says so and stops no other
    key_policy what the policy of a customer's key must say
"""
