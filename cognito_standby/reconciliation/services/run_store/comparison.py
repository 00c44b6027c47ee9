"""The files of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.reconciliation.domain import file_names as names_of
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

    def shard_file(self, shard: str) -> str:
        """The file of a shard, as the judgement names it."""
        return self._file(names_of.shard(shard))


def suspects_in(files: RunFiles, file: str) -> Iterator[Suspect]:
    """The suspects in one file of `Judgement.buckets`. InvalidRecordError: it has none."""
    raw = JsonFiles(files).read(file)
    if not isinstance(raw, dict) or not isinstance(raw.get("suspects"), list):
        raise InvalidRecordError(f"{file} holds no suspects")
    return map(suspect_from_list, raw["suspects"])
