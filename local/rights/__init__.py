"""Who may do what: AWS's rules of access, pure.

`requests.accesses_of` tells what a request needs, `policies.parse` reads a policy document,
`judge.decide` says whether they allow it. Nothing here knows the emulator or calls AWS. What the
judge does not know (an action, a type of resource, a condition key or operator, an element of a
policy) raises UnknownToJudgeError: the run fails then, and nothing is ever allowed by ignorance.
"""
