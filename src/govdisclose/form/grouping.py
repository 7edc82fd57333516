"""Things by their keys, in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Thing = TypeVar("_Thing")


def grouped(pairs: Iterable[tuple[_Key, _Thing]]) -> dict[_Key, list[_Thing]]:
    """Things that come with their keys: by key, in their order.

    Examples:
        >>> grouped([("b", 1), ("a", 2), ("b", 3)])
        {'b': [1, 3], 'a': [2]}
    """
    found: dict[_Key, list[_Thing]] = {}
    for key, thing in pairs:
        found.setdefault(key, []).append(thing)
    return found


def group_by(things: Iterable[_Thing], key: Callable[[_Thing], _Key]) -> dict[_Key, list[_Thing]]:
    """Things by the key that ``key`` gives them, in their order."""
    return grouped((key(thing), thing) for thing in things)
