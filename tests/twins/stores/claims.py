"""The claim items and the survey of all records, on the twin of the global table."""

from __future__ import annotations

from cognito_standby.core.domain.subjects import CLAIM_KEY
from cognito_standby.recovery.domain.standing import ClaimItem, Standing, Tally
from cognito_standby.recovery.ports import SurveyPage
from tests.twins.stores.records import GlobalTable, ItemKey


class InMemoryClaimItems:
    """ClaimItems of one Region."""

    def __init__(self, table: GlobalTable, region: str) -> None:
        self._table, self.region = table, region

    def standing(self) -> Standing:
        """Both items as this replica shows them."""
        other = self._table.installation.other(self.region)
        return Standing(
            self.region, self._table.installation, self._item(self.region), self._item(other)
        )

    def put(self, item: ClaimItem, instead_of: ClaimItem | None) -> bool:
        """Write the own item over the one that was seen."""
        if self._item(self.region) != instead_of:
            return False
        self._table.write(self.region, ItemKey(CLAIM_KEY, self.region), item)
        return True

    def _item(self, owner: str) -> ClaimItem | None:
        item = self._table.item(self.region, ItemKey(CLAIM_KEY, owner))
        if isinstance(item, int):
            return ClaimItem(item)
        return item if isinstance(item, ClaimItem) else None


def stood_down(table: GlobalTable, region: str, target: str) -> None:
    """The Region that is active since epoch 1 has stood down for `target`; "": it opens again."""
    items = InMemoryClaimItems(table, region)
    assert items.put(ClaimItem(1, stood_down=target), items.standing().own)


class InMemoryRecordSurvey:
    """RecordSurvey: `page_items` records a page."""

    def __init__(self, table: GlobalTable, region: str, page_items: int = 1000) -> None:
        self._table, self.region, self._page = table, region, page_items

    def page(self, after: str) -> SurveyPage:
        """A page by number."""
        begin = int(after or 0)
        every = [each for each in self._table.records(self.region) if not each.retired]
        some = every[begin : begin + self._page]
        tallies = {
            region: Tally(
                sum(each.region == region for each in some),
                sum(each.revision for each in some if each.region == region),
            )
            for region in {each.region for each in some}
        }
        end = begin + self._page
        return SurveyPage(
            tallies,
            max((each.epoch for each in some), default=None),
            str(end) if end < len(every) else "",
        )
