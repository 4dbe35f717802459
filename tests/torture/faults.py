"""What goes wrong besides the kills: a table of misfortunes, and who orders them."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.keitaro import Keitaro
from sandbox.telegram import Telegram

PAGE = "<html><body>502 Bad Gateway</body></html>"
SLOW_SECONDS = (0.1, 1.5)
RECENT = 20
PAUSE = {"description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, how often, and how it is ordered for a command."""

    name: str
    weight: int
    order: Callable[["Misfortune", int], None]
    is_of_polling: bool = False


class Misfortune:
    """Orders faults from both servers; *ordered* counts them by name."""

    def __init__(
        self, telegram: Telegram, keitaro: Keitaro, dice: random.Random, *, is_polling: bool
    ) -> None:
        self.ordered: Counter[str] = Counter()
        self._telegram = telegram
        self._keitaro = keitaro
        self._dice = dice
        self._faults = [one for one in FAULTS if is_polling or not one.is_of_polling]

    def strike(self, number: int) -> None:
        """Let something go wrong with the command of this *number*; 0 is the next creation."""
        fault = self._dice.choices(self._faults, [one.weight for one in self._faults])[0]
        self.ordered[fault.name] += 1
        fault.order(self, number)

    def end(self) -> None:
        """Forget whatever has not happened yet."""
        self._telegram.faults.queue.clear()
        self._keitaro.script.clear()

    def tracker(self, number: int, *, is_slow: bool = False, **how: Any) -> None:
        """Let the tracker fail."""
        if is_slow:
            how["delay_seconds"] = self._dice.uniform(*SLOW_SECONDS)
        path = f"streams/{number}" if number else "streams"
        self._keitaro.fail(method=None if number else "POST", path=path, **how)

    def telegram(self, method: str, *, status: int = 0, **how: Any) -> None:
        """Let Telegram fail; without a *status* the connection is cut."""
        if status:
            self._telegram.fail(method, status=status, **how)
        else:
            self._telegram.cut(method, **how)

    def again(self) -> None:
        """Let Telegram deliver an update a second time."""
        recent = self._telegram.confirmed[-RECENT:]
        if recent:
            self._telegram.updates.put_back(self._dice.choice(recent))


def _tracker(**how: Any) -> Callable[[Misfortune, int], None]:
    return lambda misfortune, number: misfortune.tracker(number, **how)


def _telegram(method: str, **how: Any) -> Callable[[Misfortune, int], None]:
    return lambda misfortune, _: misfortune.telegram(method, **how)


_BROKEN = {"status": 500, "body": {"error": "broken"}}
_GATEWAY = {"status": 502, "body": PAGE}
_PAGE = {"status": 502, "raw": PAGE.encode()}
AMBIGUOUS = ("Telegram 502 after", "Telegram cut after")
FAULTS = (
    Fault("tracker cut", 4, _tracker(cut=True)),
    Fault("tracker cut after", 4, _tracker(cut=True, after_effect=True)),
    Fault("tracker 500", 4, _tracker(**_BROKEN)),
    Fault("tracker 502", 4, _tracker(**_GATEWAY)),
    Fault("tracker 502 after", 4, _tracker(**_GATEWAY, after_effect=True)),
    Fault("tracker slow", 4, _tracker(is_slow=True)),
    Fault("tracker slow after", 4, _tracker(is_slow=True, after_effect=True)),
    Fault("Telegram 502", 4, _telegram("sendMessage", **_PAGE)),
    Fault("Telegram 502 after", 3, _telegram("sendMessage", **_PAGE, after_effect=True)),
    Fault("Telegram cut after", 3, _telegram("sendMessage", after_effect=True)),
    Fault("Telegram 502 edit", 2, _telegram("editMessageText", **_PAGE)),
    Fault("Telegram 502 edit after", 2, _telegram("editMessageText", **_PAGE, after_effect=True)),
    Fault("Telegram 429", 4, _telegram("sendMessage", status=429, **PAUSE)),
    Fault("update twice", 4, lambda misfortune, _: misfortune.again()),
    # After a cut the library polls again only when a second has passed, or two, or three.
    Fault("poll cut", 1, _telegram("getUpdates"), is_of_polling=True),
    Fault("poll cut after", 1, _telegram("getUpdates", after_effect=True), is_of_polling=True),
)
