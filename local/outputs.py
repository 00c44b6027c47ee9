"""What a deployed installation is made of, as the demo, the tests and people need it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_MACHINE = "StateMachine"
ROLES = ("primary", "backup")


class OutputsError(ValueError):
    """The deployed stacks do not say what is expected of them."""


@dataclass(frozen=True)
class RegionOutputs:
    """One Region's part of an installation."""

    region: str
    user_pool_id: str
    client_id: str
    state_machines: Mapping[str, str]
    bus: str
    dead_letter_queue_url: str
    ledger_table: str
    admin_api: str = ""
    """Base address of the Admin API, without a slash at the end; "" where there is none."""
    reconcile_bucket: str = ""
    active_document: str = ""
    """Address of the document that says which pool is active; "" where there is none."""
    active_parameter: str = ""
    account: str = ""
    """Whose Region it is; "": that of the installation."""

    @classmethod
    def of(cls, outputs: Mapping[str, str], endpoint: str) -> RegionOutputs:
        """Read a RegionStack's outputs. At a local `endpoint` no name leads to the API, but a
        path does."""
        prefix = f"{outputs.get('Installation', '')}-"
        machines = {}
        for key, arn in sorted(outputs.items()):
            if key.startswith(_MACHINE):
                machines[arn.rsplit(":", 1)[-1].removeprefix(prefix)] = arn
        return cls(
            region=outputs["Region"],
            user_pool_id=outputs["UserPoolId"],
            client_id=outputs["ClientId"],
            state_machines=machines,
            bus=outputs["BusName"],
            dead_letter_queue_url=outputs["DeadLetterQueueUrl"],
            ledger_table=outputs["LedgerTable"],
            admin_api=_admin_api(outputs, endpoint),
            reconcile_bucket=outputs.get("ReconcileBucket", ""),
            active_document=_active_document(outputs, endpoint),
            active_parameter=outputs.get("ActiveParameter", ""),
            account=_account(outputs),
        )


@dataclass(frozen=True)
class StageOutputs:
    """The whole installation; its JSON form is `.local/outputs.json`."""

    endpoint: str
    account: str
    records_table: str
    primary: RegionOutputs
    backup: RegionOutputs

    @classmethod
    def of(
        cls, endpoint: str, account: str, stacks: Mapping[str, Mapping[str, str]]
    ) -> StageOutputs:
        """Find the two RegionStacks among the deployed stacks by their `Role` output."""
        by_role = {o["Role"]: o for o in stacks.values() if "UserPoolId" in o and "Role" in o}
        missing = [role for role in ROLES if role not in by_role]
        if missing:
            raise OutputsError(f"no deployed stack has the output Role = {' or '.join(missing)}")
        try:
            return cls(
                endpoint=endpoint,
                account=account,
                records_table=by_role["primary"]["RecordsTable"],
                primary=RegionOutputs.of(by_role["primary"], endpoint),
                backup=RegionOutputs.of(by_role["backup"], endpoint),
            )
        except KeyError as error:
            raise OutputsError(f"a RegionStack lacks the output {error}") from error

    def account_of(self, region: str) -> str:
        """Whose account a Region of the installation is in."""
        of = {each.region: each.account for each in (self.primary, self.backup)}
        return of.get(region) or self.account

    @classmethod
    def read(cls, path: Path) -> StageOutputs:
        """Read `outputs.json` back."""
        data = json.loads(path.read_text())
        data.update({role: RegionOutputs(**data[role]) for role in ROLES})
        return cls(**data)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def write(self, path: Path) -> None:
        """Write `outputs.json`, for other programs: there whole, or not there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(path.name + ".new")
        whole.write_text(json.dumps(self.to_dict(), indent=2) + "\n")
        whole.replace(path)


def _account(outputs: Mapping[str, str]) -> str:
    """Each Region has machines, whose ARNs name the account."""
    arns = (text for key, text in sorted(outputs.items()) if key.startswith(_MACHINE))
    return next((arn.split(":")[4] for arn in arns), "")


def _admin_api(outputs: Mapping[str, str], endpoint: str) -> str:
    url = outputs.get("AdminApiUrl", "")
    if not (url and endpoint):
        return url
    return f"{endpoint}/_aws/execute-api/{outputs['AdminApiId']}/{url.rsplit('/', 1)[-1]}"


def _active_document(outputs: Mapping[str, str], endpoint: str) -> str:
    url = outputs.get("ActiveDocumentUrl", "").removeprefix("none")
    if not (url and endpoint):
        return url
    host, _, path = url.removeprefix("https://").partition("/")
    return f"{endpoint}/_aws/execute-api/{host.partition('.')[0]}/{path}"
