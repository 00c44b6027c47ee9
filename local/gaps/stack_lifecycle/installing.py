"""Puts the refusals into the emulator's CloudFormation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from local.gaps.stack_lifecycle import deletions, dependencies, names, updates
from local.gaps.stack_lifecycle.names import GLOBAL_TABLE, NAMED, TABLE
from local.patching import replace, replace_handlers, require

Action = Callable[[dict[str, Any]], Any]
_ROLLED_BACK = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")


def install() -> None:
    """After the gaps that provision types of their own."""
    from ministack.services import cognito  # noqa: PLC0415

    names.check()
    for kind in NAMED:
        replace_handlers(kind, create=partial(names.refusing, kind))
    for kind, refusing in {
        TABLE: deletions.of_table,
        GLOBAL_TABLE: deletions.of_table,
        "AWS::Cognito::UserPool": deletions.of_pool,
        "AWS::S3::Bucket": deletions.of_bucket,
    }.items():
        replace_handlers(kind, delete=refusing)
    replace_handlers("AWS::Cognito::UserPool", update=updates.of_pool)
    updates.keep_global_tables()
    updates.keep_rules_on_their_bus()
    dependencies.install()
    replace(cognito, "_delete_user_pool", deletions.of_pool_by_api)
    _let_global_tables_be_imported()
    _let_kept_buckets_be_imported()
    _refuse_to_create_over_a_rollback()


def _let_global_tables_be_imported() -> None:
    """By name, as ordinary tables ("Resource type support", CloudFormation user guide)."""
    from ministack.services.cloudformation import changesets, provisioners  # noqa: PLC0415

    lookups, handlers = changesets._IMPORT_LOOKUPS, provisioners._RESOURCE_HANDLERS
    require(GLOBAL_TABLE not in lookups, f"{GLOBAL_TABLE} can be imported")
    lookups[GLOBAL_TABLE] = lookups[TABLE]
    handlers[GLOBAL_TABLE]["import"] = handlers[TABLE]["import"]


def _let_kept_buckets_be_imported() -> None:
    """The validation before a deployment takes a bucket that is imported for a conflict."""
    from ministack.services.cloudformation import _change_sets, provisioners  # noqa: PLC0415

    def wrap(conflict: Callable[..., Any]) -> Callable[..., Any]:
        def unless_imported(name: str) -> Any:
            taken = [
                identifier.get("BucketName")
                for change_set in _change_sets.values()
                if change_set.get("ExecutionStatus") == "EXECUTE_IN_PROGRESS"
                for identifier in change_set.get("_import_existing", {}).values()
            ]
            return None if name in taken else conflict(name)

        return unless_imported

    replace(provisioners, "s3_bucket_name_conflict", wrap)


def _refuse_to_create_over_a_rollback() -> None:
    """It must be deleted first, which termination protection can refuse."""
    from ministack.services.cloudformation import _stacks, handlers  # noqa: PLC0415

    actions = handlers._ACTION_HANDLERS

    def refusing(action: Action) -> Action:
        def asked(params: dict[str, Any]) -> Any:
            name = str(handlers._p(params, "StackName"))
            stack = _stacks.get(name)
            creating = handlers._p(params, "ChangeSetType") in (None, "", "CREATE")
            if creating and stack and stack.get("StackStatus") in _ROLLED_BACK:
                state = stack["StackStatus"]
                message = f"Stack [{name}] already exists and is in {state} state"
                return handlers._error("AlreadyExistsException", message)
            return action(params)

        return asked

    for action in ("CreateStack", "CreateChangeSet"):
        require(action in actions, f"CloudFormation's {action} handler")
        actions[action] = refusing(actions[action])
