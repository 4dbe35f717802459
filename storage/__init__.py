"""The memory of the bot: one encrypted, crash-safe database behind verbs of the domain."""

from storage.change import Change, Entry, Outcome
from storage.chats import Chat, Chats, Target
from storage.copies import Left, Restored, back_up, restore
from storage.errors import (
    AlreadyRunningError,
    DamagedError,
    DiskError,
    DiskFullError,
    LockedError,
    NewerSchemaError,
    SecretKeyError,
    StorageError,
    TamperedError,
)
from storage.history import NAMES_READ_MOST, Counts, History, Record, Sought
from storage.inbox import Fate, Inbox, Owed
from storage.journal import Journal
from storage.link_tokens import LinkRequest, LinkTokens
from storage.links import Link, Unlinked
from storage.meta import Meta
from storage.outbox import Delivery, Outbox, OwedAnswer
from storage.people import Member, People
from storage.plan import Plan, State, Unanswered
from storage.plans import Plans
from storage.questions import Question, Questions
from storage.rotation import Rotated, StaleBotError, rotate
from storage.saved import SavedReport, SavedReports
from storage.schedules import Paused, Schedule, Schedules
from storage.shown import ShownReport, ShownReports
from storage.store import Store, open_store
from storage.vault import Vault, new_key, parse_keys

__all__ = [
    "NAMES_READ_MOST",
    "AlreadyRunningError",
    "Change",
    "Chat",
    "Chats",
    "Counts",
    "DamagedError",
    "Delivery",
    "DiskError",
    "DiskFullError",
    "Entry",
    "Fate",
    "History",
    "Inbox",
    "Journal",
    "Left",
    "Link",
    "LinkRequest",
    "LinkTokens",
    "LockedError",
    "Member",
    "Meta",
    "NewerSchemaError",
    "Outbox",
    "Outcome",
    "Owed",
    "OwedAnswer",
    "Paused",
    "People",
    "Plan",
    "Plans",
    "Question",
    "Questions",
    "Record",
    "Restored",
    "Rotated",
    "SavedReport",
    "SavedReports",
    "Schedule",
    "Schedules",
    "SecretKeyError",
    "ShownReport",
    "ShownReports",
    "Sought",
    "StaleBotError",
    "State",
    "StorageError",
    "Store",
    "TamperedError",
    "Target",
    "Unanswered",
    "Unlinked",
    "Vault",
    "back_up",
    "new_key",
    "open_store",
    "parse_keys",
    "restore",
    "rotate",
]
