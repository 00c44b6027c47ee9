"""Joins the listing, the ledger and the records of one shard. Pure, and made to be fast: a subject
in sync, as nearly all are, costs a few look-ups and string comparisons, and only the others become
a `Case`. The ledger's rows are read as a stream; the listing and the records of the shard are held
in memory.

A listing can show a user twice or not at all, pages of an index can repeat rows, and neither is
consistent with the other. At worst that makes a suspect, whom a visit clears.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import GROUP_KEY
from cognito_standby.core.domain.summaries import joined, parts_of
from cognito_standby.reconciliation.domain.cases import Case, Terms, believes_absence
from cognito_standby.reconciliation.domain.comparison import Skipped, judge_case
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    LedgerSummary,
    RecordSummary,
    Suspect,
    Tally,
)
from cognito_standby.reconciliation.domain.standings import tells_no_provider

_Row = tuple[str, ...]
_Pair = list[RecordSummary | None]
"""The own record and the other one."""
_LOCAL_SUB, _ORIGIN, _PROFILE, _FLAG, _STATUS, _MARKS = range(6)
_MEMBER_GROUP = 2
_ABSENCES = (Drift.RECORD_OF_DELETED_USER, Drift.MISSING_USER)
_NOT_ITS = "the pool's copy of the origin sub is not this user's by the ledger"


@dataclass
class ShardResult:
    """What came of one shard.

    unknown   local subs of listed users whom the ledger does not know by the origin under which
              they were listed: their copy of it can be wrong, which the reverse map tells
    newest    Region -> highest epoch number seen in the records
    groups    keys of the group definitions in sync: they have no local sub, which in another pool
              would be another one, so that their row alone tells of which pool it speaks
    awaited   keys of those who are made when they first come
    absent    keys of suspects whom the ledger remembers, and who are missing
    """

    suspects: list[Suspect] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


class ShardJoin:
    """One shard. Feed `listed`, `members` and `records`, then compare with the ledger's rows."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._users: dict[str, _Row] = {}
        self._strays: dict[str, list[_Row]] = {}
        self._groups: dict[str, set[str]] = {}
        self._records: dict[str, _Pair] = {}
        self._unreadable: dict[str, str] = {}
        self._result = ShardResult()
        self._counts: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def listed(self, rows: Iterable[_Row]) -> None:
        """Users, or group definitions. One that is listed twice counts once, as seen last."""
        users = self._users
        for row in rows:
            former = users.setdefault(row[_ORIGIN], row)
            if former is row:
                continue
            if former[_LOCAL_SUB] == row[_LOCAL_SUB]:
                users[row[_ORIGIN]] = row
            else:
                self._strays.setdefault(row[_ORIGIN], []).append(row)

    def members(self, rows: Iterable[_Row]) -> None:
        """Memberships."""
        groups = self._groups
        for row in rows:
            groups.setdefault(row[_LOCAL_SUB], set()).add(row[_MEMBER_GROUP])

    def records(self, records: Iterable[RecordSummary], unreadable: Mapping[str, str]) -> None:
        """Both Regions' records."""
        pairs, own_region = self._records, self._terms.region
        for record in records:
            pair = pairs.get(record.key)
            if pair is None:
                pair = pairs[record.key] = [None, None]
            pair[0 if record.region == own_region else 1] = record
        self._unreadable.update(unreadable)

    def compare(self, rows: Iterable[LedgerSummary]) -> ShardResult:
        """Join with the ledger; ends the shard."""
        counts = self._counts
        counts["users"] = len([1 for row in self._users.values() if row[_LOCAL_SUB]])
        counts["users"] += sum(len({s[_LOCAL_SUB] for s in rows}) for rows in self._strays.values())
        counts["groups"] = len(self._users) - len(
            [1 for row in self._users.values() if row[_LOCAL_SUB]]
        )
        counts["memberships"] = sum(map(len, self._groups.values()))
        self._epochs()
        self._with_ledger(rows)
        self._leftovers()
        self._close()
        return self._result

    def _epochs(self) -> None:
        newest = self._result.newest
        for pair in self._records.values():
            for record in pair:
                if record is not None:
                    self._counts["records"] += 1
                    epoch = record.version.epoch
                    if newest.get(epoch.region, -1) < epoch.number:
                        newest[epoch.region] = epoch.number

    def _with_ledger(self, rows: Iterable[LedgerSummary]) -> None:
        users, records, groups = self._users, self._records, self._groups
        strays, unreadable = self._strays, self._unreadable
        known: set[str] = set()
        in_sync = 0
        for row in rows:
            key = row.key
            if key in known:
                continue
            known.add(key)
            user, pair = users.pop(key, None), records.pop(key, None)
            if (
                user is not None
                and pair is not None
                and row.state is SyncState.IN_SYNC
                and row.local_sub == user[_LOCAL_SUB]
                and row.summary == _summary(user, groups)
                and _confirms(row, pair)
                and key not in strays
                and key not in unreadable
            ):
                in_sync += 1
                if not user[_LOCAL_SUB]:
                    self._result.groups.append(key)
                continue
            self._subject(key, user, row, pair or [None, None])
        self._counts["ledger_rows"] += len(known)
        self._counts["in_sync"] += in_sync

    def _leftovers(self) -> None:
        """What the ledger does not know."""
        for key in list(self._users):
            self._subject(key, self._users.pop(key), None, self._records.pop(key, [None, None]))
        for key, pair in self._records.items():
            self._subject(key, None, None, pair)
        for key, why in self._unreadable.items():
            self._found(Suspect(Drift.UNREADABLE_RECORD, key, "", False, why))

    def _subject(self, key: str, user: _Row | None, row: LedgerSummary | None, pair: _Pair) -> None:
        """A subject that is not plainly in sync."""
        if key in self._unreadable:
            return
        disagreement = False
        candidates = [*([user] if user else []), *self._strays.pop(key, ())]
        if row is not None or len(candidates) > 1:
            own = (row.local_sub if row is not None else "") or _born_as(key)
            user = next((each for each in candidates if each[_LOCAL_SUB] == own), None)
            for stray in {each[_LOCAL_SUB] for each in candidates if each is not user}:
                if user is None or stray != user[_LOCAL_SUB]:
                    disagreement = True
                    self._result.unknown.append(stray)
                    self._found(Suspect(Drift.LEDGER_OUT_OF_STEP, "", stray, False, _NOT_ITS))
        elif user is not None and user[_LOCAL_SUB]:
            self._result.unknown.append(user[_LOCAL_SUB])
        summary = self._shown(user, row) if user else ""
        local_sub, status = (user[_LOCAL_SUB], user[_STATUS]) if user else ("", "")
        untold = user is not None and tells_no_provider("".join(user[_MARKS:]))
        case = Case(key, local_sub, summary, status, row, pair[0], pair[1], untold)
        self._judge(case, alone=not disagreement)

    def _shown(self, user: _Row, row: LedgerSummary | None) -> str:
        """The summary of a listed user, with the confirmed memberships if the present ones are not
        known."""
        before = parts_of(row.summary) if row is not None else None
        if self._terms.groups_known or before is None:
            return _summary(user, self._groups)
        return f"{user[_PROFILE]}.{before.groups}.{user[_FLAG]}"

    def _judge(self, case: Case, *, alone: bool) -> None:
        """`alone`: nobody else was listed in the subject's place; otherwise its absence does not
        count, and is only visited."""
        finding = judge_case(case, self._terms)
        if isinstance(finding, Skipped):
            self._skipped[finding.reason] += 1
            if finding.reason == NotHeld.AWAITED:
                self._result.awaited.append(case.key)
        elif finding is None:
            self._counts["in_sync"] += 1 if case.summary else 0
        elif alone or case.summary:
            if believes_absence(case):
                self._result.absent.append(case.key)
            self._found(finding)
        else:
            kind = Drift.LEDGER_OUT_OF_STEP if finding.kind in _ABSENCES else finding.kind
            self._found(replace(finding, kind=kind, destructive=False))

    def _found(self, suspect: Suspect) -> None:
        self._result.suspects.append(suspect)

    def _close(self) -> None:
        counts, suspects = self._counts, self._result.suspects
        tally = Tally(
            users=counts["users"],
            records=counts["records"],
            ledger_rows=counts["ledger_rows"],
            groups=counts["groups"],
            memberships=counts["memberships"],
            in_sync=counts["in_sync"],
            absent=len(self._result.absent),
            skipped=dict(self._skipped),
        )
        self._result.tally = recounted(tally, suspects) if suspects else tally


def _born_as(key: str) -> str:
    """The local sub of a user who was born in this pool, which is the key itself; a group
    definition has none."""
    return "" if key.startswith(GROUP_KEY) else key


def recounted(tally: Tally, suspects: Sequence[Suspect]) -> Tally:
    """The same counts with these suspects."""
    return replace(
        tally,
        drift=dict(Counter(each.kind.value for each in suspects)),
        destructive=sum(each.destructive for each in suspects),
    )


def _summary(user: _Row, groups: Mapping[str, set[str]]) -> str:
    member = groups.get(user[_LOCAL_SUB]) if user[_LOCAL_SUB] else None
    if member is None:
        return f"{user[_PROFILE]}..{user[_FLAG]}"
    return joined(user[_PROFILE], member, enabled=user[_FLAG] == "1")


def _confirms(row: LedgerSummary, pair: _Pair) -> bool:
    """Whether the living winner is the record that was confirmed."""
    own, other = pair
    if other is None:
        winner = own
    elif own is None:
        winner = other
    else:
        one, two = own.version.epoch, other.version.epoch
        ahead = one.number > two.number or (one.number == two.number and one.region > two.region)
        winner = own if ahead else other
    if winner is None or winner.deleted or winner.fingerprint != row.record_fingerprint:
        return False
    version, confirmed = winner.version, row.confirmed_version
    return (
        confirmed is not None
        and version.revision == confirmed.revision
        and version.epoch.number == confirmed.epoch.number
        and version.epoch.region == confirmed.epoch.region
    )
