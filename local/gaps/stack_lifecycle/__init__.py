"""Gap: CloudFormation takes, overwrites and deletes what AWS would refuse to.

The emulator's stacks know policies, rollbacks, change sets, imports and the replacement of
custom-named resources. They do not know that a name is taken, that a table or pool is protected
against deletion, that a bucket holds objects, that what a resource needs stays with it, or that a
stack whose creation was rolled back must be deleted before it can be created again (CloudFormation
user guide, "Stack status codes").

Limits: see each part. A nested stack is not looked into.
"""

from local.gaps.stack_lifecycle.installing import install

__all__ = ["install"]
