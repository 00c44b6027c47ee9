"""The rule book: what Cognito accepts, refuses and does, as pure functions over small values.

Two pools keep to it: the strict twin in memory (`tests/twins/pool`) and the local AWS, whose layers
and operations read and write the emulator's store (`local/gaps`). Each is an adapter; a rule stands
here, once, with its source. Moto, in the contract suite, knows nothing of it and stays an opinion
of its own, and so do the tests that restate what others saw AWS do.

A refusal is raised as `CognitoError`, with Cognito's code and text. Codes are AWS's; texts are
those observed by users of the service, which AWS does not promise.

One module a subject; what is new (factors, linked identities, jobs) gets one beside them.

API: the operation or type in the Amazon Cognito user pools API reference, whose limits are those
of the service model in botocore. Guide: the Amazon Cognito developer guide. Request rates and
categories stand in `local/quotas/`, which has the same two readers.
"""
