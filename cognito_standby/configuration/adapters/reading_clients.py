"""A pool's app clients, and what belongs to each of them, by Cognito's API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_standby.configuration.adapters.asking import Questions
from cognito_standby.configuration.domain.canonical import canonical
from cognito_standby.configuration.domain.document import POOL, Fields, Items, Section
from cognito_standby.configuration.domain.secret_fields import client_without_secret

_MOST = 60
_OF_ALL = "ALL"
"""How an answer about classic hosted UI names what counts for all clients."""


class ClientReading:
    """One reading of a pool's clients."""

    def __init__(self, cognito: Any, user_pool_id: str, questions: Questions) -> None:
        self._cognito = cognito
        self._id = user_pool_id
        self._questions = questions

    def sections(self) -> dict[Section, Items]:
        """CLIENTS, and the sections whose items belong to clients or to the pool."""
        pages = self._questions.pages(
            Section.CLIENTS,
            self._cognito.list_user_pool_clients,
            "UserPoolClients",
            UserPoolId=self._id,
            MaxResults=_MOST,
        )
        ids = sorted(str(each["ClientId"]) for each in pages)
        return {
            Section.CLIENTS: self._each(ids, Section.CLIENTS, self._client),
            Section.SESSIONS: self._each([POOL, *ids], Section.SESSIONS, self._session),
            Section.UI: self._each([POOL, *ids], Section.UI, self._ui),
            Section.BRANDING: self._each(ids, Section.BRANDING, self._branding),
            Section.RISK: self._each([POOL, *ids], Section.RISK, self._risk),
            Section.TERMS: self._terms(),
        }

    def _each(self, names: list[str], section: Section, read: Any) -> Items:
        """Where no right, or no plan, has the first one, none has the others: they are not asked
        one by one, and all of the section is told at once."""
        found: dict[str, Fields] = {}
        for name in names:
            before = len(self._questions.unread)
            if item := read(name):
                found[name] = item
            asked = len(self._questions.unread) > before
            if asked and name == names[0] and self._questions.counts_for_all(section):
                break
        return found

    def _client(self, client: str) -> Fields:
        answer = self._ask(Section.CLIENTS, client, "describe_user_pool_client", ClientId=client)
        if not answer:
            return {}
        return canonical(client_without_secret(answer["UserPoolClient"]))

    def _session(self, name: str) -> Fields:
        if name == POOL:
            answer = self._ask(Section.SESSIONS, name, "get_user_pool_session_configuration")
        else:
            call = "get_user_pool_client_session_configuration"
            answer = self._ask(Section.SESSIONS, name, call, ClientId=name)
        return canonical(answer or {}, {"ResponseMetadata", "ClientId"})

    def _ui(self, name: str) -> Fields:
        """A client without its own is answered with the pool's."""
        request = {} if name == POOL else {"ClientId": name}
        answer = self._ask(Section.UI, name, "get_ui_customization", **request)
        told = (answer or {}).get("UICustomization") or {}
        mine = told.get("ClientId") == (_OF_ALL if name == POOL else name)
        return canonical(told, {"ClientId"}) if mine else {}

    def _branding(self, client: str) -> Fields:
        call = "describe_managed_login_branding_by_client"
        answer = self._ask(Section.BRANDING, client, call, ClientId=client)
        return canonical((answer or {}).get("ManagedLoginBranding") or {})

    def _risk(self, name: str) -> Fields:
        """A client without its own is answered with nothing, or with the pool's."""
        request = {} if name == POOL else {"ClientId": name}
        answer = self._ask(Section.RISK, name, "describe_risk_configuration", **request)
        told = (answer or {}).get("RiskConfiguration") or {}
        mine = name == POOL or told.get("ClientId") == name
        return canonical(told, {"ClientId"}) if mine else {}

    def _terms(self) -> Items:
        found = {}
        pages = self._questions.pages(
            Section.TERMS, self._cognito.list_terms, "Terms", UserPoolId=self._id, MaxResults=_MOST
        )
        for each in pages:
            item = str(each["TermsName"])
            answer = self._ask(Section.TERMS, item, "describe_terms", TermsId=each["TermsId"])
            if answer:
                told: Mapping[str, Any] = answer["Terms"]
                name = f"{told.get('ClientId') or POOL}/{item}"
                found[name] = canonical(told, {"ClientId", "TermsName"})
        return dict(sorted(found.items()))

    def _ask(self, section: Section, item: str, call: str, **request: Any) -> Any:
        made = getattr(self._cognito, call)
        return self._questions.ask(section, item, lambda: made(UserPoolId=self._id, **request))
