"""An RSA key grown from a seed: anybody can remake it, so nobody may use it for anything."""

from __future__ import annotations

import random

from cryptography.hazmat.primitives.asymmetric import rsa

KID = "sample-2031-04"
_EXPONENT = 65537
_SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def _is_prime(candidate: int, source: random.Random) -> bool:
    """Miller-Rabin, 24 rounds."""
    if any(candidate % p == 0 for p in _SMALL):
        return False
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(24):
        x = pow(source.randrange(2, candidate - 1), odd, candidate)
        if x in (1, candidate - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % candidate
            if x == candidate - 1:
                break
        else:
            return False
    return True


def _prime(bits: int, source: random.Random) -> int:
    while True:
        candidate = source.getrandbits(bits) | (3 << (bits - 2)) | 1
        if (candidate - 1) % _EXPONENT and _is_prime(candidate, source):
            return candidate


def throwaway_key(seed: int = 2031) -> rsa.RSAPrivateKey:
    """Return the 2048-bit key that belongs to a seed."""
    source = random.Random(seed)
    p, q = _prime(1024, source), _prime(1024, source)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=d % (p - 1),
        dmq1=d % (q - 1),
        iqmp=pow(q, -1, p),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, p * q),
    )
    return numbers.private_key()
