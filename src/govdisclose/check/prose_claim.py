"""A statement in a sentence about a figure of the tables."""

from __future__ import annotations

from typing import NamedTuple


class Claim(NamedTuple):
    """One statement: topics (more than one when a number counts them together), number, clause."""

    topics: tuple[str, ...]
    number: int
    clause: str
