"""A published document in its order: lines of text and, between them, grids of its tables.

What every reader of published reports gives, whatever the file was: ``read_html``, ``read_docx``,
``read_text`` and ``read_pdf`` are all ``(data: bytes, file: str) -> Source``. A source knows nothing of the form.
"""

from __future__ import annotations

from attrs import field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.read.grid import Grid


@frozen
class Line:
    """One paragraph outside tables; ``\\n`` is a line break inside it.

    ``heading`` is the outline level the file gives it (1 is the outermost), ``bold`` whether all of it is.
    """

    text: str
    place: Place
    heading: int | None = None
    bold: bool = False


@frozen
class Source:
    """One document. ``findings`` are what its reader has to say of it."""

    file: str
    blocks: tuple[Line | Grid, ...] = field(repr=False)
    findings: tuple[Finding, ...] = ()

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @property
    def lines(self) -> tuple[Line, ...]:
        """The text outside tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Line))
