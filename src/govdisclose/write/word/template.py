"""A template that has passed its checks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from govdisclose.form.edition import Edition
from govdisclose.write.word.layout import Layout
from govdisclose.write.word.tree import Body

if TYPE_CHECKING:
    from govdisclose.write.word.chart_places import Pictures


@frozen(eq=False)
class Template:
    """A template ready to be filled; two are equal only if they are the same.

    ``base`` is the packed package without the parts that change; ``parts`` are the trees of those
    with tags, ``core`` the name of the core properties (``None`` if there are none). ``pictures``
    are the charts it shows, ``main`` is the part that is the document. ``layout`` is known for
    templates in the wheel, whose labels were proved when it was built; ``proof.py`` learns others.
    ``fits`` is how many digits surely fit every statutory cell.
    """

    name: str
    edition: Edition
    base: bytes = field(repr=False)
    parts: Mapping[str, Body] = field(repr=False)
    core: str | None = None
    pictures: Pictures | None = field(default=None, repr=False)
    main: str = "word/document.xml"
    layout: Layout | None = field(default=None, repr=False)
    fits: int = 2

    @cached_property
    def styles(self) -> bytes | None:
        """The styles of its text; ``None`` if it has none."""
        from govdisclose.write.word.narrow_numbers import styles_in

        return styles_in(self.base)

    @cached_property
    def rooms(self) -> Mapping[str, int]:
        """How many digits each statutory cell holds on one line, as far as it is known."""
        from govdisclose.write.word.narrow_numbers import room_of_cells

        return room_of_cells(self.parts[self.main], self.edition, self.styles)
