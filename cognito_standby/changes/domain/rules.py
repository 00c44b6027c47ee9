"""What may be asked for: the rules of Cognito, checked before Cognito is called, and a few of ours.
Pure.

Sources: Amazon Cognito user pools API reference (UsernameType, GroupNameType, AttributeNameType)
and developer guide, "Quotas in Amazon Cognito" and "Working with user attributes".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest, FieldProblem
from cognito_standby.core.domain.contacts import CONTACTS, FLAGS
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.identities import provider_of_name
from cognito_standby.core.domain.pools import NEVER_REPLICATED, PoolSchema

MAX_NAME_LENGTH = 128
"""Characters of a username or a group's name."""

MAX_VALUE_BYTES = 2048
MAX_CUSTOM_NAME_LENGTH = 20
MAX_ATTRIBUTES = 70
"""50 custom ones and all standard ones."""

MAX_GROUPS = 100
"""Groups of a user, at most; and names in one request."""

MAX_KEY_LENGTH = 255
"""Characters of an idempotency key."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_TAG = re.compile(r"[0-9a-f]{1,64}")

Problems = Iterator[FieldProblem]


def problems_of(request: ChangeRequest) -> tuple[FieldProblem, ...]:
    """Everything that is wrong with a request whatever the pool; nothing: it may be submitted."""
    parts: Sequence[Callable[[ChangeRequest], Problems]] = (
        _who,
        _what,
        _attributes,
        _verification,
        _groups,
    )
    return tuple(problem for part in parts for problem in part(request))


def key_problem(key: str) -> str:
    """What is wrong with an idempotency key, or nothing."""
    if _KEY.fullmatch(key):
        return ""
    return f"an idempotency key has 1 to {MAX_KEY_LENGTH} visible ASCII characters"


def name_problem(name: str) -> str:
    """What is wrong with the name of a user or a group, or nothing."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        return f"a name has 1 to {MAX_NAME_LENGTH} characters"
    return "" if _is_printable(name) else "blanks and control characters are refused"


def is_nameable(name: str) -> bool:
    """Whether a request can name an attribute. What it cannot name, a replacement leaves alone.

    A custom attribute's own name may hold a colon; one that only developers write is called
    `dev:custom:NAME` (API, CustomAttributeNameType, DeveloperOnlyAttribute).
    """
    own = name.removeprefix("dev:").removeprefix("custom:")
    return 1 <= len(own) <= MAX_CUSTOM_NAME_LENGTH and _is_printable(own)


def spelled_out(
    request: ChangeRequest, schema: PoolSchema, current: Mapping[str, str]
) -> ChangeRequest:
    """A replacement, written as an update that names what it removes: every attribute of the user
    that the request does not name and that can be changed. It is computed from the user as seen
    now, so that the removal is one change with the rest."""
    if not request.replace:
        return request
    unnamed = [
        name
        for name in current
        if name not in (*NEVER_REPLICATED, *FLAGS, *request.attributes)
        and (rule := schema.attributes.get(name)) is not None
        and rule.mutable
        and is_nameable(name)
    ]
    return replace(request, attributes={**dict.fromkeys(unnamed), **request.attributes})


def schema_problems(
    request: ChangeRequest, schema: PoolSchema, current: dict[str, str] | None
) -> tuple[FieldProblem, ...]:
    """What this pool cannot hold. `current`: the user's attributes; None: they are being made."""
    found = []
    for name, value in request.attributes.items():
        rule = schema.attributes.get(name)
        if rule is None:
            text = "the pool's schema has no such attribute"
        elif current is not None and not rule.mutable and value != current.get(name):
            text = "the attribute cannot be changed once the user exists"
        elif value is None and rule.required:
            text = "the pool requires the attribute"
        else:
            continue
        found.append(FieldProblem(pointer("attributes", name), text))
    if request.kind is ChangeKind.CREATE:
        found += _creation_problems(request, schema)
    return tuple(found)


def _creation_problems(request: ChangeRequest, schema: PoolSchema) -> Problems:
    if schema.free_usernames:
        if not request.username:
            yield FieldProblem("/username", "the pool needs a username")
        elif provider := provider_of_name(request.username, schema.providers):
            text = f"the users of the identity provider {provider} are named so"
            yield FieldProblem("/username", text)
        return
    addresses = [request.attributes.get(name) for name in schema.sign_in_attributes]
    if not any(addresses):
        names = " or ".join(schema.sign_in_attributes)
        yield FieldProblem("/attributes", f"the pool needs {names} to sign the user in")
    elif request.username and request.username not in addresses:
        yield FieldProblem("/username", "this pool makes usernames itself; leave it out")


def _who(request: ChangeRequest) -> Problems:
    creating = request.kind is ChangeKind.CREATE
    if request.username and (text := name_problem(request.username)):
        yield FieldProblem("/username", text)
    if request.origin_sub and (creating or not _is_id(request.origin_sub)):
        text = "a new user has none yet" if creating else "it is not an id of a user"
        yield FieldProblem("/origin_sub", text)
    if not creating and bool(request.username) == bool(request.origin_sub):
        yield FieldProblem(
            "/username", "name the user by username or by origin_sub, by one of them"
        )
    if request.if_match and (creating or not _TAG.fullmatch(request.if_match)):
        text = "a new user has none yet" if creating else "it is not an entity tag of this API"
        yield FieldProblem("/if_match", text)


def _what(request: ChangeRequest) -> Problems:
    said = {
        "attributes": bool(request.attributes),
        "verified": bool(request.verified),
        "enabled": request.enabled is not None,
        "groups": request.groups is not None,
        "join": bool(request.join),
        "leave": bool(request.leave),
    }
    match request.kind:
        case ChangeKind.UPDATE:
            if not any(said.values()):
                yield FieldProblem("", "nothing is to be changed")
        case ChangeKind.CREATE:
            if request.leave:
                yield FieldProblem("/leave", "a new user is in no group yet")
        case ChangeKind.DELETE | ChangeKind.ERASE:
            for name in [name for name, given in said.items() if given]:
                yield FieldProblem(f"/{name}", "a removal takes nothing but the user's name")
        case ChangeKind.UNDELETE:
            for name in [name for name, given in said.items() if given]:
                yield FieldProblem(f"/{name}", "the record alone says how somebody comes back")
            if request.username:
                yield FieldProblem("/username", "no pool knows a deleted user: name the origin sub")


def _attributes(request: ChangeRequest) -> Problems:
    if len(request.attributes) > MAX_ATTRIBUTES:
        yield FieldProblem("/attributes", f"more than {MAX_ATTRIBUTES} attributes")
    for name, value in request.attributes.items():
        if text := _attribute_problem(name, value, creating=request.kind is ChangeKind.CREATE):
            yield FieldProblem(pointer("attributes", name), text)


def _attribute_problem(name: str, value: str | None, *, creating: bool) -> str:
    if name in NEVER_REPLICATED:
        return "nobody may set this attribute"
    if contact := FLAGS.get(name):
        return f"say it in `verified`: {contact}"
    if not is_nameable(name):
        return f"an attribute's name has 1 to {MAX_CUSTOM_NAME_LENGTH} characters after `custom:`"
    if value is None:
        return "a new user has nothing to remove" if creating else ""
    if not value.strip():
        return "a blank value: use null to remove the attribute"
    if _CONTROLS.search(value):
        return "control characters and halves of surrogate pairs are refused"
    if len(value.encode()) > MAX_VALUE_BYTES:
        return f"a value has at most {MAX_VALUE_BYTES} bytes"
    return ""


def _verification(request: ChangeRequest) -> Problems:
    """An address without a word on its verification is refused, because the flag decides who can
    recover the account."""
    for name in request.verified:
        if name not in CONTACTS:
            text = f"only {' and '.join(CONTACTS)} are verified"
            yield FieldProblem(pointer("verified", name), text)
        elif name in request.attributes and request.attributes[name] is None:
            yield FieldProblem(pointer("verified", name), "the address is being removed")
        elif request.kind is ChangeKind.CREATE and name not in request.attributes:
            yield FieldProblem(pointer("verified", name), "the new user has no such address")
    for contact in CONTACTS:
        if request.attributes.get(contact) is not None and contact not in request.verified:
            text = "say whether the address counts as verified: true or false"
            yield FieldProblem(pointer("verified", contact), text)


def _groups(request: ChangeRequest) -> Problems:
    if request.groups is not None and (request.join or request.leave):
        yield FieldProblem("/groups", "give the exact set, or join and leave, not both")
    if set(request.join) & set(request.leave):
        yield FieldProblem("/join", "a group is both to be joined and to be left")
    lists = {"groups": request.groups or (), "join": request.join, "leave": request.leave}
    for part, names in lists.items():
        if len(names) > MAX_GROUPS:
            yield FieldProblem(f"/{part}", f"more than {MAX_GROUPS} groups")
        if len(set(names)) < len(names):
            yield FieldProblem(f"/{part}", "a group is named twice")
        for index, name in enumerate(names[:MAX_GROUPS]):
            text = name_problem(name)
            if not text and is_of_provider(name):
                text = "Cognito keeps the groups of identity providers itself"
            if text:
                yield FieldProblem(f"/{part}/{index}", text)


def _is_printable(text: str) -> bool:
    """Letters, marks, symbols, numbers, punctuation: what Cognito's patterns allow."""
    return all(unicodedata.category(character)[0] in "LMSNP" for character in text)


def _is_id(text: str) -> bool:
    return not name_problem(text) and not text.startswith("#")


def pointer(*parts: str) -> str:
    """A JSON pointer (RFC 6901)."""
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)
