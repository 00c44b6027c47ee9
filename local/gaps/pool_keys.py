"""Gap: the keys of a pool's tokens take a fifth of a second of a processor.

Cognito has them when a pool is there. The emulator makes two at a pool's first token, and looks for
new primes for each. Here a key is the product of two primes that were found before, of each two
once: so no pool's token passes for another's, and ten searches do for 190 keys.

Limits: whoever has two keys of an emulator can compute others of it. They guard nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import require

EXPONENT, BITS = 65537, 2048


def install() -> None:
    """Let pools have theirs from `Keys`."""
    from ministack.services import cognito  # noqa: PLC0415

    require(hasattr(cognito, "rsa"), "Cognito's keys are of RSA")
    cognito.rsa = Keys(cognito.rsa.generate_private_key)


class Keys:
    """Stands for `cryptography`'s module `rsa`. Not for threads: the emulator asks under a lock."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._primes: list[int] = []
        self._pairs: list[tuple[int, int]] = []
        """Of which no key was made yet."""

    def generate_private_key(self, public_exponent: int, key_size: int) -> Any:
        """A key that nobody else has."""
        require((public_exponent, key_size) == (EXPONENT, BITS), "the size of Cognito's keys")
        if not self._pairs:
            found = self._make(public_exponent=EXPONENT, key_size=BITS).private_numbers()
            new = (found.p, found.q)
            self._pairs = [new, *((old, one) for old in self._primes for one in new)]
            self._primes += new
        return key_of(*self._pairs.pop())


def key_of(p: int, q: int) -> Any:
    """The private key of two primes; that they are some is not looked at again."""
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(EXPONENT, p * q),
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)
