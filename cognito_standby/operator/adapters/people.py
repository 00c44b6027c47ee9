"""A Region's pool, searched for one person.

Sources: API reference of ListUsers (what can be searched), AdminGetUser (takes a username, an alias
or a sub, and counts its user as active in the month), DescribeUserPool, GetUserPoolMfaConfig.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.cognito import schema_from, user_filter, user_from
from cognito_standby.core.adapters.sign_in_rules import sign_in_rules
from cognito_standby.core.domain.identities import identities_of
from cognito_standby.core.domain.sign_in import Factor
from cognito_standby.core.domain.subjects import MAX_ID_LENGTH
from cognito_standby.operator.domain.person import PoolFacts, SeenUser
from cognito_standby.operator.domain.person_search import bears

_PAGE = 60
"""Users of one ListUsers, at most (API limit)."""

_LONGEST = 256
"""Characters of a filter, at most (API limit): who has a longer address is found by its record."""

_NO_SUCH = ("UserNotFoundException", "InvalidParameterException")
"""Of a look by a name that no username can be, the latter."""


class CognitoPeople:
    """People, by boto3's `cognito-idp` client."""

    def __init__(self, client: Any, user_pool_id: str) -> None:
        self._client, self._pool = client, user_pool_id
        self._facts: PoolFacts | None = None

    def facts(self) -> PoolFacts:
        """DescribeUserPool and GetUserPoolMfaConfig, once."""
        if self._facts is None:
            with translated():
                pool = self._client.describe_user_pool(UserPoolId=self._pool)["UserPool"]
                mfa = self._client.get_user_pool_mfa_config(UserPoolId=self._pool)
            self._facts = facts_from(pool, mfa)
        return self._facts

    def named(self, name: str) -> Sequence[SeenUser]:
        """AdminGetUser; ListUsers by what the name can be; AdminGetUser of each who was found."""
        found: dict[str, SeenUser] = {}
        if (by_name := self._get(name)) is not None:
            found[by_name.user.sub] = by_name
        for username in self._listed(name):
            seen = self._get(username)
            if seen is not None:
                found.setdefault(seen.user.sub, seen)
        by_case = self.facts().case_sensitive if found else True
        return [each for each in found.values() if bears(each, name, case_sensitive=by_case)]

    def by_sub(self, sub: str) -> SeenUser | None:
        """AdminGetUser; ListUsers of a provider's user, or where it is another's username."""
        seen = self._get(sub)
        if seen is not None and seen.user.sub == sub:
            return seen
        return next((self._get(username) for username in self._search("sub", sub)), None)

    def _listed(self, name: str) -> Iterator[str]:
        if not name.isprintable():
            return
        yield from self._search("preferred_username", name)
        if "@" in name:
            yield from self._search("email", name)
        if name.startswith("+"):
            yield from self._search("phone_number", name)
        yield from self._search("sub", name)

    def _search(self, attribute: str, value: str) -> list[str]:
        asked = user_filter(attribute, value)
        if len(asked) > _LONGEST:
            return []
        with translated():
            answer = self._client.list_users(UserPoolId=self._pool, Filter=asked, Limit=_PAGE)
        return [str(user["Username"]) for user in answer["Users"]]

    def _get(self, name: str) -> SeenUser | None:
        if len(name) > MAX_ID_LENGTH:
            return None
        with translated():
            try:
                raw = self._client.admin_get_user(UserPoolId=self._pool, Username=name)
            except ClientError as error:
                if code_of(error) in _NO_SUCH:
                    return None
                raise
            groups = self._client.admin_list_groups_for_user(
                UserPoolId=self._pool, Username=raw["Username"], Limit=_PAGE
            )["Groups"]
        return seen_from(raw, tuple(sorted(str(each["GroupName"]) for each in groups)))


def seen_from(raw: Any, groups: tuple[str, ...]) -> SeenUser:
    """What AdminGetUser answers."""
    user = user_from(raw, raw["UserAttributes"], groups)
    known = {each.value for each in Factor}
    return SeenUser(
        user=user,
        factors=frozenset(Factor(f) for f in raw.get("UserMFASettingList") or () if f in known),
        preferred_factor=str(raw.get("PreferredMfaSetting") or ""),
        identities=tuple(each.provider for each in identities_of(user.attributes)),
        created_at=_told(raw.get("UserCreateDate")),
        modified_at=_told(raw.get("UserLastModifiedDate")),
    )


def facts_from(pool: Mapping[str, Any], mfa: Mapping[str, Any]) -> PoolFacts:
    """What DescribeUserPool and GetUserPoolMfaConfig say."""
    usernames = pool.get("UsernameConfiguration") or {}
    return PoolFacts(
        schema=schema_from(pool),
        rules=sign_in_rules(pool, mfa),
        case_sensitive=bool(usernames.get("CaseSensitive", True)),
        user_pool_id=str(pool.get("Id", "")),
    )


def _told(moment: Any) -> str:
    return moment.isoformat() if hasattr(moment, "isoformat") else ""
