"""One question to Cognito about a configuration: the answer, nothing there, or why it is not told.

A code that says "later" is raised, for half an answer is no configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cognito_standby.configuration.domain.document import Section, Unread, WhyUnread
from cognito_standby.core.adapters.aws_errors import code_of, to_standby_error
from cognito_standby.core.domain.errors import PoolPausedError, RetryableError

NOT_THERE = "ResourceNotFoundException"
_NOTHING = frozenset({NOT_THERE, "WAFNonexistentItemException"})
_DENIED = frozenset({"AccessDeniedException", "NotAuthorizedException", "AccessDenied"})
_UNSUPPORTED = frozenset(
    {
        *("OperationNotEnabledException", "UserPoolAddOnNotEnabledException"),
        *("FeatureUnavailableInTierException", "UnsupportedOperationException"),
        *("InvalidAction", "UnknownOperationException", "WAFUnavailableEntityException"),
    }
)
"""The last ones: the Region's service does not know the operation."""

Answer = Mapping[str, Any]


class Questions:
    """The questions of one reading, and what was not answered."""

    def __init__(self) -> None:
        self.unread: list[Unread] = []

    def ask(self, section: Section, item: str, call: Callable[[], Answer]) -> Answer | None:
        """None: nothing is set up, or `unread` says why it is not told. RetryableError."""
        try:
            return call()
        except ClientError as error:
            code = code_of(error)
            if code not in _NOTHING:
                self._note(section, item, error, code)
            return None
        except BotoCoreError as error:
            raise to_standby_error(error) from None

    def pages(
        self, section: Section, call: Callable[..., Answer], name: str, **request: Any
    ) -> Iterator[Answer]:
        """What all pages of a listing hold under `name`. A listing that breaks off is not told."""
        found: list[Answer] = []
        while True:
            page = self.ask(section, "", lambda: call(**request))
            if page is None:
                return
            found += page.get(name) or ()
            if not page.get("NextToken"):
                break
            request["NextToken"] = page["NextToken"]
        yield from found

    def counts_for_all(self, section: Section) -> bool:
        """Whether what was not told last is so for all of the section; then it is noted so."""
        if self.unread[-1].why is WhyUnread.FAILED:
            return False
        self.unread[-1] = replace(self.unread[-1], section=section, item="")
        return True

    def _note(self, section: Section, item: str, error: ClientError, code: str) -> None:
        if code in _DENIED:
            why = WhyUnread.DENIED
        elif code in _UNSUPPORTED:
            why = WhyUnread.UNSUPPORTED
        else:
            translated = to_standby_error(error)
            later = isinstance(translated, RetryableError)
            if later and not isinstance(translated, PoolPausedError):
                raise translated from None
            why = WhyUnread.FAILED
        self.unread.append(Unread(section, item, error.operation_name, why, code))
