"""Passwords and secrets as they are stored: hashes only. Knows no user and no file.

Passwords go through scrypt (RFC 7914), which is slow on purpose; keys and session tokens are long
and random, so that one SHA-256 is enough for them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import unicodedata

MIN_CHARACTERS, MAX_CHARACTERS = 8, 200
_SCHEME = "scrypt"
_LOG_COST, _BLOCK, _PARALLEL = 15, 8, 3
"""32 MiB and about a quarter of a second a password: OWASP's cheat sheet, password storage."""
_MEMORY = 80 * 1024 * 1024
_MOST_LOG_COST = 16
_AT_ONCE = threading.Semaphore(2)


def hash_password(password: str) -> str:
    """Return what may be stored of a password: scheme, costs, salt and hash."""
    salt = secrets.token_bytes(16)
    made = _scrypt(password, salt, (_LOG_COST, _BLOCK, _PARALLEL))
    costs = f"{_LOG_COST}${_BLOCK}${_PARALLEL}"
    return f"{_SCHEME}${costs}${_text(salt)}${_text(made)}"


def is_password(password: str, stored: str) -> bool:
    """Whether a password is the one that was stored; takes equally long either way."""
    parts = _parts(stored)
    if parts is None:
        return False
    costs, salt, expected = parts
    return hmac.compare_digest(_scrypt(password, salt, costs), expected)


def is_stored_password(stored: object) -> bool:
    """Whether a text is of the form that `hash_password` makes."""
    return isinstance(stored, str) and _parts(stored) is not None


def new_secret(prefix: str = "") -> str:
    """Return a random text of 256 bits, safe in a URL or a header."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def hash_secret(secret: str) -> str:
    """Return what may be stored of a key or token."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _scrypt(password: str, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    log_cost, block, parallel = costs
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
    with _AT_ONCE:
        return hashlib.scrypt(
            text, salt=salt, n=2**log_cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32
        )


def _parts(stored: str) -> tuple[tuple[int, int, int], bytes, bytes] | None:
    fields = stored.split("$")
    if len(fields) != 6 or fields[0] != _SCHEME:
        return None
    try:
        log_cost, block, parallel = map(int, fields[1:4])
        salt, made = (base64.b64decode(field, validate=True) for field in fields[4:])
    except (ValueError, binascii.Error):
        return None
    is_affordable = 1 <= log_cost <= _MOST_LOG_COST and block == _BLOCK and 1 <= parallel <= 4
    return ((log_cost, block, parallel), salt, made) if is_affordable else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
