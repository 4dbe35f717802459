"""Numbers as a language writes them, whatever the tracker made of them."""

from decimal import Decimal

import pytest

from handlers.render.number import Style, as_number, decimals_for, write
from handlers.texts import ENGLISH, RUSSIAN


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, "0"),
        (-7, "-7"),
        (0.1, "0.1"),
        (1e21, "1E+21"),
        ("12.50", "12.50"),
        (" 12 ", "12"),
        ("-0", "-0"),
        ("1e3", "1E+3"),
        ("1e-999999", "1E-24"),
        ("9" * 24, "9" * 24),
    ],
)
def test_numbers_are_found_in_numbers_and_in_text(value, number):
    assert as_number(value) == Decimal(number)


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, "", " ", "n/a", "12 %", "1,5", "0x10", [], {}, [1]),
        *("NaN", "Infinity", "-inf", float("nan"), float("inf"), float("-inf")),
        *("1e999999999", "-1e999999999", "0e999999999", 1e300, 10**24, "9" * 5000),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_number_or_too_huge_to_write_is_none(value):
    assert as_number(value) is None


@pytest.mark.parametrize(
    ("numbers", "decimals"),
    [
        ([], 0),
        (["1", "2"], 0),
        (["1.00", "2E+5"], 0),
        (["1", "2.5"], 2),
        (["0.01"], 2),
        (["-0.01", "3"], 2),
        (["0.0099"], 4),
        (["-0.001", "1000.5"], 4),
    ],
)
def test_a_column_has_no_decimals_or_cents_or_four(numbers, decimals):
    assert decimals_for(list(map(Decimal, numbers))) == decimals


@pytest.mark.parametrize(
    ("number", "decimals", "english", "russian"),
    [
        ("0", 0, "0", "0"),
        ("999", 0, "999", "999"),
        ("1234567", 0, "1,234,567", "1\u00a0234\u00a0567"),
        ("1234.5", 2, "1,234.50", "1\u00a0234,50"),
        ("-1234.5", 2, "−1,234.50", "−1\u00a0234,50"),
        ("-0", 0, "0", "0"),
        ("-0.001", 2, "0.00", "0,00"),
        ("-0.0012", 4, "−0.0012", "−0,0012"),
        ("0.00001", 4, "0.0000", "0,0000"),
        ("1E-999999", 4, "0.0000", "0,0000"),
        ("1E+15", 0, "1,000,000,000,000,000", "1" + "\u00a0000" * 5),
    ],
)
def test_numbers_are_written_as_the_language_does(number, decimals, english, russian):
    assert write(Decimal(number), decimals=decimals, style=ENGLISH.numbers) == english
    assert write(Decimal(number), decimals=decimals, style=RUSSIAN.numbers) == russian


def test_group_and_point_may_change_places():
    german = Style(group=".", point=",")

    assert write(Decimal("1234567.8"), decimals=2, style=german) == "1.234.567,80"


def test_what_is_next_to_nothing_is_not_nothing_and_can_be_reckoned_with():
    """Divided by it, a number of a million digits would come of it."""
    for text, expected in (("1e-9999999", "1E-24"), ("-1e-9999999", "-1E-24"), ("0e-9999999", "0")):
        number = as_number(text)

        assert number == Decimal(expected)
