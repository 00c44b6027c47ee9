"""PreTokenGeneration: once for each set of tokens, before they are signed.

V1_0 (`PreTokenGeneration`, or a configuration that says so) changes the ID token and the groups of
both; V2_0 and V3_0 (`PreTokenGenerationConfig`) change both tokens and the scopes (developer guide,
"Pre token generation Lambda trigger"). It fires for renewed sessions, too. What identifies the
person and the token cannot be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from local.gaps.triggers.authentication import ask_after
from local.gaps.triggers.inside import Inside
from local.gaps.triggers.invoking import AnsweredError, unrecognizable
from local.patching import replace

TRIGGER = "PreTokenGeneration"
_RENEWED, _CLIENT = "TokenGeneration_RefreshTokens", "TokenGeneration_ClientCredentials"
_FIXED = frozenset(
    {
        *("acr", "amr", "at_hash", "aud", "auth_time", "azp", "client_id", "cognito:username"),
        *("device_key", "event_id", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti"),
        *("scope", "sub", "token_use", "username", "version"),
    }
)
"""Claims that a function cannot add, override or suppress (the same page, "Claims and scopes")."""
_answer: ContextVar[Mapping[str, Any] | None] = ContextVar("answer", default=None)
"""What the function answered about the set of tokens that is being made."""


def install(inside: Inside) -> None:
    """Ask before a set of tokens is made; apply the answer to each of them."""
    replace(inside.cognito, "_build_auth_result", lambda build: _asking_first(inside, build))
    replace(inside.cognito, "_apply_pretoken_trigger", lambda ask: _applying(inside, ask))


def configured(pool: Mapping[str, Any]) -> tuple[str, str]:
    """The function and its version; no function where the pool has none."""
    config = pool.get("LambdaConfig") or {}
    versioned = config.get("PreTokenGenerationConfig") or {}
    if versioned.get("LambdaArn"):
        return str(versioned["LambdaArn"]), str(versioned.get("LambdaVersion") or "V1_0")
    return str(config.get("PreTokenGeneration") or ""), "V1_0"


def _asking_first(inside: Inside, build: Callable[..., Any]) -> Callable[..., Any]:
    def built(
        pool_id: str,
        client_id: str,
        user: dict[str, Any],
        nonce: str = "",
        trigger_source: str = "TokenGeneration_Authentication",
        client_metadata: Any = None,
        origin_jti: str = "",
        scope: str | None = None,
    ) -> Any:
        if trigger_source != _RENEWED:
            pool = inside.cognito._get_pool_unscoped(pool_id)
            ask_after(inside, pool, client_id, user, client_metadata)
        answer = _ask(
            inside,
            pool_id=pool_id,
            client_id=client_id,
            username=user["Username"],
            user_attrs=inside.attributes(user),
            groups=list(user.get("_groups") or ()),
            trigger_source=trigger_source,
            client_metadata=client_metadata,
            scope=inside.cognito._API_TOKEN_SCOPE if scope is None else scope,
        )
        token = _answer.set(answer)
        try:
            more = (nonce, trigger_source, client_metadata, origin_jti, scope)
            return build(pool_id, client_id, user, *more)
        finally:
            _answer.reset(token)

    return built


def _applying(inside: Inside, ask: Callable[..., Any]) -> Callable[..., Any]:
    def applied(pool_id: str, claims: dict[str, Any], token_type: str, **more: Any) -> Any:
        if more["trigger_source"] == _CLIENT:
            return ask(pool_id=pool_id, claims=claims, token_type=token_type, **more)
        answer = _answer.get()
        if answer is None:  # a page of managed login makes its tokens one by one
            answer = _ask(inside, pool_id=pool_id, **more)
        return changed(claims, token_type, answer)

    return applied


def _ask(inside: Inside, *, pool_id: str, **about: Any) -> Mapping[str, Any]:
    """The function's answer with its version; empty without a function."""
    pool = inside.cognito._get_pool_unscoped(pool_id) or {}
    function, version = configured(pool)
    if not function:
        return {}
    event = inside.cognito._build_pretoken_event(pool_id=pool_id, version=version, **about)
    answer = {"version": version, **inside.invoker.ask_from_a_thread(TRIGGER, function, event)}
    if not readable(answer):
        raise AnsweredError(unrecognizable())
    return answer


def readable(answer: Mapping[str, Any]) -> bool:
    """The first version adds texts only; numbers, lists and objects need a later one (same page,
    "Trigger event versions"). That anything else fails the sign-in is a reading of ours."""
    if answer.get("version", "V1_0") != "V1_0":
        return True
    added = (answer.get("claimsOverrideDetails") or {}).get("claimsToAddOrOverride") or {}
    return all(isinstance(value, str) for value in added.values())


def changed(
    claims: Mapping[str, Any], token_type: str, answer: Mapping[str, Any]
) -> dict[str, Any]:
    """A token's claims as the function wants them."""
    first = answer.get("version", "V1_0") == "V1_0"
    whole = answer.get("claimsOverrideDetails" if first else "claimsAndScopeOverrideDetails") or {}
    section: Mapping[str, Any] = whole.get(f"{token_type}TokenGeneration") or {}
    if first:
        section = {} if "scope" in claims else whole  # an ID token has no scopes
    made = dict(claims)
    for name, value in (section.get("claimsToAddOrOverride") or {}).items():
        if name not in _FIXED:
            made[name] = value
    for name in section.get("claimsToSuppress") or ():
        if name not in _FIXED:
            made.pop(name, None)
    groups = (whole.get("groupOverrideDetails") or {}).get("groupsToOverride")
    if groups is not None:
        made["cognito:groups"] = list(groups)
    if "scope" in made:
        gone = set(section.get("scopesToSuppress") or ())
        scopes = [s for s in str(made["scope"]).split() if s not in gone]
        scopes += [s for s in section.get("scopesToAdd") or () if s not in scopes]
        made["scope"] = " ".join(scopes)
    return made
