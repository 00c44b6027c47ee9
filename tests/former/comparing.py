"""What is gone or different. What is new is no fault."""

from __future__ import annotations

from typing import Any


def lacks(new: Any, old: Any, where: str = "") -> list[str]:
    """Where something that was told is told no more, or otherwise."""
    match old:
        case dict():
            return _in_object(new, old, where, lacks)
        case list():
            if not isinstance(new, list) or len(new) < len(old):
                return [where]
            pairs = enumerate(zip(new, old, strict=False))
            return [x for n, (a, b) in pairs for x in lacks(a, b, f"{where}/{n}")]
        case _:
            return [] if new == old else [f"{where}: {old!r} -> {new!r}"]


def unlearnt(new: Any, old: Any) -> Any:
    """`new`, but without what is told now of what nobody knew then ("", None)."""
    match new, old:
        case _, "" | None:
            return old
        case dict(), dict() if set(new) == set(old):
            return {name: unlearnt(new[name], each) for name, each in old.items()}
        case list(), list() if len(new) == len(old):
            return [unlearnt(a, b) for a, b in zip(new, old, strict=True)]
        case _:
            return new


def missing_names(new: Any, old: Any, where: str = "") -> list[str]:
    """The same of names: lists are sets, and where nothing was known anything may be."""
    match old:
        case dict():
            return _in_object(new, old, where, missing_names)
        case list() if all(isinstance(each, str) for each in old):
            known = new if isinstance(new, list) else ()
            return [f"{where}: {each}" for each in old if each not in known]
        case list():
            if not isinstance(new, list) or len(new) < len(old):
                return [where]
            pairs = enumerate(zip(new, old, strict=False))
            return [x for n, (a, b) in pairs for x in missing_names(a, b, f"{where}/{n}")]
        case "null":
            return []
        case _:
            return [] if new == old else [f"{where}: {old!r} -> {new!r}"]


def _in_object(new: Any, old: dict[str, Any], where: str, compare: Any) -> list[str]:
    if not isinstance(new, dict):
        return [where or "everything"]
    gone = [f"{where}/{name}" for name in old if name not in new]
    inside = (compare(new[n], each, f"{where}/{n}") for n, each in old.items() if n in new)
    return [*gone, *(each for some in inside for each in some)]
