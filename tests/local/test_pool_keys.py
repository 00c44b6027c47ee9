"""The keys by which pools sign: each its own, however few primes were looked for."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from local.emulator import LocalAws
from local.gaps.pool_keys import BITS, EXPONENT, Keys
from tests.local.conftest import REGION, unique

PKCS = padding.PKCS1v15()


def _passes(key: Any, other: Any) -> bool:
    """Whether what one signed is taken for the other's."""
    try:
        other.public_key().verify(key.sign(b"a token", PKCS, SHA256()), b"a token", PKCS, SHA256())
    except InvalidSignature:
        return False
    return True


def test_a_few_searches_make_many_keys_and_each_is_another() -> None:
    searches = []

    def make(public_exponent: int, key_size: int) -> Any:
        searches.append(key_size)
        return rsa.generate_private_key(public_exponent, key_size)

    keys = Keys(make)
    made = [keys.generate_private_key(EXPONENT, BITS) for _ in range(15)]
    assert len(searches) == 3
    assert all(key.key_size == BITS for key in made)
    for key, other in product(made, made):
        assert _passes(key, other) == (key is other)


@pytest.mark.local_aws
def test_each_pool_has_keys_of_its_own(aws: LocalAws) -> None:
    cognito, seen = aws.client("cognito-idp", REGION), set[str]()
    for _ in range(2):
        pool = cognito.create_user_pool(PoolName=unique("keys"))["UserPool"]["Id"]
        address = f"{aws.endpoint}/{pool}/.well-known/jwks.json"
        seen |= {key["n"] for key in requests.get(address, timeout=600).json()["keys"]}
    assert len(seen) == 4
