"""What `standby config restore` says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from cognito_standby.cli.views.configuration import difference_lines, differences_json
from cognito_standby.configuration.domain.making import Plan
from cognito_standby.configuration.services.making import BrokenOffError, Look, Made, permissions

Doubt = tuple[str, str]
"""What speaks against the snapshot, and the accepted one; empty: nothing, none."""
NO_DOUBT: Doubt = ("", "")


@dataclass(frozen=True)
class RestoreView:
    """What is printed. With --json all of it is one object, of the end."""

    region: str
    pool_arns: str
    ids: Path | None
    as_json: bool

    def tell(self, line: str) -> None:
        """One step."""
        if not self.as_json:
            typer.echo(line)

    def tell_look(self, looked: Look, doubt: Doubt) -> None:
        """Of a dry run, which nothing comes after."""
        plan = looked.plan
        if self.as_json:
            calls = [plan.pool.told, *(each.told for each in plan.steps)]
            told = {"source": plan.source, "calls": calls, "lost": plan.lost, "pool": looked.found}
            more = {"doubt": doubt[0], "accepted": doubt[1]}
            self._print({**told, "not_now": looked.standing, **more})
            return
        self.tell_plan(plan, looked.found, doubt)
        for each in looked.standing:
            typer.echo(f"not now: {each}")

    def tell_plan(self, plan: Plan, found: str, doubt: Doubt) -> None:
        """The calls, and what will be otherwise."""
        if self.as_json:
            return
        head = f"goes on with {found}" if found else "calls:"
        lines = [f"from {plan.source}, {head}", *(f"  {e.told}" for e in (plan.pool, *plan.steps))]
        lines += ["not as it was:", *(f"  {each}" for each in plan.lost)]
        lines += [f"look again: {doubt[0]}"] if doubt[0] else []
        for line in lines:
            typer.echo(line)

    def tell_made(self, plan: Plan, made: Made) -> int:
        """The exit code."""
        mapping = {"user_pool_id": made.user_pool_id, "clients": dict(made.clients)}
        written = self._write(mapping)
        next_steps = self._next(plan, made)
        if self.as_json:
            left = differences_json(made.differences)
            failed = dict(made.failed)
            self._print({**mapping, "failed": failed, "differences": left, "next": next_steps})
            return int(not (made.whole and written))
        for step, why in made.failed.items():
            typer.echo(f"not done: {step}: {why}")
        for line in difference_lines(made.differences):
            typer.echo(line)
        typer.echo("as the snapshot says" if made.whole else "not all is as the snapshot says")
        typer.echo(json.dumps(mapping, indent=2))
        for line in next_steps:
            typer.echo(line)
        return int(not (made.whole and written))

    def tell_broken_off(self, error: BrokenOffError) -> None:
        """On stderr, so that --json stays one object or none."""
        typer.echo(f"error: {error}", err=True)

    def _write(self, mapping: Mapping[str, Any]) -> bool:
        """Old ids and new ones; they are printed as well, so nothing is lost where it fails."""
        if self.ids is None:
            return True
        try:
            self.ids.write_text(json.dumps(mapping, indent=2) + "\n")
        except OSError as error:
            typer.echo(f"error: {self.ids} cannot be written: {error.strerror}", err=True)
            return False
        return True

    def _next(self, plan: Plan, made: Made) -> list[str]:
        """What a person does now. Secrets are asked for by them, and never shown here."""
        pool, region = made.user_pool_id, self.region
        secret = (
            f"aws cognito-idp describe-user-pool-client --region {region} --user-pool-id {pool} "
            "--client-id ID"
        )
        return [
            *permissions(plan, self.pool_arns + pool),
            f"new secret of a client: {secret}",
            f"in cdk.json {pool} is pools.primary_user_pool_id or .backup_user_pool_id; deploy",
            "then: standby accept-pool, and the users: "
            f"standby restore --region {region} (docs/runbooks/configuration.md)",
        ]

    def _print(self, data: Mapping[str, Any]) -> None:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
