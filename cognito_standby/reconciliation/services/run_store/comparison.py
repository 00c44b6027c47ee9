"""The files of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.reconciliation.domain import file_names as names_of
from cognito_standby.reconciliation.domain.readiness import Helpless, NotHeldField, Readiness
from cognito_standby.reconciliation.domain.reconciliation import Suspect
from cognito_standby.reconciliation.domain.run_notes import Bucket, ShardNote, ShardSum, Totals
from cognito_standby.reconciliation.domain.work_items import suspect_from_list
from cognito_standby.reconciliation.ports import RunFiles
from cognito_standby.reconciliation.services.run_store.folder import Folder, JsonFiles


class ComparisonFiles(Folder):
    """What the comparison writes."""

    def write_comparison(self, totals: Totals, buckets: Mapping[str, Bucket]) -> str:
        """What is to be compared; the answer is the file of the work items."""
        self._note(names_of.TOTALS, to_plain(totals))
        for name, bucket in buckets.items():
            self._note(names_of.bucket(name), bucket.to_dict())
        self._note(names_of.BUCKETS, [{"bucket": name} for name in buckets])
        return self._file(names_of.BUCKETS)

    def bucket(self, name: str) -> Bucket:
        """InvalidRecordError: it was not planned."""
        raw = self._read(names_of.bucket(name))
        try:
            return Bucket.from_dict(raw)
        except InvalidRecordError:
            raise InvalidRecordError(f"the bucket {name} was not planned") from None

    def totals(self) -> Totals:
        """What was listed. InvalidRecordError: the comparison was not planned."""
        return Totals.from_dict(self._read(names_of.TOTALS))

    def shard(self, shard: str) -> ShardSum | None:
        """What was found in a shard; None: it was not compared."""
        raw = self._read(names_of.shard(shard))
        return None if raw is None else ShardSum.from_dict(raw)

    def write_shard(self, shard: str, note: ShardNote) -> None:
        """Note it."""
        self._note(names_of.shard(shard), note.to_dict())

    def write_helpless(self, shard: str, found: Sequence[Helpless]) -> None:
        """Note who does not get in; nobody: no file."""
        lines = [(each.key, each.local_sub, each.reason, str(int(each.recorded))) for each in found]
        self._lines(names_of.helpless(shard), lines)

    def write_not_held(self, shard: str, found: Sequence[NotHeldField]) -> None:
        """Note what the pool does not hold; nothing: no file."""
        self._lines(names_of.not_held(shard), found)

    def helpless(self, shard: str) -> Iterator[Helpless]:
        """Who of a shard does not get in. InvalidRecordError: lines are of another shape."""
        for key, local_sub, reason, recorded in self._split(names_of.helpless(shard), 4):
            yield Helpless(key, local_sub, reason, recorded == "1")

    def not_held(self, shard: str) -> Iterator[NotHeldField]:
        """What is not held of the subjects of a shard. InvalidRecordError: as above."""
        return (NotHeldField(*each) for each in self._split(names_of.not_held(shard), 3))

    def write_readiness(self, readiness: Readiness) -> None:
        """Of the whole run."""
        self._note(names_of.READINESS, to_plain(readiness))

    def readiness(self) -> Readiness | None:
        """None: nothing was counted, because an older release opened the run, or nothing yet."""
        raw = self._read(names_of.READINESS)
        return None if raw is None else from_plain(Readiness, raw, wrong="this is no readiness")

    def _lines(self, name: str, lines: Sequence[Sequence[str]]) -> None:
        if lines:
            body = "\n".join("\t".join(_unbroken(part) for part in line) for line in lines)
            self.files.write(self._file(name), body.encode(errors="replace"), "text/plain")

    def _split(self, name: str, parts: int) -> Iterator[list[str]]:
        body = self.files.read(self._file(name)) or b""
        for line in body.decode(errors="replace").split("\n") if body else ():
            found = line.split("\t")
            if len(found) != parts:
                raise InvalidRecordError(f"{name} has a line of another shape")
            yield found

    def shard_file(self, shard: str) -> str:
        """The file of a shard, as the judgement names it."""
        return self._file(names_of.shard(shard))


def _unbroken(text: str) -> str:
    """A stored text could hold anything; a line is a line."""
    return " ".join(text.split()) if not text.isprintable() else text


def suspects_in(files: RunFiles, file: str) -> Iterator[Suspect]:
    """The suspects in one file of `Judgement.buckets`. InvalidRecordError: it has none."""
    raw = JsonFiles(files).read(file)
    if not isinstance(raw, dict) or not isinstance(raw.get("suspects"), list):
        raise InvalidRecordError(f"{file} holds no suspects")
    return map(suspect_from_list, raw["suspects"])
