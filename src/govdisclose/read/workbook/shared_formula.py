"""A formula that several cells share is written in one of them and moves with the others."""

from __future__ import annotations

from typing import NamedTuple


class SharedFormula(NamedTuple):
    """A formula with its equals sign, and the address of the cell that it is written in."""

    text: str
    origin: str

    def at(self, address: str) -> str:
        """The formula as it reads in another cell."""
        # Few programs write shared formulas, and openpyxl is slow to import.
        from openpyxl.formula.translate import Translator

        translator = Translator(self.text, self.origin)
        return str(translator.translate_formula(address))
