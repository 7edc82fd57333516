"""The file of a template as read: its package, and source and tree of each part with text."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from govdisclose.package import Package
from govdisclose.write.word.tree import Body


@frozen
class Fault:
    """The fault of a part, in Chinese, at the paragraph ``line`` (from 1)."""

    line: int
    words: str


@frozen
class Syntax:
    """The tree of a part.

    If loops and conditions cannot be made out, the tree is not ``whole``: ``faults`` tell why,
    ``body`` holds each printed value by itself, and ``loops`` the item names these values may use.
    """

    body: Body = field(repr=False)
    whole: bool = True
    faults: tuple[Fault, ...] = ()
    loops: tuple[str, ...] = ()


@frozen
class Part:
    """One part that may hold tags: its source, one paragraph a line, and its tree."""

    source: str = field(repr=False)
    syntax: Syntax = field(repr=False)

    @property
    def has_tags(self) -> bool:
        """Whether the part has tags to fill."""
        return "{{" in self.source or "{%" in self.source


@frozen
class ParsedTemplate:
    """A template as its file has it, for any edition and not checked by ``lint.py`` yet.

    ``package`` is without the data that no page shows; ``left_behind`` names that data. ``faults``
    are contents that the template would carry into every report besides what its pages show.
    ``main`` is the part that is the document, ``core`` the one with its properties, ``None`` if
    there is none.
    """

    package: Package = field(repr=False)
    parts: Mapping[str, Part] = field(repr=False)
    main: str
    core: str | None = None
    faults: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()

    @property
    def filled_parts(self) -> tuple[str, ...]:
        """The parts that are filled in for every report: the document and all others with tags."""
        return tuple(
            name for name, part in self.parts.items() if name == self.main or part.has_tags
        )
