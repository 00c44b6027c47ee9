"""run.json and judgement.json."""

from __future__ import annotations

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.reconciliation.domain import file_names as names_of
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.run_notes import Opened
from cognito_standby.reconciliation.domain.work_items import Judgement, run_from_dict, run_to_dict
from cognito_standby.reconciliation.services.run_store.folder import Folder


class OpeningFiles(Folder):
    """run.json and judgement.json."""

    def is_opened(self) -> bool:
        """Whether Open Run noted something."""
        return self._read(names_of.OPENED) is not None

    def opened(self) -> Opened:
        """What Open Run noted. InvalidRecordError: nothing, or nothing readable."""
        return Opened.from_dict(self._read(names_of.OPENED))

    def write_opened(self, opened: Opened) -> None:
        """Note it."""
        self._note(names_of.OPENED, opened.to_dict())

    def take_over(self, run: Run) -> None:
        """Another execution goes on with the run: who asks for the run is told of that one.
        InvalidRecordError: nothing readable was noted."""
        noted, body = self._read(names_of.OPENED), run_to_dict(run)
        if not isinstance(noted, dict):
            raise InvalidRecordError("the run was not opened")
        self._json.write(self._file(names_of.OPENED), {**noted, "run": body, "holder": body})

    def run(self) -> Run | None:
        """The run itself; None: there is none of this id. Earlier releases noted nothing else."""
        raw = self._read(names_of.OPENED)
        if raw is None:
            return None
        return run_from_dict(raw.get("run", raw) if isinstance(raw, dict) else raw)

    def was_active(self) -> bool:
        """Whether the Region was the active one when the run began."""
        raw = self._read(names_of.OPENED)
        return isinstance(raw, dict) and raw.get("active") is True

    def policy(self) -> tuple[str, SignInRules | None]:
        """`after_failover`, where it is about this Region's pool, and what the pool's settings say;
        nothing: an older release opened the run."""
        raw = self._read(names_of.OPENED)
        if not isinstance(raw, dict) or not raw.get("after_failover"):
            return "", None
        opened = Opened.from_dict(raw)
        return opened.after_failover, opened.sign_in

    def expected_users(self) -> int:
        """Users of the pool by its own estimate when the run began; 0: not known."""
        raw = self._read(names_of.OPENED)
        number = raw.get("estimated_users") if isinstance(raw, dict) else None
        return number if isinstance(number, int) else 0

    def judgement(self) -> Judgement | None:
        """What was judged; None: not yet."""
        raw = self._read(names_of.JUDGEMENT)
        return None if raw is None else Judgement.from_dict(raw)

    def write_judgement(self, judgement: Judgement) -> None:
        """Note it."""
        self._note(names_of.JUDGEMENT, judgement.to_dict())
