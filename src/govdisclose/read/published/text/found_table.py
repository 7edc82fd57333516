"""A statutory table found in a text layer."""

from __future__ import annotations

from attrs import frozen

from govdisclose.read.grid import Grid


@frozen
class FoundTable:
    """A table, or a part of one, and the lines it takes up, both ends included."""

    first: int
    last: int
    grid: Grid
