"""Growth from one figure to another: exact differences, and percentages that are never infinite."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import floor

_EXACT = Context(prec=200, traps=[Inexact])
_HALF = Fraction(1, 2)


def difference(new: int | Decimal, old: int | Decimal) -> int | Decimal:
    """``new - old``, exact to the last digit."""
    if isinstance(new, int) and isinstance(old, int):
        return new - old
    later = Decimal(new)
    earlier = Decimal(old)
    return _EXACT.subtract(later, earlier)


def percent(new: int | Decimal, old: int | Decimal) -> Decimal | None:
    """The growth from ``old`` to ``new`` in per cent; ``None`` when ``old`` is 0.

    It has one decimal, rounded half up. A smaller change has as many decimals as it needs to be
    shown as other than 0.
    """
    if not old:
        return None
    before = Fraction(old)
    growth = Fraction(new) - before
    size = abs(growth) * 100 / abs(before)
    decimals = 1
    while size and size * 10**decimals < _HALF:
        decimals += 1
    rounded = _rounded(size, decimals)
    return -rounded if growth < 0 else rounded


def rounded_percent(share: Fraction, places: int = 1) -> Decimal:
    """A share that is not negative in per cent, rounded half up to ``places`` decimals.

    Examples:
        >>> rounded_percent(Fraction(1, 3))
        Decimal('33.3')
    """
    return _rounded(share * 100, places)


def _rounded(number: Fraction, places: int) -> Decimal:
    """A number that is not negative, rounded half up to ``places`` decimals."""
    shifted = number * 10**places
    digits = floor(shifted + _HALF)
    return Decimal(digits).scaleb(-places)
