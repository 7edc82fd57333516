"""The only amount of the form, in 元 besides 万元, so that a clerk notices a wrong unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from govdisclose.form.outline import outline
from govdisclose.form.report import AnnualReport

YUAN = 10_000
"""How many 元 are one 万元."""


def in_yuan(amount: Decimal) -> Decimal:
    """An amount in 万元 as 元, without zeros at its end."""
    yuan = amount * YUAN
    if yuan == yuan.to_integral_value():
        return yuan.quantize(Decimal(1))
    return yuan.normalize()


def fees_in_yuan(report: AnnualReport) -> Iterator[str]:
    """``收费金额 0.394 万元，折合 3940 元``, for every amount that is not 0."""
    values = report.values()
    for cell in outline(report.edition).money:
        value = values[cell.path]
        if value:
            amount = Decimal(value)
            yield f"收费金额 {amount:f} 万元，折合 {in_yuan(amount):f} 元"
