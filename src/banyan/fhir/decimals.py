"""Numbers as written: the interval that a number of given digits stands for."""

from decimal import Decimal, InvalidOperation
from typing import NamedTuple


class Span(NamedTuple):
    """`value` as given, and the half-open interval [lo, hi) of what rounds to it."""

    value: float
    lo: float
    hi: float


class MalformedNumber(ValueError):
    """Text that is no decimal number."""


def span(text: str) -> Span:
    """100 is [99.5, 100.5), 100.00 is [99.995, 100.005), 1.2E+2 is [115, 125)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise MalformedNumber(f"{text!r} is not a number") from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() > 307:
        raise MalformedNumber(f"{text!r} is not a number that a decimal can hold")
    half = Decimal(5).scaleb(exponent - 1)
    return Span(float(number), float(number - half), float(number + half))
