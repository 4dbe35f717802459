"""Random tokens that people carry around, and the hashes that are kept of them."""

import hashlib
import secrets

_TOKEN_BYTES = 16


def new_token() -> str:
    """Return 128 random bits as 22 letters that a Telegram deep link may carry."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return what is stored of *token*; random as it is, a plain hash does not give it away."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
