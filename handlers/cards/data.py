"""What stands in the data of the buttons under a card, and how it is read back."""

from handlers.faults import RefusedError
from handlers.request import ID_MOST, is_id

CARD = "card:"
ID = "[1-9][0-9]{0,15}"


def read_id(text: str) -> int:
    """Return the id that *text* is.

    Raises:
        RefusedError: It is none: no button of ours says so.
    """
    if not is_id(text) or not 0 < int(text) < ID_MOST:
        raise RefusedError("unknown")
    return int(text)
