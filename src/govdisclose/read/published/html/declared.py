"""The declared values of an element: CSS tokens, and the words, numbers and lengths in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

_COMPUTED = frozenset(["var", "calc", "env", "min", "max", "clamp", "attr"])
"""Functions that only a browser can work out."""

PIXELS = {
    "px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "cm": 37.8,
    "mm": 3.78, "in": 96.0, "pc": 16.0, "vw": 12.8, "vh": 8.0, "q": 0.945, "%": 12.8,
}  # fmt: skip
"""Pixels of one unit, roughly. An unknown unit counts as a pixel."""


def pixels(value: float, unit: str) -> float:
    """A length in pixels, roughly."""
    return value * PIXELS.get(unit, 1.0)


@frozen
class Declared:
    """The value of one property."""

    tokens: tuple[Any, ...]

    @property
    def words(self) -> frozenset[str]:
        """The identifiers and function names of the value, in lower case."""
        found: set[str] = set()
        for token in self.tokens:
            if token.type == "ident":
                found.add(token.lower_value)
            elif token.type == "function":
                found.add(token.lower_name)
        return frozenset(found)

    @property
    def numbers(self) -> list[tuple[float, str]]:
        """Numbers with their units in lower case, also those inside functions; ``""`` for no unit."""
        return list(_numbers(self.tokens))

    @property
    def strings(self) -> list[str]:
        """The quoted texts of the value."""
        return [token.value for token in self.tokens if token.type == "string"]

    @property
    def is_computed(self) -> bool:
        """Whether only a browser can work the value out."""
        return not self.words.isdisjoint(_COMPUTED)

    @property
    def has_picture(self) -> bool:
        """Whether the value names a picture."""
        return any(_is_address(token) for token in self.tokens)


def _is_address(token: Any) -> bool:
    if token.type == "function":
        return bool(token.lower_name == "url")
    return bool(token.type == "url")


def _numbers(tokens: Iterable[Any]) -> Iterator[tuple[float, str]]:
    for token in tokens:
        if token.type == "dimension":
            yield token.value, token.lower_unit
        elif token.type == "percentage":
            yield token.value, "%"
        elif token.type == "number":
            yield token.value, ""
        elif token.type == "function":
            yield from _numbers(token.arguments)


@frozen
class ElementStyles:
    """The declared values of one element by property; false when there are none."""

    declared: Mapping[str, Declared] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.declared)

    def __contains__(self, name: str) -> bool:
        return name in self.declared

    def get(self, name: str) -> Declared | None:
        """The value of a property, ``None`` when it is not declared."""
        return self.declared.get(name)

    def first_of(self, *names: str) -> Declared | None:
        """The value of the first of these properties that is declared."""
        for name in names:
            if name in self.declared:
                return self.declared[name]
        return None

    def words(self, *names: str) -> frozenset[str]:
        """The words of these properties."""
        found: frozenset[str] = frozenset()
        for name in names:
            if name in self.declared:
                found |= self.declared[name].words
        return found

    def numbers(self, *names: str) -> list[tuple[float, str]]:
        """The numbers of these properties with their units."""
        found: list[tuple[float, str]] = []
        for name in names:
            if name in self.declared:
                found += self.declared[name].numbers
        return found

    def pixels(self, *names: str) -> list[float]:
        """The lengths of these properties in pixels, roughly."""
        return [pixels(value, unit) for value, unit in self.numbers(*names)]


NO_STYLES = ElementStyles()
