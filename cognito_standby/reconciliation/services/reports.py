"""The reports that a Region has kept: `reports/<day>/<run id>.json`, and a page beside each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.reconciliation.domain.drift_report import SCHEMA_VERSION, DriftReport
from cognito_standby.reconciliation.domain.file_names import REPORTS
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.ports import RunFiles

_JSON, _PAGE = ".json", ".html"


@dataclass(frozen=True)
class Kept:
    """A report in the bucket; `report` is None where it cannot be read, and `trouble` says why."""

    name: str
    report: DriftReport | None
    trouble: str = ""

    @property
    def run(self) -> str:
        """The run's id."""
        return self.name.rsplit("/", 1)[-1].removesuffix(_JSON)

    @property
    def page(self) -> str:
        """The name of the page for people."""
        return self.name.removesuffix(_JSON) + _PAGE


def name_of(run: Run) -> str:
    """Where the report of a run belongs."""
    return f"{REPORTS}{run.started_at[:10]}/{run.id}{_JSON}"


def keep(files: RunFiles, name: str, report: DriftReport, page: str) -> None:
    """Write both forms; the JSON last, so that whoever finds it finds the page as well."""
    html = Kept(name, None).page
    files.write(html, page.encode(), "text/html; charset=utf-8")
    body = json.dumps(to_plain(report), indent=1, ensure_ascii=False)
    files.write(name, body.encode(errors="replace"), "application/json")


def newest(files: RunFiles, limit: int) -> list[Kept]:
    """The last reports, newest first. A listing of the bucket and one read for each."""
    return list(islice(_newest(files), limit))


def find(files: RunFiles, run_id: str) -> Kept | None:
    """The report of a run, by the whole id or by the beginning of just one."""
    names = [name for name in _names(files) if Kept(name, None).run.startswith(run_id)]
    exact = [name for name in names if Kept(name, None).run == run_id]
    chosen = exact or names
    return _read(files, chosen[0]) if len(chosen) == 1 else None


def last_readable(files: RunFiles, but: str, tries: int = 10) -> DriftReport | None:
    """The newest report that can be read, other than `but`."""
    kept = islice((each for each in _newest(files) if each.name != but), tries)
    return next((each.report for each in kept if each.report is not None), None)


def parse(body: bytes) -> DriftReport:
    """A report from its JSON. InvalidRecordError: it is none, or of a newer schema."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRecordError("it is not JSON") from None
    version = data.get("schema_version") if isinstance(data, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise InvalidRecordError(f"its schema {version} is newer than this release")
    return from_plain(DriftReport, data)


def read_page(files: RunFiles, name: str) -> bytes:
    """A report's page for people (`Kept.page`); empty: there is none."""
    return files.read(name) or b""


def _names(files: RunFiles) -> list[str]:
    return [name for name in files.names(REPORTS) if name.endswith(_JSON)]


def _newest(files: RunFiles) -> Iterator[Kept]:
    """By the day in the names, and within a day by the time in the reports, because the ids of
    scheduled runs are in no order."""
    days = groupby(sorted(_names(files), reverse=True), lambda name: name.rsplit("/", 1)[0])
    for _, names in days:
        yield from sorted((_read(files, name) for name in names), key=_began, reverse=True)


def _began(kept: Kept) -> str:
    return kept.report.run.started_at if kept.report else ""


def _read(files: RunFiles, name: str) -> Kept:
    try:
        return Kept(name, parse(files.read(name) or b""))
    except InvalidRecordError as error:
        return Kept(name, None, str(error))
