"""Who a person is to the bot in a chat."""

from enum import IntEnum

# Who may read in a group without a role, as its settings call them.
EVERYONE, ROLES = "everyone", "roles"


class Role(IntEnum):
    """Each role may do what the roles below it may."""

    STRANGER = 0
    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3
    OWNER = 4

    @classmethod
    def named(cls, name: str | None) -> "Role":
        """Return the role that the database calls *name*; nobody knows a stranger's name."""
        return cls[name.upper()] if name else cls.STRANGER
