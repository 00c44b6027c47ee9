"""Why something stays granted although no test's installation uses it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.rights.granted import Grant


@dataclass(frozen=True)
class Reason:
    """Patterns of a grant, and why it stays."""

    role: str
    action: str
    why: str
    resource: str = "*"

    def fits(self, grant: Grant) -> bool:
        """Whether it speaks of this grant."""
        role, _, _, action, _ = grant.place
        return (
            fnmatchcase(role, self.role)
            and fnmatchcase(action, self.action)
            and fnmatchcase(grant.resource, self.resource)
        )


_SHARED = "the steps of sync_user and of a change share one look and one way to write"
_RARE = "the unit, saga or property tests take this path, no installation of the tests did"

REASONS: tuple[Reason, ...] = (
    Reason("*Role*", "logs:*LogStream", "Lambda itself writes a function's log"),
    Reason("*Role*", "logs:PutLogEvents", "Lambda itself writes a function's log"),
    Reason("AdminApiLogRole*", "logs:*", "API Gateway itself writes the access log"),
    Reason("*Role*", "xray:*", "Lambda and Step Functions themselves send traces"),
    Reason("*", "sqs:SendMessage", "only what cannot be delivered", "*DeadLetters*"),
    Reason("announceapiRole*", "dynamodb:DeleteItem", "when the stack is deleted"),
    Reason("reconcilescheduleRole*", "states:StartExecution", "once a day"),
    Reason("reconcilepoolRole*", "states:*", "Step Functions watches a Distributed Map's children"),
    Reason("plan*Role*", "dynamodb:GetItem", "only where another run has the lock", "Ledger*"),
    Reason("judgedriftRole*", "dynamodb:GetItem", "only where another run has the lock", "Ledger*"),
    Reason("plan*Role*", "states:DescribeExecution", "only where another run has the lock"),
    Reason("judgedriftRole*", "states:DescribeExecution", "only where another run has the lock"),
    Reason("*failureRole*", "states:DescribeExecution", "a failed hint_members: " + _RARE),
    Reason("askoperatorRole*", "s3:ListBucket", "or an absent file is told as forbidden"),
    Reason("*", "cognito-idp:ListUsers", "a user by the sub that a hint names: " + _SHARED),
    Reason("*", "cognito-idp:GetGroup", "a group's definition: " + _SHARED),
    Reason("*", "dynamodb:GetItem", "a row of the ledger: " + _SHARED, "Ledger*"),
    Reason("*", "dynamodb:BatchGetItem", "whose a local sub is: " + _SHARED, "Ledger*"),
    Reason("*", "dynamodb:PutItem", "the reverse map of a creation: " + _SHARED, "Ledger*"),
    Reason("*", "dynamodb:PutItem", "a record or a claim: " + _SHARED, "*standby-records"),
    Reason("*", "events:PutEvents", "a hint about somebody whose name was taken: " + _SHARED),
    Reason("c*Role*", "cognito-idp:Admin*", "puts back whatever was written: " + _RARE),
    Reason("applychangeRole*", "cognito-idp:Admin*", "a change may name each of these: " + _RARE),
    Reason("containfailureRole*", "dynamodb:GetItem", "a failed change: " + _RARE, "Changes*"),
    Reason("listpartRole*", "cognito-idp:ListGroups", "a part may list groups: " + _RARE),
    Reason("planlistingRole*", "cognito-idp:ListUsersInGroup", "a part is tried first: " + _RARE),
    Reason("repairbatchRole*", "cognito-idp:*", "each kind of repair and the purge: " + _RARE),
    Reason("repairbatchRole*", "dynamodb:DeleteItem", "the purge after the grace period: " + _RARE),
)
"""A reason may fit more than is unused today: what a run uses depends on chance."""
