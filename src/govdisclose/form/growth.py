"""From one figure to the next: exact differences, and percentages that are never infinite."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import floor

_EXACT = Context(prec=200, traps=[Inexact])


def difference(new: int | Decimal, old: int | Decimal) -> int | Decimal:
    """``new - old`` to the last digit."""
    if isinstance(new, int) and isinstance(old, int):
        return new - old
    return _EXACT.subtract(Decimal(new), Decimal(old))


def percent(new: int | Decimal, old: int | Decimal) -> Decimal | None:
    """The growth from ``old`` to ``new`` in per cent; ``None`` when ``old`` is 0.

    One decimal, rounded half up, or as many as it takes to show a change that is not 0.
    """
    if not old:
        return None
    exact = (Fraction(new) - Fraction(old)) * 100 / abs(Fraction(old))
    places = 1
    while exact and abs(exact) * 10**places < Fraction(1, 2):
        places += 1
    rounded = Decimal(floor(abs(exact) * 10**places + Fraction(1, 2))).scaleb(-places)
    return -rounded if exact < 0 else rounded


def rounded_percent(share: Fraction, places: int = 1) -> Decimal:
    """A share that is not negative in per cent, rounded half up to ``places`` decimals.

    Examples:
        >>> rounded_percent(Fraction(1, 3))
        Decimal('33.3')
    """
    return Decimal(floor(share * 100 * 10**places + Fraction(1, 2))).scaleb(-places)
