"""Both Regions on twins, and what an export or an import needs in each."""

from __future__ import annotations

from collections.abc import Sequence

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.exports import Form
from cognito_standby.recovery.services.export import ExportRequest, export
from cognito_standby.recovery.services.import_notes import ImportOrder
from cognito_standby.recovery.services.import_plan import open_export
from cognito_standby.recovery.services.import_users import run_import
from cognito_standby.recovery.services.transfer_ports import TransferContext
from tests.twins.import_pool import InMemoryImportPool
from tests.twins.stores.erasures import InMemoryErasureList
from tests.twins.stores.password_notes import SharedPasswordNotes
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.twins.stores.shard_indexes import InMemoryRecordIndex
from tests.unit.world import Side, World

ROLE = "arn:aws:iam::111111111111:role/import-logs"


class Files(InMemoryRunFiles):
    """TransferFiles in a dictionary."""

    def write_new(self, name: str, body: bytes) -> bool:
        if name in self.bodies:
            return False
        self.write(name, body)
        return True

    def remove(self, name: str) -> None:
        self.bodies.pop(name, None)


class Machine:
    """Runs `sync_user` at once."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self.hints: list[Hint] = []

    def start(self, hint: Hint) -> str:
        self.hints.append(hint)
        self._side.run(hint.to_dict(), holder=f"execution-{len(self.hints)}")
        return f"arn:{len(self.hints)}"


class TransferWorld:
    """People sign up in the primary; the standby's pool is empty."""

    def __init__(self) -> None:
        self.world = World()
        self.files = Files()
        self.pool = InMemoryImportPool(self.world.backup.pool)
        self.machine = Machine(self.world.backup)
        self.passwords = SharedPasswordNotes(page=1)
        self.paused: list[float] = []
        self.told: list[str] = []

    @property
    def erasures(self) -> InMemoryErasureList:
        """The standby's."""
        erasures = self.world.backup.context.erasures
        assert isinstance(erasures, InMemoryErasureList)
        return erasures

    @property
    def context(self) -> TransferContext:
        side = self.world.backup
        return TransferContext(
            sync=side.context,
            index=InMemoryRecordIndex(self.world.table, side.region),
            pool=self.pool,
            passwords_set=self.passwords.store(side.region),
            files=self.files,
            notes=self.files,
            machine=self.machine,
            pause=self.paused.append,
        )

    def person(self, name: str, /, **attributes: str) -> str:
        """Somebody in the primary, whose record is in the table; returns the origin sub."""
        address = {"email": f"{name}@example.org", "email_verified": "true"}
        sub = self.world.sign_up(name, {**address, **attributes})
        self.world.primary.run({"local_sub": sub})
        self.world.table.replicate_all()
        return sub

    def password_set(self, sub: str, at: str) -> None:
        """The primary notes that they set a password."""
        self.passwords.store(self.world.primary.region).note(Subject.user(sub), 1, at, "")

    def again(self, sub: str) -> None:
        """The primary captures a change of theirs."""
        self.world.primary.run({"local_sub": sub})
        self.world.table.replicate_all()

    def export(self, name: str = "e", form: Form = Form.CSV, part_users: int = 100) -> None:
        export(self.context, ExportRequest(name, form, part_users))

    def order(self, run: str = "r", name: str = "e") -> ImportOrder:
        return ImportOrder(run, name, ROLE)

    def import_all(self, run: str = "r", name: str = "e") -> None:
        order = self.order(run, name)
        run_import(self.context, open_export(self.context, name), order, self.told.append)

    def usernames(self) -> Sequence[str]:
        return sorted(account.username for account in self.world.backup.pool._accounts)
