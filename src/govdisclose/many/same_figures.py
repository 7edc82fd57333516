"""Units whose reports have the very same figures: one copied the other, or a file was mixed up."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from hashlib import blake2b, sha256
from typing import TypeVar

from govdisclose.form.fields import Value
from govdisclose.form.grouping import grouped
from govdisclose.form.report import AnnualReport

_ENOUGH = 5
"""So many different numbers agree by no chance. Many a town has had one request, or none."""

_NAMED = 3
"""A sentence names so many of the other units."""

_Report = TypeVar("_Report")


def digest_of(report: AnnualReport) -> str:
    """A digest that is equal only for reports with the same figures on the same form."""
    figures = map(str, report.values().values())
    said = "\0".join([report.edition.name, *figures])
    return sha256(said.encode()).hexdigest()


def digest_of_values(edition_name: str, values: Sequence[Value]) -> bytes:
    """The same of figures in printed order: 1.50 and 1.5 are one amount."""
    same: list[Value] = []
    for value in values:
        same.append(value.normalize() if isinstance(value, Decimal) else value)
    written = repr((edition_name, same))
    return blake2b(written.encode(), digest_size=16).digest()


_FEW = "few "
"""Stands before a digest of figures that are alike by chance in many reports."""


def marked_digest(report: AnnualReport) -> str:
    """As ``digest_of``; it also says whether another report may well have the same figures."""
    digest = digest_of(report)
    values = report.values().values()
    if is_telling(values):
        return digest
    return f"{_FEW}{digest}"


def is_mark_of_few(digest: str) -> bool:
    """Whether ``marked_digest`` says that another report may well have the same figures."""
    return digest.startswith(_FEW)


def telling_digest(report: AnnualReport) -> str:
    """The digest of an agency's figures; ``""`` where another report may well have the same.

    A government's report may repeat the figures of the only unit below it.
    """
    is_own = report.agency.level == "agency"
    if is_own and is_telling(report.values().values()):
        return digest_of(report)
    return ""


def is_telling(values: Iterable[Value]) -> bool:
    """Whether two reports with these figures cannot be alike by chance.

    Examples:
        >>> is_telling([0, None, 1, 1, 2, 2]), is_telling([3, 18, 40, 7, 112, 0])
        (False, True)
    """
    different = {value for value in values if value}
    return len(different) >= _ENOUGH


def alike(reports: Iterable[tuple[Hashable, _Report]]) -> Iterator[Sequence[_Report]]:
    """Yield the reports with the same figures, where there are several; each comes with their key."""
    for group in grouped(reports).values():
        if len(group) > 1:
            yield group


def told_of_each(names: Sequence[str]) -> Iterator[str]:
    """For each of the units with the same figures a sentence in Chinese that names the others."""
    others = len(names) - 1
    first = names[: _NAMED + 1]
    for number in range(len(names)):
        near = [name for at, name in enumerate(first) if at != number]
        said = "、".join(near[:_NAMED])
        if others > _NAMED:
            said += f" 等 {others} 家"
        yield f"三张表的每一个数都与 {said} 相同，请核对是不是照抄、交错了文件"
