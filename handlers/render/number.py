"""Numbers as people of a language write them."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

UNKNOWN = "?"
NO_VALUE = "–"
CENTS = 2
TINY = Decimal("0.01")
TINY_DECIMALS = 4
DIGITS_MOST = 24
LEAST = Decimal("1e-24")
LARGEST = 10**DIGITS_MOST
SIGNS_MOST = 64


@dataclass(frozen=True)
class Style:
    """How a language groups digits and where it puts the decimal sign."""

    group: str
    point: str


def as_number(value: Any) -> Decimal | None:
    """Return the number in *value*, which the tracker may send as text; None if there is none."""
    if type(value) is int:
        return Decimal(value) if -LARGEST < value < LARGEST else None
    if isinstance(value, bool) or not isinstance(value, float | str):
        return None
    if isinstance(value, str) and len(value) > SIGNS_MOST:
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    # Written out, 1e999999999 would fill the memory.
    if not number.is_finite() or number.adjusted() >= DIGITS_MOST:
        return None
    if number and number.adjusted() < -DIGITS_MOST:
        # Nobody can tell it from this, and arithmetic can.
        return LEAST.copy_sign(number)
    return number


def decimals_for(numbers: list[Decimal], *, tiny: Decimal = TINY) -> int:
    """Return how many decimals a column of *numbers* needs: 0, 2, or 4 for *tiny* values."""
    broken = [number for number in numbers if number != number.to_integral_value()]
    if not broken:
        return 0
    return TINY_DECIMALS if any(abs(number) < tiny for number in broken) else CENTS


def write(number: Decimal, *, decimals: int, style: Style) -> str:
    """Return *number* with grouped digits and a real minus sign."""
    digits = f"{abs(number):,.{decimals}f}"
    sign = "−" if number < 0 and any(digit in "123456789" for digit in digits) else ""
    swapped = digits.replace(",", "\0").replace(".", style.point).replace("\0", style.group)
    return sign + swapped
