"""What an update may not change: the key of a global table, an attribute that a pool has, the bus
of a rule with a name of its own.

Sources: CloudFormation template reference, `AWS::DynamoDB::GlobalTable` (to edit an attribute
definition replaces the table, which a fixed name forbids; the emulator knows it of
`AWS::DynamoDB::Table` alone) and `AWS::Cognito::UserPool` (`Schema`: attributes can be added, and
never changed or removed; Cognito answers InvalidParameterException), and `AWS::Events::Rule`
(`EventBusName`: "Update requires: Replacement"; create-only in the schema of the type, too,
aws-cloudformation-resource-providers-events). The emulator moves the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.gaps.stack_lifecycle.names import GLOBAL_TABLE, TABLE
from local.patching import require

RULE = "AWS::Events::Rule"
SCHEMA_FIXED = "Existing schema attributes cannot be modified or deleted."


def of_pool(update: Callable[..., Any]) -> Callable[..., Any]:
    """A pool through its stack."""

    def updated(pool_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        before, after = _schema(old), _schema(new)
        if any(after.get(name) != attribute for name, attribute in before.items()):
            raise ValueError(f"{SCHEMA_FIXED} ({pool_id})")
        return update(pool_id, old, new, *rest)

    return updated


def keep_global_tables() -> None:
    """As tables: what would replace one of a fixed name is refused."""
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    known = provisioners._CUSTOM_NAME_REPLACEMENT
    require(TABLE in known and GLOBAL_TABLE not in known, f"replacements of {GLOBAL_TABLE}")
    known[GLOBAL_TABLE] = known[TABLE]


def keep_rules_on_their_bus() -> None:
    """Another bus would be another rule, which a fixed name forbids.

    Limits: a rule without a fixed name is still moved, where AWS makes a new one.
    """
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    known = provisioners._CUSTOM_NAME_REPLACEMENT
    require(RULE not in known, f"replacements of {RULE}")
    known[RULE] = {"name": "Name", "requires_replacement": _changes_bus}


def _changes_bus(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return bool(old.get("EventBusName") != new.get("EventBusName"))


def _schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {str(each.get("Name")): each for each in properties.get("Schema") or ()}
