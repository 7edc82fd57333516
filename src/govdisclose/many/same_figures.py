"""Units whose reports have the very same figures: one copied the other, or a file was mixed up."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from govdisclose.form.fields import Value

_ENOUGH = 5
"""So many different numbers agree by no chance. Many a town has had one request, or none."""

_Report = TypeVar("_Report")


def is_telling(values: Iterable[Value]) -> bool:
    """Whether two reports with these figures cannot be alike by chance.

    Examples:
        >>> is_telling([0, None, 1, 1, 2, 2]), is_telling([3, 18, 40, 7, 112, 0])
        (False, True)
    """
    return len({value for value in values if value}) >= _ENOUGH


def alike(reports: Iterable[tuple[Hashable, _Report]]) -> Iterator[Sequence[_Report]]:
    """Yield the reports with the same figures, where there are several; they come with a key of these."""
    groups: dict[Hashable, list[_Report]] = {}
    for figures, report in reports:
        groups.setdefault(figures, []).append(report)
    for group in groups.values():
        if len(group) > 1:
            yield group
