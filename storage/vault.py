"""Encryption of everything secret.

A sealed value is `version (1) | key id (8) | nonce (12) | AES-256-GCM ciphertext and tag`.
The first two and the value's *context* (table, row and field) are authenticated with it,
so a ciphertext that is altered, or copied into another row, does not open.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import SecretKeyError, TamperedError

KEY_BYTES = 32
_VERSION = b"\x01"
_KEY_ID_BYTES = 8
HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES
_NONCE_BYTES = 12
_SPELLING = re.compile(r"[A-Za-z0-9_-]{43}=?", re.ASCII)


class Vault:
    """Seals with the first of *keys* and opens what any of them has sealed."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise SecretKeyError("missing")
        if any(len(key) != KEY_BYTES for key in keys):
            raise SecretKeyError("malformed")
        self._ciphers = {_header(key): AESGCM(_derive(key, "encryption")) for key in keys}
        self._first = _header(keys[0])
        self._fingerprint_keys = tuple(_derive(key, "fingerprint") for key in keys)

    def seal(self, plaintext: str, *, context: str) -> bytes:
        """Encrypt *plaintext* so that it opens only in the same *context*."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        bound = self._first + context.encode()
        return (
            self._first
            + nonce
            + self._ciphers[self._first].encrypt(nonce, plaintext.encode(), bound)
        )

    def open(self, sealed: bytes, *, context: str) -> str:
        """Return the text that was sealed in *context*.

        Raises:
            SecretKeyError: it was sealed with a key that is not among ours.
            TamperedError: it was altered, or sealed in another context.
        """
        header, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
        if not sealed.startswith(_VERSION) or len(rest) < _NONCE_BYTES:
            raise TamperedError(context)
        if header not in self._ciphers:
            raise SecretKeyError("wrong")
        nonce, ciphertext = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            opened = self._ciphers[header].decrypt(nonce, ciphertext, header + context.encode())
        except InvalidTag as error:
            raise TamperedError(context) from error
        return opened.decode()

    def opens(self, sealed: bytes, *, context: str) -> bool:
        """Tell whether *sealed* was sealed in *context* with one of our keys, and not altered."""
        try:
            self.open(sealed, context=context)
        except (SecretKeyError, TamperedError):
            return False
        return True

    def is_first(self, sealed: bytes) -> bool:
        """Tell whether *sealed*, or its beginning, names the first of our keys."""
        return sealed[:HEADER_BYTES] == self._first

    @property
    def headers(self) -> tuple[str, ...]:
        """What values sealed with our keys begin with, in hex, ours first; no key shows in it."""
        return tuple(header.hex() for header in self._ciphers)

    def knows(self, sealed: bytes) -> bool:
        """Tell whether *sealed*, or its beginning, names one of our keys."""
        return sealed[:HEADER_BYTES] in self._ciphers

    def fingerprint(self, text: str) -> str:
        """Return a keyed hash of *text*: equal texts have equal fingerprints, and no more shows."""
        return self.fingerprints(text)[0]

    def fingerprints(self, text: str) -> tuple[str, ...]:
        """Return the fingerprint of *text* under each key, to find what an older key has marked."""
        return tuple(
            hmac.digest(key, text.encode(), "sha256").hex() for key in self._fingerprint_keys
        )


def parse_keys(text: str) -> tuple[bytes, ...]:
    """Read master keys from *text*: 32 bytes each in base64url, separated by commas.

    Raises:
        SecretKeyError: there is no key, or one of them is malformed.
    """
    if not text.strip():
        raise SecretKeyError("missing")
    return tuple(_parse_key(part.strip()) for part in text.split(","))


def new_key() -> str:
    """Return a fresh random master key in the spelling `parse_keys` reads."""
    return secrets.token_urlsafe(KEY_BYTES)


def _parse_key(spelling: str) -> bytes:
    if not _SPELLING.fullmatch(spelling):
        raise SecretKeyError("malformed")
    bare = spelling.rstrip("=")
    key = urlsafe_b64decode(bare + "=")
    # The last letter carries two spare bits; a slip there would go unnoticed.
    if urlsafe_b64encode(key).decode().rstrip("=") != bare:
        raise SecretKeyError("malformed")
    return key


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"keitaro-bot {purpose}".encode(), "sha256")


def _header(key: bytes) -> bytes:
    return _VERSION + _derive(key, "key id")[:_KEY_ID_BYTES]
