"""The key of the index of names, brought into the second account.

Both Regions must hash names alike, and Secrets Manager replicates no secret into another account.
So whoever deploys brings it, having credentials of both: no account is let into the other's secret.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

_NO_VALUE = "ResourceNotFoundException"
"""As well of a secret that stands and was never given a value."""


def share_names_key(source: Any, target: Any, secret: str) -> bool:
    """Give the target's secret the source's value; whether it had another one, or none.

    source, target  clients of Secrets Manager, each of its account and Region
    secret          the name, the same in both
    ClientError: a secret does not stand, or may not be read or written.
    """
    value = source.get_secret_value(SecretId=secret)["SecretString"]
    if _value(target, secret) == value:
        return False
    target.put_secret_value(SecretId=secret, SecretString=value)
    return True


def _value(client: Any, secret: str) -> str:
    try:
        return str(client.get_secret_value(SecretId=secret)["SecretString"])
    except ClientError as error:
        if error.response["Error"]["Code"] != _NO_VALUE:
            raise
        return ""
