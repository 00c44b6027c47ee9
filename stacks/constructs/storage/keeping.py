"""What outlives its stack, and what refuses to be deleted: two things, at two times.

A kept resource outlives the deletion of its stack and every update, but not the rollback of the
creation that made it (CloudFormation template reference, "DeletionPolicy attribute",
RetainExceptOnCreate): so a first deployment that failed leaves nothing that a repetition would
stumble over. A protected resource refuses every deletion, that rollback's too; so protection comes
last, by a second deployment, once everything stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import RemovalPolicy


@dataclass(frozen=True)
class Keep:
    """Of one stack. kept: outlives the stack; protected: refuses to be deleted."""

    kept: bool
    protected: bool


def kept(keep: bool) -> RemovalPolicy:
    """Of what holds data."""
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if keep else RemovalPolicy.DESTROY
