"""`standby restore --into POOL`: what is there, the question, and what became of everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import Sure
from cognito_standby.core.domain.subjects import digest
from cognito_standby.recovery.services.restore_foreign import (
    ForeignContext,
    ForeignLook,
    look_into,
    refusal,
)
from cognito_standby.recovery.services.restore_foreign_filling import ForeignOutcome, fill

_EVERY = 100
_SHOWN = 5
"""Of those who are left for one reason, by the digests of their ids."""


class ForeignView:
    """One pool outside of the installation."""

    def __init__(self, ctx: ForeignContext, *, as_json: bool, names: bool) -> None:
        self._ctx, self._as_json, self._names = ctx, as_json, names
        self._console = Console(quiet=as_json, highlight=False, soft_wrap=True)

    def run(self, whom: str, sure: Sure, *, dry_run: bool) -> int:
        """The exit code: 0 done or only looked at; 1 somebody is left, or it was not confirmed; 2
        nothing may be written there. StandbyError: a look failed."""
        look = look_into(self._ctx, whom)
        why = refusal(look)
        self._tell(look, why)
        if why or dry_run:
            return self._ended(look, None, why)
        if not sure("restore them into it?"):
            self._console.print("not restored; nothing was changed")
            return 1
        return self._ended(look, fill(self._ctx, look, self._progress), "")

    def _tell(self, look: ForeignLook, why: str) -> None:
        seen, out = look.seen, self._console
        out.print(f"[bold]{escape(seen.pool_id)}[/]: outside of the installation")
        out.print(f"  {seen.people - seen.there:,} people to make, {seen.groups:,} groups")
        if seen.there:
            out.print(f"  {seen.there:,} people are there: made as the records say")
        self._numbers("left out", seen.left_out)
        self._numbers("what the pool will not show", seen.not_held)
        if why:
            out.print(f"[bold red]nothing was changed:[/] {escape(why)}")

    def _numbers(self, heading: str, numbers: Mapping[str, int]) -> None:
        if numbers:
            self._console.print(f"  {heading}:")
        for name, number in numbers.items():
            self._console.print(f"    {escape(name)}: {number:,}")

    def _progress(self, number: int) -> None:
        if number % _EVERY == 0:
            self._console.print(f"  {number:,} people")

    def _ended(self, look: ForeignLook, outcome: ForeignOutcome | None, why: str) -> int:
        if self._as_json:
            left = {each: len(whom) for each, whom in outcome.left.items()} if outcome else {}
            done = outcome.done if outcome else 0
            told = {"seen": asdict(look.seen), "why": why, "done": done, "left": left}
            print(json.dumps(told, indent=2))  # noqa: T201
        if outcome is None:
            return 2 if why else 0
        out = self._console
        out.print(f"{outcome.done:,} people and groups are as the records say")
        out.print("  no password came with them: they choose one by 'forgot password'")
        for reason, whom in outcome.left.items():
            shown = ", ".join(each if self._names else digest(each) for each in whom[:_SHOWN])
            more = f" and {len(whom) - _SHOWN:,} more" if len(whom) > _SHOWN else ""
            out.print(f"  [bold]{len(whom):,} left:[/] {escape(f'{reason}: {shown}{more}')}")
        return 1 if outcome.left else 0
