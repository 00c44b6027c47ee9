"""The business metrics, by name. The functions count them, the alarms and the dashboard read them.

All have one dimension, `service`, which is the installation's name: two installations in one
account and Region do not add up. `Skipped` has the reason as well, and there is `Drift` for each
kind beside the sum; `CannotGetIn` and `FieldsNotHeld` are there for each reason beside the sum,
`UsersWithFactor` for each factor beside the sum, which counts people with two twice.
"""

from __future__ import annotations

from enum import StrEnum

NAMESPACE = "CognitoStandby"
DIMENSION = "service"


class Metric(StrEnum):
    """Names ending in Milliseconds or Seconds are durations; the others are counts."""

    HINTS_PUBLISHED = "HintsPublished"
    HINTS_PARKED = "HintsParked"
    HINTS_LOST = "HintsLost"
    SIGN_UPS_REFUSED = "SignUpsRefused"
    SIGN_INS_REFUSED = "SignInsRefused"
    TOKENS_REFUSED = "TokensRefused"
    MESSAGES_REFUSED = "MessagesRefused"
    ROLES_UNREAD = "RolesUnread"
    CLAIMS_ADDED = "ClaimsAdded"
    CLAIMS_WITHHELD = "ClaimsWithheld"
    CLAIMS_UNREAD = "ClaimsUnread"
    MEMBERS_HINTED = "MembersHinted"
    CAPTURED = "Captured"
    API_ANSWERED = "ApiAnswered"
    API_REFUSED = "ApiRefused"
    API_FAILED = "ApiFailed"
    REPLAYED = "Replayed"
    SKIPPED = "Skipped"
    CONFLICTS = "Conflicts"
    OPEN_CONFLICTS = "OpenConflicts"
    THROTTLED = "Throttled"
    DOUBTED = "Doubted"
    REPLICATION_LAG = "ReplicationLagMilliseconds"
    DEAD_LETTERS = "DeadLetters"
    CONTAINED = "Contained"
    QUARANTINED = "Quarantined"
    SWEEPS = "Sweeps"
    FAILURES_MISSED = "FailuresMissed"
    STRANDED = "StrandedSubjects"
    FAILED_SUBJECTS = "FailedSubjects"
    QUARANTINED_SUBJECTS = "QuarantinedSubjects"
    OLDEST_UNAPPLIED = "OldestUnappliedSeconds"
    RECONCILIATIONS = "Reconciliations"
    RECONCILIATION_AGE = "ReconciliationAgeSeconds"
    RECONCILIATION_TIME = "ReconciliationSeconds"
    USERS_COMPARED = "UsersCompared"
    DRIFT = "Drift"
    REPEATED_DRIFT = "RepeatedDrift"
    REPAIRED = "Repaired"
    UNREPAIRED = "Unrepaired"
    CANNOT_GET_IN = "CannotGetIn"
    FIELDS_NOT_HELD = "FieldsNotHeld"
    LINKED_USERS = "LinkedUsers"
    USERS_WITH_FACTOR = "UsersWithFactor"
    QUESTIONS = "QuestionsAsked"
    OPEN_QUESTIONS = "OpenQuestions"
    CANARY_CHANGES = "CanaryChanges"
    CANARY_MISSING = "CanaryMissing"
    CANARY_LAG = "CanaryLagSeconds"
    NAMES_INDEXED = "NamesIndexed"
    NAMES_DROPPED = "NamesDropped"
    CHANGES_COMPLETED = "ChangesCompleted"
    CHANGES_REFUSED = "ChangesRefused"
    CHANGES_COMPENSATED = "ChangesCompensated"
    ACTIVE_PUBLISHED = "ActivePublished"
    ACTIVE_TURNED = "ActiveTurned"
    ACTIVE_TROUBLE = "ActiveTrouble"
    CONFIGURATION_AGE = "ConfigurationAgeSeconds"
    CONFIGURATION_CHANGES = "ConfigurationChangesUnexpected"
    CONFIGURATION_DRIFT = "ConfigurationDrift"
