"""Reading an index or a listing to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from cognito_standby.core.domain.errors import ServiceUnavailableError


class _Page(Protocol):
    @property
    def token(self) -> str: ...


_P = TypeVar("_P", bound=_Page)


def pages(page_at: Callable[[str], _P]) -> Iterator[_P]:
    """All pages of one. ServiceUnavailableError: they go in circles."""
    token, seen = "", set[str]()
    while True:
        page = page_at(token)
        yield page
        if not page.token:
            return
        if page.token in seen:
            raise ServiceUnavailableError("the pages of an index go in circles")
        seen.add(page.token)
        token = page.token
