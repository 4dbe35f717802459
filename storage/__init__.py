"""The memory of the bot: one encrypted, crash-safe database behind verbs of the domain."""

from storage.chats import Chat, Chats, Link, Target, Unlinked
from storage.errors import (
    AlreadyRunningError,
    NewerSchemaError,
    SecretKeyError,
    StorageError,
    TamperedError,
)
from storage.link_tokens import LinkRequest, LinkTokens
from storage.meta import Meta
from storage.people import Member, People
from storage.store import Store, open_store
from storage.vault import Vault, new_key, parse_keys

__all__ = [
    "AlreadyRunningError",
    "Chat",
    "Chats",
    "Link",
    "LinkRequest",
    "LinkTokens",
    "Member",
    "Meta",
    "NewerSchemaError",
    "People",
    "SecretKeyError",
    "StorageError",
    "Store",
    "TamperedError",
    "Target",
    "Unlinked",
    "Vault",
    "new_key",
    "open_store",
    "parse_keys",
]
