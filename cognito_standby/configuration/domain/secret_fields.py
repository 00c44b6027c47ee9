"""Which fields are secrets. A document says that there is one, never what it is. Pure.

No hash of a secret either: a client secret of a provider may be short enough to be guessed by it.
So a secret that was changed is no difference between two documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HIDDEN = "(secret)"
"""What stands in the place of a secret."""

PROVIDER_SECRETS = frozenset({"client_secret", "private_key"})
"""Of ProviderDetails: of OIDC and social providers, and Apple's key (API reference,
CreateIdentityProvider)."""


def provider_without_secrets(provider: Mapping[str, Any]) -> dict[str, Any]:
    """An identity provider, as DescribeIdentityProvider tells it, with HIDDEN for each secret."""
    details = provider.get("ProviderDetails") or {}
    hidden = {
        name: HIDDEN if name in PROVIDER_SECRETS and value else value
        for name, value in details.items()
    }
    return {**provider, "ProviderDetails": hidden}


def client_without_secret(client: Mapping[str, Any]) -> dict[str, Any]:
    """An app client: `HasSecret`, and where AWS Secrets Manager keeps it, `SecretManaged`. The ARN
    there names the client, so another client's is another one."""
    told = {
        name: value
        for name, value in client.items()
        if name not in ("ClientSecret", "ClientSecretArn", "ClientId")
    }
    managed = bool(client.get("ClientSecretArn"))
    told["HasSecret"] = managed or bool(client.get("ClientSecret"))
    return {**told, "SecretManaged": True} if managed else told
