"""Why the bot does not start or go on: one line that names what is wrong and what to do."""

from storage import (
    AlreadyRunningError,
    DamagedError,
    DiskError,
    DiskFullError,
    LockedError,
    NewerSchemaError,
    SecretKeyError,
)

PASSING, LASTING = 1, 2


def line_of(error: Exception) -> str:
    """Return the line for *error*."""
    match error:
        case SecretKeyError():
            return f"BOT_SECRET_KEY is {error.reason}: it does not open the database"
        case DiskFullError():
            return f"{error}; make room on its disk"
        case DiskError():
            return f"{error}; the disk has failed: look at it, then start the bot again"
        case DamagedError():
            return f"{error}; it was left as it is: put a good copy in its place, without a -wal"
        case LockedError():
            return f"{error}; another program holds it: end that one, then start the bot again"
        case NewerSchemaError():
            return f"{error}; it was left as it is: start that version, or put back an older copy"
        case AlreadyRunningError():
            return f"{error}; end that one first, or give this one a BOT_DATABASE of its own"
        case _:
            return str(error)


def status_of(error: Exception) -> int:
    """Return the exit status for *error*: 1 if a later start may well succeed, otherwise 2."""
    return PASSING if isinstance(error, (DiskError, LockedError)) else LASTING
