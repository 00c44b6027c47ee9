"""What the accounts say: roles, resources' own policies, keys. Read from the emulator, each from
the account that its ARN names.

Read afresh for each access, so that a changed policy counts at once (on AWS within seconds);
documents are parsed once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from local.rights.model import Access, RoleSession, UnknownToJudgeError, account_of
from local.rights.own_policies import as_text, at, owner_of, policy_text, trust
from local.rights.policies import Policy, parse
from local.rights.surroundings import Surroundings

_TABLE = "table/"
_GONE = "arn:aws:iam::000000000000:role/"
"""Of an account that nobody has."""


@dataclass(frozen=True)
class RoleRights:
    """One role as it stands."""

    name: str
    identity: tuple[Policy, ...]
    boundary: Policy | None
    trust: Policy


class Deployed:
    """Roles and resources; call within the emulator's request scope of whoever asks: it stands for
    what an ARN does not name."""

    def role(self, arn: str) -> RoleRights | None:
        """None: there is no such role."""
        from ministack.services import iam  # noqa: PLC0415

        with at(arn):
            found = iam._roles.get(arn.rsplit("/", 1)[-1])
            if found is None or found["Arn"] != arn:
                return None
            named = dict(found["InlinePolicies"])
            for managed in found["AttachedPolicies"]:
                named[managed] = _managed(managed)
            boundary = _boundary_arn(found)
            bounding = _managed(boundary) if boundary else ""
        return RoleRights(
            name=found["RoleName"],
            identity=tuple(_parsed(as_text(text), name) for name, text in named.items()),
            boundary=_parsed(bounding, boundary) if boundary else None,
            trust=_parsed(as_text(found["AssumeRolePolicyDocument"]), f"trust of {arn}"),
        )

    def policy_of(self, access: Access) -> Policy | None:
        """The own policy of what is accessed, a role's trust policy for whoever wants to assume it;
        None where it has none or cannot have one."""
        resource = access.resource
        with at(resource):
            trusts = access.action.startswith("sts:")
            text = trust(resource) if trusts else policy_text(resource)
        return _parsed(as_text(text), f"the policy of {resource}") if text else None

    def owner_of(self, resource: str) -> str:
        """The account of a resource; "" of one that is no account's in particular, or not there."""
        return owner_of(resource)

    @property
    def surroundings(self) -> Surroundings:
        """Tables' keys, and what is encrypted with a key of the account's own."""
        return Surroundings(_PartitionKeys(), _CustomerKeys(), _PoolTags())

    def session_of(self, access_key: str) -> RoleSession | None:
        """Whose temporary key it is; None: of somebody who assumed no role, as GetSessionToken
        gives it. A key that nobody was given, or whose role is gone, is of a role that is not
        there, which may do nothing."""
        from ministack.services import iam, sts  # noqa: PLC0415

        known = sts._sessions.get(access_key)
        told = "" if known is None else str(known.get("Arn", ""))
        if known is not None and ":assumed-role/" not in told:
            return None
        name, _, session = told.partition(":assumed-role/")[2].partition("/")
        role = iam._roles.get_scoped(account_of(told), "", name) if name else None
        if role is None:
            return RoleSession(f"{_GONE}{name or access_key}", session or access_key)
        return RoleSession(role["Arn"], session)


@lru_cache(maxsize=2048)
def _parsed(text: str, name: str) -> Policy:
    return parse(json.loads(text), name)


def _boundary_arn(role: Mapping[str, Any]) -> str:
    boundary = role.get("PermissionsBoundary") or ""
    if isinstance(boundary, Mapping):
        return str(boundary.get("PermissionsBoundaryArn", ""))
    return str(boundary)


def _managed(arn: str) -> str:
    from ministack.services import iam  # noqa: PLC0415

    found = iam._lookup_policy(arn)
    if found is None:
        raise UnknownToJudgeError(f"the managed policy {arn}")
    return as_text(found["Versions"][found["DefaultVersionId"]]["Document"])


_V = TypeVar("_V")


class _Live(Mapping[str, _V]):
    """Looked up one by one; nobody needs the whole."""

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


class _PartitionKeys(_Live[str]):
    def __getitem__(self, arn: str) -> str:
        table, index = _table(arn), arn.partition("/index/")[2]
        schema = (table or {}).get("KeySchema", ())
        for one in ((table or {}).get("GlobalSecondaryIndexes") or ()) if index else ():
            schema = one["KeySchema"] if one["IndexName"] == index else schema
        for key in schema:
            if key["KeyType"] == "HASH":
                return str(key["AttributeName"])
        raise KeyError(arn)


class _CustomerKeys(_Live[str]):
    def __getitem__(self, arn: str) -> str:
        readers = {"dynamodb": _key_of_table, "sqs": _key_of_queue, "sns": _key_of_topic}
        readers["s3"] = _key_of_bucket
        reader = readers.get(arn.split(":")[2] if arn.startswith("arn:") else "")
        with at(arn):
            name = reader(arn) if reader else ""
            if not name or "alias/aws/" in name:
                raise KeyError(arn)
            return _key_arn(name)


class _PoolTags(_Live[Mapping[str, str]]):
    def __getitem__(self, arn: str) -> Mapping[str, str]:
        from ministack.services import cognito  # noqa: PLC0415

        parts = arn.split(":", 5)
        if parts[2:3] != ["cognito-idp"]:
            raise KeyError(arn)
        found = cognito._user_pools.get_scoped(parts[4], parts[3], parts[5].partition("/")[2])
        if not found:
            raise KeyError(arn)
        return dict(found.get("UserPoolTags") or {})


def _table(arn: str) -> dict[str, Any] | None:
    """A table by its own ARN: replicas have one in each Region."""
    from ministack.services import dynamodb  # noqa: PLC0415

    _, _, _, region, account, rest = arn.split(":", 5)
    name = rest.removeprefix(_TABLE).split("/")[0]
    found: dict[str, Any] | None = dynamodb._tables.get_scoped(account, region, name)
    return found


def _key_of_table(arn: str) -> str:
    told = (_table(arn) or {}).get("SSEDescription") or {}
    return str(told.get("KMSMasterKeyArn") or "")


def _key_of_queue(arn: str) -> str:
    from ministack.services import sqs  # noqa: PLC0415

    queue = sqs._queue_by_arn(arn) or {"attributes": {}}
    return str(queue["attributes"].get("KmsMasterKeyId") or "")


def _key_of_topic(arn: str) -> str:
    from ministack.services import sns  # noqa: PLC0415

    topic = sns._topic_by_arn_any_scope(arn) or {}
    return str(topic.get("attributes", {}).get("KmsMasterKeyId") or "")


def _key_of_bucket(arn: str) -> str:
    from ministack.services import s3  # noqa: PLC0415

    config = s3._bucket_encryption.get(arn.removeprefix("arn:aws:s3:::").split("/")[0])
    text = config.decode() if isinstance(config, bytes) else str(config or "")
    return text.partition("<KMSMasterKeyID>")[2].partition("</KMSMasterKeyID>")[0]


def _key_arn(name: str) -> str:
    from ministack.services import kms  # noqa: PLC0415

    found = kms._resolve_key(name)
    if not found:
        raise UnknownToJudgeError(f"the key {name}")
    return str(found["Arn"])
