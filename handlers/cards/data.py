"""What stands in the data of the buttons under a card, and how it is read back."""

from handlers.faults import RefusedError
from handlers.request import is_object_id

CARD = "card:"
SWAP = "swap:"
COPY = "copy:"
ID = "[1-9][0-9]{0,15}"


def read_id(text: str) -> int:
    """Return the id that *text* is.

    Raises:
        RefusedError: It is none: no button of ours says so.
    """
    if not is_object_id(text):
        raise RefusedError("unknown")
    return int(text)
