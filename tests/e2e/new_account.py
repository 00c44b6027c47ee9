"""A day in a new account: people sign up and change, administrators too, then reconciliation."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from local.demo.compare import Comparison, compare
from local.demo.people import PASSWORD, Person
from local.outputs import RegionOutputs
from local.quotas.counts import APPS
from local.quotas.remote import Told, quotas_at
from local.remote import RemoteStage
from tests.e2e.reconciling import Reconciled
from tests.e2e.world import letters

THROTTLED, TRIGGER_FAILED = "TooManyRequestsException", "UnexpectedLambdaException"
_CALM_SECONDS = 1.0
"""Between two looks of the test: its own calls spend the same quotas."""


def product(caller: str) -> bool:
    """A deployed function."""
    return caller != APPS


def app(caller: str) -> bool:
    """Whoever uses the pools."""
    return caller == APPS


@dataclass
class NewAccount:
    """A stage with quotas, and what its people met."""

    stage: RemoteStage
    errors: Counter[str] = field(default_factory=Counter)
    """What an app was answered instead of success, by error."""
    signed_up: int = 0

    @property
    def primary(self) -> RegionOutputs:
        return self.stage.outputs.primary

    @property
    def regions(self) -> tuple[RegionOutputs, RegionOutputs]:
        return self.stage.outputs.primary, self.stage.outputs.backup

    def told(self) -> Told:
        """What the quotas have refused so far."""
        return quotas_at(self.stage.outputs.endpoint)

    def patiently(self, call: Callable[[], Any]) -> Any:
        """As a well-made app: throttled, once more a little later."""
        for _ in range(60):
            try:
                return call()
            except ClientError as error:
                code = error.response["Error"]["Code"]
                self.errors[code] += 1
                if code != THROTTLED:
                    raise
                time.sleep(0.3)
        raise AssertionError("throttled for too long")

    def sign_up(self, person: Person) -> str:
        """An app's user, who tries again until they are in; "" or the error that they met."""
        client = self.stage.client("cognito-idp", self.primary.region)
        who = {"ClientId": self.primary.client_id, "Username": person.username}
        attributes = {"email": person.email, "name": person.name}
        given = [{"Name": k, "Value": v} for k, v in attributes.items()]
        met = self._taken_in(lambda: client.sign_up(**who, Password=PASSWORD, UserAttributes=given))
        self.signed_up += 1
        try:
            self.patiently(lambda: client.confirm_sign_up(**who, ConfirmationCode="123456"))
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return met

    def _taken_in(self, sign_up: Callable[[], Any]) -> str:
        """The error that the sign-up met before it succeeded. Where a trigger after the creation
        failed, the next try finds the user there."""
        met = ""
        for _ in range(200):
            try:
                self.patiently(sign_up)
                return met
            except ClientError as error:
                code = str(error.response["Error"]["Code"])
                if met and code == "UsernameExistsException":
                    return met
                if code != TRIGGER_FAILED:
                    raise
                met = code
                time.sleep(0.3)
        raise AssertionError("its triggers failed for too long")

    def burst(self, people: list[Person]) -> Counter[str]:
        """All at once; how many met which error, "" for none."""
        with ThreadPoolExecutor(16) as pool:
            return Counter(pool.map(self.sign_up, people))

    def admin(self, operation: str, person: Person, **more: Any) -> None:
        """An administrator's call, patiently."""
        client = self.stage.client("cognito-idp", self.primary.region)
        call = getattr(client, f"admin_{operation}")
        pool = self.primary.user_pool_id
        self.patiently(lambda: call(UserPoolId=pool, Username=person.username, **more))

    def change_some(self, people: list[Person]) -> None:
        """Everybody's name; some are disabled, some deleted, some join a group."""
        client = self.stage.client("cognito-idp", self.primary.region)
        pool = self.primary.user_pool_id
        self.patiently(lambda: client.create_group(UserPoolId=pool, GroupName="staff"))
        for number, person in enumerate(people):
            renamed = [{"Name": "name", "Value": f"{person.name} again"}]
            self.admin("update_user_attributes", person, UserAttributes=renamed)
            if number % 5 == 0:
                self.admin("add_user_to_group", person, GroupName="staff")
            elif number % 5 == 1:
                self.admin("disable_user", person)
            elif number % 10 == 2:
                self.admin("delete_user", person)

    def equal(self) -> Comparison | None:
        """One look at both pools; None when the look itself was refused."""
        time.sleep(_CALM_SECONDS)
        try:
            return compare(self.stage)
        except ClientError as error:
            self.errors[error.response["Error"]["Code"]] += 1
            return None

    def until_equal(self, seconds: float) -> Comparison:
        """Wait until both pools agree; the last comparison when they do not in that time."""
        deadline, last = time.monotonic() + seconds, None
        while time.monotonic() < deadline:
            last = self.equal() or last
            if last is not None and last.agree:
                break
        assert last is not None
        return last

    def running(self) -> int:
        """Executions of any machine that have not ended."""
        count = 0
        for region in self.regions:
            client = self.stage.client("stepfunctions", region.region)
            for arn in region.state_machines.values():
                told = client.list_executions(stateMachineArn=arn, statusFilter="RUNNING")
                count += len(told["executions"])
        return count

    def letters(self) -> list[str]:
        """Dead letters of both Regions."""
        return [text for region in self.regions for text in letters(self.stage, region)]

    def reconcile(self, *regions: RegionOutputs) -> dict[str, Any]:
        """One run in each of these Regions, at once; none named: in both. Their verdicts."""
        world, where = Reconciled(self.stage), regions or self.regions
        with ThreadPoolExecutor(len(where)) as pool:
            reports = list(pool.map(world.run, where))
        return {r.region: told["verdict"] for r, told in zip(where, reports, strict=True)}

    def figures(self) -> dict[str, Any]:
        """For the report: refusals by quota and caller, peaks."""
        told = self.told()
        refused = {
            f"{each['quota']} {each['caller']} {each['region']}": each["refused"]
            for each in told.state["calls"]
            if each["refused"]
        }
        return {"peak": told.peak(), "refused": refused, "errors": dict(self.errors)}
