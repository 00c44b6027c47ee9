"""What an app computes to sign in: the proof of a password (SRP), a secret hash, a token's code.

Written from the developer guide ("Sign in with secure remote password", "Computing secret hash
values"), RFC 5054 (the 3072-bit group) and RFC 6238.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

_N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_G = 2


def _padded(number: int) -> bytes:
    """Big-endian, with a zero byte where the first bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


@dataclass(frozen=True)
class Srp:
    """One person's proof that they know a password, for one pool."""

    pool_id: str
    password: str
    _secret: int = field(default_factory=lambda: secrets.randbits(1024) % _N, repr=False)

    @property
    def public(self) -> str:
        """SRP_A."""
        return f"{pow(_G, self._secret, _N):x}"

    def responses(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """The answers to PASSWORD_VERIFIER."""
        name, user = self.pool_id.split("_", 1)[1], parameters["USER_ID_FOR_SRP"]
        salt, public = int(parameters["SALT"], 16), int(parameters["SRP_B"], 16)
        block = base64.b64decode(parameters["SECRET_BLOCK"])
        mix = _number(_padded(pow(_G, self._secret, _N)), _padded(public))
        inner = hashlib.sha256(f"{name}{user}:{self.password}".encode()).digest()
        private = _number(_padded(salt), inner)
        base = public - _number(_padded(_N), _padded(_G)) * pow(_G, private, _N)
        shared = pow(base % _N, self._secret + mix * private, _N)
        extracted = hmac.digest(_padded(mix), _padded(shared), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        now = datetime.now(UTC)
        at = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now.year}"
        message = f"{name}{user}".encode() + block + at.encode()
        return {
            "USERNAME": user,
            "TIMESTAMP": at,
            "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(
                hmac.digest(key, message, "sha256")
            ).decode(),
        }


def secret_hash(username: str, client_id: str, client_secret: str) -> str:
    """SECRET_HASH."""
    message = f"{username}{client_id}".encode()
    return base64.b64encode(hmac.digest(client_secret.encode(), message, "sha256")).decode()


def token_code(secret: str) -> str:
    """What an authenticator shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
