"""What `hashlib` has from OpenSSL alone, without it; both guests hold this file."""

from __future__ import annotations

import hashlib
import hmac
from itertools import count
from typing import Any


def pbkdf2_hmac(
    hash_name: str, password: Any, salt: Any, iterations: int, dklen: int | None = None
) -> bytes:
    """Derive a key from a password: https://www.rfc-editor.org/rfc/rfc8018#section-5.2."""
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    keyed = hmac.new(bytes(password), digestmod=hash_name)
    length = keyed.digest_size if dklen is None else dklen
    if length < 1:
        raise ValueError("key length must be greater than 0.")

    def digest(text: bytes) -> bytes:
        each = keyed.copy()
        each.update(text)
        return each.digest()

    derived = b""
    for block in count(1):
        last = digest(bytes(salt) + block.to_bytes(4))
        mixed = int.from_bytes(last)
        for _ in range(iterations - 1):
            last = digest(last)
            mixed ^= int.from_bytes(last)
        derived += mixed.to_bytes(len(last))
        if len(derived) >= length:
            break
    return derived[:length]


def install() -> None:
    """Give it to `hashlib` where that has none."""
    if not hasattr(hashlib, "pbkdf2_hmac"):
        pbkdf2_hmac.__module__ = "hashlib"
        hashlib.pbkdf2_hmac = pbkdf2_hmac
        vars(hashlib)["__all__"] += ("pbkdf2_hmac",)
