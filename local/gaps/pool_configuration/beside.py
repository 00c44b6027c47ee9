"""A layer: operations about what lies beside a pool, which the emulator answers with InvalidAction.

One table says what each operation does; what is set is kept by pool for as long as the pool is
there, and what belongs to a client for as long as that is.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.cognito_rules.refusals import CognitoError, invalid
from local.cognito_store import CognitoStore, Pool
from local.gateway import Forward
from local.protocol import Call, Reply, signed_for

Given = Mapping[str, Any]
_ALL = ""
"""In the place of a client: of the whole pool."""
_POOL_SESSION = {"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
_CLIENT_SESSION = {"SSOSession": {"MaxValidityMinutes": 60}}
"""Where nothing was set (API reference, the Get operations)."""


@dataclass
class _Kept:
    """Of one pool. By client: risk, sessions, styles; by id: terms, policies."""

    risk: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    styles: dict[str, dict[str, Any]] = field(default_factory=dict)
    terms: dict[str, dict[str, Any]] = field(default_factory=dict)
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    logs: list[Any] = field(default_factory=list)


class BesidePools:
    """Serves the operations of `_OPERATIONS`, and lets all others happen."""

    def __init__(self, store: CognitoStore) -> None:
        self._store = store
        self._pools: dict[str, _Kept] = {}

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """The answer, or the refusal."""
        operation = _OPERATIONS.get(call.operation)
        if operation is None:
            return await forward(call)
        signed = signed_for(call.headers)
        pool = self._store.pool(str(call.params.get("UserPoolId", "")))
        if not signed or pool is None or pool.region != signed[0]:
            return Reply.refusal(_GONE, "The user pool does not exist.")
        try:
            client = str(call.params.get("ClientId") or _ALL)
            if client and client != "ALL" and pool.client(client) is None:
                raise _missing("The client does not exist.")
            kept = self._kept(pool)
            return Reply.of(operation(kept, pool, call.params))
        except CognitoError as refused:
            return Reply.refusal(refused.code, refused.message)

    def _kept(self, pool: Pool) -> _Kept:
        kept = self._pools.setdefault(pool.id, _Kept())
        for of_clients in (kept.risk, kept.sessions, kept.styles):
            for client in [each for each in of_clients if each and pool.client(each) is None]:
                del of_clients[client]
        for named in (kept.terms, kept.policies):
            for name in [key for key, one in named.items() if pool.client(one["ClientId"]) is None]:
                del named[name]
        return kept


_GONE = "ResourceNotFoundException"


def _missing(text: str) -> CognitoError:
    return CognitoError(_GONE, text)


def _told(given: Given, *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if given.get(name) is not None}


def _client(given: Given) -> str:
    client = str(given.get("ClientId") or _ALL)
    return _ALL if client == "ALL" else client


def _times(former: Given | None = None) -> dict[str, Any]:
    now = time.time()
    return {"CreationDate": (former or {}).get("CreationDate", now), "LastModifiedDate": now}


_RISKS = (
    "CompromisedCredentialsRiskConfiguration",
    "AccountTakeoverRiskConfiguration",
    "RiskExceptionConfiguration",
)


def _protected(pool: Pool) -> None:
    add_ons = pool.setting("UserPoolAddOns") or {}
    if add_ons.get("AdvancedSecurityMode", "OFF") == "OFF":
        raise CognitoError("UserPoolAddOnNotEnabledException", "Threat protection is not enabled.")


def _set_risk(kept: _Kept, pool: Pool, given: Given) -> Any:
    _protected(pool)
    told = {"UserPoolId": pool.id, **_told(given, "ClientId", *_RISKS), **_times()}
    del told["CreationDate"]
    kept.risk[_client(given)] = told
    return {"RiskConfiguration": told}


def _risk(kept: _Kept, pool: Pool, given: Given) -> Any:
    _protected(pool)
    return {"RiskConfiguration": kept.risk.get(_client(given), {})}


def _set_logs(kept: _Kept, pool: Pool, given: Given) -> Any:
    plan = pool.setting("UserPoolTier") or "ESSENTIALS"
    for each in given["LogConfigurations"]:
        if each["EventSource"] == "userAuthEvents" and plan != "PLUS":
            text = "The logs of threat protection need the plan PLUS."
            raise CognitoError("FeatureUnavailableInTierException", text)
    kept.logs = list(given["LogConfigurations"])
    return _logs(kept, pool, given)


def _logs(kept: _Kept, pool: Pool, _: Given) -> Any:
    told = {"UserPoolId": pool.id, "LogConfigurations": kept.logs}
    return {"LogDeliveryConfiguration": told}


def _set_pool_session(kept: _Kept, pool: Pool, given: Given) -> Any:
    kept.sessions[_ALL] = _told(given, "UserSessionTracking", "TokenSession")
    return _pool_session(kept, pool, given)


def _pool_session(kept: _Kept, pool: Pool, _: Given) -> Any:
    return {"UserPoolId": pool.id, **kept.sessions.get(_ALL, _POOL_SESSION)}


def _set_client_session(kept: _Kept, pool: Pool, given: Given) -> Any:
    kept.sessions[_client(given)] = _told(given, "SSOSession")
    return _client_session(kept, pool, given)


def _client_session(kept: _Kept, pool: Pool, given: Given) -> Any:
    client = _client(given)
    told = kept.sessions.get(client, _CLIENT_SESSION)
    return {"UserPoolId": pool.id, "ClientId": client, **told}


_STYLE = ("UseCognitoProvidedValues", "Settings", "Assets")


def _create_style(kept: _Kept, pool: Pool, given: Given) -> Any:
    client = _client(given)
    if client in kept.styles:
        raise CognitoError("ManagedLoginBrandingExistsException", "The client has a style.")
    if given.get("UseCognitoProvidedValues") and (given.get("Settings") or given.get("Assets")):
        raise invalid("Cognito's own values exclude settings and assets.")
    mine = {"ManagedLoginBrandingId": str(uuid.uuid4()), "UserPoolId": pool.id}
    told = {"UseCognitoProvidedValues": False, **_told(given, *_STYLE)}
    kept.styles[client] = {**mine, **told, **_times()}
    return {"ManagedLoginBranding": kept.styles[client]}


def _style_of_client(kept: _Kept, _: Pool, given: Given) -> Any:
    found = kept.styles.get(_client(given))
    if found is None:
        raise _missing("The client has no style.")
    return {"ManagedLoginBranding": found}


def _style(kept: _Kept, given: Given) -> dict[str, Any]:
    wanted = given["ManagedLoginBrandingId"]
    for each in kept.styles.values():
        if each["ManagedLoginBrandingId"] == wanted:
            return each
    raise _missing("There is no such style.")


def _update_style(kept: _Kept, _: Pool, given: Given) -> Any:
    found = _style(kept, given)
    found |= {**_told(given, *_STYLE), **_times(found)}
    return {"ManagedLoginBranding": found}


def _delete_style(kept: _Kept, _: Pool, given: Given) -> Any:
    found = _style(kept, given)
    kept.styles = {client: each for client, each in kept.styles.items() if each is not found}
    return {}


_TERMS = ("ClientId", "TermsName", "TermsSource", "Enforcement", "Links")


def _create_terms(kept: _Kept, pool: Pool, given: Given) -> Any:
    name = (given["ClientId"], given["TermsName"])
    if any((each["ClientId"], each["TermsName"]) == name for each in kept.terms.values()):
        raise CognitoError("TermsExistsException", "The client has terms of that name.")
    made = str(uuid.uuid4())
    kept.terms[made] = {
        **{"TermsId": made, "UserPoolId": pool.id},
        **_told(given, *_TERMS),
        **_times(),
    }
    return {"Terms": kept.terms[made]}


def _terms(kept: _Kept, _: Pool, given: Given) -> Any:
    return {"Terms": _by_id(kept.terms, given["TermsId"])}


def _list_terms(kept: _Kept, _: Pool, __: Given) -> Any:
    names = ("TermsId", "TermsName", "Enforcement", "CreationDate", "LastModifiedDate")
    return {"Terms": [_told(each, *names) for each in kept.terms.values()]}


def _delete_terms(kept: _Kept, _: Pool, given: Given) -> Any:
    kept.terms.pop(given["TermsId"], None)
    return {}


_POLICY = ("ClientId", "PolicyName", "CacheDuration", "URLPatterns")


def _create_policy(kept: _Kept, pool: Pool, given: Given) -> Any:
    made = str(uuid.uuid4())
    kept.policies[made] = {
        **{"CIMDPolicyId": made, "UserPoolId": pool.id},
        **_told(given, *_POLICY),
        **_times(),
    }
    return {"CIMDPolicy": kept.policies[made]}


def _policy(kept: _Kept, _: Pool, given: Given) -> Any:
    return {"CIMDPolicy": _by_id(kept.policies, given["CIMDPolicyId"])}


def _list_policies(kept: _Kept, _: Pool, __: Given) -> Any:
    names = ("CIMDPolicyId", "ClientId", "PolicyName", "CacheDuration")
    told = [_told(each, *names, "CreationDate") for each in kept.policies.values()]
    return {"CIMDPolicies": told}


def _by_id(kept: Mapping[str, dict[str, Any]], wanted: str) -> dict[str, Any]:
    if wanted not in kept:
        raise _missing("There is none of that id.")
    return kept[wanted]


_OPERATIONS: Mapping[str, Callable[[_Kept, Pool, Given], Any]] = {
    "SetRiskConfiguration": _set_risk,
    "DescribeRiskConfiguration": _risk,
    "SetLogDeliveryConfiguration": _set_logs,
    "GetLogDeliveryConfiguration": _logs,
    "SetUserPoolSessionConfiguration": _set_pool_session,
    "GetUserPoolSessionConfiguration": _pool_session,
    "SetUserPoolClientSessionConfiguration": _set_client_session,
    "GetUserPoolClientSessionConfiguration": _client_session,
    "CreateManagedLoginBranding": _create_style,
    "DescribeManagedLoginBrandingByClient": _style_of_client,
    "UpdateManagedLoginBranding": _update_style,
    "DeleteManagedLoginBranding": _delete_style,
    "CreateTerms": _create_terms,
    "DescribeTerms": _terms,
    "ListTerms": _list_terms,
    "DeleteTerms": _delete_terms,
    "CreateCIMDPolicy": _create_policy,
    "DescribeCIMDPolicy": _policy,
    "ListCIMDPolicies": _list_policies,
    "ListUserPoolReplicas": lambda *_: {"UserPoolReplicas": []},
}
