"""Gap: CloudFormation gives each secret a value.

A secret whose template names neither `SecretString` nor `GenerateSecretString` has none on AWS, so
that GetSecretValue finds nothing until somebody puts one (CloudFormation template reference,
`AWS::SecretsManager::Secret`: "an empty secret").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import replace_handlers, require

TYPE = "AWS::SecretsManager::Secret"


def install() -> None:
    """Make them empty."""
    replace_handlers(TYPE, create=_creating)


def _creating(create: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.services import secretsmanager  # noqa: PLC0415

    require(hasattr(secretsmanager, "_secrets"), "the secrets manager's store")

    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        made = create(logical_id, props, stack)
        if not ("SecretString" in props or "GenerateSecretString" in props):
            secretsmanager._secrets[made[0]]["Versions"].clear()
        return made

    return created
