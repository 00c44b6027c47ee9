"""What a resource depends on is not deleted before it, so it stays where that one stays.

Source: CloudFormation user guide, "DependsOn attribute" ("deletes ... in the reverse order"): the
deletion of a resource begins once all that depend on it are gone. The emulator goes on with
everything else, whatever stayed. Here what is still needed counts as one that failed to be deleted,
too; CloudFormation only does not begin with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import replace, require

Delete = Callable[..., Any]
_DELETING = "DELETE_IN_PROGRESS"
_STAYS = "DELETE_FAILED"


def install() -> None:
    """Around the deletion of each resource of a stack that is deleted."""
    from ministack.services.cloudformation import stacks  # noqa: PLC0415

    require(hasattr(stacks, "_with_dependencies"), "CloudFormation's dependencies of resources")
    replace(stacks, "_delete_resource", _after_dependents)


def _after_dependents(delete: Delete) -> Delete:
    from ministack.services.cloudformation import _stacks  # noqa: PLC0415

    def deleted(kind: str, physical_id: str, props: Any, stack: str, logical_id: str) -> Any:
        told = _stacks.get(stack) or {}
        if told.get("StackStatus") == _DELETING and (needs := _needing(told, logical_id)):
            raise ValueError(f"{needs} depends on it and was not deleted")
        return delete(kind, physical_id, props, stack, logical_id)

    return deleted


def _needing(stack: dict[str, Any], logical_id: str) -> str:
    """A resource that stays and depends on this one. Of two that failed before, the dependent one
    has had its turn again."""
    from ministack.services.cloudformation.stacks import _with_dependencies  # noqa: PLC0415

    resources, defined = stack["_resources"], stack["_template"]["Resources"]
    staying = (one for one in resources if resources[one].get("ResourceStatus") == _STAYS)
    for each in staying:
        if each != logical_id and logical_id in _with_dependencies([each], defined, set(resources)):
            return str(each)
    return ""
