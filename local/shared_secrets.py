"""Brings the value of a secret to the account whose template has it without one.

Secrets Manager replicates within an account alone. Where two accounts must have the same value, one
template makes it and the other one has a secret of that name without one; on AWS whoever deploys
brings it over (`make deploy`). The laptop sees the templates only, and does the same by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from local.assembly import Stack

_TYPE = "AWS::SecretsManager::Secret"
_VALUES = ("SecretString", "GenerateSecretString")


@dataclass(frozen=True)
class _Secret:
    """One secret of a template, of a name that is written there."""

    name: str
    stack: Stack
    has_value: bool


def share_secrets(stacks: Iterable[Stack], client: Callable[[Stack, str], Any]) -> None:
    """Copy each value that is not there yet, or is another. `client`: of a stack and a service."""
    found = [secret for stack in stacks for secret in _secrets(stack)]
    values = {secret.name: secret for secret in found if secret.has_value}
    for secret in found:
        if secret.has_value or secret.name not in values:
            continue
        source = client(values[secret.name].stack, "secretsmanager")
        value = source.get_secret_value(SecretId=secret.name)["SecretString"]
        target = client(secret.stack, "secretsmanager")
        if _value(target, secret.name) != value:
            target.put_secret_value(SecretId=secret.name, SecretString=value)


def _secrets(stack: Stack) -> Iterator[_Secret]:
    for resource in stack.template.get("Resources", {}).values():
        told = resource.get("Properties", {})
        if resource["Type"] == _TYPE and isinstance(told.get("Name"), str):
            yield _Secret(told["Name"], stack, any(key in told for key in _VALUES))


def _value(client: Any, name: str) -> str | None:
    try:
        return str(client.get_secret_value(SecretId=name)["SecretString"])
    except client.exceptions.ResourceNotFoundException:
        return None
